import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SampleTransferFile, sampleSchool, writeSampleTransferFiles } from '../../db/sample/index.ts';
import { md5Means } from '../../domain/md5-text.ts';
import { md5OfNothing } from '../../domain/portfolio.ts';
import { readTransferStudent } from '../../domain/transfer-reading.ts';
import { openArchive } from '../../main/platform/archive-reader.ts';
import { testArchive } from '../../main/platform/seven-zip.ts';

const options = { students: 60, years: 3, seed: 1, schoolCode: '999999', schoolName: '測試高中', today: '2026-11-24' };
const folder = mkdtempSync(join(tmpdir(), 'sample-transfer-'));
let files: SampleTransferFile[];

beforeAll(async () => {
  files = await writeSampleTransferFiles(folder, options);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Opened {
  names: string[];
  encryptions: Set<string>;
  read: (name: string) => Promise<Buffer>;
  close: () => Promise<void>;
}

async function open({ path, password }: SampleTransferFile): Promise<Opened> {
  const archive = await openArchive(path, { entries: 1000, totalBytes: 100_000_000, ratio: 1000 });
  const entries = archive.entries.filter(({ directory }) => !directory);
  return {
    names: entries.map(({ name }) => name),
    encryptions: new Set(entries.map(({ encryption }) => encryption)),
    read: (name) => archive.read(entries.find((entry) => entry.name === name)!, password, 10_000_000),
    close: archive.close,
  };
}

/** Keys of the exchange format, in its order (docs: transfer-format). */
const outcomeKeys =
  '修課學校代碼 修課單位代碼 應修課學年度 應修課學期 國民身分證統一編號(或居留證統一證號) 學生出生年月日 課程代碼 科目名稱 學分數 開課年級 開課學期 是否為借讀生時的課程學習成果 是否為重修時的課程學習成果 重修學年度及學期 重修方式 是否為補修時的課程學習成果 補修學年度及學期 補修方式 是否為重讀時的課程學習成果 重讀學年度及學期 是否為轉學轉科前的課程學習成果 課程學習成果文件檔案連結 文件檔案MD5 課程學習成果影音檔案連結 影音檔案MD5 課程學習成果簡述 認證狀態 本課程學習成果上傳學年度及學期 建立日期及時間 提交紀錄(學年度及學期)';
const competitionKeys =
  '就讀學校代碼 就讀單位代碼 學年度 學期 國民身分證統一編號(或居留證統一證號) 學生出生年月日 競賽名稱 競賽等級代碼 競賽獎項 結果公布日期 競賽項目組別 內容簡述 團體或個人參與代碼 證明文件連結 證明文件MD5 影音檔案連結 影音檔案MD5 外部影音連結 本紀錄上傳學年度及學期 建立日期 提交紀錄(學年度及學期)';
const workKeys =
  '就讀學校代碼 就讀單位代碼 學年度 學期 國民身分證統一編號(或居留證統一證號) 學生出生年月日 名稱 作品日期 內容簡述 作品成果連結 作品成果MD5 影音檔案連結 影音檔案MD5 外部影音連結 本紀錄上傳學年度及學期 建立日期 提交紀錄(學年度及學期)';

describe('transfer files of the two arrivals', () => {
  test('given the trial school, when its folder is read, then there are two ZIPs named by sender and time, a note, and nothing left over', () => {
    expect(files.map(({ studentId }) => studentId).sort()).toEqual([...sampleSchool(options).arrivals].sort());
    expect(readdirSync(folder).sort()).toEqual([...files.map(({ fileName }) => fileName), '說明.txt'].sort());
    for (const { fileName, senderSchoolCode, password } of files) {
      expect(fileName).toMatch(new RegExp(`^${senderSchoolCode}_2026_11_\\d\\d_\\d\\d_\\d\\d_\\d\\d\\.zip$`));
      expect(password).toMatch(/^[A-HJ-NP-Za-km-np-z2-9]{16}$/);
    }
    expect(new Set(files.map(({ password }) => password)).size).toBe(2);
  });

  test('given the note, when it is read, then it names each student, file, MD5 and password', () => {
    const note = readFileSync(join(folder, '說明.txt'), 'utf8');
    for (const { name, fileName, md5, password } of files) for (const told of [name, fileName, md5, password]) expect(note).toContain(told);
  });

  test('given each file, when its MD5 is compared as told, then it is that of the bytes, one in capitals with hyphens', () => {
    for (const { path, md5 } of files) {
      const actual = createHash('md5').update(readFileSync(path)).digest('hex');
      expect(md5Means(md5, actual)).toBe(true);
    }
    expect(files[1]!.md5).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  });

  test('given each file, when 7-Zip tests it with the password, then it is whole; with another, it is not', async () => {
    for (const { path, password } of files) {
      await testArchive(path, password);
      await expect(testArchive(path, 'wrong-password-0')).rejects.toMatchObject({ code: 'archive.passwordWrong' });
    }
  });

  test('given the first, when it is listed, then it is AES-256 with the JSON on top; the second is ZipCrypto inside one more folder; neither has a manifest', async () => {
    const [first, second] = await Promise.all(files.map(open));
    expect([...first!.encryptions]).toEqual(['AES-256']);
    expect([...second!.encryptions]).toEqual(['ZipCrypto']);
    expect(first!.names).toContain(files[0]!.fileName.replace('.zip', '.json'));
    expect(second!.names.every((name) => name.startsWith('學習歷程資料/'))).toBe(true);
    for (const { names, close } of [first!, second!]) {
      expect(names.some((name) => name.endsWith('manifest.json'))).toBe(false);
      await close();
    }
  });

  test('given the JSON, when it is read, then it has the counts of the manual, the keys of the format in order, and files whose MD5 holds', async () => {
    for (const file of files) {
      const archive = await open(file);
      const top = file.encryption === 'zipCrypto' ? '學習歷程資料/' : '';
      const [json] = JSON.parse((await archive.read(`${top}${file.fileName.replace('.zip', '.json')}`)).toString('utf8'));
      for (const outcome of json.課程學習成果紀錄) expect(Object.keys(outcome).join(' ')).toBe(outcomeKeys);
      for (const competition of json.多元表現.競賽參與紀錄) expect(Object.keys(competition).join(' ')).toBe(competitionKeys);
      for (const work of json.多元表現.作品成果紀錄) expect(Object.keys(work).join(' ')).toBe(workKeys);

      const { student, unknown } = readTransferStudent(json, 0);
      expect(unknown).toEqual({});
      expect(student).toMatchObject({
        identity: file.identity,
        name: file.name,
        birthDate: file.birthDate,
        schoolCode: file.senderSchoolCode,
      });
      expect(student.outcomes).toHaveLength(file.counts.outcomes);
      expect(student.outcomes.every(({ state }) => state === 'approved')).toBe(true);
      expect(student.cadres).toHaveLength(file.counts.cadres);
      const byCategory = Object.fromEntries(
        Map.groupBy(student.performances, ({ category }) => category)
          .entries()
          .map(([category, list]) => [category, list.length]),
      );
      expect(byCategory).toEqual(file.counts.performances);

      const links = [...student.outcomes, ...student.performances]
        .flatMap(({ document, media }) => [document, media])
        .filter((link) => link !== null);
      for (const { path, md5 } of links) {
        expect(md5).not.toBe(md5OfNothing);
        expect(
          createHash('md5')
            .update(await archive.read(`${top}${path}`))
            .digest('hex'),
        ).toBe(md5);
      }
      const mappings = archive.names.filter((name) => name.endsWith('filename_mapping.json'));
      const mapped = (await Promise.all(mappings.map(archive.read))).flatMap((mapping) =>
        Object.keys(JSON.parse(mapping.toString('utf8'))),
      );
      expect(mapped).toHaveLength(links.length);
      expect(archive.names).toHaveLength(links.length + mappings.length + 1);
      await archive.close();
    }
  });

  test('given the same options, when the files are written again, then content and passwords are the same', async () => {
    const again = mkdtempSync(join(tmpdir(), 'sample-transfer-'));
    try {
      const second = await writeSampleTransferFiles(again, options);
      const told = (all: SampleTransferFile[]) => all.map(({ path: _path, md5: _md5, ...rest }) => rest);
      expect(told(second)).toEqual(told(files));
    } finally {
      rmSync(again, { recursive: true, force: true });
    }
  });
});
