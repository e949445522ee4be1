import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InputOf, OutputOf } from '../../main/features/contract.ts';
import { temporaryFolder } from '../support/directories.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import { changeAtCity, inTrialCity } from './trial-city.ts';

type Scope = Required<InputOf<'submissions.check'>>;
const performances: Scope = { kind: 'performances', academicYear: 114, semester: 0, batch: 'regular', division: 'day' };
const cadres: Scope = { kind: 'cadres', academicYear: 114, semester: 2, batch: 'regular', division: 'day' };
const outcomes: Scope = { kind: 'outcomes', academicYear: 114, semester: 0, batch: 'regular', division: 'day' };

const check = (trial: Trial, scope: Scope) => trial.runJob('submissions.check', scope);
const send = async (trial: Trial, scope: Scope, confirmWarnings = false) => {
  const { id } = await check(trial, scope);
  return trial.runJob('submissions.send', { ...scope, precheckId: id, confirmWarnings });
};
const lines = async (trial: Trial, kind: Scope['kind']) => (await trial.call('submissions.list', { kind })).rows;
const lineOf = async (trial: Trial, { kind }: Scope, id: string) => (await lines(trial, kind)).find((row) => row.id === id)!;
const sqliteOf = (trial: Trial) => trial.application.foundation.connection.sqlite;

async function bytesOf(trial: Trial, file: { token: string; bytes: number }): Promise<Buffer> {
  return Buffer.from(trial.application.files.readOutgoing(file.token, 0, file.bytes));
}

describe('a season through the city', () => {
  let trial: Trial;
  let first: OutputOf<'submissions.send'>;
  beforeAll(async () => {
    trial = await openTrial();
    await inTrialCity(trial, (store) => store.submissions.delayResults(0));
  }, 60_000);
  afterAll(() => trial.close());

  it('given nothing was checked, when it is handed in, then it is refused', async () => {
    await expect(trial.runJob('submissions.send', { ...performances, precheckId: 'none' })).rejects.toMatchObject({
      code: 'submissions.notChecked',
    });
    const { id } = await check(trial, cadres);
    await expect(trial.runJob('submissions.send', { ...performances, precheckId: id })).rejects.toMatchObject({
      code: 'submissions.notChecked',
    });
    expect(sqliteOf(trial).prepare('select count(*) from sent_rosters').pluck().get()).toBe(0);
  });

  it('given it was checked, then the exact rows and the workbook are kept, and the line shows at once', async () => {
    // The ministry will not have one of the services that stand in the roster.
    const service = sqliteOf(trial)
      .prepare(
        `select json_extract(details, '$.serviceName') from diverse_performances where category = 4 and academic_year = 114 and ticked_at is not null
           and student_id in (select e.student_id from enrollments e join class_sections c on c.id = e.class_section_id
             where e.academic_year = 114 and e.semester = 2 and c.grade < 3) limit 1`,
      )
      .pluck()
      .get() as string;
    await inTrialCity(trial, (store) => store.refuse([{ column: '服務名稱', value: service, message: '「服務名稱」未經核可' }]));
    first = await send(trial, performances);
    const line = await lineOf(trial, performances, first.id);
    expect(line).toMatchObject({
      submissionFileId: first.submissionFileId,
      processingStatus: 'waiting',
      way: 'city',
      hasSent: 1,
      submittedBy: '999999adm',
    });

    const { file } = await trial.call('submissions.downloadSent', { kind: 'performances', id: first.id });
    const content = await bytesOf(trial, file);
    const detail = await trial.call('submissions.detail', { kind: 'performances', id: first.id });
    expect(createHash('sha256').update(content).digest('hex')).toBe(detail.sent!.sha256);
    expect(file.name).toBe('25_學生自填多元表現名冊_999999_1140.xlsx');
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(content as never);
    const kept = sqliteOf(trial)
      .prepare<[], { sheet: string; rowNumber: number; cells: string }>(
        'select sheet, row_number as rowNumber, cells from sent_roster_rows',
      )
      .all();
    expect(kept.length).toBe(first.rows);
    for (const { sheet, rowNumber, cells } of kept) {
      const row = workbook.getWorksheet(sheet)!.getRow(rowNumber + 1);
      expect(JSON.parse(cells)).toEqual((JSON.parse(cells) as unknown[]).map((_cell, index) => row.getCell(index + 1).value));
    }
  });

  it('then what was handed in can be neither changed nor deleted', () => {
    const sqlite = sqliteOf(trial);
    for (const sql of [
      'delete from sent_rosters',
      'delete from sent_roster_rows',
      "update sent_roster_rows set cells = '[]'",
      "update sent_rosters set sha256 = sha256, content_hash = ''",
      'update sent_rosters set submission_id = null',
    ]) {
      expect(() => sqlite.prepare(sql).run(), sql).toThrow(/sent/);
    }
  });

  it('given the ministry refuses rows, when the office synchronises, then the raw text stands there and the rows are matched to their students', async () => {
    await trial.application.synchronise({});
    const line = await lineOf(trial, performances, first.id);
    expect(line).toMatchObject({
      processingStatus: 'refused',
      statusText: '資料檢核錯誤，請查看檢核結果後重新上傳{名冊名稱=學生自填多元表現名冊}',
      hasAnswer: 1,
      hasSent: 1,
    });
    expect(line.resultReceivedAt).not.toBeNull();
    const before = await trial.call('submissions.detail', { kind: 'performances', id: first.id });
    expect(before).toMatchObject({ rosterName: '學生自填多元表現名冊', answer: { readAt: null, rows: 0 } });

    const read = await trial.runJob('submissions.readAnswer', { kind: 'performances', id: first.id });
    expect(read.refusedRows).toBeGreaterThan(0);
    expect(read.matchedRows).toBe(read.refusedRows);
    const { rows } = await trial.call('submissions.answerRows', { kind: 'performances', submissionId: first.id, pageSize: 1000 });
    expect(rows.length).toBe(read.refusedRows);
    for (const row of rows) {
      const record = sqliteOf(trial)
        .prepare<[string], { studentId: string; serviceName: string }>(
          "select student_id as studentId, json_extract(details, '$.serviceName') as serviceName from diverse_performances where id = ?",
        )
        .get(String(row.recordId))!;
      expect(record.studentId).toBe(row.studentId);
      expect(String(row.cells)).toContain(`服務名稱：${record.serviceName}`);
      expect(row).toMatchObject({ sheet: '服務學習紀錄', field: '服務名稱', message: expect.stringContaining('未經核可') });
    }
    const { file } = await trial.call('submissions.downloadAnswer', { kind: 'performances', id: first.id });
    expect(file.name).toBe(`檢核結果_${first.submissionFileId}.xlsx`);
    expect((await bytesOf(trial, file)).subarray(0, 2).toString()).toBe('PK');
  });

  it('given records were mended, when it is handed in again, then the difference is told by student and it is accepted', async () => {
    const { rows } = await trial.call('submissions.answerRows', { kind: 'performances', submissionId: first.id, pageSize: 1000 });
    for (const { recordId } of rows) {
      const details = JSON.parse(
        sqliteOf(trial).prepare<[string], string>('select details from diverse_performances where id = ?').pluck().get(String(recordId))!,
      );
      await changeAtCity(trial, 'performances', String(recordId), { details: { ...details, serviceName: '圖書館志工' } });
    }
    // And one is not chosen any more.
    const dropped = sqliteOf(trial)
      .prepare<[], string>("select record_id from sent_roster_rows where sheet = '競賽參與紀錄' order by row_number limit 1")
      .pluck()
      .get()!;
    await changeAtCity(trial, 'performances', dropped, { tickedAt: null });

    const precheck = await check(trial, performances);
    expect(precheck.differences).toEqual({ added: 0, removed: 1, changed: rows.length });
    const differences = (await trial.call('submissions.differences', { kind: 'performances', precheckId: precheck.id, pageSize: 1000 }))
      .rows;
    expect(differences.find(({ recordId }) => recordId === dropped)).toMatchObject({ change: 'removed', sheet: '競賽參與紀錄' });
    for (const { recordId, studentId } of rows) {
      const difference = differences.find((row) => row.recordId === recordId)!;
      expect(difference).toMatchObject({ change: 'changed', studentId });
      expect(String(difference.detail)).toMatch(/^服務名稱：.+ → 圖書館志工$/);
    }

    const second = await trial.runJob('submissions.send', { ...performances, precheckId: precheck.id });
    expect(second.submissionFileId).not.toBe(first.submissionFileId);
    expect(second.rows).toBe(first.rows - 1);
    await trial.application.synchronise({});
    expect(await lineOf(trial, performances, second.id)).toMatchObject({
      processingStatus: 'accepted',
      statusText: '檢核無誤，資料已匯入',
    });
    const overview = await trial.call('submissions.overview', performances);
    expect(overview.last).toMatchObject({ id: second.id, processingStatus: 'accepted' });

    // 封存: a refused line can't be, the accepted one can, and then nothing is handed in any more.
    const of = (id: string) => ({ kind: 'performances' as const, id });
    await expect(trial.call('submissions.archive', of(first.id))).rejects.toMatchObject({ code: 'submissions.notAccepted' });
    await trial.call('submissions.archive', of(second.id));
    expect((await trial.call('submissions.overview', performances)).archivedAt).not.toBeNull();
    await trial.application.synchronise({ full: true });
    expect((await lineOf(trial, performances, second.id)).archived).toBe(1);
    await expect(send(trial, performances)).rejects.toMatchObject({ code: 'submissions.archived' });
    await expect(
      trial.runJob('submissions.prepareUpload', { ...performances, precheckId: (await check(trial, performances)).id }),
    ).rejects.toMatchObject({ code: 'submissions.archived' });
    await trial.call('submissions.unarchive', of(second.id));
    expect((await trial.call('submissions.overview', performances)).archivedAt).toBeNull();
  });
});

describe('what stands between a check and handing in', () => {
  let trial: Trial;
  beforeAll(async () => {
    trial = await openTrial();
  }, 60_000);
  afterAll(() => trial.close());

  it('given the roster changed since it was checked, then it is not handed in', async () => {
    const { id } = await check(trial, cadres);
    const record = sqliteOf(trial)
      .prepare<[], string>('select id from cadres where academic_year = 114 and semester = 2 limit 1')
      .pluck()
      .get()!;
    const before = sqliteOf(trial).prepare<[string], string>('select unit_name from cadres where id = ?').pluck().get(record)!;
    sqliteOf(trial).prepare("update cadres set unit_name = '新社團' where id = ?").run(record);
    await expect(trial.runJob('submissions.send', { ...cadres, precheckId: id })).rejects.toMatchObject({ code: 'submissions.notChecked' });
    sqliteOf(trial).prepare('update cadres set unit_name = ? where id = ?').run(before, record);
    expect(sqliteOf(trial).prepare('select count(*) from sent_rosters').pluck().get()).toBe(0);
  });

  it('given an error, then neither way is open; given a warning, then it must be confirmed, and who did is kept', async () => {
    const sqlite = sqliteOf(trial);
    const student = sqlite
      .prepare<[], string>(
        'select student_id from cadres where academic_year = 114 and semester = 2 and student_id in (select student_id from enrollments e join class_sections c on c.id = e.class_section_id where e.academic_year = 114 and e.semester = 2 and c.grade < 3) limit 1',
      )
      .pluck()
      .get()!;
    const identity = sqlite.prepare<[string], string | null>('select identity from students where id = ?').pluck().get(student)!;
    sqlite.prepare("update students set identity = 'A123456780' where id = ?").run(student);
    const wrong = await check(trial, cadres);
    expect(wrong.errors).toBeGreaterThan(0);
    for (const way of ['submissions.send', 'submissions.prepareUpload'] as const) {
      await expect(trial.runJob(way, { ...cadres, precheckId: wrong.id, confirmWarnings: true })).rejects.toMatchObject({
        code: 'submissions.findings',
      });
    }
    await expect(trial.runJob('submissions.exportRoster', cadres)).rejects.toMatchObject({
      code: 'submissions.findings',
      details: { errors: wrong.errors },
    });
    const even = await trial.runJob('submissions.exportRoster', { ...cadres, evenWithErrors: true });
    expect(even).toMatchObject({ errors: wrong.errors, rows: wrong.rows });

    // The audited way round.
    await trial.call('submissions.waiveIdentity', { kind: 'cadres', studentId: student, reason: '號碼經查驗證件無誤' });
    const waived = await check(trial, cadres);
    expect(waived.errors).toBe(0);
    expect(waived.warnings).toBeGreaterThan(0);
    await expect(trial.runJob('submissions.send', { ...cadres, precheckId: waived.id })).rejects.toMatchObject({
      code: 'submissions.warnings',
      details: { warnings: waived.warnings },
    });
    const { id } = await trial.runJob('submissions.send', { ...cadres, precheckId: waived.id, confirmWarnings: true });
    expect((await trial.call('submissions.detail', { kind: 'cadres', id })).sent).toMatchObject({
      warnings: waived.warnings,
      confirmedBy: '999999adm',
    });
    const entry = sqlite
      .prepare(
        "select account_name as account, summary, student_ids as students from audit_entries where operation = 'submissions.waiveIdentity'",
      )
      .get();
    expect(entry).toEqual({ account: '999999adm', summary: '略過身分證號檢查：號碼經查驗證件無誤', students: JSON.stringify([student]) });

    await trial.call('submissions.withdrawWaiver', { kind: 'cadres', studentId: student });
    expect((await check(trial, cadres)).errors).toBeGreaterThan(0);
    sqlite.prepare('update students set identity = ? where id = ?').run(identity, student);
    // What something was handed in with stays; of the others the newest.
    expect(sqlite.prepare("select count(*) from prechecks where kind = 'cadres' and sent_roster_id is not null").pluck().get()).toBe(1);
    expect(sqlite.prepare("select count(*) from prechecks where kind = 'cadres' and sent_roster_id is null").pluck().get()).toBe(1);
  });

  it('given the 提交期限 is over, then the city’s way is closed, and the file for uploading by hand is not', async () => {
    const past: Scope = { ...cadres, semester: 1 };
    const { id, warnings } = await check(trial, past);
    expect(warnings).toBe(1);
    await expect(trial.runJob('submissions.send', { ...past, precheckId: id, confirmWarnings: true })).rejects.toMatchObject({
      code: 'submissions.windowClosed',
    });
    const { file } = await trial.runJob('submissions.prepareUpload', { ...past, precheckId: id, confirmWarnings: true });
    expect(file.name).toBe('24_校內幹部經歷名冊_999999_1141.xlsx');
  });

  it('given the city cannot be reached, when it is handed in again later, then it is handed in once', async () => {
    const { settings, write } = trial.application.foundation;
    const { id } = await check(trial, outcomes);
    await write(() => {
      settings.set('school.trial', false);
      settings.set('city.url', 'http://127.0.0.1:9');
      settings.set('city.deviceId', 'office');
      settings.set('city.deviceKey', 'none');
    });
    await expect(trial.runJob('submissions.send', { ...outcomes, precheckId: id })).rejects.toMatchObject({ code: 'sync.offline' });
    const kept = () =>
      sqliteOf(trial)
        .prepare("select id, submission_id as submissionId, idempotency_key as key from sent_rosters where kind = 'outcomes'")
        .all() as { id: string; submissionId: string | null; key: string }[];
    const [unfinished] = kept();
    expect(unfinished).toMatchObject({ submissionId: null });
    await write(() => settings.set('school.trial', true));
    const sent = await trial.runJob('submissions.send', { ...outcomes, precheckId: id });
    expect(kept()).toEqual([{ ...unfinished, submissionId: sent.id }]);
  }, 120_000);

  it('given the program was killed before it noted that the city took the roster, when it synchronises, then it knows its own again', async () => {
    const sqlite = sqliteOf(trial);
    const sent = sqlite.prepare("select id, submission_id as submissionId from sent_rosters where kind = 'outcomes'").get() as {
      id: string;
      submissionId: string;
    };
    // As the kill leaves it: kept to be handed in, and no line of it here.
    const guard = sqlite.prepare("select sql from sqlite_schema where name = 'sent_rosters_taken_once'").pluck().get() as string;
    sqlite.exec('drop trigger sent_rosters_taken_once');
    sqlite.prepare('update sent_rosters set submission_id = null where id = ?').run(sent.id);
    sqlite.prepare('delete from submissions where id = ?').run(sent.submissionId);
    sqlite.exec(guard);
    await trial.application.synchronise({ full: true });
    expect(sqlite.prepare('select submission_id from sent_rosters where id = ?').pluck().get(sent.id)).toBe(sent.submissionId);
    expect(await lineOf(trial, outcomes, sent.submissionId)).toMatchObject({ hasSent: 1 });
  }, 60_000);

  it('given a city that cannot be reached, then files that are not here are a warning, not an error', async () => {
    const { settings, write } = trial.application.foundation;
    await write(() => settings.set('school.trial', false));
    const unchecked = await check(trial, { ...performances });
    await write(() => settings.set('school.trial', true));
    expect(unchecked.errors).toBe(0);
    expect(unchecked.uncheckedFiles).toBeGreaterThan(0);
    const checked = await check(trial, performances);
    expect(checked).toMatchObject({ errors: 0, warnings: 0, uncheckedFiles: 0 });
  }, 120_000);
});

describe('uploading by hand', () => {
  let trial: Trial;
  let id: string;
  const folder = temporaryFolder('answers');
  beforeAll(async () => {
    trial = await openTrial();
    const precheck = await check(trial, outcomes);
    ({ id } = await trial.runJob('submissions.prepareUpload', { ...outcomes, precheckId: precheck.id }));
  }, 60_000);
  afterAll(async () => {
    await trial.close();
    folder.remove();
  });
  const receive = (name: string, content: string | Buffer) => {
    const path = join(folder.path, name);
    writeFileSync(path, content);
    return trial.application.files.receive(path, name, false);
  };
  const sentRows = () =>
    sqliteOf(trial)
      .prepare<[], { sheet: string; rowNumber: number; cells: string; studentId: string; recordId: string }>(
        "select sheet, row_number as rowNumber, cells, student_id as studentId, record_id as recordId from sent_roster_rows where sheet = '學期課程學習成果' order by row_number",
      )
      .all();
  const headings = [
    '身分證號',
    '出生日期',
    '實際修課學期',
    '課程代碼',
    '科目名稱',
    '開課年級',
    '修課學分',
    '文件連結',
    '成果簡述',
    '影音連結',
  ];

  it('then its line waits for what the clerk enters of the answer', async () => {
    expect(await lineOf(trial, outcomes, id)).toMatchObject({
      way: 'manual',
      processingStatus: 'waiting',
      submissionFileId: null,
      hasSent: 1,
    });
    const enter = (statusText: string) =>
      trial.call('submissions.recordResult', { kind: 'outcomes', id, submissionFileId: '57283', statusText });
    await expect(enter('畫面壞掉了')).rejects.toMatchObject({ code: 'submissions.unreadStatus' });
    expect(await enter('資料檢核錯誤，請查看檢核結果後重新上傳 {名冊名稱=學生課程學習成果名冊}')).toEqual({
      processingStatus: 'refused',
      rosterName: '學生課程學習成果名冊',
    });
    expect(await lineOf(trial, outcomes, id)).toMatchObject({ submissionFileId: '57283', processingStatus: 'refused' });
    const [ofCity] = (await lines(trial, 'outcomes')).filter(({ way }) => way === 'city');
    await expect(
      trial.call('submissions.recordResult', { kind: 'outcomes', id: String(ofCity!.id), submissionFileId: '1', statusText: '檢核無誤' }),
    ).rejects.toMatchObject({ code: 'submissions.ofCity' });
  });

  it('then a downloaded workbook is read whatever the order of its columns, without row numbers, and its rows are matched', async () => {
    const wrong = sentRows().slice(2, 5);
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('學期課程學習成果');
    sheet.addRow(['國教署學習歷程資料庫 檢核結果']);
    sheet.addRow([...headings].reverse().concat('錯誤說明'));
    for (const { cells } of wrong)
      sheet.addRow([...(JSON.parse(cells) as (string | number | null)[])].reverse().concat('「課程代碼」未於課程計畫平臺登錄'));
    const file = receive('result.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()));
    const read = await trial.runJob('submissions.readAnswer', { kind: 'outcomes', id, file });
    expect(read).toMatchObject({ refusedRows: 3, matchedRows: 3, processingStatus: 'refused' });
    const { rows } = await trial.call('submissions.answerRows', { kind: 'outcomes', submissionId: id });
    expect(rows.map(({ recordId }) => recordId).sort()).toEqual(wrong.map(({ recordId }) => recordId).sort());
    expect(rows.every(({ field }) => field === '課程代碼')).toBe(true);
    const { file: kept } = await trial.call('submissions.downloadAnswer', { kind: 'outcomes', id });
    expect(kept.name).toBe('result.xlsx');
  });

  it('then lines of text that name a student are matched to him, and read again they replace what was read', async () => {
    const [row] = sentRows();
    const identity = (JSON.parse(row!.cells) as string[])[0]!;
    const file = receive(
      'result.txt',
      `檢核結果\r\n資料檢核錯誤，請重新上傳{名冊名稱=學生課程學習成果名冊}\r\n${identity} 「開課年級」錯誤\r\n`,
    );
    const read = await trial.runJob('submissions.readAnswer', { kind: 'outcomes', id, file });
    expect(read).toMatchObject({ refusedRows: 1, students: 1, processingStatus: 'refused' });
    const { rows } = await trial.call('submissions.answerRows', { kind: 'outcomes', submissionId: id });
    expect(rows).toMatchObject([{ studentId: row!.studentId, field: '開課年級' }]);
  });

  it('then an answer to something else, or none at all, is refused and nothing of it is kept', async () => {
    const before = await trial.call('submissions.answerRows', { kind: 'outcomes', submissionId: id });
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('學期課程學習成果').addRows([
      [...headings, '錯誤說明'],
      ['A123456789', '0980101', 1, 'X', 'Y', 1, 2, null, '簡述', null, '錯'],
    ]);
    const foreign = receive('foreign.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()));
    await expect(trial.runJob('submissions.readAnswer', { kind: 'outcomes', id, file: foreign })).rejects.toMatchObject({
      code: 'submissions.otherAnswer',
    });
    const picture = receive('picture.xlsx', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
    await expect(trial.runJob('submissions.readAnswer', { kind: 'outcomes', id, file: picture })).rejects.toMatchObject({
      code: 'workbook.unreadable',
    });
    const empty = receive('empty.csv', '班級,人數\r\n一年一班,35\r\n');
    await expect(trial.runJob('submissions.readAnswer', { kind: 'outcomes', id, file: empty })).rejects.toMatchObject({
      code: 'submissions.otherAnswer',
    });
    expect(await trial.call('submissions.answerRows', { kind: 'outcomes', submissionId: id })).toEqual(before);
  });

  it('then 檢核無誤 makes it accepted, and it can be archived', async () => {
    await trial.call('submissions.recordResult', { kind: 'outcomes', id, submissionFileId: '57283', statusText: '檢核無誤，資料已匯入' });
    await trial.call('submissions.archive', { kind: 'outcomes', id });
    expect(await lineOf(trial, outcomes, id)).toMatchObject({ processingStatus: 'accepted', archived: 1 });
  });
});
