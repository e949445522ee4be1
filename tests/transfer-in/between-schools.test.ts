import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, studentPortfolios } from '../../db/student-portfolio.ts';
import { temporaryFolder } from '../support/directories.ts';
import { faultsOfRecord } from '../support/records.ts';
import { carried, chosen, flipped, type HandedOver, handOver, importFile, richestStudents, traces } from '../support/transfer.ts';
import { openTrial, type Trial } from '../support/trial.ts';

const folder = temporaryFolder('transfers');
let sender: Trial;
let students: string[];
let file: HandedOver;

/** A school where the same students are enrolled and have no portfolio yet. */
const receivingSchool = () => openTrial({ schoolCode: '888888', withoutPortfolios: true });

const md5Of = (path: string) => createHash('md5').update(readFileSync(path)).digest('hex');
const save = (name: string, bytes: Buffer) => {
  const path = join(folder.path, name);
  writeFileSync(path, bytes);
  return path;
};

beforeAll(async () => {
  sender = await openTrial();
  students = richestStudents(sender, 2);
  [file] = (await handOver(sender, students, folder.path, { oneFile: true })) as [HandedOver];
});
afterAll(async () => {
  await sender.close();
  folder.remove();
});

describe('given two students who moved, when the other school imports their file', () => {
  let receiver: Trial;
  beforeAll(async () => {
    receiver = await receivingSchool();
  });
  afterAll(() => receiver.close());

  it('then a preview says what would come and writes nothing', async () => {
    const before = traces(receiver);
    const { inspection, students: preview } = await receiver.runJob('transferIn.preview', chosen(receiver, file));
    expect(inspection).toMatchObject({ senderSchoolCode: '999999', encryption: 'AES-256', manifest: true, problems: [], remarks: [] });
    expect(preview.map(({ studentId, completed }) => ({ studentId, completed }))).toEqual(
      students.map((studentId) => ({ studentId, completed: true })),
    );
    expect(traces(receiver)).toEqual(before);
  });

  it('then every record and every file is there, equal to the sender’s', async () => {
    const result = await importFile(receiver, file);
    expect(result).toMatchObject({ students: 2, completed: 2 });
    const here = receiver.application.foundation;
    const portfolioOf = studentPortfolios(here.connection.sqlite);
    for (const student of students) {
      expect(carried(receiver, student)).toEqual(carried(sender, student));
      const portfolio = portfolioOf(student);
      expect(portfolio.outcomes.length).toBeGreaterThan(0);
      expect(portfolio.outcomes.every((outcome) => outcome.beforeTransfer && outcome.sourceSchoolCode === '999999')).toBe(true);
      for (const sha256 of filesOf([portfolio]).keys()) {
        expect(here.attachments.read(sha256).equals(sender.application.foundation.attachments.read(sha256))).toBe(true);
      }
    }
    expect(
      here.connection.sqlite.prepare("select count(*) from learning_outcomes where id not like 'import-%' or version <> 0").pluck().get(),
    ).toBe(0);
  });

  it('then 明細 is in the manual’s words and order, and the record says 匯入2人，完成2人', async () => {
    const { rows } = await receiver.call('transferIn.list', {});
    expect(rows[0]).toMatchObject({ fileName: file.fileName, outcome: '匯入2人，完成2人', senderSchoolCode: '999999' });
    const details = await receiver.call('transferIn.details', { id: String(rows[0]!.id) });
    for (const { messages, added } of details.students) {
      expect(messages[0]).toBe(`新增課程學習成果${added.課程學習成果}筆`);
      expect(messages.every((message) => /^新增.+\d+筆$/.test(message))).toBe(true);
    }
  });

  it('then the city is to be told of each record and sent each file, and takes them', async () => {
    const { sqlite } = receiver.application.foundation.connection;
    const records = sqlite.prepare('select resource, data from outbox order by sequence').all() as { resource: string; data: string }[];
    expect(records.length).toBeGreaterThan(10);
    for (const { resource, data } of records) expect(faultsOfRecord(resource, JSON.parse(data))).toEqual([]);
    const { pushed, pending } = await receiver.runJob('sync.run', {});
    expect({ pushed, pending }).toEqual({ pushed: records.length, pending: 0 });
    expect(sqlite.prepare('select count(*) from file_outbox').pluck().get()).toBe(0);
    for (const student of students) expect(carried(receiver, student)).toEqual(carried(sender, student));
  });

  it('then the same file again adds nothing, under another name too', async () => {
    const before = traces(receiver) as { rows: Record<string, number>; files: number };
    const again = await importFile(receiver, file, `${file.fileName.replace('.zip', '')} (1).zip`);
    expect(again).toMatchObject({ students: 2, completed: 2 });
    for (const detail of again.details) {
      expect(detail.added).toEqual({});
      expect(detail.messages).toEqual(['資料皆已存在，未新增任何紀錄']);
    }
    const after = traces(receiver) as typeof before;
    expect({ ...after.rows, transfer_ins: 0, transfer_in_students: 0 }).toEqual({
      ...before.rows,
      transfer_ins: 0,
      transfer_in_students: 0,
    });
    expect(after.files).toBe(before.files);
    const { inspection } = await receiver.runJob('transferIn.preview', chosen(receiver, file, 'renamed.zip'));
    expect(inspection.remarks.join()).toMatch(/改過檔名.*匯入過/);
  });

  it('then a record that differs here is listed and left as it is', async () => {
    const { connection, write } = receiver.application.foundation;
    const changed = await write(() => {
      const id = connection.sqlite
        .prepare<[string], string>('select id from learning_outcomes where student_id = ? limit 1')
        .pluck()
        .get(students[0]!)!;
      connection.sqlite.prepare("update learning_outcomes set summary = '學校已更正' where id = ?").run(id);
      return id;
    });
    const { details, completed } = await importFile(receiver, file);
    expect(completed).toBe(1);
    expect(details[0]).toMatchObject({ completed: false, conflicts: { 課程學習成果: 1 }, problems: [{ code: 'transferIn.conflict' }] });
    expect(connection.sqlite.prepare('select summary from learning_outcomes where id = ?').pluck().get(changed)).toBe('學校已更正');
  });
});

describe('given a file that is not what it should be, when it is imported, then nothing is', () => {
  let receiver: Trial;
  let before: unknown;
  beforeAll(async () => {
    receiver = await receivingSchool();
    before = traces(receiver);
  });
  afterAll(() => receiver.close());

  const refused = async (wrong: Partial<HandedOver>, code: string, details: object = {}) => {
    await expect(importFile(receiver, { ...file, ...wrong })).rejects.toMatchObject({ code, details });
    expect(traces(receiver)).toEqual(before);
  };

  it('for a wrong, missing or half-typed MD5', async () => {
    const wrong = 'd41d8cd98f00b204e9800998ecf8427e';
    await refused({ md5: wrong }, 'transferIn.md5Mismatch', {
      expected: 'd41d8cd9-8f00-b204-e980-0998ecf8427e',
      actual: file.md5,
      identifier: false,
    });
    await refused({ md5: ' ' }, 'transferIn.md5Missing');
    await refused({ md5: file.md5.slice(1) }, 'transferIn.md5Malformed');
  });

  it('for an identifier in place of the MD5, unless an account with the right gives a reason', async () => {
    const identifier = '4ae6d463-8b85-4ada-bd0f-a79a8a0ee4d6';
    await refused({ md5: identifier }, 'transferIn.md5Mismatch', { identifier: true });
    const input = { ...chosen(receiver, { ...file, md5: identifier }), md5WaivedReason: '已電話確認' };
    const { inspection } = await receiver.runJob('transferIn.preview', input);
    expect(inspection.remarks.join()).toContain('已電話確認');
  });

  it('for a wrong password', async () => {
    await refused({ password: 'wrong' }, 'transferIn.passwordWrong');
    const inspection = await receiver.runJob('transferIn.inspect', chosen(receiver, { ...file, md5: '', password: 'wrong' }));
    expect(inspection).toMatchObject({ students: [], problems: [{ code: 'transferIn.passwordWrong' }] });
  });

  it('for a file with a flipped bit or cut off, whose MD5 the sender took afterwards', async () => {
    for (const at of [0.05, 0.3, 0.5, 0.8]) {
      const path = save('damaged.zip', flipped(file.path, at));
      await expect(importFile(receiver, { ...file, path, md5: md5Of(path) })).rejects.toMatchObject({
        code: expect.stringMatching(/^transferIn\.(damaged|headerMismatch|passwordWrong|sizeMismatch)$/),
      });
      expect(traces(receiver)).toEqual(before);
    }
    const bytes = readFileSync(file.path);
    for (const [end, code] of [
      [bytes.length / 2, 'transferIn.truncated'],
      [bytes.length - 10, 'transferIn.truncated'],
      [0, 'transferIn.notZip'],
    ] as const) {
      const path = save('cut.zip', bytes.subarray(0, end));
      await refused({ path, md5: md5Of(path) }, code);
    }
  });

  it('when it is cancelled', async () => {
    const { jobId } = await receiver.call('transferIn.run', chosen(receiver, file));
    let asked: Promise<unknown> | undefined;
    const stop = receiver.application.onEvent((event) => {
      if (event.event === 'job' && event.job.id === jobId && event.job.unit === '位元組') asked ??= receiver.call('jobs.cancel', { jobId });
    });
    const { state } = await receiver.application.waitForJob(jobId);
    await asked;
    stop();
    expect(state).toBe('cancelled');
    expect(traces(receiver)).toEqual(before);
  });

  it('but once its records are being written it goes on to the end, for every student', async () => {
    const school = await receivingSchool();
    const { jobId } = await school.call('transferIn.run', chosen(school, file));
    let asked: Promise<unknown> | undefined;
    const stop = school.application.onEvent((event) => {
      if (event.event === 'job' && event.job.id === jobId && event.job.step === '寫入紀錄') {
        asked ??= school.call('jobs.cancel', { jobId }).catch((error) => expect(error).toMatchObject({ code: 'job.notRunning' }));
      }
    });
    const job = await school.application.waitForJob(jobId);
    await asked;
    stop();
    expect(job).toMatchObject({ state: 'done', result: { students: 2, completed: 2 } });
    for (const student of students) expect(carried(school, student)).toEqual(carried(sender, student));
    await school.close();
  });
});

describe('given a file that was uploaded for the import', () => {
  it('then it stays for another try while the import fails, and is removed when it has succeeded', async () => {
    const receiver = await receivingSchool();
    const upload = save('upload.zip', readFileSync(file.path));
    const uploaded = receiver.application.files.receive(upload, file.fileName, true);
    const given = { file: uploaded, md5: file.md5, password: file.password };
    await expect(receiver.runJob('transferIn.run', { ...given, password: 'wrong' })).rejects.toMatchObject({
      code: 'transferIn.passwordWrong',
    });
    expect(existsSync(upload)).toBe(true);
    await receiver.runJob('transferIn.run', given);
    expect(existsSync(upload)).toBe(false);
    await importFile(receiver, file);
    expect(existsSync(file.path)).toBe(true);
    await receiver.close();
  });
});

describe('given students who are not ready here', () => {
  it('then each is told why, and the others of the file are imported', async () => {
    const receiver = await receivingSchool();
    const { connection, write } = receiver.application.foundation;
    await write(() => connection.sqlite.prepare('update students set identity = null where id = ?').run(students[0]!));
    const first = await importFile(receiver, file);
    expect(first).toMatchObject({ students: 2, completed: 1 });
    expect(first.details[0]).toMatchObject({
      studentId: null,
      completed: false,
      messages: ['學生尚未建立學籍，請先於校務行政系統建立學生資料並同步後再匯入'],
      problems: [{ code: 'transferIn.studentUnknown' }],
    });
    expect(first.details[1]).toMatchObject({ completed: true });
    await write(() => connection.sqlite.prepare('update students set account = null where id = ?').run(students[1]!));
    const second = await importFile(receiver, file);
    expect(second.details[1]).toMatchObject({ problems: [{ code: 'transferIn.accountNotSynchronised' }] });
    await write(() => connection.sqlite.prepare("update students set name = '別人' where id = ?").run(students[1]!));
    const third = await importFile(receiver, file);
    expect(third.details[1]!.problems[0]!.code).toBe('transferIn.studentDiffers');
    expect(third.details[1]!.messages[0]).toContain('別人');
    await receiver.close();
  });
});

describe.each([
  ['one file a student', false, 'aes256'],
  ['相容模式', true, 'zipCrypto'],
  ['隱私格式', true, 'private'],
] as const)('%s', (_name, oneFile, format) => {
  it('brings the same portfolios', async () => {
    const receiver = await receivingSchool();
    const files = await handOver(sender, students, folder.path, { oneFile, format });
    expect(files.length).toBe(oneFile ? 1 : 2);
    for (const each of files) expect((await importFile(receiver, each)).completed).toBe(oneFile ? 2 : 1);
    for (const student of students) expect(carried(receiver, student)).toEqual(carried(sender, student));
    expect(readdirSync(join(receiver.directory, 'work'))).toEqual([]);
    await receiver.close();
  });
});

describe('given the files that other vendors’ systems wrote for the two arrivals', () => {
  it('then they are imported whole', async () => {
    const trialFolder = join(sender.directory, 'trial');
    const note = readFileSync(join(trialFolder, '說明.txt'), 'utf8');
    const field = (name: string) => [...note.matchAll(new RegExp(`^${name}：(.+?)\\s*$`, 'gm'))].map((match) => match[1]!);
    const [names, md5s, passwords] = [field('檔名'), field('MD5值'), field('壓縮檔密碼')];
    expect(names.length).toBe(2);
    for (const [index, name] of names.entries()) {
      const result = await importFile(sender, { path: join(trialFolder, name), md5: md5s[index]!, password: passwords[index]! });
      expect(result).toMatchObject({ students: 1, completed: 1 });
      if (index === 0) {
        // The manual's own sample (§3.16), in its words and its order.
        expect(result.details[0]!.messages).toEqual([
          '新增課程學習成果7筆',
          '新增幹部經歷暨事蹟紀錄3筆',
          '新增競賽參與紀錄2筆',
          '新增檢定證照紀錄3筆',
          '新增服務學習紀錄3筆',
          '新增彈性學習時間紀錄2筆',
          '新增職場學習紀錄1筆',
          '新增作品成果紀錄1筆',
          '新增團體活動時間紀錄2筆',
          '新增其他多元表現2筆',
          ...result.details[0]!.messages.slice(10),
        ]);
        expect(result.details[0]!.messages.slice(10).every((line) => line.startsWith('新增校內幹部經歷'))).toBe(true);
      }
    }
  });
});
