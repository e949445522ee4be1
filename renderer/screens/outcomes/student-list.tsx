import { tickLimits } from '../../../domain/limits.ts';
import { outcomesGrid } from '../../../main/features/outcomes/contract.ts';
import { useViewedTerm } from '../../app/viewed-term.tsx';
import { DataGrid, TickedCount, useStudentRows } from '../../components/index.ts';

/** 學生名單: uploads and certification of the term, ticks of its year, and 查看 to the cabinet. */
export function StudentList() {
  const { term } = useViewedTerm();
  const studentRows = useStudentRows();
  return (
    <DataGrid
      addressed
      grid={outcomesGrid}
      list="outcomes.list"
      workbook="outcomes.exportWorkbook"
      scope={term}
      emptyText="這個學年期沒有學生。請選擇其他學年期，或到「同步作業」更新學籍及人員資料。"
      render={{ ticked: (row) => <TickedCount count={Number(row.ticked)} limit={tickLimits.outcomes} /> }}
      {...studentRows}
    />
  );
}
