import type { Sqlite } from '../../db/connection.ts';
import { taipeiDay } from '../../domain/roc-date.ts';
import { type Term, termOfDate } from '../../domain/term.ts';

/** The school's current 學年期: as set by the office (設定學校學年期), otherwise the one today falls in. */
export function currentTerm(sqlite: Sqlite, now: Date): Term {
  const set = sqlite.prepare('select academic_year as academicYear, semester from terms where current = 1 and deleted_at is null').get() as
    | Term
    | undefined;
  return set ?? termOfDate(taipeiDay(now));
}
