import { lastDayOfTerm } from '../../domain/term.ts';

/**
 * Whom the statistics count, one rule for all of them: the students who sat in a class of the term and had not left the school
 * (轉出, 休學) by its end. So a leaver is nobody's missing tick, and the figures of a past term do not change when someone leaves later
 * or graduates.
 */
const from = 'class_sections c cross join enrollments e on e.class_section_id = c.id cross join students s on s.id = e.student_id';
const attending = (lastDay: string) => `c.deleted_at is null and s.deleted_at is null
  and not (s.status in ('transferredOut', 'suspended') and coalesce(s.status_changed_on, '') <= ${lastDay})`;

/**
 * A term's students in SQL, as class `c`, enrollment `e` and student `s`; walks the indexes of classes and seats.
 * @param term where the statement has the term: the parameters of `termParameters`, or columns of a row of its own
 */
export const termStudents = (term = { academicYear: '@academicYear', semester: '@semester', lastDay: '@lastDay' }) => ({
  from,
  where: `c.academic_year = ${term.academicYear} and c.semester = ${term.semester} and ${attending(term.lastDay)}`,
});

/** A year's students, with the parameters of `yearParameters`: each once, in the class of the last term he attended in it. */
export const yearStudents = {
  from,
  where: `c.academic_year = @academicYear and ${attending('@lastDay')}
    and not exists (select 1 from enrollments later where later.student_id = s.id and later.academic_year = @academicYear
      and later.semester > c.semester)`,
} as const;

/** What `termStudents` needs of a term. */
export const termParameters = ({ academicYear, semester }: { academicYear: number; semester: number }) => ({
  academicYear,
  semester,
  lastDay: lastDayOfTerm({ academicYear, semester }),
});

/** What `yearStudents` needs of a year. */
export const yearParameters = (academicYear: number) => ({ academicYear, lastDay: lastDayOfTerm({ academicYear, semester: 0 }) });
