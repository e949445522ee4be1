import type { ReactNode } from 'react';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { CountLink } from '../../components/index.ts';

type RenderColumns = Record<string, (row: GridRow) => ReactNode>;

const some = '≥ 1';
const certification = { uploaded: '已上傳', draft: '未送出', pending: '待認證', approved: '通過', rejected: '不通過' };

/**
 * The figures of a class's row as links to the students they count.
 * @param addressOf the students of the row's class, filtered further
 */
export function classFigures(addressOf: (row: GridRow, filter: Record<string, string | number>) => string): RenderColumns {
  const link = (key: string, label: string, filter: Record<string, string | number>) => (row: GridRow) => (
    <CountLink count={Number(row[key])} to={addressOf(row, filter)} label={`${row.className} ${label}`} />
  );
  return {
    students: link('students', '班級人數', {}),
    ...Object.fromEntries(Object.entries(certification).map(([key, label]) => [key, link(key, label, { [key]: some })])),
    ...Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((count) => [`ticked${count}`, link(`ticked${count}`, `已勾選 ${count} 件`, { ticked: count })]),
    ),
    // More than six is a fault of the data; such a student is counted here, and the list shows how many he has.
    ticked6: link('ticked6', '已勾選 6 件', { ticked: '≥ 6' }),
  };
}
