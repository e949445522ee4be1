import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { transferFileName } from '../../domain/transfer-content.ts';
import { transferName } from '../../main/features/transfer-out/file-name.ts';
import { makeFilePassword, passwordCharacters } from '../../main/features/transfer-out/password.ts';
import { openArchive } from '../../main/platform/archive-reader.ts';
import exchangeFields from '../fixtures/exchange-fields.json' with { type: 'json' };
import { temporaryFolder } from '../support/directories.ts';
import { type HandedOver, handOver, richestStudents, traces } from '../support/transfer.ts';
import { openTrial, type Trial } from '../support/trial.ts';

type Json = Record<string, unknown>;
const limits = { entries: 10_000, totalBytes: 2 ** 32, ratio: 10_000 };
const folder = temporaryFolder('transfers');
let school: Trial;
let students: string[];

beforeAll(async () => {
  school = await openTrial();
  students = richestStudents(school, 2);
});
afterAll(async () => {
  await school.close();
  folder.remove();
});

async function contentOf({ path, password }: HandedOver): Promise<Map<string, Buffer>> {
  const archive = await openArchive(path, limits);
  const content = new Map<string, Buffer>();
  for (const entry of archive.entries) content.set(entry.name, await archive.read(entry, password, 2 ** 26));
  await archive.close();
  return content;
}

describe('given a student who leaves, when the clerk makes a transfer file', () => {
  let file: HandedOver;
  let content: Map<string, Buffer>;
  let student: Json;
  beforeAll(async () => {
    [file] = (await handOver(school, [students[0]!], folder.path)) as [HandedOver];
    content = await contentOf(file);
    [student] = JSON.parse(content.get(file.fileName.replace('.zip', '.json'))!.toString()) as [Json];
  });

  it('then its name tells school and time, and its MD5 is of exactly the bytes on disk', () => {
    expect(file.fileName).toMatch(transferFileName);
    expect(file.fileName).toMatch(/^999999_2026_11_24_09_00_\d\d\.zip$/);
    const md5 = createHash('md5').update(readFileSync(file.path)).digest('hex');
    expect(file.md5.replaceAll('-', '')).toBe(md5);
    expect(file.md5).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('then every object has the keys of the exchange format, in its order', () => {
    const basics = student.基本資料 as Json;
    expect(Object.keys(basics)).toEqual(exchangeFields.基本資料);
    for (const cadre of basics.擔任學校幹部經歷紀錄 as Json[]) expect(Object.keys(cadre)).toEqual(exchangeFields.擔任學校幹部經歷紀錄);
    const outcomes = student.課程學習成果紀錄 as Json[];
    expect(outcomes.length).toBeGreaterThan(0);
    for (const outcome of outcomes) expect(Object.keys(outcome)).toEqual(exchangeFields.課程學習成果紀錄);
    const performances = student.多元表現 as Record<string, Json[]>;
    expect(Object.keys(performances).sort()).toEqual(Object.keys(exchangeFields.多元表現).sort());
    let seen = 0;
    for (const [category, fields] of Object.entries(exchangeFields.多元表現)) {
      for (const record of performances[category]!) {
        expect(Object.keys(record), category).toEqual(fields);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(10);
  });

  it('then each link leads to its file with that MD5, and where there is no file both say so', () => {
    const records = [student.課程學習成果紀錄 as Json[], ...Object.values(student.多元表現 as Record<string, Json[]>)].flat();
    let linked = 0;
    for (const record of records) {
      const keys = Object.keys(record);
      for (const key of keys.filter((name) => /(文件|檔案|成果)連結$/.test(name) && name !== '外部影音連結')) {
        const md5 = String(record[keys[keys.indexOf(key) + 1]!]);
        const link = String(record[key]);
        if (link === '') expect(md5).toBe('d41d8cd98f00b204e9800998ecf8427e');
        else {
          expect(createHash('md5').update(content.get(link)!).digest('hex')).toBe(md5);
          linked += 1;
        }
      }
    }
    expect(linked).toBeGreaterThan(10);
    expect(linked).toBe([...content.keys()].filter((name) => /\/[CM]\d+\./.test(name)).length);
  });

  it('then days are Western, and times are Taipei’s', () => {
    const basics = student.基本資料 as Json;
    expect(basics.學生出生年月日).toMatch(/^\d{4}\/\d{2}\/\d{2}$/);
    for (const outcome of student.課程學習成果紀錄 as Json[]) {
      expect(outcome.建立日期及時間).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
      expect(outcome['提交紀錄(學年度及學期)']).toMatch(/^(\d{3}[012]|0000)$/);
    }
  });

  it('then the manifest lists every other entry with its size and SHA-256, and names are kept', () => {
    const manifest = JSON.parse(content.get('manifest.json')!.toString()) as { entries: { path: string; bytes: number; sha256: string }[] };
    expect(manifest.entries.map(({ path }) => path).sort()).toEqual([...content.keys()].filter((name) => name !== 'manifest.json').sort());
    for (const { path, bytes, sha256 } of manifest.entries) {
      const entry = content.get(path)!;
      expect({ bytes: entry.byteLength, sha256: createHash('sha256').update(entry).digest('hex') }).toEqual({ bytes, sha256 });
    }
    const mapping = [...content].find(([name]) => name.endsWith('課程學習成果/filename_mapping.json'))!;
    expect(Object.keys(JSON.parse(mapping[1].toString()) as object)).toContain('C01.pdf');
  });

  it('then 資料產生紀錄 shows it, and its record can be removed with the file', async () => {
    const { rows } = await school.call('transferOut.list', {});
    const row = rows.find(({ fileName }) => fileName === file.fileName)!;
    expect(row).toMatchObject({ studentCount: 1, createdBy: '999999adm' });
    expect(row.students).toMatch(/^[A-Z].\*{4}\d{4} .…/);
    const kept = join(school.directory, 'transfers', file.fileName);
    expect(existsSync(kept)).toBe(true);
    await school.call('transferOut.remove', { id: String(row.id) });
    expect(existsSync(kept)).toBe(false);
    await expect(school.call('transferOut.download', { id: String(row.id) })).rejects.toMatchObject({ code: 'transferOut.unknown' });
  });
});

describe('given what cannot be made', () => {
  it('then a student without identity is named by student number, and nothing is made', async () => {
    const { connection } = school.application.foundation;
    const without = connection.sqlite
      .prepare<[], { id: string; studentNumber: string }>(
        'select id, student_number as studentNumber from students where identity is null and deleted_at is null limit 1',
      )
      .get()!;
    const before = traces(school);
    await expect(
      school.runJob('transferOut.produce', { studentIds: [students[0]!, without.id], oneFile: true, format: 'aes256' }),
    ).rejects.toMatchObject({ code: 'transferOut.noIdentity', details: { studentNumbers: [without.studentNumber] } });
    await expect(school.runJob('transferOut.produce', { studentIds: ['nobody'], oneFile: false, format: 'aes256' })).rejects.toMatchObject({
      code: 'student.unknown',
    });
    expect(traces(school)).toEqual(before);
  });

  it.each(['準備檔案', '壓縮加密', '檢查檔案'])(
    'then a job cancelled at %s leaves no file, no record and nothing in between',
    async (step) => {
      const studentIds = richestStudents(school, 6);
      await handOver(school, studentIds, folder.path);
      const before = traces(school);
      const { jobId } = await school.call('transferOut.produce', { studentIds, oneFile: false, format: 'aes256' });
      const isAt = async (...steps: string[]) => {
        const { jobs } = await school.call('jobs.list', {});
        return steps.includes(jobs.find(({ id }) => id === jobId)!.step.replace(/（.*/, ''));
      };
      await vi.waitUntil(() => isAt('準備檔案', '壓縮加密', '檢查檔案'), { interval: 1, timeout: 20_000 });
      // Nobody else may write, so the job cannot be done before it is cancelled, however late that comes.
      const lease = await school.application.foundation.writeGate.acquire();
      try {
        await vi.waitUntil(() => isAt(step, '檢查檔案'), { interval: 1, timeout: 20_000 });
        await school.call('jobs.cancel', { jobId });
      } finally {
        lease.release();
      }
      expect(await school.application.waitForJob(jobId)).toMatchObject({ state: 'cancelled' });
      expect(traces(school)).toEqual(before);
    },
  );
});

describe('names and passwords', () => {
  it('a name is never given twice: the second goes on', () => {
    const given = new Set<string>();
    const now = new Date('2020-07-17T01:59:59.500Z');
    for (let count = 0; count < 3; count += 1) given.add(transferName('080000', now, (name) => given.has(name)));
    expect([...given]).toEqual(['080000_2020_07_17_09_59_59', '080000_2020_07_17_10_00_00', '080000_2020_07_17_10_00_01']);
  });

  it('a password has 16 characters and none that looks like another', () => {
    expect(passwordCharacters).not.toMatch(/[0Oo1lI]/);
    const passwords = Array.from({ length: 500 }, makeFilePassword);
    expect(new Set(passwords).size).toBe(500);
    for (const password of passwords) expect([...password].every((character) => passwordCharacters.includes(character))).toBe(true);
    expect(passwords.every(({ length }) => length === 16)).toBe(true);
  });
});
