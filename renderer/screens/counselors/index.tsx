import { Link } from 'wouter';
import { describeTerm, formatTerm } from '../../../domain/term.ts';
import { counselorGrid } from '../../../main/features/counselors/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { TermSelect, useViewedTerm } from '../../app/viewed-term.tsx';
import { DataGrid, formatCount, gridAddress, PageFrame } from '../../components/index.ts';

/** 查詢輔導教師 (S0210S). */
export default function Counselors() {
  const { term } = useViewedTerm();
  const summary = useQueryOperation('counselors.summary', term).data;
  return (
    <PageFrame
      title="查詢輔導教師"
      meaning={
        summary && (
          <>
            {describeTerm(term)}，{formatCount(summary.teachers)} 位輔導教師，{formatCount(summary.classes)} 個班級，尚未設定的有{' '}
            <Link href={gridAddress('/counselors', { assigned: '否' }, { term: formatTerm(term) })}>
              {formatCount(summary.classesWithout)} 班
            </Link>
            。輔導教師資料由校務行政系統同步。
          </>
        )
      }
      actions={<TermSelect />}
    >
      <DataGrid
        grid={counselorGrid}
        list="counselors.list"
        workbook="counselors.exportWorkbook"
        scope={term}
        addressed
        emptyText="這個學年期沒有班級資料。請在右上角改選學年期，或先執行同步作業。"
      />
    </PageFrame>
  );
}
