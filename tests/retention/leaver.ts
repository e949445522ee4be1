import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sqlite } from '../../db/connection.ts';
import { handInDirectly, scopeOf, statementTables, tablesWorkbook } from '../support/sent-roster.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import { amendAtCity } from '../support/trial-city.ts';

/** A leaver whose years are over, with something of every kind that the office can have of a student. */
export interface Leaver {
  id: string;
  number: string;
  name: string;
  identity: string;
  account: string;
  /** A file nobody else uses, and one that a student in school uses too. Their bytes are here. */
  ownFile: string;
  sharedFile: string;
  /** Of transfer files: of him alone, and of him and one who stays. */
  ownTransfer: string;
  sharedTransfer: string;
  sentRosterId: string;
  statementId: string;
  /** In the roster with him, and in school. */
  classmate: string;
}

export const leaverName = '歐陽離校試';
export const leaverAccount = 'leaver.of.the.test';

export const sqliteOf = ({ application }: Trial) => application.foundation.connection.sqlite;

/** A school of six years, whose leavers are kept one year after their own. */
export async function schoolWithLeavers(): Promise<Trial> {
  const trial = await openTrial({ years: 6 });
  await trial.call('retention.saveYears', { keptYears: 1 });
  return trial;
}

export async function richLeaver(trial: Trial): Promise<Leaver> {
  const sqlite = sqliteOf(trial);
  const { files, foundation } = trial.application;
  const one = <Row>(sql: string, ...parameters: unknown[]) => sqlite.prepare(sql).get(...parameters) as Row;
  const chosen = one<{ id: string; number: string; identity: string }>(
    `select s.id, s.student_number as number, s.identity from students s where s.status = 'graduated' and s.status_changed_on < '2025-08-01'
       and s.status_changed_on > '2025-01-01' and (select count(*) from learning_outcomes r where r.student_id = s.id and r.ticked_at is not null
         and r.academic_year = 112 and r.document_sha256 is not null) > 1
     order by s.id limit 1`,
  );
  const { id } = chosen;
  amendAtCity(trial, 'students', id, { name: leaverName, account: leaverAccount });
  await trial.application.synchronise({});

  // Nobody of those in school was in a roster with him: one who is becomes so.
  const classmate = one<{ id: string }>(
    "select id from students where status = 'enrolled' and identity is not null order by id limit 1",
  ).id;
  const { ownFile } = one<{ ownFile: string }>(
    `select document_sha256 as ownFile from learning_outcomes r where student_id = ? and document_sha256 is not null and (
       select count(*) from learning_outcomes o where o.document_sha256 = r.document_sha256) = 1 limit 1`,
    id,
  );
  const { sharedFile } = one<{ sharedFile: string }>(
    'select document_sha256 as sharedFile from learning_outcomes where student_id = ? and document_sha256 not in (?) limit 1',
    id,
    ownFile,
  );
  sqlite
    .prepare('update learning_outcomes set document_sha256 = ? where id = (select id from learning_outcomes where student_id = ? limit 1)')
    .run(sharedFile, classmate);
  await trial.application.fetchFiles([ownFile, sharedFile], { signal: new AbortController().signal });

  const sent = handInDirectly(sqlite, scopeOf('outcomes', 112), { at: '2024-10-20T02:00:00.000Z' });
  // The workbook that was handed in lies in the store.
  const workbook = await tablesWorkbook(statementTables(sent));
  const { sha256 } = foundation.attachments.put(workbook);
  sqlite
    .prepare("insert into attachments (sha256, md5, bytes, media_type) values (?, '', ?, 'application/zip')")
    .run(sha256, workbook.byteLength);
  sqlite.exec('drop trigger sent_rosters_unchanged');
  sqlite.prepare('update sent_rosters set sha256 = ? where id = ?').run(sha256, sent.sentRosterId);
  const path = join(trial.directory, 'work', `${process.pid}-${randomUUID()}`);
  writeFileSync(path, workbook);
  const read = await trial.runJob('receiptStatements.read', {
    ...scopeOf('outcomes', 112),
    confirmFrom: '2026-11-24',
    confirmUntil: '2026-11-26',
    file: files.receive(path, '收訖明細.xlsx', true),
  });
  const submissionId = one<{ id: string }>('select submission_id as id from sent_rosters where id = ?', sent.sentRosterId).id;
  const refuse = sqlite.prepare(
    "insert into submission_answer_rows (submission_id, position, sheet, student_id, record_id, field, message, cells) values (?, ?, '學期課程學習成果', ?, null, null, '重複', ?)",
  );
  const cells = JSON.stringify({ 身分證號: chosen.identity });
  refuse.run(submissionId, 0, id, cells);
  refuse.run(submissionId, 1, null, cells);
  refuse.run(submissionId, 2, null, JSON.stringify({ 身分證號: 'nobody of this school' }));

  await trial.runJob('slips.print', { grade: 3, dueDate: '2026-12-04', remarks: '' });
  const slip = sqlite.prepare(
    "insert into confirmation_slips (serial, student_id, academic_year, semester, printed_at, printed_by, due_date) values (?, ?, 112, 2, '2024-05-01T00:00:00.000Z', '999999adm', '2024-05-10')",
  );
  slip.run('a slip of long ago', id);
  sqlite
    .prepare(
      `insert into temporary_accounts (id, version, student_id, purpose, account, status, opens_at, expires_at, opened_by)
       values ('old-account', 1, ?, 'transferredOut', ?, 'disabled', '2024-09-01T00:00:00.000Z', '2024-09-10T00:00:00.000Z', '999999adm')`,
    )
    .run(id, `999999t${chosen.number}`);
  await trial.call('submissions.waiveIdentity', { kind: 'outcomes', studentId: id, reason: '查驗無誤' });

  const [alone] = (await trial.runJob('transferOut.produce', { studentIds: [id] })).files;
  const [both] = (await trial.runJob('transferOut.produce', { studentIds: [id, classmate], oneFile: true })).files;
  sqlite
    .prepare(
      `insert into outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state, before)
       values ('settled', 1000000, 'temporary-accounts', 'old-account', 1, 'update', ?, '2024-09-01T00:00:00.000Z', '999999adm', 'accepted', ?)`,
    )
    .run(JSON.stringify({ studentId: id, account: `999999t${chosen.number}` }), JSON.stringify({ studentId: id, account: leaverAccount }));
  // A deletion has nothing but what was before.
  sqlite
    .prepare(
      `insert into outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state, before)
       values ('settled deletion', 1000001, 'performances', 'deleted long ago', 1, 'delete', '{}', '2024-09-01T00:00:00.000Z', '999999adm', 'accepted', ?)`,
    )
    .run(JSON.stringify({ studentId: id, summary: leaverName }));
  arriveLongAgo(sqlite, { id, name: leaverName, identity: chosen.identity }, classmate);
  sqlite.exec(`insert into transfer_cases (id, student_id, direction, moved_on, opened_at, finished_at, outcome, remark)
    values ('an old case', '${id}', 'in', '2023-09-01', '2023-09-01T00:00:00.000Z', '2023-09-02T00:00:00.000Z', 'imported', '${leaverName}');
    insert into transfer_case_events (transfer_case_id, at, kind, details)
    values ('an old case', '2023-09-02T00:00:00.000Z', 'imported', '${JSON.stringify({ by: leaverName })}');`);
  return {
    id,
    number: chosen.number,
    name: leaverName,
    identity: chosen.identity,
    account: leaverAccount,
    ownFile,
    sharedFile,
    ownTransfer: alone!.fileName,
    sharedTransfer: both!.fileName,
    sentRosterId: sent.sentRosterId,
    statementId: read.id,
    classmate,
  };
}

/** He came with a file of his own, and another one named him before he was in the register. */
function arriveLongAgo(sqlite: Sqlite, { id, name, identity }: Pick<Leaver, 'id' | 'name' | 'identity'>, classmate: string): void {
  const file = sqlite.prepare(
    `insert into transfer_ins (id, created_at, created_by, file_name, bytes, md5, sender_school_code, student_count, completed_count, unknown_content)
     values (?, '2023-09-02T00:00:00.000Z', '999999adm', 'a file.zip', 1, '', '111111', ?, 1, ?)`,
  );
  const student = sqlite.prepare(
    `insert into transfer_in_students (transfer_in_id, position, identity, name, student_id, completed, counts, messages)
     values (?, ?, ?, ?, ?, ?, '{}', ?)`,
  );
  file.run('his import', 1, JSON.stringify({ name }));
  student.run('his import', 0, identity, name, id, 1, JSON.stringify([`${name} 已匯入`]));
  sqlite.exec(`insert into transfer_in_records (transfer_in_id, ordinal, position, resource, record_id, section, title, treatment)
    values ('his import', 0, 0, 'outcomes', 'a record', 'outcomes', '${name}的作品', 'added')`);
  file.run('an import of others', 2, JSON.stringify({ name }));
  student.run('an import of others', 0, identity, name, null, 0, '[]');
  student.run('an import of others', 1, 'A100000000', '同學', classmate, 1, '[]');
}

/** Every table with a text that contains one of some values, but those that may keep ids. */
export function tablesWith(sqlite: Sqlite, values: readonly string[], except: readonly string[] = []): string[] {
  const tables = sqlite
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .pluck()
    .all() as string[];
  return tables.filter((table) => {
    if (except.includes(table)) return false;
    const columns = sqlite.prepare("select name from pragma_table_info(?) where type = 'TEXT'").pluck().all(table) as string[];
    if (columns.length === 0) return false;
    const found = sqlite.prepare(
      `select 1 from "${table}" where ${columns.map((column) => `instr(coalesce("${column}", ''), @value) > 0`).join(' or ')} limit 1`,
    );
    return values.some((value) => found.get({ value }) !== undefined);
  });
}
