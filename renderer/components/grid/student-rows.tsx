import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { GridRow } from '../../../main/application/grid-contract.ts';
import { mayUse, useOffice } from '../../app/session.ts';
import { cabinetPath, studentOf, useStudentList } from '../../app/student-list.ts';
import type { DataGridProps, GridPlace } from './data-grid.tsx';

type OfStudents = DataGridProps<'students.list'>;
type StudentRows = Required<Pick<OfStudents, 'onRowOpen' | 'actionsTitle' | 'actionsWidth' | 'actions'>>;

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

/**
 * For a DataGrid whose rows are records of students (`studentId`, `name`): the name, and a row opened, lead to the student's cabinet; for
 * an account that may not see cabinets the name is a name.
 */
export function useStudentNames(): { name: (row: GridRow, place: GridPlace) => ReactNode; onRowOpen: OfStudents['onRowOpen'] } {
  const { open } = useStudentList();
  const { session } = useOffice();
  const mayOpen = mayUse(session, 'S0205S') || mayUse(session, 'S0206S');
  const has = (row: GridRow) => mayOpen && row.studentId !== null && row.studentId !== undefined;
  return {
    name: (row, place) =>
      has(row) ? (
        <Link
          href={cabinetPath(String(row.studentId))}
          onClick={(event) => {
            event.preventDefault();
            open(String(row.studentId), place);
          }}
        >
          {row.name}
        </Link>
      ) : (
        row.name
      ),
    onRowOpen: (row, place) => {
      if (has(row)) open(String(row.studentId), place);
    },
  };
}
