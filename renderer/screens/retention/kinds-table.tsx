import { type PurgeCounts, type PurgedKind, purgedKinds } from '../../../main/features/retention/contract.ts';
import { formatCount } from '../../components/index.ts';

/** How much of each kind, in two columns; a kind of which there is nothing is left out. */
export function KindsTable({ counts }: { counts: PurgeCounts }) {
  const kinds = (Object.keys(purgedKinds) as PurgedKind[]).filter((kind) => counts[kind] > 0);
  return (
    <dl className="retention-kinds" aria-label="各類資料的數量">
      {kinds.map((kind) => (
        <div key={kind}>
          <dt>{purgedKinds[kind]}</dt>
          <dd className="figure">{formatCount(counts[kind])}</dd>
        </div>
      ))}
    </dl>
  );
}
