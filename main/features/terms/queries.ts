import type { Sqlite } from '../../../db/connection.ts';
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
