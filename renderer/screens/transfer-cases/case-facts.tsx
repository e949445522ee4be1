import type { TransferDirection } from '../../../domain/transfer-case.ts';
import { cellText, type GridRow } from '../../../main/application/grid-contract.ts';
import { arrivalGrid, leaverGrid } from '../../../main/features/transfer-cases/contract.ts';

const grids = { out: leaverGrid, in: arrivalGrid } as const;
/** Said in the heading. */
const elsewhere: ReadonlySet<string> = new Set(['className', 'seatNumber', 'studentNumber', 'name', 'state', 'overdue']);

/** Too long for half a line. */
const wide: ReadonlySet<string> = new Set(['school', 'fileName', 'importedFile', 'unneededReason', 'remark']);

/** What is known of a case, in the order and the words of its grid. */
export function CaseFacts({ direction, row }: { direction: TransferDirection; row: GridRow }) {
  const facts = grids[direction].columns
    .filter((column) => !('hidden' in column && column.hidden) && !elsewhere.has(column.key))
    .map((column) => ({ key: column.key, title: column.title, text: cellText(column, row[column.key] ?? null) }))
    .filter(({ text }) => text !== '' && text !== '0');
  return (
    <dl className="transfer-case-facts">
      {facts.map(({ key, title, text }) => (
        <div key={key} className={wide.has(key) ? 'wide' : undefined}>
          <dt>{title}</dt>
          <dd>{key === 'waitingDays' ? `${text} 天` : text}</dd>
        </div>
      ))}
    </dl>
  );
}
