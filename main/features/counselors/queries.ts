import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import type { TermScope } from '../../application/grid-contract.ts';

/**
 * Classes of a term, each with those who have been given to it; a class of two teachers stands twice, one of none once.
 * @param table `counselors` or `course_counselors`: both tie a teacher to a class of a term
 */
export function classAssignments(table: 'counselors' | 'course_counselors', { academicYear, semester }: TermScope): GridSource {
  return {
    from: `class_sections c
      left join ${table} k on k.class_section_id = c.id and k.deleted_at is null
      left join teachers t on t.id = k.teacher_id
      left join teachers h on h.id = c.homeroom_teacher_id`,
    where: 'c.academic_year = @academicYear and c.semester = @semester and c.deleted_at is null',
    parameters: { academicYear, semester },
    columns: {
      id: "c.id || ' ' || coalesce(k.id, '')",
      teacherName: 't.name',
      email: 't.email',
      academicYear: 'c.academic_year',
      semester: 'c.semester',
      grade: 'c.grade',
      className: 'c.name',
      homeroomTeacher: 'h.name',
      assigned: 'k.id is not null',
    },
    sortBy: { className: 'c.sort_key, t.name', teacherName: 't.name, c.sort_key' },
    tieBreaker: 'c.id, k.id',
  };
}

/** How many teachers look after how many classes of a term, and how many classes have none. */
export function assignmentSummary(sqlite: Sqlite, table: 'counselors' | 'course_counselors', { academicYear, semester }: TermScope) {
  return sqlite
    .prepare(
      `select count(distinct k.teacher_id) as teachers, count(distinct c.id) as classes,
         count(distinct iif(k.id is null, c.id, null)) as classesWithout
       from class_sections c left join ${table} k on k.class_section_id = c.id and k.deleted_at is null
       where c.academic_year = @academicYear and c.semester = @semester and c.deleted_at is null`,
    )
    .get({ academicYear, semester }) as { teachers: number; classes: number; classesWithout: number };
}
