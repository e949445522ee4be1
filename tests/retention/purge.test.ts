import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { purgedStudents } from '../../main/application/purged-students.ts';
import type { ResourceName } from '../../main/central/resources.ts';
import type { OutputOf } from '../../main/features/contract.ts';
import { testMasterKey } from '../support/directories.ts';
import type { Trial } from '../support/trial.ts';
import { amendAtCity, cityRecord, cityRows } from '../support/trial-city.ts';
import { type Leaver, leaverName, richLeaver, schoolWithLeavers, sqliteOf, tablesWith } from './leaver.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

/** A leaver whose years are over is purged, and does not come back. One story, in order. */

let trial: Trial;
let leaver: Leaver;
const sqlite = () => sqliteOf(trial);
const count = (sql: string, ...parameters: unknown[]) =>
  sqlite()
    .prepare(sql)
    .pluck()
    .get(...parameters) as number;
const personal = () => [leaver.name, leaver.number, leaver.identity, leaver.account];

beforeAll(async () => {
  trial = await schoolWithLeavers();
  leaver = await richLeaver(trial);
});
afterAll(() => trial.close());

describe('before', () => {
  test('he stands in the list of those who are due, with what is here of him', async () => {
    const { rows, total } = await trial.call('retention.leavers', { filter: { studentNumber: leaver.number } });
    expect(total).toBe(1);
    expect(rows[0]).toMatchObject({ id: leaver.id, name: leaverName, status: 'graduated', leftYear: 113, slips: 1, transferFiles: 2 });
    expect(Number(rows[0]!.rosterRows)).toBeGreaterThan(2);
  });

  test('nobody who is in school, or left within the years, stands there', async () => {
    const { rows } = await trial.call('retention.leavers', { pageSize: 1000 });
    const states = sqlite().prepare('select status, status_changed_on as day from students where id = ?');
    for (const { id } of rows) {
      const { status, day } = states.get(id) as { status: string; day: string };
      expect(['graduated', 'transferredOut']).toContain(status);
      expect(day < '2025-08-01').toBe(true);
    }
    expect(await trial.call('retention.summary', {})).toMatchObject({
      keptYears: 1,
      dueYear: 113,
      leftBefore: '2025-08-01',
      due: rows.length,
      held: 0,
    });
  });

  test('a purge of someone who is not due, or of more than were seen, deletes nothing', async () => {
    const before = count('select count(*) from learning_outcomes');
    const purge = (input: { studentIds?: string[]; students: number }) =>
      trial.runJob('retention.purge', { ...input, reason: '超過保存期限' });
    await expect(purge({ studentIds: [leaver.id, leaver.classmate], students: 2 })).rejects.toMatchObject({
      code: 'retention.notDue',
      details: { students: 1 },
    });
    await expect(purge({ students: 3 })).rejects.toMatchObject({ code: 'retention.changed', details: { students: 38 } });
    await expect(trial.runJob('retention.preview', { studentIds: [leaver.classmate] })).rejects.toMatchObject({ code: 'retention.notDue' });
    expect(count('select count(*) from learning_outcomes')).toBe(before);
    expect(count('select count(*) from leaver_purges')).toBe(0);
  });

  test('a change that the city has not taken keeps him', async () => {
    sqlite().prepare("update outbox set state = 'waiting' where idempotency_key = 'settled'").run();
    expect((await trial.call('retention.leavers', { filter: { studentNumber: leaver.number } })).rows[0]).toMatchObject({
      obstacle: 'unsent',
    });
    expect(await trial.call('retention.summary', {})).toMatchObject({ held: 1 });
    await expect(trial.runJob('retention.purge', { studentIds: [leaver.id], students: 1, reason: '超過保存期限' })).rejects.toMatchObject({
      code: 'retention.notDue',
    });
    sqlite().prepare("update outbox set state = 'accepted' where idempotency_key = 'settled'").run();
  });
});

describe('what is not done yet keeps him', () => {
  const stateOf = async () => (await trial.call('retention.leavers', { filter: { studentNumber: leaver.number } })).rows[0]!.obstacle;
  const refused = async () => {
    expect((await trial.call('retention.summary', {})).held).toBeGreaterThan(0);
    const purging = { studentIds: [leaver.id], students: 1, reason: '超過保存期限' };
    await expect(trial.runJob('retention.purge', purging)).rejects.toMatchObject({ code: 'retention.notDue' });
    expect(count('select count(*) from students where id = ?', leaver.id)).toBe(1);
  };

  test.each([
    ['out', 'openLeaving'],
    ['in', 'openArrival'],
  ])('a transfer (%s) that is not finished', async (direction, obstacle) => {
    const change = sqlite().prepare("update transfer_cases set finished_at = ?, outcome = ?, direction = ? where id = 'an old case'");
    change.run(null, null, direction);
    expect(await stateOf()).toBe(obstacle);
    await refused();
    change.run('2023-09-02T00:00:00.000Z', 'imported', 'in');
    expect(await stateOf()).toBe('none');
  });

  test('a roster with him whose answer is awaited, until it is put into the archive', async () => {
    const change = sqlite().prepare(
      'update submissions set processing_status = ?, archived_at = ? where id = (select submission_id from sent_rosters where id = ?)',
    );
    change.run('waiting', null, leaver.sentRosterId);
    expect(await stateOf()).toBe('unanswered');
    await refused();
    change.run('waiting', '2026-11-24T00:00:00.000Z', leaver.sentRosterId);
    expect(await stateOf()).toBe('none');
    change.run('accepted', null, leaver.sentRosterId);
  });

  test('a file of his that the city has not acknowledged', async () => {
    sqlite().prepare("insert into file_outbox (sha256, created_at) values (?, '2026-11-24T00:00:00.000Z')").run(leaver.ownFile);
    expect(await stateOf()).toBe('unsent');
    await refused();
    sqlite().prepare('delete from file_outbox').run();
  });
});

describe('the purge', () => {
  let preview: OutputOf<'retention.preview'>;
  let before: { sent: { rowCount: number; sha256: string; contentHash: string }; rows: number; classmate: number[]; city: unknown };
  let piece: Buffer;
  /** What all pages hold in plain, those that were let go of too. */
  const pagesOf = () => {
    const pages = sqlite().serialize();
    return {
      database: personal().map((value) => ({ value, there: pages.includes(value) })),
      files: trial.application.foundation.attachments.sqlite.serialize().includes(piece),
    };
  };
  const classmatesRows = () =>
    ['learning_outcomes', 'diverse_performances', 'course_records', 'enrollments', 'confirmation_slips', 'transfer_out_students'].map(
      (table) => count(`select count(*) from ${table} where student_id = ?`, leaver.classmate),
    );
  const ofCity = () =>
    (['students', 'outcomes', 'performances', 'course-records', 'temporary-accounts'] satisfies ResourceName[]).map((resource) =>
      cityRows(trial, resource)
        .map(({ id, version, deleted }) => `${id} ${version} ${deleted}`)
        .join(),
    );

  test('is previewed by kind, and the preview deletes nothing', async () => {
    preview = await trial.runJob('retention.preview', { studentIds: [leaver.id] });
    expect(preview.students).toBe(1);
    for (const [kind, here] of Object.entries(preview.counts)) {
      if (!['cadres', 'precheckRows', 'autobiographies'].includes(kind)) expect(here, kind).toBeGreaterThan(0);
    }
    expect(preview.counts).toMatchObject({
      students: 1,
      confirmationSlips: 1,
      temporaryAccounts: 1,
      transferFiles: 1,
      answerRows: 1,
      workbooks: 1,
      transferCases: 1,
      imports: 1,
      sentChanges: 2,
    });
    expect(count('select count(*) from students where id = ?', leaver.id)).toBe(1);
  });

  test('deletes what was previewed, in one go', async () => {
    piece = trial.application.foundation.attachments.read(leaver.ownFile).subarray(-1200, -200);
    expect(pagesOf().database.filter(({ there }) => !there)).toEqual([]);
    expect(pagesOf().files).toBe(true);
    const sent = sqlite().prepare('select row_count as rowCount, sha256, content_hash as contentHash from sent_rosters where id = ?');
    before = {
      sent: sent.get(leaver.sentRosterId) as (typeof before)['sent'],
      rows: count('select count(*) from sent_roster_rows where sent_roster_id = ?', leaver.sentRosterId),
      classmate: classmatesRows(),
      city: ofCity(),
    };
    const reason = `超過保存期限，${leaver.name}（${leaver.identity}）已畢業`;
    const purged = await trial.runJob('retention.purge', { studentIds: [leaver.id], students: 1, reason });
    expect(purged).toMatchObject({ students: 1, counts: preview.counts });
  });

  test('leaves nothing of him in any table: no name, number, identity or account', () => {
    expect(tablesWith(sqlite(), personal())).toEqual([]);
    // His id, which says nothing without the register, stays in the audit log alone.
    expect(tablesWith(sqlite(), [leaver.id], ['audit_entries', 'audit_subjects'])).toEqual([]);
    expect(sqlite().pragma('foreign_key_check')).toEqual([]);
  });

  test('overwrites what it deletes: nothing of him or of his file is in pages that were let go of', () => {
    expect(pagesOf().database.filter(({ there }) => there)).toEqual([]);
    expect(pagesOf().files).toBe(false);
  });

  test('empties the write-ahead logs of both files: what is in them is what came after', () => {
    for (const name of ['portfolio.db-wal', 'attachments.db-wal']) {
      const log = join(trial.directory, name);
      expect(existsSync(log) ? statSync(log).size : 0, name).toBeLessThan(300_000);
    }
  });

  test('removes his files, and leaves those that others use', () => {
    const { attachments } = trial.application.foundation;
    expect(attachments.has(leaver.ownFile)).toBe(false);
    expect(count('select count(*) from attachments where sha256 = ?', leaver.ownFile)).toBe(0);
    expect(attachments.has(leaver.sharedFile)).toBe(true);
    expect(count('select count(*) from attachments where sha256 = ?', leaver.sharedFile)).toBe(1);
    expect(existsSync(join(trial.directory, 'transfers', leaver.ownTransfer))).toBe(false);
    expect(existsSync(join(trial.directory, 'transfers', leaver.sharedTransfer))).toBe(true);
    expect(count('select count(*) from files_to_remove')).toBe(0);
    // The shared one is his classmate's now.
    const shared = sqlite().prepare(
      'select students, (select count(*) from transfer_out_students t where t.transfer_out_file_id = f.id) as known from transfer_out_files f where file_name = ?',
    );
    const { students, known } = shared.get(leaver.sharedTransfer) as { students: string; known: number };
    expect(known).toBe(1);
    expect(students.split('\n')).toHaveLength(1);
    expect(students).not.toContain('歐');
  });

  test('leaves what was handed in provable by its hashes, without his rows and without the workbook that he stood in', async () => {
    const roster = sqlite()
      .prepare('select row_count as rowCount, sha256, content_hash as contentHash, purged_rows as purged from sent_rosters where id = ?')
      .get(leaver.sentRosterId) as (typeof before)['sent'] & { purged: number };
    expect(roster).toEqual({ ...before.sent, purged: preview.counts.rosterRows });
    expect(count('select count(*) from sent_roster_rows where sent_roster_id = ?', leaver.sentRosterId)).toBe(
      before.rows - preview.counts.rosterRows,
    );
    expect(trial.application.foundation.attachments.has(roster.sha256)).toBe(false);
    expect(count('select count(*) from attachments where sha256 = ? and purged_at is not null', roster.sha256)).toBe(1);
    const submissionId = sqlite().prepare('select submission_id from sent_rosters where id = ?').pluck().get(leaver.sentRosterId) as string;
    await expect(trial.call('submissions.downloadSent', { kind: 'outcomes', id: submissionId })).rejects.toMatchObject({
      code: 'attachment.purged',
    });
    await expect(trial.call('receiptStatements.download', { kind: 'outcomes', statementId: leaver.statementId })).rejects.toMatchObject({
      code: 'attachment.purged',
    });
    await expect(trial.application.fetchFiles([roster.sha256], { signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'attachment.purged',
    });
    // The others' rows, and the refused row of nobody he could be, are there.
    expect(count('select count(*) from receipt_statement_rows where receipt_statement_id = ?', leaver.statementId)).toBeGreaterThan(0);
    expect(count('select count(*) from submission_answer_rows where submission_id = ?', submissionId)).toBe(1);
  });

  test('leaves everyone else as they were, and the gates shut', () => {
    expect(classmatesRows()).toEqual(before.classmate);
    expect(() => sqlite().prepare('delete from sent_roster_rows').run()).toThrow(/never deleted/);
    expect(() => sqlite().prepare('delete from transfer_case_events').run()).toThrow(/never deleted/);
    expect(() => sqlite().prepare('delete from transfer_cases').run()).toThrow(/never forgotten/);
    expect(count("select count(*) from school_settings where key like '%.purging'")).toBe(0);
  });

  test('says in the audit log who, when, why and how much, and no name', async () => {
    const entry = sqlite()
      .prepare(
        "select account_name as account, action, module, summary, student_ids as ids, student_count as count, outcome from audit_entries where operation = 'retention.purge' and outcome = 'done'",
      )
      .all();
    const files = preview.counts.attachments + preview.counts.transferFiles + preview.counts.workbooks;
    const records = Object.values(preview.counts).reduce((sum, each) => sum + each, 0) - files - 1;
    expect(entry).toEqual([
      {
        account: '999999adm',
        action: 'purge',
        module: 'S0226S',
        summary: `清除 1 位離校學生的 ${records} 筆資料、${files} 個檔案；離校後保存 1 學年；原因：超過保存期限，［學生］（［證號］）已畢業`,
        ids: JSON.stringify([leaver.id]),
        count: 1,
        outcome: 'done',
      },
    ]);
    expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true });
    const { rows } = await trial.call('retention.purges', {});
    expect(rows).toMatchObject([
      { createdBy: '999999adm', students: 1, records, files, keptYears: 1, reason: '超過保存期限，［學生］（［證號］）已畢業' },
    ]);
    expect(await trial.call('retention.purgeDetail', { id: String(rows[0]!.id) })).toMatchObject({ students: 1, counts: preview.counts });
    await expect(trial.call('retention.purgeDetail', { id: 'none' })).rejects.toMatchObject({ code: 'retention.unknown' });
    // Whom an entry named is a number from now on.
    const named = sqlite()
      .prepare('select sequence from audit_subjects where student_id = ? order by sequence limit 1')
      .pluck()
      .get(leaver.id) as number;
    const detail = await trial.call('audit.detail', { sequence: named });
    expect(detail.students.find(({ id }) => id === leaver.id)).toEqual({ id: leaver.id, studentNumber: null, name: null, className: null });
  });

  test('tells the city nothing: it has all of him as before', async () => {
    await trial.application.synchronise({});
    expect(ofCity()).toEqual(before.city);
    expect(cityRecord(trial, 'students', leaver.id)).toMatchObject({ name: leaverName });
  });
});

describe('what the city sends again', () => {
  test('stays outside: of a full synchronisation, of a change, of a deletion', async () => {
    await trial.application.synchronise({ full: true });
    expect(count('select count(*) from students where id = ?', leaver.id)).toBe(0);
    amendAtCity(trial, 'students', leaver.id, { email: 'still@there.example' });
    const his = cityRows(trial, 'outcomes').find(({ studentId, deleted }) => studentId === leaver.id && !deleted)!;
    amendAtCity(trial, 'outcomes', his.id, { summary: '又改了' });
    const { resources } = await trial.application.synchronise({});
    expect(resources.find(({ name }) => name === 'outcomes')).toMatchObject({ received: 1, upserted: 0, problems: 0 });
    expect(tablesWith(sqlite(), [leaver.id, ...personal()], ['audit_entries', 'audit_subjects'])).toEqual([]);
    expect(count('select count(*) from sync_problems')).toBe(0);
  });

  test('a record of several comes without him', async () => {
    const together = cityRows(trial, 'consultations').find(
      ({ studentIds, deleted }) => !deleted && (studentIds as string[]).includes(leaver.id) && (studentIds as string[]).length > 1,
    );
    const alone = cityRows(trial, 'consultations').find(({ studentIds }) => (studentIds as string[]).every((id) => id !== leaver.id))!;
    const target = together ?? alone;
    amendAtCity(trial, 'consultations', target.id, { studentIds: [leaver.id, leaver.classmate], topic: '一起' });
    await trial.application.synchronise({});
    expect(sqlite().prepare('select student_id from consultation_students where consultation_id = ?').pluck().all(target.id)).toEqual([
      leaver.classmate,
    ]);
    amendAtCity(trial, 'consultations', target.id, { studentIds: [leaver.id], content: '只和他' });
    await trial.application.synchronise({});
    expect(sqlite().prepare('select content from course_consultations where id = ?').pluck().get(target.id)).not.toBe('只和他');
  });

  test('until he is in school again: then he is taken in, and the office is told how to get what was before', async () => {
    expect(purgedStudents(sqlite(), testMasterKey).has(leaver.id)).toBe(true);
    amendAtCity(trial, 'students', leaver.id, { status: 'enrolled', statusChangedOn: null });
    await trial.application.synchronise({});
    expect(count('select count(*) from students where id = ?', leaver.id)).toBe(1);
    expect(purgedStudents(sqlite(), testMasterKey).has(leaver.id)).toBe(false);
    const { problems } = await trial.call('sync.problems', {});
    expect(problems).toMatchObject([
      { resource: 'students', recordId: leaver.id, reason: '這位學生曾依保存期限清除，現在又在學；請以「完整同步」取回他以前的資料' },
    ]);
    await trial.application.synchronise({ full: true });
    expect(count('select count(*) from learning_outcomes where student_id = ?', leaver.id)).toBeGreaterThan(0);
    expect((await trial.call('sync.problems', {})).total).toBe(0);
  });
});

test('all who are due go at once, each of the rest stays', async () => {
  const { due } = await trial.call('retention.summary', {});
  expect(due).toBe(37);
  const staying = sqlite()
    .prepare(
      "select count(*) from learning_outcomes r join students s on s.id = r.student_id where s.status <> 'graduated' or s.status_changed_on >= '2025-08-01'",
    )
    .pluck();
  const before = staying.get();
  const purged = await trial.runJob('retention.purge', { students: due, reason: '畢業生超過保存期限' });
  expect(purged.students).toBe(37);
  expect(staying.get()).toBe(before);
  expect(await trial.call('retention.summary', {})).toMatchObject({ due: 0, purged: 37 });
  expect((await trial.call('retention.leavers', {})).total).toBe(0);
  await expect(trial.runJob('retention.purge', { students: 1, reason: '畢業生超過保存期限' })).rejects.toMatchObject({
    code: 'retention.nobody',
  });
  expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true });
});
