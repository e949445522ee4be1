import type { ReactNode } from 'react';
import { type Cell, cellText, type GridColumn } from '../../../main/application/grid-contract.ts';
import { formatBytes, formatCount } from '../format.ts';

const figures: ReadonlySet<GridColumn['kind']> = new Set(['number', 'bytes']);

/** Figures stand to the right, so that their digits can be compared. */
export const isFigure = (column: GridColumn): boolean => figures.has(column.kind);

/** A value of a grid as it is shown, by the kind its column declares. */
export function showCell(column: GridColumn, value: Cell | undefined): ReactNode {
  if (value === null || value === undefined || value === '') return '';
  if (column.kind === 'number' && typeof value === 'number') return formatCount(value);
  if (column.kind === 'bytes') return <span title={`${formatCount(Number(value))} 位元組`}>{formatBytes(Number(value))}</span>;
  return cellText(column, value);
}

/** A heading that breaks, where it must, before what stands in brackets: 已認證件數(通過). */
export function showTitle(title: string): ReactNode {
  const [, words, bracket] = /^(.+?)(\([^()]+\))$/.exec(title) ?? [];
  if (!bracket) return title;
  return (
    <>
      {words}
      <wbr />
      <span className="unbroken">{bracket}</span>
    </>
  );
}

/** What the filter of a column takes, for its tooltip. */
export function filterHint(column: GridColumn): string {
  switch (column.kind) {
    case 'number':
      return `${column.title}：3、≤ 3、>2 或 1~5`;
    case 'bytes':
      return `${column.title}（位元組）：>1000000`;
    case 'rocDay':
    case 'rocDateTime':
      return `${column.title}：109/7/17 或 109/7/1~109/7/31`;
    default:
      return `${column.title}包含的字；加引號「」須完全相同`;
  }
}
