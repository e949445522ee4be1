import { useMemo } from 'react';
import { tickLimits } from '../../../domain/limits.ts';
import { performancesGrid } from '../../../main/features/performances/contract.ts';
import { useQueryOperation } from '../../app/backend.ts';
import { useViewedTerm, YearSelect } from '../../app/viewed-term.tsx';
import { CountLink, DataGrid, ErrorNote, gridAddress, PageFrame, TickedCount, useStudentRows } from '../../components/index.ts';

const path = '/performances';

/** 查詢學生多元表現情形 (manual §3.5): who ticked how many performances of an academic year. */
export default function PerformancesScreen() {
  const { academicYear } = useViewedTerm().term;
  const studentRows = useStudentRows();
  const year = useMemo(() => ({ academicYear }), [academicYear]);
  const summary = useQueryOperation('performances.summary', year);
  const limit = tickLimits.performances;
  return (
    <PageFrame
      title="查詢學生多元表現情形"
      meaning={
        <>
          {academicYear} 學年度
          {summary.data && (
            <>
              ：已勾選 <CountLink count={summary.data.ticked} unit="人" to={gridAddress(path, { ticked: '≥ 1' })} label="已勾選" />
              、未勾選 <CountLink count={summary.data.notTicked} unit="人" to={gridAddress(path, { ticked: 0 })} label="未勾選" />
              {summary.data.overLimit > 0 && (
                <>
                  、超過上限{' '}
                  <CountLink count={summary.data.overLimit} unit="人" to={gridAddress(path, { ticked: `> ${limit}` })} label="超過上限" />
                </>
              )}
              ，點數字看名單。每學年勾選合計至多 {limit} 項。
            </>
          )}
        </>
      }
      actions={<YearSelect />}
    >
      <ErrorNote error={summary.error} onRetry={() => void summary.refetch()} />
      <DataGrid
        addressed
        grid={performancesGrid}
        list="performances.list"
        workbook="performances.exportWorkbook"
        scope={year}
        emptyText="這個學年沒有學生。請選擇其他學年，或到「同步作業」更新學籍及人員資料。"
        render={{ ticked: (row) => <TickedCount count={Number(row.ticked)} limit={limit} /> }}
        {...studentRows}
      />
    </PageFrame>
  );
}
