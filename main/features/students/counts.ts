import type { z } from 'zod';
import type { Sqlite } from '../../../db/connection.ts';
import type { sectionCounts } from './contract.ts';

export type SectionCounts = z.output<typeof sectionCounts>;

/** Each reads one student's range of an index; none touches the table behind it more than it must. */
export const countStatements = {
  learningOutcomes: 'select count(*) from learning_outcomes where student_id = ? and deleted_at is null',
  performances:
    'select category, count(*) as records from diverse_performances where student_id = ? and deleted_at is null group by category',
  cadres: 'select count(*) from cadres where student_id = ? and deleted_at is null',
  consultations: `select count(*) from consultation_students p join course_consultations c on c.id = p.consultation_id
    where p.student_id = ? and c.deleted_at is null`,
  autobiographies: 'select count(*) from autobiographies where student_id = ? and deleted_at is null',
  courseRecords: 'select count(*) from course_records where student_id = ? and deleted_at is null',
} as const;

/**
 * How many records a student's portfolio has in each section, deleted ones left out; of performances the categories
 * that have any.
 * @param studentIds the city's ids
 * @returns by student id, one for each id asked for
 */
export function studentCounts(sqlite: Sqlite, studentIds: Iterable<string>): Map<string, SectionCounts> {
  const single = (sql: string) => {
    const statement = sqlite.prepare<[string], number>(sql).pluck();
    return (studentId: string) => statement.get(studentId) as number;
  };
  const learningOutcomes = single(countStatements.learningOutcomes);
  const performances = sqlite.prepare<[string], { category: number; records: number }>(countStatements.performances);
  const cadres = single(countStatements.cadres);
  const consultations = single(countStatements.consultations);
  const autobiographies = single(countStatements.autobiographies);
  const courseRecords = single(countStatements.courseRecords);
  return new Map(
    [...studentIds].map((id) => [
      id,
      {
        learningOutcomes: learningOutcomes(id),
        performances: Object.fromEntries(performances.all(id).map(({ category, records }) => [String(category), records])),
        cadres: cadres(id),
        consultations: consultations(id),
        autobiographies: autobiographies(id),
        courseRecords: courseRecords(id),
      },
    ]),
  );
}
