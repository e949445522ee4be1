import { useMemo } from 'react';
import { Link } from 'wouter';
import { type ReceiptComparison, receiptComparisonNames } from '../../../domain/submission.ts';
import { comparisonGrid } from '../../../main/features/receipt-statements/contract.ts';
import { DataGrid, useStudentNames } from '../../components/index.ts';
import type { SubmissionKind } from '../submissions/kinds.ts';

const classes: Record<ReceiptComparison, string> = { same: 'muted', missing: 'state-wrong', extra: 'state-soon', different: 'state-soon' };

interface ComparisonProps {
  kind: SubmissionKind;
  statementId: string;
  compared: boolean;
  /** Whether anything differs. */
  differs: boolean;
}

/** 比對結果: every record, what was handed in beside what the ministry has. */
export function Comparison({ kind, statementId, compared, differs }: ComparisonProps) {
  const students = useStudentNames();
  const scope = useMemo(() => ({ kind, statementId }), [kind, statementId]);
  // Nothing was compared, so there is nothing to show of it.
  const without = useMemo(() => (compared ? [] : ['comparison', 'detail']), [compared]);
  return (
    <DataGrid
      addressed
      grid={comparisonGrid}
      list="receiptStatements.comparison"
      workbook="receiptStatements.exportComparison"
      scope={scope}
      without={without}
      toolbar={
        differs && (
          <span className="receipt-next">
            資料有誤時，請修正後到 <Link href={`/submissions/${kind}`}>提交</Link> 重新提交，再匯入新的收訖明細。
          </span>
        )
      }
      render={{
        comparison: ({ comparison }) => {
          const value = comparison as ReceiptComparison;
          return <span className={classes[value]}>{receiptComparisonNames[value]}</span>;
        },
        name: (row, place) => (row.studentId === null ? <span className="muted">非本校學生</span> : students.name(row, place)),
        detail: ({ detail }) => <span className="receipt-detail">{String(detail ?? '')}</span>,
      }}
      onRowOpen={students.onRowOpen}
      emptyText="這份收訖明細沒有任何紀錄。"
    />
  );
}
