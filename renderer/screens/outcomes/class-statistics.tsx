import { useLocation } from 'wouter';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { classStatisticsGrid } from '../../../main/features/outcomes/contract.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { DataGrid } from '../../components/index.ts';
import { listAddress } from './address.ts';
import { classFigures } from './figures.tsx';

/** 班級統計 of the term: each number leads to its students in 學生名單. */
export function ClassStatistics() {
  const { term } = useViewedTerm();
  const [, go] = useLocation();
  const addressOf = (row: GridRow, filter: Record<string, string | number>) => listAddress(term, String(row.className), filter);
  return (
    <div className="outcome-statistics">
      <DataGrid
        addressed
        grid={classStatisticsGrid}
        list="outcomes.classStatistics"
        workbook="outcomes.exportClassStatistics"
        scope={term}
        without={['term']}
        pageSize={100}
        emptyText="這個學年期沒有班級。請選擇其他學年期，或到「同步作業」更新學校班級資料。"
        render={classFigures(addressOf)}
        onRowOpen={(row) => go(addressOf(row, {}))}
        toolbar={<span className="outcome-note">上傳與認證為本學期的成果；已勾選數以學年計，(6件) 含超過 6 件者。</span>}
      />
    </div>
  );
}
