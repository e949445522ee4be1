import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { compareTerms, type Term } from '../../../domain/term.ts';

/**
 * The terms on offer, newest first; the current one is always among them.
 * @param current as the office set it, or as today says (application/current-term.ts)
 */
export function offeredTerms(sqlite: Sqlite, current: Term): (Term & { current: boolean })[] {
  const rows = sqlite
    .prepare<[], Term>('select academic_year as academicYear, semester from terms where offered = 1 and deleted_at is null')
    .all();
  const isCurrent = (term: Term) => compareTerms(term, current) === 0;
  const all = rows.some(isCurrent) ? rows : [...rows, current];
  return all
    .map(({ academicYear, semester }) => ({ academicYear, semester, current: isCurrent({ academicYear, semester }) }))
    .sort((a, b) => compareTerms(b, a));
}

/** Terms with how many classes and students sat in them. */
export function termSource(current: Term): GridSource {
  return {
    from: 'terms t',
    where: 't.deleted_at is null',
    parameters: { academicYear: current.academicYear, semester: current.semester },
    columns: {
      id: 't.id',
      academicYear: 't.academic_year',
      semester: 't.semester',
      classes: `(select count(*) from class_sections c
        where c.academic_year = t.academic_year and c.semester = t.semester and c.deleted_at is null)`,
      students: `(select count(*) from class_sections c join enrollments e on e.class_section_id = c.id
        where c.academic_year = t.academic_year and c.semester = t.semester and c.deleted_at is null)`,
      current: '(t.academic_year = @academicYear and t.semester = @semester)',
      offered: 't.offered',
    },
    sortBy: { academicYear: 't.academic_year, t.semester' },
    tieBreaker: 't.id',
  };
}
