import { Button } from 'antd';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { studentOf, useStudentList } from '../../app/student-list.ts';
import type { DataGridProps, GridPlace } from './data-grid.tsx';

type StudentRows = Required<Pick<DataGridProps<'students.list'>, 'onRowOpen' | 'actionsTitle' | 'actionsWidth' | 'actions'>>;

/**
 * For a DataGrid whose rows are students: 查看, and a row opened, lead to the cabinet, from where one goes on along the list.
 * @param labelOf tells one 查看 from the next, where a student's name alone does not
 */
export function useStudentRows(labelOf: (row: GridRow) => string = ({ name }) => String(name)): StudentRows {
  const { open } = useStudentList();
  const onRowOpen = (row: GridRow, place: GridPlace) => open(studentOf(row)!, place);
  return {
    onRowOpen,
    actionsTitle: '查看',
    actionsWidth: 80,
    actions: (row, place) => (
      <Button size="small" aria-label={`查看 ${labelOf(row)}`} onClick={() => onRowOpen(row, place)}>
        查看
      </Button>
    ),
  };
}
