import type { TransferDirection } from '../../../domain/transfer-case.ts';
import { cellText, type GridRow } from '../../../main/application/grid-contract.ts';
import { arrivalGrid, leaverGrid } from '../../../main/features/transfer-cases/contract.ts';

const grids = { out: leaverGrid, in: arrivalGrid } as const;
/** Said in the heading. */
const elsewhere: ReadonlySet<string> = new Set(['className', 'seatNumber', 'studentNumber', 'name', 'state', 'overdue']);

/** What is known of a case, in the order and the words of its grid. */
export function CaseFacts({ direction, row }: { direction: TransferDirection; row: GridRow }) {
  const facts = grids[direction].columns
    .filter((column) => !('hidden' in column && column.hidden) && !elsewhere.has(column.key))
    .map((column) => ({ title: column.title, text: cellText(column, row[column.key] ?? null) }))
    .filter(({ text }) => text !== '' && text !== '0');
  return (
    <dl className="transfer-case-facts">
      {facts.map(({ title, text }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
