import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readStatusText } from '../../domain/submission.ts';
import { type CityClient, createCityClient } from '../../main/central/client.ts';
import {
  fillTrialCity,
  openCityStore,
  receiptStatementName,
  receiptStatementOf,
  startCityThread,
} from '../../main/central/embedded/index.ts';
import { workbookMediaType } from '../../main/central/protocol.ts';
import { resourceSchemas } from '../../main/central/resources.ts';
import { reportOf } from '../../main/platform/errors.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { temporaryFolder } from '../support/directories.ts';
import { handIn, resultOf, rosterCover, rosterName, rosterWorkbook, serviceHeadings, sheetsOf, workHeadings } from '../support/rosters.ts';
import { smallSchool, student, submissionWindow } from '../support/small-school.ts';

const identity = 'A123456789';
const other = 'F800000000';
const link = 'https://portfolio.example.edu.tw/national-files/999999/0.pdf';
const service = ['A123456789', '0990305', '圖書館志工', 4, '學會整理書籍。', link] as const;
const second = [other, '0990305', '淨灘活動', 2, '與夥伴合作。', null] as const;
const work = [identity, '0990305', '短片', '拍攝與剪接。', null] as const;

describe('a roster handed in to the embedded city, over real HTTP', () => {
  let city: TestCity;
  let client: CityClient;
  let now: Date;

  beforeEach(async () => {
    now = new Date('2026-11-24T09:00:00+08:00');
    const clock = { now: () => now };
    const school = [
      ...smallSchool(0),
      student(1, { identity }),
      student(2, { identity: other }),
      submissionWindow('x1'),
      submissionWindow('x2', { batch: 'senior1', startsOn: '2026-05-03', endsOn: '2026-05-14' }),
    ];
    city = await startTestCity(school, { clock });
    client = createCityClient(city.address, { clock, patience: { firstDelay: 1 } });
  });
  afterEach(async () => {
    client.close();
    await city.close();
  });

  const pass = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000);
  };
  const refusal = async (asked: Promise<unknown>) => {
    const report = reportOf(
      await asked.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    return [report.code, report.details.cityCode];
  };
  /** Hands in, waits, and gives what came of it. */
  const judged = async (content: Buffer, rows: number) => {
    const { submissionFileId } = await handIn(client, content, rows);
    pass(61);
    return resultOf(client, submissionFileId);
  };

  test('its line is answered at once, waits for its minute, and is accepted when all its rows are right', async () => {
    const { submissionFileId, record } = await handIn(client, await rosterWorkbook([service, second], [work]), 3);
    expect(record).toMatchObject({
      id: `submission-${submissionFileId}`,
      kind: 'performances',
      academicYear: 114,
      semester: 0,
      batch: 'regular',
      division: 'day',
      processingStatus: 'waiting',
      submittedBy: '999999adm',
      submittedAt: now.toISOString(),
      resultReceivedAt: null,
      answer: null,
    });
    pass(59);
    expect(await resultOf(client, submissionFileId)).toEqual(record);
    pass(1);
    const result = await resultOf(client, submissionFileId);
    expect(result).toMatchObject({
      statusText: '檢核無誤，資料已匯入',
      processingStatus: 'accepted',
      rosterName: null,
      answer: null,
      resultReceivedAt: now.toISOString(),
    });
    expect(result.version).toBeGreaterThan(record.version);
    expect(await resultOf(client, submissionFileId)).toEqual(result);
  });

  test('rows that are wrong are refused, and the answer is a workbook of them with why', async () => {
    city.store.refuse([{ column: '時數', value: 2, message: '時數與證明文件不符' }]);
    const stranger = ['B123456780', ...service.slice(1)];
    const long = [identity, '0990305', '長篇', '長'.repeat(101), null];
    const content = await rosterWorkbook([service, stranger, second, service], [work, long]);
    const { submissionFileId } = await handIn(client, content, 6);
    pass(61);
    const result = await resultOf(client, submissionFileId);
    expect(result).toMatchObject({
      statusText: `資料檢核錯誤，請查看檢核結果後重新上傳{名冊名稱=${rosterName}}`,
      processingStatus: 'refused',
      rosterName,
    });
    expect(readStatusText(result.statusText)).toMatchObject({ processingStatus: 'refused', rosterName });
    const answer = result.answer!;
    expect(answer).toMatchObject({ name: `檢核結果_${submissionFileId}.xlsx`, mediaType: workbookMediaType });
    const bytes = await client.file(answer.sha256);
    expect([bytes.byteLength, createHash('md5').update(bytes).digest('hex')]).toEqual([answer.bytes, answer.md5]);
    expect(await sheetsOf(bytes)).toEqual({
      封面: [Object.keys(rosterCover), Object.values(rosterCover)],
      服務學習紀錄: [
        [...serviceHeadings, '列號', '錯誤訊息'],
        [...stranger, 2, '身分證號查無此學生'],
        [...second, 3, '時數與證明文件不符'],
        [...service, 4, '與第 1 列重複'],
      ],
      作品成果紀錄: [
        [...workHeadings, '列號', '錯誤訊息'],
        [...long, 2, '內容簡述超過 100 字'],
      ],
    });
    expect(resourceSchemas['submission-results'].parse(result)).toEqual(result);
    city.store.refuse([]);
    expect(await judged(await rosterWorkbook([second]), 1)).toMatchObject({ processingStatus: 'accepted' });
  });

  test('a workbook that cannot be read, another cover and other rows than were said are refused without an answer', async () => {
    const right = await rosterWorkbook([service]);
    const cover = (heading: string, value: string) => rosterWorkbook([service], [], { ...rosterCover, [heading]: value });
    const cases = [
      [right.subarray(0, right.byteLength / 2), 1, '檔案無法讀取'],
      [await cover('學校代碼', '123456'), 1, '封面的學校代碼不符'],
      [await cover('學期', '1'), 1, '封面的學期不符'],
      [await cover('名冊別', '26'), 1, '封面的名冊別不符'],
      [right, 2, '名冊列數與提交時不同'],
      [await rosterWorkbook([]), 0, '名冊沒有資料'],
    ] as const;
    for (const [content, rows, why] of cases) {
      expect(await judged(content, rows)).toMatchObject({
        statusText: `資料檢核錯誤，${why}{名冊名稱=${rosterName}}`,
        processingStatus: 'refused',
        rosterName,
        answer: null,
      });
    }
  });

  test('what is no workbook at all, and what was not put, is not taken', async () => {
    expect(await refusal(handIn(client, Buffer.from('身分證號,名稱'), 1))).toEqual(['sync.refused', 'roster.unreadable']);
    const content = await rosterWorkbook([service]);
    const missing = handIn(client, content, 1, { sha256: '0'.repeat(64) });
    expect(await refusal(missing)).toEqual(['sync.refused', 'file.unknown']);
  });

  test.each([
    ['a kind without a window', {}, { kind: 'outcomes', rosterCode: '26' } as const],
    ['a year without one', {}, { academicYear: 113 }],
    ['a term without one', {}, { semester: 1 }],
    ['a batch whose window is over', {}, { batch: 'senior1', rosterCode: '35' } as const],
    ['the day after the last', { at: '2026-12-01T00:00:00+08:00' }, {}],
    ['the day before the first', { at: '2026-09-30T23:59:59+08:00' }, {}],
  ])('outside its window it is not taken: %s', async (_case, { at }: { at?: string }, changes) => {
    if (at) now = new Date(at);
    expect(await refusal(handIn(client, await rosterWorkbook([service]), 1, changes))).toEqual(['sync.refused', 'submission.windowClosed']);
    expect((await client.page('submission-results', '', { limit: 10, count: true })).page.total).toBe(0);
  });

  test('the last day counts whole', async () => {
    now = new Date('2026-11-30T23:59:59+08:00');
    expect((await handIn(client, await rosterWorkbook([service]), 1)).record.processingStatus).toBe('waiting');
  });

  test('the same key is the same submission, even when its window has closed and its result has come', async () => {
    const idempotencyKey = randomUUID();
    const content = await rosterWorkbook([service]);
    const { submissionFileId } = await handIn(client, content, 1, { idempotencyKey });
    pass(61);
    const result = await resultOf(client, submissionFileId);
    now = new Date('2026-12-24T09:00:00+08:00');
    expect(await handIn(client, content, 1, { idempotencyKey })).toEqual({ submissionFileId, record: result });
    expect((await client.page('submission-results', '', { limit: 10, count: true })).page.total).toBe(1);
  });

  test('a city may let its results wait as long as it likes', async () => {
    city.store.submissions.delayResults(0);
    const { submissionFileId } = await handIn(client, await rosterWorkbook([service]), 1);
    expect((await resultOf(client, submissionFileId)).processingStatus).toBe('accepted');
  });

  test('a workbook may be larger than a file of a record', async () => {
    const content = Buffer.alloc(11 * 1024 * 1024, 1);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(await refusal(client.putFile(sha256, 'application/pdf', content))).toEqual(['sync.refused', 'body.tooBig']);
    await client.putFile(sha256, workbookMediaType, content);
    expect((await client.file(sha256)).equals(content)).toBe(true);
  });

  test('收訖明細 of an accepted roster is what was handed in without its links, but for what is planted', async () => {
    const { submissionFileId } = await handIn(client, await rosterWorkbook([service, second], [work]), 3);
    await expect(receiptStatementOf(city.store, submissionFileId)).rejects.toThrow('waiting');
    pass(61);
    await resultOf(client, submissionFileId);
    expect(receiptStatementName(city.store, submissionFileId)).toBe('收訖明細_25_1140.xlsx');
    const cover = [Object.keys(rosterCover), Object.values(rosterCover)];
    const whole = await sheetsOf(await receiptStatementOf(city.store, submissionFileId));
    expect(whole).toEqual({
      封面: cover,
      服務學習紀錄: [serviceHeadings.slice(0, 5), service.slice(0, 5), second.slice(0, 5)],
      作品成果紀錄: [workHeadings.slice(0, 4), work.slice(0, 4)],
    });
    const planted = await receiptStatementOf(city.store, submissionFileId, {
      drop: [{ sheet: '服務學習紀錄', row: 1 }],
      change: [{ sheet: '服務學習紀錄', row: 2, column: '時數', value: 20 }],
      add: [{ sheet: '作品成果紀錄', cells: { 身分證號: other, 名稱: '校刊' } }],
    });
    expect(await sheetsOf(planted)).toEqual({
      封面: cover,
      服務學習紀錄: [serviceHeadings.slice(0, 5), [...second.slice(0, 3), 20, second[4]]],
      作品成果紀錄: [workHeadings.slice(0, 4), work.slice(0, 4), [other, null, '校刊', null]],
    });
  });
});

test('the trial school’s city, in its thread, has the day of the office, and its store tells it from outside what to refuse and when', async () => {
  const folder = temporaryFolder('trial-city');
  const storePath = join(folder.path, 'city.db');
  const key = new Uint8Array(32).fill(7);
  const day = new Date('2023-11-24T09:00:00+08:00');
  const school = { students: 12, years: 3, seed: 1, schoolCode: '999999', schoolName: '測試高中', today: '2023-11-24' };
  fillTrialCity(storePath, school, key);
  const thread = await startCityThread({ storePath, key, clockShift: day.getTime() - Date.now() });
  const client = createCityClient({ ...thread.address, schoolCode: '999999' }, { clock: { now: () => day } });
  const store = openCityStore(storePath, { key });
  try {
    store.submissions.delayResults(0);
    store.refuse([{ column: '服務名稱', value: '圖書館志工', message: '查無此服務' }]);
    const [first] = store.identities();
    const cover = { ...rosterCover, 學年度: '111' };
    const content = await rosterWorkbook([[first!, ...service.slice(1)]], [[first!, ...work.slice(1)]], cover);
    const { submissionFileId, record } = await handIn(client, content, 2, { academicYear: 111 });
    expect(record.submittedAt.slice(0, 16)).toBe('2023-11-24T01:00');
    const { processingStatus, answer } = (await resultOf(client, submissionFileId))!;
    expect(processingStatus).toBe('refused');
    const refused = await sheetsOf(await client.file(answer!.sha256));
    expect(refused.服務學習紀錄!.slice(1).map((row) => row.at(-1))).toEqual(['查無此服務']);
    expect(refused.作品成果紀錄).toHaveLength(1);
  } finally {
    store.close();
    client.close();
    await thread.close();
    folder.remove();
  }
});

test('another national database may stand behind the city', async () => {
  const clock = { now: () => new Date('2026-11-24T09:00:00+08:00') };
  const statusText = '資料檢核錯誤，請稍後再試{名冊名稱=學生自填…';
  const city = await startTestCity([...smallSchool(1), submissionWindow('x1')], {
    clock,
    resultDelay: 0,
    judge: async () => ({ accepted: false, statusText }),
  });
  const client = createCityClient(city.address, { clock });
  try {
    const { submissionFileId } = await handIn(client, await rosterWorkbook([service]), 1);
    expect(await resultOf(client, submissionFileId)).toMatchObject({ statusText, processingStatus: 'refused', rosterName });
  } finally {
    client.close();
    await city.close();
  }
});
