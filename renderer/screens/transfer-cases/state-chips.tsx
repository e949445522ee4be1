import { Link, useSearch } from 'wouter';
import { arrivalStates, leaverStates, type TransferDirection, transferDueDays } from '../../../domain/transfer-case.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { filterIn } from '../../components/grid/grid-address.ts';
import { ErrorNote, formatCount, gridAddress } from '../../components/index.ts';

const screenOf = {
  out: { path: '/transfer-out', tab: 'leavers', names: leaverStates },
  in: { path: '/transfer-in', tab: 'arrivals', names: arrivalStates },
} as const;

/** How many cases are in each state, a link each to the rows it counts; 逾期 counts across those that are open. */
export function StateChips({ direction }: { direction: TransferDirection }) {
  const { path, tab, names } = screenOf[direction];
  const summary = useQueryOperation('transferCases.summary', { direction });
  const filter = filterIn(useSearch());
  if (summary.error) return <ErrorNote error={summary.error} onRetry={() => void summary.refetch()} />;
  if (!summary.data) return <div className="state-chips" />;
  const { states, overdue } = summary.data;
  const chip = (label: string, count: number, wanted: Record<string, string>, className: string, title?: string) => {
    const [key, value] = Object.entries(wanted)[0]!;
    return (
      <li key={label}>
        <Link
          href={gridAddress(path, wanted, { tab })}
          className={`state-chip ${className}`}
          title={title}
          aria-current={filter[key] === value ? 'true' : undefined}
        >
          {label} <strong className="figure">{formatCount(count)}</strong> 人
        </Link>
      </li>
    );
  };
  return (
    <ul className="state-chips" aria-label="處理情形人數">
      {Object.entries(names).map(([state, label]) => {
        const found = states[state];
        return found && chip(label, found.count, { state }, `state-chip-${state}`);
      })}
      {overdue > 0 && chip('逾期', overdue, { overdue: '是' }, 'state-chip-overdue', `異動後超過 ${transferDueDays} 天還沒有完成`)}
    </ul>
  );
}
