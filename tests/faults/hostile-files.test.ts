import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transferKeys as keys } from '../../domain/transfer-content.ts';
import { noFacts, readTransferFile } from '../../main/features/transfer-in/transfer-file.ts';
import { temporaryFolder } from '../support/directories.ts';
import { type HandMadeEntry, handMadePassword, handMadeZip, symbolicLink } from '../support/foreign-files/hand-made.ts';
import { entriesOf, type Packing, type Parcel, type ParcelEntry, parcelsOf, placed } from '../support/foreign-files/parcel.ts';
import { chosen, handOver, importFile, richestStudents, traces } from '../support/transfer.ts';
import { openTrial, type Trial } from '../support/trial.ts';

/**
 * Files that a school must not import, each refused with its own code; some of each kind given to the whole application
 * as a clerk gives them. What only the ZIP reader sees is in tests/archive/hostile.test.ts.
 */
type Json = Record<string, unknown>;

const folder = temporaryFolder('hostile-files');
let receiver: Trial;
let parcel: Parcel;
let before: unknown;

beforeAll(async () => {
  const sender = await openTrial();
  const students = richestStudents(sender, 30).slice(-1);
  const [file] = await handOver(sender, students, folder.path);
  [parcel] = (await parcelsOf(file!)) as [Parcel];
  await sender.close();
  receiver = await openTrial({ schoolCode: '888888', withoutPortfolios: true });
  before = traces(receiver);
});
afterAll(async () => {
  await receiver.close();
  folder.remove();
});

const packed = (entries: readonly (ParcelEntry | HandMadeEntry)[]) => handMadeZip(entries).bytes;
const place = (bytes: Buffer) => placed(folder.path, `${parcel.name}.zip`, bytes, handMadePassword);

const refusal = (code: string, details: object) => ({ code: `transferIn.${code}`, details, message: expect.stringMatching(/[。]$/) });

/** By the checks that 檢查 and 開始匯入 both make first. */
async function refused(bytes: Buffer, code: string, details: object = {}): Promise<void> {
  const { path, fileName, password, md5 } = place(bytes);
  const input = { path, fileName, password, md5: { typed: md5, optional: false } };
  const started = performance.now();
  const reading = readTransferFile(input, { signal: new AbortController().signal, report: () => {}, facts: noFacts() });
  await expect(reading).rejects.toMatchObject(refusal(code, details));
  expect(performance.now() - started).toBeLessThan(20_000);
}

/** As the clerk does: 檢查, which describes nothing, and 開始匯入, which writes nothing. */
async function refusedByApplication(bytes: Buffer, code: string, details: object = {}): Promise<void> {
  const file = place(bytes);
  await expect(receiver.runJob('transferIn.preview', chosen(receiver, file))).rejects.toMatchObject(refusal(code, details));
  await expect(importFile(receiver, file)).rejects.toMatchObject(refusal(code, details));
  expect(traces(receiver)).toEqual(before);
}

/** The parcel with another JSON. */
const withJson = (write: Packing['write']) => packed(entriesOf(parcel, { write: write! }));
const withText = (change: (text: string) => string) => withJson((students) => Buffer.from(change(JSON.stringify(students))));
const withStudent = (change: (student: Json) => unknown) =>
  withJson((students) => {
    for (const student of students) change(student);
    return Buffer.from(JSON.stringify(students));
  });
const basicsOf = (student: Json) => student[keys.basics] as Json;
const outcomesOf = (student: Json) => student[keys.outcomes] as Json[];
const withFile = (student: Json) => outcomesOf(student).find((outcome) => outcome.課程學習成果文件檔案連結 !== '')!;

/** The parcel where the first document of 課程學習成果 is another file, under its own MD5 and under a name of one's own. */
function withDocument(content: Buffer, extension = 'pdf'): Buffer {
  const files = new Map(parcel.files);
  const student = structuredClone(parcel.student);
  const outcome = withFile(student);
  const path = String(outcome.課程學習成果文件檔案連結);
  const renamed = path.replace(/\.[a-z]+$/, `.${extension}`);
  files.delete(path);
  files.set(renamed, content);
  outcome.課程學習成果文件檔案連結 = renamed;
  outcome.文件檔案MD5 = createHash('md5').update(content).digest('hex');
  return packed(entriesOf({ ...parcel, student, files }));
}

const other = 'B123456780';

describe('given the same parcel unharmed, when it is checked', () => {
  it('then it is good', async () => {
    const { inspection, students } = await receiver.runJob('transferIn.preview', chosen(receiver, place(packed(entriesOf(parcel)))));
    expect(inspection.problems).toEqual([]);
    expect(students).toMatchObject([{ nationalId: parcel.identity, completed: true }]);
    expect(traces(receiver)).toEqual(before);
  });
});

describe('given an archive that is no honest ZIP, when it is imported, then nothing is', () => {
  const good = () => entriesOf(parcel);
  const first = (more: Partial<HandMadeEntry>) => good().map((entry, index) => (index === 0 ? { ...entry, ...more } : entry));

  it.each([
    ['a path out of the folder', () => packed([...good(), { name: '../evil.json', content: Buffer.from('[]') }]), 'unsafePath'],
    ['a drive', () => packed([...good(), { name: 'C:\\evil.json', content: Buffer.from('[]') }]), 'unsafePath'],
    ['a device', () => packed([...good(), { name: `${parcel.identity}/NUL.pdf`, content: Buffer.from('x') }]), 'unsafeName'],
    ['a name in no encoding', () => packed([...good(), { name: Buffer.from([0xff, 0xff]), content: Buffer.from('x') }]), 'nameEncoding'],
    ['a link', () => packed([...good(), symbolicLink('link.json', '/etc/passwd')]), 'linkEntry'],
    ['a name twice', () => packed([...good(), good()[0]!]), 'duplicateEntry'],
    ['two entries in one place', () => packed([...good(), { ...good()[1]!, name: 'x.pdf', central: { offset: 0 } }]), 'overlappingEntries'],
    ['two names for one entry', () => packed(first({ local: { name: Buffer.from('x.json') } })), 'headerMismatch'],
    ['a size that is not its own', () => packed(first({ deflate: true, local: { bytes: 9 }, central: { bytes: 9 } })), 'sizeMismatch'],
    ['a bomb', () => packed([...good(), { name: 'x.json', content: Buffer.alloc(40 * 1024 * 1024), deflate: true }]), 'compressionBomb'],
    ['bzip2', () => packed(first({ protection: 'none', local: { method: 12 }, central: { method: 12 } })), 'unsupportedMethod'],
    ['a program in front', () => Buffer.concat([Buffer.from('MZ'), packed(good())]), 'junkAround'],
    ['a second archive behind', () => Buffer.concat([packed(good()), packed(good())]), 'junkAround'],
    ['half of it', () => packed(good()).subarray(0, 9000), 'truncated'],
    ['a part of a split archive', () => handMadeZip(good(), { end: { disk: 3 } }).bytes, 'splitArchive'],
    ['no encryption', () => packed(good().map((entry) => ({ ...entry, protection: 'none' }))), 'notEncrypted'],
    [
      'one plain file',
      () => packed([...good(), { name: '請先讀我.txt', content: Buffer.from('x'), protection: 'none' }]),
      'mixedEncryption',
    ],
    ['a plain JSON', () => packed(first({ protection: 'none' })), 'mixedEncryption'],
    ['nothing', () => packed([]), 'notTransferFile'],
    ['files without a list', () => packed(good().slice(1)), 'notTransferFile'],
    ['no ZIP', () => randomBytes(5000), 'notZip'],
  ] as [string, () => Buffer, string][])('%s', async (_what, make, code) => {
    await refused(make(), code);
  });

  it('with 50,001 entries, of which not one is read', async () => {
    const many = Array.from({ length: 50_001 }, (_, index): HandMadeEntry => ({ name: `${index}`, protection: 'none' }));
    await refused(handMadeZip(many, { zip64: true }).bytes, 'tooManyEntries');
  });

  it('with a bomb inside 隱私格式', async () => {
    const inner = handMadeZip([{ name: 'x.json', content: Buffer.alloc(40 * 1024 * 1024), deflate: true, protection: 'none' }]).bytes;
    await refused(packed([{ name: 'portfolio.zip', content: inner }]), 'compressionBomb');
    // The inner archive itself deflated: only stored ones are written to the disk.
    await refused(packed([{ name: 'portfolio.zip', content: inner, deflate: true }]), 'unsupportedMethod');
    const twice = handMadeZip([{ name: 'portfolio.zip', content: inner, protection: 'none' }]).bytes;
    await refused(packed([{ name: 'portfolio.zip', content: twice }]), 'notTransferFile');
    await refused(packed([{ name: 'portfolio.zip', content: randomBytes(2000) }]), 'notZip');
  });
});

describe('given a password that is wrong, when the file is imported, then it is called wrong', () => {
  const wrong = async (bytes: Buffer, password: string) => {
    const file = { ...place(bytes), password };
    await expect(importFile(receiver, file)).rejects.toMatchObject({ code: 'transferIn.passwordWrong' });
    expect(traces(receiver)).toEqual(before);
  };

  it('by AES', () => wrong(packed(entriesOf(parcel)), 'wrong'));

  it('by ZipCrypto, also where its one check byte agrees by chance', async () => {
    const bytes = packed(entriesOf(parcel).map((entry) => ({ ...entry, protection: 'zipCrypto' })));
    // Of 600 passwords some pass the check of the entry that is read first (1 in 256 each).
    for (let attempt = 0; attempt < 30; attempt += 1) await wrong(bytes, `wrong-${attempt}`);
  });

  it('while damage to one entry is damage where the others open', async () => {
    const { bytes, structures } = handMadeZip(entriesOf(parcel));
    const smallest = structures.filter(({ name }) => name === 'content').sort((a, b) => a.to - a.from - (b.to - b.from))[0]!;
    const flipped = Buffer.from(bytes);
    flipped[smallest.to - 12]! ^= 1;
    await refused(flipped, 'damaged');
  });
});

describe('given a JSON that cannot be trusted, when it is imported, then nothing is', () => {
  it.each([
    ['cut off', (text: string) => text.slice(0, -5), 'jsonMalformed'],
    ['with NaN', (text: string) => text.replace('"學分數":', '"學分數":NaN,"x":'), 'jsonMalformed'],
    ['with a number beyond all', (text: string) => text.replace('"學分數":', '"學分數":1e999,"x":'), 'jsonMalformed'],
    ['with half a character', (text: string) => text.replace('"學生中文姓名":"', '"學生中文姓名":"\\ud842'), 'jsonMalformed'],
    ['with a key twice', (text: string) => text.replace('"學生中文姓名":', '"學生中文姓名":"別人","學生中文姓名":'), 'jsonDuplicateKey'],
    [
      'with a key twice, once escaped',
      (text: string) => text.replace('"學生中文姓名":', '"\\u5b78生中文姓名":"別人","學生中文姓名":'),
      'jsonDuplicateKey',
    ],
    ['too deep', (text: string) => text.replace('{', `{"x":${'['.repeat(100)}${']'.repeat(100)},`), 'jsonTooDeep'],
    ['with too many values', (text: string) => text.replace('{', `{"x":[${'0,'.repeat(2_000_001)}0],`), 'jsonTooBig'],
    ['that is one object', (text: string) => text.slice(1, -1), 'notTransferFile'],
    ['that is empty', () => '[]', 'notTransferFile'],
    ['of other things', () => '[{"id":1}]', 'notTransferFile'],
  ] as [string, (text: string) => string, string][])('%s', async (_what, change, code) => {
    await refused(withText(change), code);
  });

  it('in another encoding', async () => {
    await refused(
      withJson((students) => Buffer.from(JSON.stringify(students), 'utf16le')),
      'jsonMalformed',
    );
    await refused(
      withJson((students) => Buffer.from(JSON.stringify(students), 'latin1')),
      'jsonMalformed',
    );
  });

  it('larger than any list', async () => {
    await refused(
      handMadeZip([...entriesOf(parcel), { name: 'x.json', content: Buffer.alloc(65 * 1024 * 1024, ' []'), deflate: true }]).bytes,
      'compressionBomb',
    );
    await refused(packed([...entriesOf(parcel), { name: 'x.json', content: Buffer.alloc(65 * 1024 * 1024, ' ') }]), 'jsonTooBig');
  });

  it.each([
    ['no 基本資料', (student: Json) => delete student[keys.basics], 'notTransferFile'],
    ['基本資料 that is a text', (student: Json) => Object.assign(student, { [keys.basics]: 'x' }), 'notTransferFile'],
    ['no name', (student: Json) => delete basicsOf(student)[keys.name], 'jsonWrongType'],
    ['a name that is a list', (student: Json) => Object.assign(basicsOf(student), { [keys.name]: ['x'] }), 'jsonWrongType'],
    ['no birthday', (student: Json) => Object.assign(basicsOf(student), { [keys.birthDate]: '0001/01/01' }), 'jsonWrongType'],
    ['a birthday that is none', (student: Json) => Object.assign(basicsOf(student), { [keys.birthDate]: '2010/02/30' }), 'jsonWrongType'],
    ['outcomes that are a text', (student: Json) => Object.assign(student, { [keys.outcomes]: 'x' }), 'jsonWrongType'],
    ['outcomes that are numbers', (student: Json) => Object.assign(student, { [keys.outcomes]: [1] }), 'jsonWrongType'],
    ['多元表現 that is a list', (student: Json) => Object.assign(student, { [keys.performances]: [{}] }), 'jsonWrongType'],
    ['credits that are an object', (student: Json) => Object.assign(outcomesOf(student)[0]!, { 學分數: { a: 1 } }), 'jsonWrongType'],
    ['a year of another age', (student: Json) => Object.assign(outcomesOf(student)[0]!, { 應修課學年度: 2024 }), 'jsonWrongType'],
    ['a term that is none', (student: Json) => Object.assign(outcomesOf(student)[0]!, { '提交紀錄(學年度及學期)': '9' }), 'jsonWrongType'],
    [
      'a flag that is an object',
      (student: Json) => Object.assign(outcomesOf(student)[0]!, { 是否為重修時的課程學習成果: {} }),
      'jsonWrongType',
    ],
    [
      'a text without end',
      (student: Json) => Object.assign(outcomesOf(student)[0]!, { 課程學習成果簡述: '長'.repeat(5000) }),
      'jsonWrongType',
    ],
    ['a record of another student', (student: Json) => Object.assign(outcomesOf(student)[0]!, { [keys.identity]: other }), 'otherStudent'],
  ] as [string, (student: Json) => unknown, string][])('with %s', async (_what, change, code) => {
    await refused(withStudent(change), code);
  });

  it('with a student twice, or two lists', async () => {
    await refused(
      withJson((students) => Buffer.from(JSON.stringify([...students, ...students]))),
      'repeatedStudent',
    );
    await refused(packed([...entriesOf(parcel), { ...entriesOf(parcel)[0]!, name: 'again.json' }]), 'severalLists');
  });

  it('whose mapping of names is broken or ambiguous', async () => {
    const mapping = (text: string) =>
      packed(entriesOf(parcel).map((entry) => (entry.name.endsWith('mapping.json') ? { ...entry, content: Buffer.from(text) } : entry)));
    await refused(mapping('{"C01.pdf":"a.pdf","C01.pdf":"b.pdf"}'), 'jsonDuplicateKey');
    await refused(mapping('{"C01.pdf":'), 'jsonMalformed');
    await refused(mapping('["C01.pdf"]'), 'jsonWrongType');
  });

  it('whose manifest is newer, broken, or of another archive', async () => {
    const manifest = (value: unknown) =>
      packed([
        ...entriesOf(parcel),
        { name: 'manifest.json', content: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) },
      ]);
    const listed = (change: (entries: { path: string; bytes: number; sha256: string }[]) => unknown[]) => {
      const entries = entriesOf(parcel).map(({ name, content }) => ({
        path: name,
        bytes: content.byteLength,
        sha256: createHash('sha256').update(content).digest('hex'),
      }));
      return manifest({ formatVersion: 1, entries: change(entries) });
    };
    await refused(manifest({ formatVersion: 99, entries: [] }), 'newerFormat', { version: 99 });
    await refused(manifest({ formatVersion: 1, entries: [{ path: 1 }] }), 'jsonWrongType');
    await refused(manifest('{"formatVersion":1,"formatVersion":1}'), 'jsonDuplicateKey');
    await refused(
      listed((entries) => entries.slice(1)),
      'fileUnlisted',
    );
    await refused(
      listed((entries) => [...entries, { path: 'gone.pdf', bytes: 1, sha256: '' }]),
      'fileMissing',
    );
    await refused(
      listed(([first, ...rest]) => [{ ...first, sha256: '0'.repeat(64) }, ...rest]),
      'fileMismatch',
      { reason: 'sha256' },
    );
    await refused(
      listed(([first, ...rest]) => [{ ...first, bytes: 1 }, ...rest]),
      'fileMismatch',
      { reason: 'bytes' },
    );
  });
});

describe('given one of each kind in the hands of a clerk, when it is checked and imported, then nothing of it stays', () => {
  it.each([
    ['a path out of the folder', () => packed([...entriesOf(parcel), { name: '../evil.json', content: Buffer.from('[]') }]), 'unsafePath'],
    ['a link', () => packed([...entriesOf(parcel), symbolicLink('link.json', '/etc/passwd')]), 'linkEntry'],
    ['half of it', () => packed(entriesOf(parcel)).subarray(0, 9000), 'truncated'],
    [
      'a plain file',
      () => packed([...entriesOf(parcel), { name: 'x.txt', content: Buffer.from('x'), protection: 'none' }]),
      'mixedEncryption',
    ],
    ['a key twice', () => withText((text) => text.replace('{', '{"x":1,"x":2,')), 'jsonDuplicateKey'],
    ['a birthday that is none', () => withStudent((student) => delete basicsOf(student)[keys.birthDate]), 'jsonWrongType'],
    [
      'a record of another',
      () => withStudent((student) => Object.assign(outcomesOf(student)[0]!, { [keys.identity]: other })),
      'otherStudent',
    ],
    ['a program named .pdf', () => withDocument(Buffer.from('MZ\x90\x00', 'latin1')), 'disguisedFile'],
    ['an empty file', () => withDocument(Buffer.alloc(0)), 'emptyFile'],
    [
      'a bomb in 隱私格式',
      () =>
        packed([
          {
            name: 'portfolio.zip',
            content: packed([{ name: 'x.json', content: Buffer.alloc(40 * 1024 * 1024), deflate: true, protection: 'none' }]),
          },
        ]),
      'compressionBomb',
    ],
    [
      'an entry in 隱私格式 that is too large for memory',
      () =>
        packed([
          {
            name: 'portfolio.zip',
            content: packed([{ name: 'x.json', content: Buffer.alloc(65 * 1024 * 1024, ' '), protection: 'none' }]),
          },
        ]),
      'jsonTooBig',
    ],
  ] as [string, () => Buffer, string][])('%s', async (_what, make, code) => {
    await refusedByApplication(make(), code);
  });
});

describe('given keys that mean something to JavaScript, when the file is checked', () => {
  it('then they are keys like others', async () => {
    const text = (json: string) => json.replace('{', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},');
    const file = place(
      packed([
        ...entriesOf(parcel, { write: (students) => Buffer.from(text(JSON.stringify(students))) }),
        { name: '__proto__.json', content: Buffer.from('{"polluted":true}') },
      ]),
    );
    const { students } = await receiver.runJob('transferIn.preview', chosen(receiver, file));
    expect(students).toMatchObject([{ completed: true }]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('given an attachment that is not what it should be, when it is imported, then nothing is', () => {
  const pdf = () => parcel.files.get(String(withFile(parcel.student).課程學習成果文件檔案連結))!;
  const zip = handMadeZip([{ name: 'Evil.class', content: Buffer.from('x'), protection: 'none' }]).bytes;
  const mz = Buffer.from('MZ\x90\x00', 'latin1');

  it.each([
    ['a program named .pdf', () => withDocument(Buffer.concat([mz, randomBytes(500)])), 'disguisedFile'],
    ['a page named .pdf', () => withDocument(Buffer.from('<html><script>1</script>')), 'disguisedFile'],
    ['a Word document named .pdf', () => withDocument(zip), 'disguisedFile'],
    ['a page that begins as a PDF', () => withDocument(Buffer.from('%PDF-1.7<html><script>1</script>')), 'disguisedFile'],
    ['a program with a PDF behind it', () => withDocument(Buffer.concat([mz, pdf()])), 'polyglotFile'],
    ['a PDF with an archive behind it', () => withDocument(Buffer.concat([pdf(), zip])), 'polyglotFile'],
    ['a text', () => withDocument(Buffer.from('成果'), 'txt'), 'fileType'],
    ['a PDF named .mp4', () => withDocument(pdf(), 'mp4'), 'fileType'],
    ['a document that is a film', () => withDocument(Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), 'mp4'), 'fileType'],
    ['nothing', () => withDocument(Buffer.alloc(0)), 'emptyFile'],
    ['more than its year allows', () => withDocument(Buffer.concat([pdf(), Buffer.alloc(4 * 1024 * 1024)])), 'fileTooBig'],
    ['another MD5', () => withStudent((student) => Object.assign(withFile(student), { 文件檔案MD5: '0'.repeat(32) })), 'fileMismatch'],
    ['no MD5 but a word', () => withStudent((student) => Object.assign(withFile(student), { 文件檔案MD5: '無' })), 'fileMismatch'],
    ['missing', () => withStudent((student) => Object.assign(withFile(student), { 課程學習成果文件檔案連結: 'x.pdf' })), 'fileMissing'],
    [
      'outside',
      () => withStudent((student) => Object.assign(withFile(student), { 課程學習成果文件檔案連結: '../../x.pdf' })),
      'fileMissing',
    ],
    [
      'a folder',
      () => withStudent((student) => Object.assign(withFile(student), { 課程學習成果文件檔案連結: parcel.identity })),
      'fileMissing',
    ],
  ] as [string, () => Buffer, string][])('%s', async (_what, make, code) => {
    await refused(make(), code);
  });

  it('of another student’s folder', async () => {
    const files = new Map(parcel.files);
    const student = structuredClone(parcel.student);
    const outcome = withFile(student);
    const path = `${other}/課程學習成果/C01.pdf`;
    files.set(path, pdf());
    outcome.課程學習成果文件檔案連結 = path;
    await refused(packed(entriesOf({ ...parcel, student, files })), 'otherStudent');
  });

  it('while a PDF with a password is one, and a picture goes by either name', async () => {
    const png = [...parcel.files].find(([name]) => name.endsWith('.png'))?.[1] ?? Buffer.from('89504e470d0a1a0a', 'hex');
    const locked = Buffer.concat([pdf(), Buffer.from('\ntrailer << /Encrypt 5 0 R >>\n%%EOF\n')]);
    for (const bytes of [withDocument(png, 'jpg'), withDocument(locked)]) {
      const { students } = await receiver.runJob('transferIn.preview', chosen(receiver, place(bytes)));
      expect(students).toMatchObject([{ completed: true }]);
    }
  });
});

describe('given a file that goes away before it is read', () => {
  it('then the clerk is told so', async () => {
    const file = place(packed(entriesOf(parcel)));
    const input = chosen(receiver, file);
    rmSync(file.path);
    await expect(receiver.runJob('transferIn.preview', input)).rejects.toMatchObject({ code: 'transferIn.unreadable' });
    expect(traces(receiver)).toEqual(before);
  });
});
