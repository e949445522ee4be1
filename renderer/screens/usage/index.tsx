import type { ReactNode } from 'react';
import { describeTerm } from '../../../domain/term.ts';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { usageGrid } from '../../../main/features/usage/contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { CountLink, DataGrid, gridAddress, PageFrame } from '../../components/index.ts';

/** 學習成果使用人數統計表 (manual §3.12): a row a term, newest first; a figure leads to its students in 3.8. */
export default function UsageScreen() {
  const maySeeStudents = mayUse(useOffice().session, 'S0205S');
  const students =
    (key: string, label: string, filter: Record<string, string>) =>
    (row: GridRow): ReactNode => {
      const term = { academicYear: Number(row.academicYear), semester: Number(row.semester) };
      const to = maySeeStudents ? gridAddress('/outcomes', filter, { term: String(row.id) }) : null;
      return <CountLink count={Number(row[key])} to={to} label={`${describeTerm(term)} ${label}`} />;
    };
  return (
    <PageFrame
      title="學習成果使用人數統計表"
      meaning="全校學生上傳檔案及送出認證的統計，以及已認證教師數。轉出及休學學生自離校的學期起不列入。"
    >
      <DataGrid
        grid={usageGrid}
        list="usage.list"
        workbook="usage.exportWorkbook"
        emptyText="還沒有任何學年期的班級。請到「同步作業」更新學校班級資料。"
        render={{
          uploaders: students('uploaders', '上傳檔案學生人數', { uploaded: '≥ 1' }),
          senders: students('senders', '送出認證學生人數', { sent: '≥ 1' }),
          tickers: students('tickers', '勾選成果學生人數', { ticked: '≥ 1' }),
        }}
      />
    </PageFrame>
  );
}
