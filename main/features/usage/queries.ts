import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { termParameters, termStudents } from '../../application/term-students.ts';

/**
 * How many students and teachers used 學習成果, by term (manual §3.12). Students are those of the list of 3.8, so that a figure leads to
 * the very rows it counts; a tick is of the academic year, as there.
 */
const students = termStudents({ academicYear: 't.academic_year', semester: 't.semester', lastDay: 't.last_day' });

/** Students of term `t` who have an outcome of its year that meets a condition; from the index of outcomes by student alone. */
const studentsWith = (condition: string) => `
  (select count(*) from ${students.from} where ${students.where}
     and exists (select 1 from learning_outcomes o
       where o.student_id = s.id and o.academic_year = t.academic_year and o.deleted_at is null and ${condition}))`;

/** Every term the school has classes of. */
function schoolTerms(sqlite: Sqlite): ReturnType<typeof termParameters>[] {
  return sqlite
    .prepare<[], { academicYear: number; semester: number }>(
      'select distinct academic_year as academicYear, semester from class_sections where deleted_at is null',
    )
    .all()
    .map(termParameters);
}

/** @param school code and name as every row of the table repeats them */
export function usageSource(sqlite: Sqlite, school: { code: string; name: string }): GridSource {
  return {
    from: `(select value ->> 'academicYear' as academic_year, value ->> 'semester' as semester, value ->> 'lastDay' as last_day
      from json_each(@terms)) t`,
    parameters: { schoolCode: school.code, schoolName: school.name, terms: JSON.stringify(schoolTerms(sqlite)) },
    columns: {
      id: "t.academic_year || '' || t.semester",
      schoolCode: '@schoolCode',
      schoolName: '@schoolName',
      academicYear: 't.academic_year',
      semester: 't.semester',
      uploaders: studentsWith('o.semester = t.semester'),
      senders: studentsWith("o.semester = t.semester and o.state in ('pending', 'approved', 'rejected')"),
      // Teachers of this school who decided: a record from another school names its certifier but has no account here.
      certifiers: `(select count(*) from teachers where exists (select 1 from learning_outcomes o
        where o.certifier_id = teachers.id and o.state in ('approved', 'rejected') and o.academic_year = t.academic_year
          and o.semester = t.semester and o.deleted_at is null))`,
      tickers: studentsWith('o.ticked_at is not null'),
    },
    sortBy: { academicYear: 't.academic_year, t.semester' },
    tieBreaker: 't.academic_year desc, t.semester desc',
  };
}
