import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { tickLimits } from '../../../domain/limits.ts';
import { yearParameters, yearStudents } from '../../application/term-students.ts';

/** Read from the index diverse_performances_by_student alone. */
const ofStudent = (counted: string) =>
  `(select count(${counted}) from diverse_performances d
    where d.student_id = s.id and d.academic_year = @academicYear and d.deleted_at is null)`;
const uploaded = ofStudent('*');
const ticked = ofStudent('d.ticked_at');

/** The students of a year, each in his last class of it. */
export function performancesSource({ academicYear }: { academicYear: number }): GridSource {
  return {
    ...yearStudents,
    parameters: yearParameters(academicYear),
    columns: {
      id: 's.id',
      className: 'c.name',
      seatNumber: 'e.seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      uploaded,
      ticked,
    },
    sortBy: { className: 'c.sort_key, e.seat_number' },
    key: 's.id',
    tieBreaker: 's.student_number',
  };
}

/** How many students of a year ticked some, none, and more than the year's ten. */
export function tickedStudents(sqlite: Sqlite, academicYear: number): { ticked: number; notTicked: number; overLimit: number } {
  return sqlite
    .prepare<[object], { ticked: number; notTicked: number; overLimit: number }>(
      `select count(case when ticked > 0 then 1 end) as ticked, count(case when ticked = 0 then 1 end) as notTicked,
         count(case when ticked > ${tickLimits.performances} then 1 end) as overLimit
       from (select ${ticked} as ticked from ${yearStudents.from} where ${yearStudents.where})`,
    )
    .get(yearParameters(academicYear))!;
}
