import type { Sqlite } from '../../../db/sqlite.ts';
import { maskIdentity } from '../../../domain/national-id.ts';
import type { PurgeCounts, PurgedKind } from './contract.ts';

/**
 * What is here of the students who leave the database: found first, counted for the preview, deleted by the purge. All of it stands in one place, and
 * tests/retention holds it against the schema: a table that comes to refer to students is missing there until it stands here.
 */

const ofLeaving = 'student_id in (select id from temp.leaving)';
const casesOfLeaving = `select id from transfer_cases where ${ofLeaving}`;

/** Rows that go, in the order of their references, and what they count as. Rows without a kind of their own go along with others. */
export const rowsOfLeaving: readonly { table: string; where: string; kind: PurgedKind | null }[] = [
  {
    table: 'transfer_in_records',
    where: `exists (select 1 from transfer_in_students t where t.transfer_in_id = transfer_in_records.transfer_in_id
      and t.position = transfer_in_records.position and t.${ofLeaving})`,
    kind: null,
  },
  { table: 'transfer_in_students', where: ofLeaving, kind: 'imports' },
  { table: 'transfer_out_students', where: ofLeaving, kind: null },
  { table: 'transfer_case_events', where: `transfer_case_id in (${casesOfLeaving})`, kind: null },
  { table: 'transfer_cases', where: ofLeaving, kind: 'transferCases' },
  { table: 'sent_roster_rows', where: ofLeaving, kind: 'rosterRows' },
  { table: 'submission_answer_rows', where: ofLeaving, kind: 'answerRows' },
  { table: 'precheck_findings', where: ofLeaving, kind: 'precheckRows' },
  { table: 'precheck_differences', where: ofLeaving, kind: 'precheckRows' },
  { table: 'identity_waivers', where: ofLeaving, kind: null },
  { table: 'receipt_statement_rows', where: ofLeaving, kind: 'receiptRows' },
  { table: 'receipt_confirmations', where: ofLeaving, kind: 'receiptRows' },
  { table: 'confirmation_slips', where: ofLeaving, kind: 'confirmationSlips' },
  { table: 'temporary_accounts', where: ofLeaving, kind: 'temporaryAccounts' },
  { table: 'psychological_tests', where: ofLeaving, kind: 'psychologicalTests' },
  { table: 'rewards', where: ofLeaving, kind: 'rewards' },
  { table: 'attendance', where: ofLeaving, kind: 'attendance' },
  { table: 'cadres', where: ofLeaving, kind: 'cadres' },
  { table: 'diverse_performances', where: ofLeaving, kind: 'performances' },
  { table: 'learning_outcomes', where: ofLeaving, kind: 'learningOutcomes' },
  { table: 'autobiographies', where: ofLeaving, kind: 'autobiographies' },
  { table: 'course_records', where: ofLeaving, kind: 'courseRecords' },
  { table: 'consultation_students', where: ofLeaving, kind: null },
  { table: 'course_consultations', where: 'id in (select id from temp.leaving_consultations)', kind: 'consultations' },
  { table: 'transfer_out_files', where: 'id in (select id from temp.leaving_transfer_files)', kind: 'transferFiles' },
  { table: 'transfer_ins', where: 'id in (select id from temp.leaving_imports)', kind: null },
  { table: 'enrollments', where: ofLeaving, kind: 'enrollments' },
  { table: 'students', where: 'id in (select id from temp.leaving)', kind: 'students' },
];

/** Columns that refer to a file, by the schema itself, with whether their table knows whose they are. */
function fileReferences(sqlite: Sqlite): { table: string; column: string; ofStudent: number }[] {
  return sqlite
    .prepare<[], { table: string; column: string; ofStudent: number }>(
      `select t.name as "table", k."from" as "column", exists (select 1 from pragma_table_info(t.name) c where c.name = 'student_id') as ofStudent
       from sqlite_schema t, pragma_foreign_key_list(t.name) k where t.type = 'table' and k."table" = 'attachments'`,
    )
    .all();
}

/**
 * Finds what is here of some students. On a connection that may write or not: what is found lies in temporary tables of its own.
 * @param before UTC, ISO: imports and their unknown students older than this go when nobody else is in them
 */
export function findLeaving(sqlite: Sqlite, studentIds: readonly string[], before: string): void {
  sqlite.exec(`
    create temp table if not exists leaving (id text primary key) strict;
    create temp table if not exists leaving_consultations (id text primary key) strict;
    create temp table if not exists leaving_files (sha256 text primary key) strict;
    create temp table if not exists leaving_workbooks (sha256 text primary key) strict;
    create temp table if not exists leaving_transfer_files (id text primary key, file_name text not null) strict;
    create temp table if not exists leaving_imports (id text primary key) strict;
    delete from temp.leaving; delete from temp.leaving_consultations; delete from temp.leaving_files; delete from temp.leaving_workbooks;
    delete from temp.leaving_transfer_files; delete from temp.leaving_imports;`);
  const leave = sqlite.prepare('insert or ignore into temp.leaving select id from students where id = ?');
  for (const id of studentIds) leave.run(id);
  const references = fileReferences(sqlite);
  const theirs = references.filter(({ ofStudent }) => ofStudent);
  // A file somebody else's record uses, or a workbook, stays.
  const used = references.map(
    ({ table, column, ofStudent }) =>
      `not exists (select 1 from ${table} r where r.${column} = f.sha256${ofStudent ? ' and r.student_id not in (select id from temp.leaving)' : ''})`,
  );
  sqlite.exec(`
    insert into temp.leaving_consultations
      select distinct consultation_id from consultation_students p where ${ofLeaving} and not exists (
        select 1 from consultation_students o where o.consultation_id = p.consultation_id and o.student_id not in (select id from temp.leaving));
    insert into temp.leaving_files select f.sha256 from (
      ${theirs.map(({ table, column }) => `select ${column} as sha256 from ${table} where ${ofLeaving} and ${column} is not null`).join(' union ')}
    ) f where ${used.join(' and ')};
    insert into temp.leaving_transfer_files select f.id, f.file_name from transfer_out_files f where
      exists (select 1 from transfer_out_students t where t.transfer_out_file_id = f.id and t.${ofLeaving})
      and not exists (select 1 from transfer_out_students t where t.transfer_out_file_id = f.id and t.student_id not in (select id from temp.leaving));`);
  sqlite
    .prepare(
      `insert into temp.leaving_imports select i.id from transfer_ins i where i.created_at < ? and
         exists (select 1 from transfer_in_students t where t.transfer_in_id = i.id and t.${ofLeaving}) and not exists (
           select 1 from transfer_in_students t where t.transfer_in_id = i.id and t.student_id is not null and t.student_id not in (select id from temp.leaving))`,
    )
    .run(before);
  // A workbook can't be taken apart: one with any of them in it goes whole, and its hash stays.
  sqlite.exec(`
    insert into temp.leaving_workbooks select a.sha256 from attachments a where a.purged_at is null and a.sha256 in (
      select r.sha256 from sent_rosters r where r.id in (select sent_roster_id from sent_roster_rows where ${ofLeaving})
      union select r.sha256 from receipt_statements r where r.id in (select receipt_statement_id from receipt_confirmations where ${ofLeaving}
        union select receipt_statement_id from receipt_statement_rows where ${ofLeaving})
      union select s.answer_sha256 from submissions s where s.answer_sha256 is not null
        and s.id in (select submission_id from submission_answer_rows where ${ofLeaving}));`);
}

/** Changes of theirs that the city has settled: the entry stays, without what was in it. */
const settledOfLeaving = `state not in ('waiting', 'conflict', 'refused') and (data <> '{}' or before is not null) and (
  json_extract(data, '$.studentId') in (select id from temp.leaving) or json_extract(before, '$.studentId') in (select id from temp.leaving))`;

/** How much was found, by kind. */
export function countLeaving(sqlite: Sqlite): PurgeCounts {
  const count = (sql: string) => sqlite.prepare<[], number>(`select count(*) from ${sql}`).pluck().get()!;
  const counts: Partial<PurgeCounts> = {
    attachments: count('temp.leaving_files'),
    workbooks: count('temp.leaving_workbooks'),
    sentChanges: count(`outbox where ${settledOfLeaving}`),
  };
  for (const { table, where, kind } of rowsOfLeaving) {
    if (kind) counts[kind] = (counts[kind] ?? 0) + count(`${table} where ${where}`);
  }
  return counts as PurgeCounts;
}

/**
 * Deletes what was found. Inside the transaction of the purge, with the gate `retention.purging` open. The bytes of files go after the commit, by
 * `files_to_remove`.
 */
export function deleteLeaving(sqlite: Sqlite, at: string): void {
  forgetInOthers(sqlite);
  sqlite.exec(`
    update sent_rosters set purged_rows = purged_rows
      + (select count(*) from sent_roster_rows r where r.sent_roster_id = sent_rosters.id and r.${ofLeaving})
      where id in (select sent_roster_id from sent_roster_rows where ${ofLeaving});
    update outbox set data = '{}', before = null, answer = null where ${settledOfLeaving};
    insert or ignore into files_to_remove select 'attachment', sha256 from temp.leaving_files;
    insert or ignore into files_to_remove select 'attachment', sha256 from temp.leaving_workbooks;
    insert or ignore into files_to_remove select 'transferFile', file_name from temp.leaving_transfer_files;`);
  sqlite.prepare('update attachments set purged_at = ? where sha256 in (select sha256 from temp.leaving_workbooks)').run(at);
  for (const { table, where } of rowsOfLeaving) sqlite.exec(`delete from ${table} where ${where}`);
  sqlite.exec('delete from attachments where sha256 in (select sha256 from temp.leaving_files)');
}

/** What other rows hold of them in words: a transfer file shared with others, rows of files that nobody could be matched to, jobs. */
function forgetInOthers(sqlite: Sqlite): void {
  const identities = sqlite
    .prepare<[], { identity: string; name: string }>(
      'select identity, name from students where id in (select id from temp.leaving) and identity is not null',
    )
    .all();
  const unmatched = [
    sqlite.prepare('delete from submission_answer_rows where student_id is null and instr(cells, ?) > 0'),
    sqlite.prepare('delete from receipt_statement_rows where student_id is null and instr(received, ?) > 0'),
    sqlite.prepare(
      'update transfer_ins set unknown_content = null where id in (select transfer_in_id from transfer_in_students where student_id is null and identity = ?)',
    ),
    sqlite.prepare('delete from transfer_in_students where student_id is null and identity = ?'),
  ];
  for (const { identity } of identities) for (const forget of unmatched) forget.run(identity);
  const shared = sqlite
    .prepare<[], { id: string; students: string }>(
      `select id, students from transfer_out_files where id in (select transfer_out_file_id from transfer_out_students where ${ofLeaving})
         and id not in (select id from temp.leaving_transfer_files)`,
    )
    .all();
  const rename = sqlite.prepare('update transfer_out_files set students = ? where id = ?');
  const labels = identities.map(({ identity, name }) => `${maskIdentity(identity)} ${[...name][0] ?? ''}`);
  for (const { id, students } of shared) {
    const lines = students.split('\n').filter((line) => !labels.some((label) => line.startsWith(label)));
    rename.run(lines.join('\n'), id);
  }
  // What an import kept of its file beside the records can't be told apart by student.
  sqlite.exec(
    `update transfer_ins set unknown_content = null where id in (select transfer_in_id from transfer_in_students where ${ofLeaving})`,
  );
  // Nobody reads what an ended job ended with once the program was started again.
  sqlite.exec("update jobs set result = null, error = null where state <> 'running'");
  const waiting = sqlite
    .prepare<[], { resource: string; recordId: string; record: string }>(
      'select resource, record_id as recordId, waiting_record as record from sync_problems where waiting_record is not null',
    )
    .all();
  const drop = sqlite.prepare('delete from sync_problems where resource = ? and record_id = ?');
  const leaves = sqlite.prepare<[string], number>('select 1 from temp.leaving where id = ?').pluck();
  for (const { resource, recordId, record } of waiting) {
    const { studentId, studentIds = [] } = JSON.parse(record) as { studentId?: string; studentIds?: string[] };
    if ([...(studentId === undefined ? [] : [studentId]), ...studentIds].some((id) => leaves.get(id))) drop.run(resource, recordId);
  }
  sqlite.exec("delete from sync_problems where resource = 'students' and record_id in (select id from temp.leaving)");
}
