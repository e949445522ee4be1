import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupMd5, guidOrder } from '../../domain/md5-text.ts';
import { noFacts, readTransferFile } from '../../main/features/transfer-in/transfer-file.ts';
import { temporaryFolder } from '../support/directories.ts';
import { extraField, type HandMadeEntry, unicodePathField } from '../support/foreign-files/hand-made.ts';
import { entriesOf, everyObject, everyValue, type Packing, type Parcel, parcelsOf, placed } from '../support/foreign-files/parcel.ts';
import { byHand, inCp950, infoZip, python, sevenZip, type Writer, wrapped, zipJs } from '../support/foreign-files/writers.ts';
import { carried, handOver, importFile, richestStudents } from '../support/transfer.ts';
import { openTrial, type Trial } from '../support/trial.ts';

/**
 * Every variation that the format names, made by other programs than ours and given to the whole application: what
 * arrives is what the sender has. Each variation moves a student of its own.
 */
type Json = Record<string, unknown>;

interface Variation {
  writer: Writer;
  packing?: Packing;
  /** Of the file, from the name it was made under. */
  fileName?: (name: string) => string;
  /** What the clerk is told beside it. */
  remarks?: RegExp[];
  /** Where the sender's names of files are not in the file. */
  withoutNames?: boolean;
  /** What is kept with the import of what nobody knows. */
  kept?: string;
  /** As the clerk types it. */
  typed?: (md5: string) => string;
}

const plainly = byHand();
const content = (change: (student: Json) => Json): Variation => ({ writer: plainly, packing: { change } });
const values = (key: RegExp, change: (value: unknown) => unknown) => content((student) => everyValue(student, key, change));
const perValue = (key: RegExp, ...changes: ((value: string) => unknown)[]) => {
  let index = 0;
  return values(key, (value) => {
    index += 1;
    return value === '' ? value : changes[index % changes.length]!(String(value));
  });
};
const written = (write: Packing['write'], packing: Packing = {}): Variation => ({
  writer: plainly,
  packing: { ...packing, write: write! },
});

const links = /(檔案|文件|成果)連結$/;
const md5s = /MD5$/;
const days = /^(學生出生年月日|開始日期|結束日期|結果公布日期|取得檢定證照日期|作品日期)$/;
const times = /^建立日期/;
const roc = (day: string) => `${Number(day.slice(0, 4)) - 1911}${day.slice(4)}`;
const epoch = (text: string) => Date.parse(`${text.replaceAll('/', '-').replace(' ', 'T')}${text.includes(':') ? '' : 'T00:00:00'}+08:00`);
/** `2020-07-17 15:04:05` as .NET prints it on a Taiwanese Windows. */
const dotNetTime = (text: string) => {
  const [, year, month, day, hour, rest] = /^(\d+)-(\d+)-(\d+) (\d+)(:.*)$/.exec(text)!;
  const half = Number(hour) < 12 ? '上午' : '下午';
  return `${year}/${Number(month)}/${Number(day)} ${half} ${String(Number(hour) % 12 || 12).padStart(2, '0')}${rest}`;
};

/** Entries that systems add by themselves. */
const folders = (entries: HandMadeEntry[], shape: (name: string) => HandMadeEntry): HandMadeEntry[] => {
  const names = new Set(entries.flatMap(({ name }) => [...String(name).matchAll(/\//g)].map(({ index }) => String(name).slice(0, index))));
  return [...[...names].sort().map(shape), ...entries];
};

const ntfsTimes = extraField(0x000a, Buffer.concat([Buffer.from('0000000001001800', 'hex'), Buffer.alloc(24, 1)]));
const unixTimes = extraField(0x5855, Buffer.alloc(8, 1));

const variations: Record<string, Variation> = {
  '7-Zip, AES-256, deflated': { writer: sevenZip({ switches: ['-mem=AES256', '-mx=5'] }) },
  '7-Zip, AES-192, stored': { writer: sevenZip({ switches: ['-mem=AES192', '-mx=0'] }) },
  '7-Zip, AES-128': { writer: sevenZip({ switches: ['-mem=AES128'] }) },
  '7-Zip, ZipCrypto': { writer: sevenZip({ switches: ['-mem=ZipCrypto'] }) },
  '7-Zip, names flagged as UTF-8': { writer: sevenZip({ switches: ['-mem=AES256', '-mcu=on'] }) },
  '7-Zip, some entries AES-256, some ZipCrypto, some AES-128': {
    writer: sevenZip(
      { switches: ['-mem=AES256'], of: (name) => name.endsWith('.json') },
      { switches: ['-mem=ZipCrypto'], of: (name) => name.includes('課程學習成果') && !name.endsWith('.json') },
      { switches: ['-mem=AES128'], of: (name) => name.includes('多元表現') && !name.endsWith('.json') },
    ),
  },
  'Info-ZIP': { writer: infoZip([]) },
  'Info-ZIP through a pipe': { writer: infoZip([], true) },
  'Info-ZIP, ZIP64': { writer: infoZip(['-fz']) },
  'Info-ZIP, stored': { writer: infoZip(['-0']) },
  'zip.js, AES-256': { writer: zipJs({ encryptionStrength: 3 }) },
  'zip.js, AES-128 with descriptors': { writer: zipJs({ encryptionStrength: 1, dataDescriptor: true }) },
  'zip.js, AES-192, descriptors without a mark': {
    writer: zipJs({ encryptionStrength: 2, dataDescriptor: true, dataDescriptorSignature: false }),
  },
  'zip.js, ZipCrypto': { writer: zipJs({ zipCrypto: true }) },
  'zip.js, ZipCrypto with descriptors': { writer: zipJs({ zipCrypto: true, dataDescriptor: true }) },
  'zip.js, ZIP64 with a comment': { writer: zipJs({ zip64: true }) },
  'zip.js, ZIP64 with descriptors, as on Windows': {
    writer: zipJs({ zip64: true, dataDescriptor: true, msDosCompatible: true, level: 0 }),
  },
  'AE-1 and AE-2 by turns': { writer: byHand((_entry, index) => ({ aesVersion: index % 2 === 0 ? 1 : 2, deflate: index % 3 === 0 })) },
  'descriptors of every form': {
    writer: byHand((_entry, index) => {
      const descriptor = (['signed', 'bare', 'signed64', 'bare64'] as const)[index % 4]!;
      return { descriptor, protection: index % 2 === 0 ? 'zipCrypto' : 'aes256' };
    }),
  },
  'ZIP64 by hand, in every field': { writer: byHand(() => ({ zip64: true }), { zip64: true }) },
  'names in UTF-8 without the flag': { writer: byHand(() => ({ utf8Flag: false })) },
  'names in CP950': { writer: byHand(({ name }) => ({ name: inCp950(name), utf8Flag: false })) },
  'names in CP950 with Info-ZIP’s field beside them': {
    writer: byHand(({ name }) => {
      const raw = inCp950(name);
      return { name: raw, utf8Flag: false, extra: unicodePathField(name, crc32(raw)) };
    }),
  },
  'names in CP950 in front of the content, in UTF-8 in the directory': {
    writer: byHand(({ name }) => ({ local: { name: inCp950(name), flags: 1 } })),
  },
  'names decomposed, as macOS has them': { writer: byHand(({ name }) => ({ name: name.normalize('NFD') })) },
  'names with backslashes': { writer: byHand(({ name }) => ({ name: name.replaceAll('/', '\\') })) },
  'names with backslashes in CP950': {
    writer: byHand(({ name }) => ({ name: inCp950(name.replaceAll('/', '\\')), utf8Flag: false, protection: 'zipCrypto' })),
  },
  'names in small letters, links in capitals': { writer: byHand(({ name }) => ({ name: name.toLowerCase() })) },
  'as Ionic.Zip writes: ZipCrypto, CP950, NTFS times, folders': {
    writer: byHand(
      ({ name }) => ({
        name: inCp950(name),
        utf8Flag: false,
        protection: 'zipCrypto',
        descriptor: 'signed',
        deflate: true,
        extra: ntfsTimes,
      }),
      {},
      (entries) =>
        folders(entries, (name) => ({
          name: inCp950(`${name}/`),
          utf8Flag: false,
          protection: 'none',
          attributes: 0x10,
          extra: ntfsTimes,
        })),
    ),
  },
  'folders that are encrypted, and without a slash': {
    writer: byHand(undefined, {}, (entries) => [
      { name: 'empty/', protection: 'zipCrypto' },
      { name: 'also empty', attributes: 0x10, protection: 'none' },
      ...entries,
    ]),
  },
  'a comment on the archive and on each entry': {
    writer: byHand(() => ({ comment: Buffer.from('成果'), extra: unixTimes }), { comment: Buffer.from('高級中學 轉出') }),
  },
  'zeros behind, as a buffer leaves them': {
    writer: byHand(undefined, { behind: Buffer.alloc(70_000) }),
    remarks: [/70000 個沒有內容的位元組/],
  },
  'a line end behind, as a mail leaves it': {
    writer: byHand(undefined, { behind: Buffer.from('\r\n') }),
    remarks: [/2 個沒有內容的位元組/],
  },
  'what Windows and macOS leave in folders': {
    writer: byHand(undefined, {}, (entries) => [
      ...entries,
      ...['Thumbs.db', '.DS_Store', '__MACOSX/._999999.json', '__MACOSX/filename_mapping.json', 'desktop.ini'].map((name) => ({
        name,
        content: Buffer.from('\0\x05\x16\x07'),
      })),
    ]),
  },
  'files that no record uses': {
    writer: byHand(undefined, {}, (entries) => [...entries, { name: '說明.txt', content: Buffer.from('請匯入') }]),
    remarks: [/1 個檔案沒有任何紀錄使用/],
  },
  'other JSON, one of it broken': {
    writer: byHand(undefined, {}, (entries) => [
      ...entries,
      { name: '課程諮詢.json', content: Buffer.from('[{"諮詢主題":"選課"}]') },
      { name: '其他.json', content: Buffer.from('[{"諮詢主題":') },
      { name: '空白.json', content: Buffer.alloc(0) },
    ]),
    remarks: [/其他\.json.*沒有隨匯入紀錄保存/],
    kept: '{"課程諮詢.json":[{"諮詢主題":"選課"}]}',
  },
  'a wrapped archive by 7-Zip around one by Python': {
    writer: wrapped(python, sevenZip({ switches: ['-mem=AES256', '-mx=0'] })),
    remarks: [/隱私格式/],
  },
  renamed: { writer: plainly, fileName: (name) => `${name} (1).zip`, remarks: [/檔名與產生時不同/] },
  'renamed to something else': { writer: plainly, fileName: () => '王同學 轉學.ZIP', remarks: [/檔名與產生時不同/] },
  'one more folder on top': { writer: plainly, packing: { top: '學習歷程資料/' } },
  'one more folder on top, links from there': {
    writer: plainly,
    packing: {
      top: '學習歷程資料/',
      change: (student) => everyValue(student, links, (link) => (link === '' ? '' : `學習歷程資料/${link}`)),
    },
  },
  'the JSON on top, the files one folder below': {
    writer: byHand(({ name }) => ({ name: name.includes('/') ? `999999_2020_07_17_09_59_14/${name}` : name })),
  },
  'the files on top, links with one more folder': content((student) =>
    everyValue(student, links, (link) => (link === '' ? '' : `999999_2020_07_17_09_59_14/${link}`)),
  ),
  'a JSON of another name': { writer: plainly, packing: { jsonName: '學生資料.json' }, remarks: [/檔名與產生時不同/] },
  'a JSON that is not called so': { writer: plainly, packing: { jsonName: '999999_2020.txt' }, remarks: [/檔名與產生時不同/] },
  'no mapping of file names': { writer: plainly, packing: { withoutMappings: true }, withoutNames: true },
  'links with backslashes': values(links, (link) => String(link).replaceAll('/', '\\')),
  'links from the root': values(links, (link) => (link === '' ? '' : `/${link}`)),
  'links from here': values(links, (link) => (link === '' ? null : `./${link}`)),
  'links with backslashes from the root': values(links, (link) => (link === '' ? '' : `\\${String(link).replaceAll('/', '\\')}`)),
  'MD5 in capitals, in groups, in .NET’s order, absent': perValue(
    md5s,
    (md5) => md5.toUpperCase(),
    groupMd5,
    guidOrder,
    (md5) => `{${groupMd5(guidOrder(md5)).toUpperCase()}}`,
    () => '',
    () => null,
  ),
  'the MD5 typed in .NET’s order': { writer: plainly, typed: (md5) => groupMd5(guidOrder(md5)).toUpperCase() },
  'keys in another order': content(
    (student) => everyObject(student, (object) => Object.fromEntries(Object.entries(object).reverse())) as Json,
  ),
  'keys that nobody knows': content((student) => everyObject(student, (object) => ({ 自訂欄位: { 甲: [1] }, ...object })) as Json),
  'null where there is nothing': values(/./, (value) => (value === '' || value === false ? null : value)),
  'nothing where there is nothing': content(
    (student) =>
      everyObject(student, (object) =>
        Object.fromEntries(Object.entries(object).filter(([, value]) => value !== '' && value !== false)),
      ) as Json,
  ),
  'numbers and flags as text': values(/./, (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value)),
  'flags as .NET and clerks write them': values(/^是否/, (value) => (value ? 'True' : 'False')),
  'texts of digits as numbers': values(/上傳學年度及學期$|^提交紀錄|代碼$/, (value) =>
    /^[1-9]\d{0,8}$/.test(String(value)) ? Number(value) : value,
  ),
  'a byte order mark and indentation': written((students) => Buffer.from(`\ufeff${JSON.stringify(students, null, 2)}`)),
  'characters as escapes': written((students) =>
    Buffer.from(JSON.stringify(students).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  ),
  'days in many forms': perValue(
    days,
    roc,
    (day) => day.replaceAll('/', '-'),
    (day) => day.replaceAll('/', ''),
    (day) => `${day} 00:00:00`,
    (day) => `${day.replaceAll('/', '-')}T00:00:00+08:00`,
    (day) => new Date(epoch(day)).toISOString(),
    (day) => `/Date(${epoch(day)}+0800)/`,
    (day) => `民國${roc(day).replace('/', '年').replace('/', '月')}日`,
    (day) => dotNetTime(`${day.replaceAll('/', '-')} 00:00:00`),
  ),
  'times in many forms': perValue(
    times,
    (time) => time.replaceAll('-', '/'),
    (time) => time.replace(' ', 'T'),
    (time) => `${time.replace(' ', 'T')}.123+08:00`,
    (time) => new Date(epoch(time)).toISOString(),
    (time) => `/Date(${epoch(time)})/`,
    dotNetTime,
  ),
  'never as .NET writes it': values(days, (day) => (day === '' ? '0001/01/01' : day)),
};

const folder = temporaryFolder('generous');
let sender: Trial;
let receiver: Trial;
const moved = new Map<string, { student: string; parcel: Parcel }>();

beforeAll(async () => {
  sender = await openTrial();
  receiver = await openTrial({ schoolCode: '888888', withoutPortfolios: true });
  const students = richestStudents(sender, 55);
  const identity = sender.application.foundation.connection.sqlite
    .prepare<[string], string>('select identity from students where id = ?')
    .pluck();
  const [file] = await handOver(sender, students, folder.path, { oneFile: true });
  const parcels = new Map((await parcelsOf(file!)).map((parcel) => [parcel.identity, parcel]));
  for (const [index, name] of Object.keys(variations).entries()) {
    const student = students[index % students.length]!;
    moved.set(name, { student, parcel: parcels.get(identity.get(student)!)! });
  }
});
afterAll(async () => {
  await Promise.all([sender.close(), receiver.close()]);
  folder.remove();
});

function portfolioText(school: Trial, student: string, { withoutNames = false }: Variation): string {
  // The trial school's records from elsewhere have the format's word for an unknown unit; a reader has none.
  const text = JSON.stringify(carried(school, student), null, 1).replaceAll('\\"000000000\\"', 'null');
  return withoutNames ? text.replace(/\\"name\\":\\".*?\\"[,}]/g, '') : text;
}

const keptOf = (id: string) =>
  receiver.application.foundation.connection.sqlite
    .prepare<[string], string | null>('select unknown_content from transfer_ins where id = ?')
    .pluck()
    .get(id);

describe('given a transfer file as other systems make it, when it is imported, then the student’s portfolio is the sender’s', () => {
  for (const [name, variation] of Object.entries(variations)) {
    const missing = variation.writer.missing?.();
    if (missing) console.warn(`NOT TRIED: ${name} — ${missing}`);
    it.skipIf(missing !== undefined)(name, async () => {
      const { student, parcel } = moved.get(name)!;
      const password = 'Kp7xWq3nZt5vRm8y';
      const bytes = await variation.writer.write(entriesOf(parcel, variation.packing), password);
      const file = placed(folder.path, variation.fileName?.(parcel.name) ?? `${parcel.name}.zip`, bytes, password);
      const typed = { ...file, md5: variation.typed?.(file.md5) ?? file.md5 };
      const facts = noFacts();
      const input = { ...file, md5: { typed: typed.md5, optional: false } };
      await readTransferFile(input, { signal: new AbortController().signal, report: () => {}, facts });
      expect(facts.remarks).toEqual((variation.remarks ?? []).map((remark) => expect.stringMatching(remark)));
      const { id, details } = await importFile(receiver, typed);
      expect(details).toMatchObject([{ completed: true, problems: [] }]);
      const arrived = portfolioText(receiver, student, variation);
      expect(arrived).toEqual(portfolioText(sender, student, variation));
      expect(arrived.length).toBeGreaterThan(100);
      if (variation.kept) expect(keptOf(id!)).toBe(variation.kept);
    });
  }
});
