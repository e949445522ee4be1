import type { GridSource } from '../../../db/grid-query.ts';
import type { Sqlite } from '../../../db/sqlite.ts';
import type { OutputOf } from '../contract.ts';
import type { PurgeCounts } from './contract.ts';
import { isDue, leftOn, obstacle } from './leavers.ts';

const countOf = (table: string, column = '*') => `(select count(${column}) from ${table} r where r.student_id = s.id)`;
const recordTables = ['course_records', 'attendance', 'rewards', 'learning_outcomes', 'diverse_performances', 'cadres', 'autobiographies'];
const fileTables = ['learning_outcomes', 'diverse_performances', 'autobiographies'];
const rosterTables = ['sent_roster_rows', 'submission_answer_rows', 'receipt_statement_rows'];
const sum = (terms: readonly string[]) => `(${terms.join(' + ')})`;

/** 超過保存期限的離校學生. */
export function leaverSource(leftBefore: string): GridSource {
  return {
    from: 'students s left join class_sections c on c.id = s.current_class_id',
    where: isDue,
    parameters: { leftBefore },
    key: 's.id',
    columns: {
      id: 's.id',
      studentNumber: 's.student_number',
      name: 's.name',
      className: 'c.name',
      status: "iif(s.deleted_at is null, s.status, 'deleted')",
      leftOn,
      leftYear: `(cast(strftime('%Y', ${leftOn}) as integer) - 1911 - (cast(strftime('%m', ${leftOn}) as integer) < 8))`,
      records: sum([...recordTables.map((table) => countOf(table)), countOf('consultation_students')]),
      files: sum(fileTables.flatMap((table) => [countOf(table, 'r.document_sha256'), countOf(table, 'r.media_sha256')])),
      transferFiles: countOf('transfer_out_students'),
      slips: countOf('confirmation_slips'),
      rosterRows: sum(rosterTables.map((table) => countOf(table))),
      obstacle,
    },
    sortBy: { className: 'c.sort_key, s.current_seat_number' },
    tieBreaker: 's.student_number, s.id',
  };
}

/** One purge, or undefined. */
export function purgeOf(sqlite: Sqlite, id: string): OutputOf<'retention.purgeDetail'> | undefined {
  const row = sqlite
    .prepare<[string], Omit<OutputOf<'retention.purgeDetail'>, 'counts'> & { counts: string }>(
      `select created_at as createdAt, created_by as createdBy, kept_years as keptYears, reason, student_count as students, counts
       from leaver_purges where id = ?`,
    )
    .get(id);
  return row && { ...row, counts: JSON.parse(row.counts) as PurgeCounts };
}

const countAt = (kind: string) => `json_extract(p.counts, '$.${kind}')`;
const files = sum([countAt('attachments'), countAt('transferFiles'), countAt('workbooks')]);

/** 離校學生資料清除紀錄. */
export const purgeSource: GridSource = {
  from: 'leaver_purges p',
  columns: {
    id: 'p.id',
    createdAt: 'p.created_at',
    createdBy: 'p.created_by',
    students: 'p.student_count',
    records: `((select sum(value) from json_each(p.counts)) - p.student_count - ${files})`,
    files,
    keptYears: 'p.kept_years',
    reason: 'p.reason',
  },
  tieBreaker: 'p.id',
};
