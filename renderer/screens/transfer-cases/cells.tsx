import { Tag } from 'antd';
import { enrollmentStatusNames } from '../../../domain/portfolio.ts';
import { formatRocDay } from '../../../domain/roc-date.ts';
import { arrivalStates, handoverWays, leaverStates, type TransferDirection, unneededReasons } from '../../../domain/transfer-case.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { formatCount, type GridPlace, useStudentNames } from '../../components/index.ts';

const colors: Record<string, string> = {
  withoutFile: 'warning',
  expected: 'warning',
  requested: 'warning',
  fileMade: 'warning',
  received: 'warning',
  handedOver: 'processing',
  acknowledged: 'success',
  imported: 'success',
};

const names: Record<TransferDirection, Readonly<Record<string, string>>> = { out: leaverStates, in: arrivalStates };

/** Why it is so, and when: on hover. */
function reasonOf(row: GridRow): string {
  const of = (choices: Readonly<Record<string, string>>, key: unknown) => (key === null ? '' : (choices[String(key)] ?? ''));
  const parts =
    row.state === 'unneeded'
      ? [of(unneededReasons, row.unneededReason)]
      : row.state === 'handedOver'
        ? [
            `${formatRocDay(String(row.handedOverOn))} ${of(handoverWays, row.handedOverHow)}給 ${row.handedOverTo}`,
            row.passwordToldOn ? '' : '密碼尚未登記告知',
          ]
        : row.state === 'acknowledged'
          ? [`${formatRocDay(String(row.acknowledgedOn))} ${row.acknowledgedBy}`]
          : row.state === 'requested'
            ? [`最近催交 ${formatRocDay(String(row.requestedOn))}，共 ${row.requestCount} 次`]
            : [];
  return [...parts, row.remark ? `備註：${row.remark}` : ''].filter(Boolean).join('；');
}

export function StateTag({ direction, row }: { direction: TransferDirection; row: GridRow }) {
  const state = String(row.state);
  return (
    <Tag color={colors[state] ?? 'default'} title={reasonOf(row)}>
      {names[direction][state]}
    </Tag>
  );
}

/** Days since the move of a case that is open; overdue in words and in red. */
export function WaitingDays({ row }: { row: GridRow }) {
  if (row.waitingDays === null) return null;
  const days = `${formatCount(Number(row.waitingDays))} 天`;
  return row.overdue ? <span className="state-wrong">逾期 {days}</span> : <span>{days}</span>;
}

/** The name, leading to the cabinet; and what the register says now, where that is not the move itself. */
export function useCaseNames(direction: TransferDirection) {
  const students = useStudentNames();
  const expected = direction === 'out' ? 'transferredOut' : 'transferredIn';
  return (row: GridRow, place: GridPlace) => {
    const status = String(row.enrollment);
    if (status === 'deleted') {
      return (
        <>
          {row.name} <span className="muted">已刪除</span>
        </>
      );
    }
    return (
      <>
        {students.name(row, place)}
        {status !== expected && <span className="muted"> {enrollmentStatusNames[status as keyof typeof enrollmentStatusNames]}</span>}
      </>
    );
  };
}
