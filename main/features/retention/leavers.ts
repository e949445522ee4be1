import type { Sqlite } from '../../../db/sqlite.ts';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { termOfDate } from '../../../domain/term.ts';
import type { TransferDirection } from '../../../domain/transfer-case.ts';
import { unsettledStates } from '../sync/outbox.ts';
import type { Obstacle } from './contract.ts';

/** Who has left, and whose years are over. */

export interface Deadline {
  /** The last academic year whose leavers are due. */
  dueYear: number;
  /** They left before this day, ISO: the first of the academic year behind it. */
  leftBefore: string;
}

/** Whole academic years after the one of leaving: of 3 years and today's 115, those of 112 to 114 are kept, and who left in 111 is due. */
export function deadline(now: Date, keptYears: number): Deadline {
  const dueYear = termOfDate(taipeiDay(now)).academicYear - keptYears - 1;
  return { dueYear, leftBefore: `${dueYear + 1 + 1911}-08-01` };
}

/**
 * The day a student `s` left; null of one who has not. Where the register does not say it, the end of the last year he sat in a class, or of his
 * third. One whom the city deleted has left on that day.
 */
export const leftOn = `case
  when s.status in ('transferredOut', 'graduated') then coalesce(s.status_changed_on,
    (select (max(e.academic_year) + 1912) || '-07-31' from enrollments e where e.student_id = s.id), (s.entry_year + 1914) || '-07-31')
  when s.deleted_at is not null then date(s.deleted_at, '+8 hours') end`;

const ownersOf = (table: 'learning_outcomes' | 'diverse_performances', column: 'document_sha256' | 'media_sha256') =>
  `select student_id from ${table} where ${column} in (select sha256 from file_outbox)`;

/** Of `students s`: a change or a file is on its way to the city, or the office has not decided about one. */
const hasUnsent = `(s.id in (select json_extract(data, '$.studentId') from outbox where state in ${unsettledStates}
      and json_extract(data, '$.studentId') is not null)
  or s.id in (select json_extract(before, '$.studentId') from outbox where state in ${unsettledStates}
      and json_extract(before, '$.studentId') is not null)
  or s.id in (${ownersOf('learning_outcomes', 'document_sha256')} union ${ownersOf('learning_outcomes', 'media_sha256')}
      union ${ownersOf('diverse_performances', 'document_sha256')} union ${ownersOf('diverse_performances', 'media_sha256')}))`;

/** His portfolio is not known to be where he went, or never came from where he was. */
const hasOpenCase = (direction: TransferDirection) =>
  `s.id in (select student_id from transfer_cases where direction = '${direction}' and finished_at is null)`;

/** He stands in a roster whose answer is still awaited; one that was put into the archive (封存) awaits nothing. */
const isUnanswered = `s.id in (select h.student_id from submissions u join sent_rosters r on r.submission_id = u.id
  join sent_roster_rows h on h.sent_roster_id = r.id
  where u.processing_status = 'waiting' and u.archived_at is null and u.deleted_at is null)`;

/** By key of `obstacles`, the first that holds is told. Each list within is made once a statement. */
const conditions: Record<Exclude<Obstacle, 'none'>, string> = {
  unsent: hasUnsent,
  openLeaving: hasOpenCase('out'),
  openArrival: hasOpenCase('in'),
  unanswered: isUnanswered,
};
const isHeld = `(${Object.values(conditions).join(' or ')})`;

/** A key of `obstacles`. */
export const obstacle = `case ${Object.entries(conditions)
  .map(([key, condition]) => `when ${condition} then '${key}'`)
  .join(' ')} else 'none' end`;

/** Of `students s`: due, with `@leftBefore`. */
export const isDue = `${leftOn} < @leftBefore`;

/** Ids of those who are due and have nothing that keeps them. */
export function purgeable(sqlite: Sqlite, leftBefore: string): string[] {
  return sqlite
    .prepare<[{ leftBefore: string }], string>(`select s.id from students s where ${isDue} and not ${isHeld} order by s.id`)
    .pluck()
    .all({ leftBefore });
}

export function dueCounts(sqlite: Sqlite, leftBefore: string): { due: number; held: number } {
  return sqlite
    .prepare<[{ leftBefore: string }], { due: number; held: number }>(
      `select count(*) as due, coalesce(sum(${isHeld}), 0) as held from students s where ${isDue}`,
    )
    .get({ leftBefore })!;
}
