import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConflictChoice } from '../../domain/transfer-conflicts.ts';
import type { OutputOf } from '../../main/features/contract.ts';
import { temporaryFolder } from '../support/directories.ts';
import { chosen, type HandedOver, handOver, importFile, richestStudents, traces } from '../support/transfer.ts';
import { openTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { cityRecord } from '../support/trial-city.ts';

/** A record of the file that is here with other content (manual §3.16): shown side by side, chosen one by one or for all. */

const folder = temporaryFolder('conflicts');
let sender: Trial;
let students: string[];
let file: HandedOver;
let receiver: Trial;

/** A school that has imported the file and told its city, made once and copied for each test. */
const imported = join(folder.path, 'imported');
let copies = 0;

beforeAll(async () => {
  sender = await openTrial();
  students = richestStudents(sender, 2);
  [file] = (await handOver(sender, students, folder.path, { oneFile: true })) as [HandedOver];
  const school = await openTrial({ schoolCode: '888888', withoutPortfolios: true });
  await importFile(school, file);
  await school.runJob('sync.run', {});
  await school.application.close();
  cpSync(school.directory, imported, { recursive: true });
  rmSync(school.directory, { recursive: true });
});
afterAll(async () => {
  await sender.close();
  folder.remove();
});
beforeEach(async () => {
  copies += 1;
  const directory = join(folder.path, `school-${copies}`);
  cpSync(imported, directory, { recursive: true });
  receiver = await signInto(directory, '888888adm', trialPassword);
});
afterEach(() => receiver.close());

const sqlite = () => receiver.application.foundation.connection.sqlite;
const value = (sql: string, ...parameters: (string | number)[]) =>
  sqlite()
    .prepare<unknown[], unknown>(sql)
    .pluck()
    .get(...parameters);
const change = (sql: string, ...parameters: (string | number | null)[]) =>
  receiver.application.foundation.write(() =>
    sqlite()
      .prepare(sql)
      .run(...parameters),
  );
/** The first record of the first student in a table that a condition holds for. */
const someRecord = (table: string, condition = '1 = 1') =>
  value(`select id from ${table} where student_id = ? and ${condition} order by id limit 1`, students[0]!) as string;

type Preview = OutputOf<'transferIn.preview'>;
const preview = () => receiver.runJob('transferIn.preview', chosen(receiver, file));
const linesOf = ({ students: previewed }: Preview) => previewed.flatMap(({ differing }) => differing);
const run = (choices: { key: string; basis: string; choice: ConflictChoice }[], conflicts?: ConflictChoice) =>
  receiver.runJob('transferIn.run', { ...chosen(receiver, file), choices, ...(conflicts && { conflicts }) });
const all = (found: Preview, choice: ConflictChoice) => linesOf(found).map(({ key, basis }) => ({ key, basis, choice }));
describe('given records that the school has corrected since, when the same file comes again', () => {
  let outcome: string;
  let performance: string;
  beforeEach(async () => {
    outcome = someRecord('learning_outcomes', "document_sha256 is not null and submitted_term = '0000'");
    performance = someRecord('diverse_performances', "category = 4 and submitted_term = '0000'");
    await change("update learning_outcomes set summary = '學校已更正', credits = 9 where id = ?", outcome);
    await change(`update diverse_performances set details = json_set(details, '$.hours', 77) where id = ?`, performance);
  });

  it('then the check lists each with what differs, and both sides are shown field by field', async () => {
    const found = await preview();
    const lines = linesOf(found);
    expect(lines.map(({ section, differs, barrier }) => ({ section, differs, barrier }))).toEqual([
      { section: '課程學習成果', differs: ['學分數', '課程學習成果簡述'], barrier: null },
      { section: '服務學習紀錄', differs: ['時數'], barrier: null },
    ]);
    const { conflicts, students: seen } = await receiver.call('transferIn.conflicts', {
      check: found.check,
      keys: lines.map(({ key }) => key),
    });
    expect(seen).toEqual([students[0]]);
    const summary = conflicts[0]!.fields.find(({ label }) => label === '課程學習成果簡述')!;
    expect(summary).toMatchObject({ here: '學校已更正', differs: true });
    expect(summary.inFile).toBe(
      sender.application.foundation.connection.sqlite
        .prepare('select summary from learning_outcomes where student_id = ? and created_at = ?')
        .pluck()
        .get(students[0]!, value('select created_at from learning_outcomes where id = ?', outcome)),
    );
    expect(conflicts[0]!.fields.find(({ label }) => label === '科目名稱')).toMatchObject({ differs: false });
    expect(conflicts[0]!.files[0]).toMatchObject({
      label: '文件檔案',
      differs: false,
      here: { md5: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(conflicts[1]!.fields.find(({ label }) => label === '時數')).toMatchObject({ here: '77', differs: true });
  });

  it('then another account, or a check long ago, is not answered', async () => {
    await expect(receiver.call('transferIn.conflicts', { check: 'unknown', keys: ['x'] })).rejects.toMatchObject({
      code: 'transferIn.checkUnknown',
    });
    const { check } = await preview();
    await expect(receiver.call('transferIn.conflicts', { check, keys: ['x'] })).rejects.toMatchObject({ code: 'transferIn.checkUnknown' });
  });

  it('then nobody’s choice writes nothing of them, and the student is not 完成', async () => {
    const { details, completed } = await run([]);
    expect(completed).toBe(1);
    expect(details[0]).toMatchObject({ completed: false, conflicts: { 課程學習成果: 1, 服務學習紀錄: 1 }, replaced: {}, kept: {} });
    expect(details[0]!.messages.slice(-2)).toEqual(['課程學習成果1筆與既有紀錄不同，未匯入', '服務學習紀錄1筆與既有紀錄不同，未匯入']);
    expect(value('select summary from learning_outcomes where id = ?', outcome)).toBe('學校已更正');
  });

  it('then 保留現有資料 changes nothing, and the student is 完成', async () => {
    const found = await preview();
    const before = traces(receiver) as { rows: Record<string, number> };
    const { completed, details, id } = await run(all(found, 'keep'));
    expect(completed).toBe(2);
    expect(details[0]).toMatchObject({ added: {}, kept: { 課程學習成果: 1, 服務學習紀錄: 1 }, conflicts: {}, problems: [] });
    expect(details[0]!.messages[0]).toBe('課程學習成果1筆內容不同，保留現有資料');
    const after = traces(receiver) as typeof before;
    const own = { transfer_ins: 0, transfer_in_students: 0, transfer_in_records: 0 };
    expect({ ...after.rows, ...own }).toEqual({ ...before.rows, ...own });
    const kept = await receiver.call('transferIn.details', { id: id! });
    expect(kept.students[0]!.treated.map(({ section, treatment }) => [section, treatment])).toEqual([
      ['課程學習成果', 'kept'],
      ['服務學習紀錄', 'kept'],
    ]);
  });

  it('then 改用檔案中的資料 replaces the record on its version, keeps ticks and id, and the city has it', async () => {
    await change("update learning_outcomes set ticked_at = '2026-11-01T00:00:00.000Z' where id = ?", outcome);
    const version = value('select version from learning_outcomes where id = ?', outcome);
    expect(version).toBeGreaterThan(0);
    const found = await preview();
    expect(linesOf(found)[0]).toMatchObject({ ticked: true, barrier: null });
    const count = value('select count(*) from learning_outcomes');
    const { completed, details } = await run(all(found, 'replace'));
    expect(completed).toBe(2);
    expect(details[0]).toMatchObject({ added: {}, replaced: { 課程學習成果: 1, 服務學習紀錄: 1 } });
    expect(details[0]!.messages[0]).toBe('以檔案中的資料取代課程學習成果1筆');
    expect(value('select count(*) from learning_outcomes')).toBe(count);
    expect(value('select summary from learning_outcomes where id = ?', outcome)).not.toBe('學校已更正');
    expect(value('select ticked_at from learning_outcomes where id = ?', outcome)).toBe('2026-11-01T00:00:00.000Z');
    const told = sqlite()
      .prepare<[string], { operation: string; base: number; before: string }>(
        "select operation, base_version as base, before from outbox where record_id = ? and state = 'waiting'",
      )
      .get(outcome)!;
    expect(told).toMatchObject({ operation: 'update', base: version });
    expect(JSON.parse(told.before)).toMatchObject({ summary: '學校已更正', credits: 9 });
    expect(await receiver.runJob('sync.run', {})).toMatchObject({ pushed: 2, pending: 0 });
    expect(cityRecord(receiver, 'outcomes', outcome)).toMatchObject({
      summary: value('select summary from learning_outcomes where id = ?', outcome),
    });
    expect(cityRecord(receiver, 'performances', performance)?.details).not.toMatchObject({ hours: 77 });
    expect(linesOf(await preview())).toEqual([]);
  });

  it('then the cabinet tells by which import each record came, and whose content a replaced one has', async () => {
    const first = value('select id from transfer_ins') as string;
    const unnamed = await receiver.call('cabinet.read', { studentId: students[0]! });
    expect(unnamed.schoolNames).toEqual({});
    await change(
      "insert into codes (id, version, code_table, code, label, valid_from_year) values ('school-999999', 1, 'school', '999999', '測試高中', 108)",
    );
    const before = await receiver.call('cabinet.read', { studentId: students[0]! });
    expect(before.schoolNames).toEqual({ '999999': '測試高中' });
    const { documentSha256 } = before.learningOutcomes.find(({ id }) => id === outcome)!;
    expect(before.origins[outcome]).toEqual({
      importId: first,
      createdAt: value('select created_at from transfer_ins'),
      createdBy: '888888adm',
      fileName: file.fileName,
      treatment: 'added',
      files: expect.arrayContaining([documentSha256]),
    });
    expect(Object.keys(before.origins)).toHaveLength(before.learningOutcomes.length + before.performances.length + before.cadres.length);
    const { id } = await run(all(await preview(), 'replace'));
    const after = await receiver.call('cabinet.read', { studentId: students[0]! });
    // Its file was here before.
    expect(after.origins[outcome]).toMatchObject({ importId: id, treatment: 'replaced', files: [] });
  });

  it('then 兩筆都保留 adds the file’s beside the one here, and the file is known again afterwards', async () => {
    const found = await preview();
    const { completed, details } = await run(all(found, 'both'));
    expect(completed).toBe(2);
    expect(details[0]).toMatchObject({ added: { 課程學習成果: 1, 服務學習紀錄: 1 }, beside: { 課程學習成果: 1, 服務學習紀錄: 1 } });
    expect(details[0]!.messages[0]).toBe('新增課程學習成果1筆');
    expect(value('select summary from learning_outcomes where id = ?', outcome)).toBe('學校已更正');
    const again = await run([]);
    expect(again).toMatchObject({ completed: 2 });
    expect(again.details[0]!.messages).toEqual(['資料皆已存在，未新增任何紀錄']);
  });

  it('then each may be chosen for itself, and the rest for all', async () => {
    const [first] = linesOf(await preview());
    const { details } = await run([{ key: first!.key, basis: first!.basis, choice: 'both' }], 'replace');
    expect(details[0]).toMatchObject({ completed: true, beside: { 課程學習成果: 1 }, replaced: { 服務學習紀錄: 1 } });
  });

  it('then a record that changed after the check is not overwritten: the choice is refused and nothing is written', async () => {
    const found = await preview();
    await change("update learning_outcomes set summary = '又更正一次' where id = ?", outcome);
    const before = traces(receiver);
    await expect(run(all(found, 'replace'))).rejects.toMatchObject({
      code: 'transferIn.choiceChanged',
      details: { changed: [linesOf(found)[0]!.key] },
    });
    expect(traces(receiver)).toEqual(before);
    expect(value('select summary from learning_outcomes where id = ?', outcome)).toBe('又更正一次');
    const renewed = await preview();
    expect(linesOf(renewed).map(({ key }) => key)).toEqual(linesOf(found).map(({ key }) => key));
    expect((await run(all(renewed, 'replace'))).completed).toBe(2);
  });

  it('then a choice about a record that is no longer in conflict is refused as well', async () => {
    const found = await preview();
    await run(all(found, 'replace'));
    await expect(run(all(found, 'both'))).rejects.toMatchObject({ code: 'transferIn.choiceChanged' });
  });
});

describe('given records that must not be replaced', () => {
  const differing = () => change("update learning_outcomes set summary = '不同' where id = ?", someRecord('learning_outcomes'));
  const refused = async (barrier: string, words: string) => {
    const found = await preview();
    expect(linesOf(found).map((line) => line.barrier)).toEqual([barrier]);
    const before = traces(receiver);
    await expect(run(all(found, 'replace'))).rejects.toMatchObject({ code: 'transferIn.notReplaceable', details: { barrier } });
    expect(traces(receiver)).toEqual(before);
    const { details } = await run([], 'replace');
    expect(details[0]).toMatchObject({ completed: false, replaced: {} });
    expect(details[0]!.messages.at(-1)).toContain(words);
    expect((await run(all(found, 'keep'))).completed).toBe(2);
  };

  it('because they were submitted', async () => {
    await differing();
    await change("update learning_outcomes set submitted_term = '1141' where id = ?", someRecord('learning_outcomes'));
    await refused('submitted', '已提交至中央資料庫');
  });

  it('because they stand on a roster that was handed in', async () => {
    await change("update learning_outcomes set submitted_term = '0000'");
    await differing();
    const sha256 = value('select sha256 from attachments limit 1') as string;
    await change(
      `insert into sent_rosters (id, kind, academic_year, semester, batch, division, roster_code, roster_name, layout_year, way, created_at, created_by,
         file_name, sha256, row_count, student_count, content_hash, idempotency_key)
       values ('r1', 'outcomes', 114, 0, 'regular', 'day', '25', '名冊', 108, 'city', '2026-11-24T00:00:00Z', 'x', 'x.xlsx', ?, 1, 1, 'h', 'k')`,
      sha256,
    );
    await change("insert into sent_roster_rows values ('r1', '一', 1, ?, ?, '[]')", students[0]!, someRecord('learning_outcomes'));
    await refused('handedIn', '已列入提交的名冊');
  });

  it('because a teacher of this school has certified them', async () => {
    await change("update learning_outcomes set submitted_term = '0000'");
    await differing();
    const teacher = value('select id from teachers limit 1') as string;
    await change('update learning_outcomes set certifier_id = ? where id = ?', teacher, someRecord('learning_outcomes'));
    await refused('certified', '本校教師已認證');
  });

  it('because the city has not taken an earlier change of them', async () => {
    await change("update learning_outcomes set submitted_term = '0000'");
    await differing();
    await change(
      `insert into outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state)
       values ('disputed', 999999, 'outcomes', ?, 1, 'update', '{}', '2026-11-24T00:00:00Z', 'x', 'refused')`,
      someRecord('learning_outcomes'),
    );
    await refused('disputed', '市級系統尚未接受');
  });
});

describe('given files that differ', () => {
  it('then only the files of what is written come into the store, and a replaced record has the file’s', async () => {
    const outcome = someRecord('learning_outcomes', "document_sha256 is not null and submitted_term = '0000'");
    const original = value('select document_sha256 from learning_outcomes where id = ?', outcome) as string;
    const other = value('select sha256 from attachments where sha256 <> ? and media_type = ?', original, 'application/pdf') as string;
    await change('update learning_outcomes set document_sha256 = ? where id = ?', other, outcome);
    const { attachments } = receiver.application.foundation;
    attachments.remove(original);
    await change('delete from attachments where sha256 = ?', original);

    const found = await preview();
    expect(linesOf(found)).toMatchObject([{ differs: ['文件檔案'] }]);
    const { conflicts } = await receiver.call('transferIn.conflicts', { check: found.check, keys: [linesOf(found)[0]!.key] });
    const [document] = conflicts[0]!.files;
    expect([document!.here!.md5, document!.inFile!.md5]).toEqual([
      value('select md5 from attachments where sha256 = ?', other),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect(document!.here!.md5).not.toBe(document!.inFile!.md5);
    await run(all(found, 'keep'));
    expect(attachments.has(original)).toBe(false);
    await run(all(found, 'replace'));
    expect(attachments.read(original).byteLength).toBeGreaterThan(0);
    expect(value('select document_sha256 from learning_outcomes where id = ?', outcome)).toBe(original);
    expect(value('select count(*) from file_outbox where sha256 = ?', original)).toBe(1);
    expect(await receiver.runJob('sync.run', {})).toMatchObject({ pending: 0 });
    expect(cityRecord(receiver, 'outcomes', outcome)).toMatchObject({ document: { sha256: original } });
  });
});

describe('given several records of one identity', () => {
  it('then each stands against one here, and what is left over is new', async () => {
    const cadre = someRecord('cadres', "submitted_term = '0000'");
    // Two of them here and in the file; one here is changed.
    await change("update cadres set ends_on = '2026-01-31', level_code = '9' where id = ?", cadre);
    expect(linesOf(await preview()).map(({ section, differs }) => [section, differs])).toEqual([
      ['校內幹部經歷', ['幹部等級', '結束日期']],
    ]);
    await change('update cadres set deleted_at = ? where id = ?', '2026-11-24T00:00:00Z', cadre);
    const { students: previewed } = await preview();
    expect(previewed[0]).toMatchObject({ added: { 校內幹部經歷: 1 }, conflicts: {} });
  });
});

describe('given a synchronisation between the check of the files and the writing', () => {
  it('then a student who was not ready at the check, and so whose files were not taken in, is left whole, the others go on', async () => {
    const outcome = someRecord('learning_outcomes', 'document_sha256 is not null');
    const document = value('select document_sha256 from learning_outcomes where id = ?', outcome) as string;
    const account = value('select account from students where id = ?', students[0]!) as string;
    await change("update learning_outcomes set deleted_at = '2026-11-24T00:00:00Z' where id = ?", outcome);
    await change('update students set account = null where id = ?', students[0]!);
    const { writeGate, attachments } = receiver.application.foundation;
    await writeGate.run(() => attachments.remove(document));
    const acquire = writeGate.acquire.bind(writeGate);
    const stop = receiver.application.onEvent((event) => {
      if (event.event !== 'job' || event.job.step === '準備中') return;
      stop();
      // What asks to write next is the import, for the files of the student who is ready.
      writeGate.acquire = () => {
        writeGate.acquire = acquire;
        sqlite().prepare('update students set account = ? where id = ?').run(account, students[0]!);
        return acquire();
      };
    });
    const { completed, details } = await run([]);
    expect(completed).toBe(1);
    expect(details[0]).toMatchObject({ completed: false, added: {}, problems: [{ code: 'transferIn.changedMeanwhile' }] });
    expect(value('select count(*) from file_outbox')).toBe(0);
    expect((await run([])).details[0]).toMatchObject({ completed: true, added: { 課程學習成果: 1 } });
    expect(attachments.has(document)).toBe(true);
  });
});
