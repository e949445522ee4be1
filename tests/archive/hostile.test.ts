import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { ArchiveLimits } from '../../main/platform/archive-listing.ts';
import { openArchive } from '../../main/platform/archive-reader.ts';
import { temporaryFolder } from '../support/directories.ts';
import {
  extraField,
  type HandMadeArchive,
  type HandMadeEntry,
  handMadePassword,
  handMadeZip,
  symbolicLink,
  unicodePathField,
} from '../support/foreign-files/hand-made.ts';

const limits: ArchiveLimits = { entries: 1000, totalBytes: 2 ** 30, ratio: 200 };
const folder = temporaryFolder('hostile');
afterAll(() => folder.remove());

const text = Buffer.from(JSON.stringify({ 內容: '學習歷程'.repeat(200) }));
const bulk = randomBytes(40_000);
const entries: HandMadeEntry[] = [
  { name: '080000_2020.json', content: text, deflate: true },
  { name: 'A123456789/多元表現/M01.pdf', content: bulk },
];

function save(bytes: Buffer): string {
  const path = join(folder.path, 'archive.zip');
  writeFileSync(path, bytes);
  return path;
}

/** What comes of opening an archive and reading every entry: the names, or the code of the refusal. */
async function outcomeOf(
  bytes: Buffer,
  own: Partial<ArchiveLimits> = {},
  password = handMadePassword,
  seconds = 5,
): Promise<string | string[]> {
  const before = process.memoryUsage().arrayBuffers;
  const started = performance.now();
  try {
    const archive = await openArchive(save(bytes), { ...limits, ...own });
    try {
      for (const entry of archive.entries) if (!entry.directory) await archive.read(entry, password, 2 ** 26);
      return archive.entries.map(({ name }) => name);
    } finally {
      await archive.close();
    }
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    expect(performance.now() - started).toBeLessThan(seconds * 1000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(256 * 1024 * 1024);
  }
}

const made = (list: readonly HandMadeEntry[], archive?: HandMadeArchive) => handMadeZip(list, archive).bytes;
const one = (name: string | Buffer, more: Partial<HandMadeEntry> = {}) => made([...entries, { name, content: Buffer.from('x'), ...more }]);

describe('names that could leave the folder are refused', () => {
  it.each([
    '../x.pdf',
    '..\\x.pdf',
    'a/../../x.pdf',
    'a/..\\..\\x.pdf',
    'a/..',
    '.. /x.pdf',
    '../',
    '..../x.pdf',
    '．．/x.pdf',
    '．．＼x.pdf',
    '..／x.pdf',
    'a／‥／x.pdf',
    '/etc/passwd',
    '／etc/passwd',
    '\\x.pdf',
    '\\\\server\\share\\x.pdf',
    '//server/share/x.pdf',
    'C:\\x.pdf',
    'c:x.pdf',
    'Ｃ：\\x.pdf',
    'C：/x.pdf',
  ])('%j', async (name) => {
    expect(await outcomeOf(one(name))).toBe('archive.unsafePath');
  });

  it('also where the name that counts stands in the extra field', async () => {
    const harmless = Buffer.from('x.pdf');
    const extra = unicodePathField('../x.pdf', crc32(harmless));
    expect(await outcomeOf(one(harmless, { utf8Flag: false, extra }))).toBe('archive.unsafePath');
  });

  it('while a per cent sign is a character like others', async () => {
    expect(await outcomeOf(one('a/%2e%2e%2fx.pdf'))).toContain('a/%2e%2e%2fx.pdf');
    expect(await outcomeOf(one('心得：我的…成果／下.pdf'))).toContain('心得：我的…成果／下.pdf');
    expect(await outcomeOf(one('A：第一題.pdf'))).toContain('A：第一題.pdf');
  });
});

describe('names that no disk would keep are refused', () => {
  it.each([
    'a/CON',
    'nul.pdf',
    'Lpt1 .pdf',
    'clock$',
    'x.pdf:stream',
    'a/x.',
    'a /x.pdf',
    'a\u0000b.pdf',
    'a\nb.pdf',
    'a\u202efdp.exe',
    'a\u200fb.pdf',
    'a//x.pdf',
    './x.pdf',
    `${'x'.repeat(256)}`,
    `${'長/'.repeat(600)}x.pdf`,
    `${'a/'.repeat(20)}x.pdf`,
    '',
  ])('%j', async (name) => {
    expect(await outcomeOf(one(name))).toBe('archive.unsafeName');
  });

  it('and those in no encoding', async () => {
    expect(await outcomeOf(one(Buffer.from([0xff, 0xfe, 0x41]), { utf8Flag: false }))).toBe('archive.nameEncoding');
    // Overlong `../`: no UTF-8. Said to be UTF-8, it is refused; as Big5 it is two characters.
    const overlong = Buffer.from([0xc0, 0xae, 0xc0, 0xae, 0x2f, 0x78]);
    expect(await outcomeOf(one(overlong))).toBe('archive.nameEncoding');
    expect(await outcomeOf(one(overlong, { utf8Flag: false }))).toContainEqual(expect.stringMatching(/^[^./]{2}\/x$/));
    const [lone] = ['\ud800'].map((half) => Buffer.from(half, 'utf16le'));
    expect(await outcomeOf(one(lone!))).toBe('archive.nameEncoding');
  });
});

describe('what is no file is refused', () => {
  it.each([
    ['a symbolic link', symbolicLink('link.pdf', '/etc/passwd')],
    ['a link that is a folder', symbolicLink('link/', '..')],
    ['a device', { name: 'x.pdf', attributes: (0o060666 << 16) >>> 0 }],
    ['a pipe', { name: 'x.pdf', attributes: (0o010666 << 16) >>> 0 }],
    ['a reparse point of Windows', { name: 'x.pdf', attributes: 0x400 }],
  ] as [string, HandMadeEntry][])('%s', async (_what, entry) => {
    expect(await outcomeOf(made([...entries, entry]))).toBe('archive.linkEntry');
  });

  it('a folder with content', async () => {
    expect(await outcomeOf(one('folder/'))).toBe('archive.headerMismatch');
  });
});

describe('entries that a disk would take for one are refused', () => {
  it.each([
    ['the same name', 'a/x.pdf', 'a/x.pdf'],
    ['in other case', 'a/x.pdf', 'A/X.PDF'],
    ['composed and decomposed', 'é.pdf', 'e\u0301.pdf'],
    ['full-width', 'ａ.pdf', 'a.pdf'],
    ['a compatibility form', 'ﬁ.pdf', 'fi.pdf'],
    ['with an invisible character', 'x.pdf', 'x\u200b.pdf'],
    ['slash and backslash', 'a/x.pdf', 'a\\x.pdf'],
    ['a file and a folder', 'a', 'a/x.pdf'],
    ['a file and an empty folder', 'a', 'A/'],
  ])('%s', async (_what, first, second) => {
    const both = [first, second].map((name): HandMadeEntry => ({ name, content: name.endsWith('/') ? Buffer.alloc(0) : Buffer.from('x') }));
    expect(await outcomeOf(made(both))).toBe('archive.duplicateEntry');
    expect(await outcomeOf(made(both.reverse()))).toBe('archive.duplicateEntry');
  });

  it('while a folder may be listed twice', async () => {
    expect(await outcomeOf(made([{ name: 'a/' }, { name: 'a/x.pdf', content: bulk }, { name: 'a/' }]))).toHaveLength(3);
  });
});

describe('an archive that is not what it says is refused', () => {
  const first = { ...entries[0]! };
  const second = { ...entries[1]! };
  const nameOf = (name: string) => Buffer.from(name);

  it.each([
    ['another name in front of the content', { ...second, local: { name: nameOf('B123456780/多元表現/M01.pdf') } }, 'headerMismatch'],
    ['another method', { ...second, local: { method: 8 } }, 'headerMismatch'],
    ['encrypted in the directory only', { ...first, protection: 'none', central: { flags: 0x801 } }, 'headerMismatch'],
    ['encrypted in front of the content only', { ...second, local: { flags: 0x800 } }, 'headerMismatch'],
    ['other sizes', { ...second, protection: 'none', local: { bytes: 5, compressedBytes: 5 } }, 'headerMismatch'],
    ['another check sum', { ...second, aesVersion: 1, local: { crc32: 5 } }, 'headerMismatch'],
    [
      'another strength of AES',
      { ...second, local: { extra: extraField(0x9901, Buffer.from('02004145010000', 'hex')) } },
      'headerMismatch',
    ],
    ['a descriptor of other sizes', { ...second, protection: 'none', descriptor: 'signed', central: { crc32: 7 } }, 'headerMismatch'],
    ['a size that is too small', { ...second, protection: 'none', central: { bytes: 10 }, local: { bytes: 10 } }, 'sizeMismatch'],
    ['a size that is too large', { ...second, protection: 'none', central: { bytes: 90_000 }, local: { bytes: 90_000 } }, 'sizeMismatch'],
    ['the same of AES', { ...second, central: { bytes: 10 }, local: { bytes: 10 } }, 'sizeMismatch'],
    ['a deflated size that is too small', { ...first, central: { bytes: 10 }, local: { bytes: 10 } }, 'sizeMismatch'],
    ['a deflated size that is too large', { ...first, central: { bytes: 5000 }, local: { bytes: 5000 } }, 'sizeMismatch'],
    ['a content shorter than its salt', { ...first, central: { compressedBytes: 10 }, local: { compressedBytes: 10 } }, 'junkAround'],
    [
      'a content that reaches into the directory',
      { ...first, protection: 'none', central: { compressedBytes: 99_999 }, local: { compressedBytes: 99_999 } },
      'overlappingEntries',
    ],
    ['a place outside the file', { ...first, central: { offset: 0x7fffffff } }, 'damaged'],
    ['a place in the middle of a content', { ...first, central: { offset: 60 } }, 'overlappingEntries'],
    ['an AES field that is missing', { ...first, local: { extra: Buffer.alloc(0) }, central: { extra: Buffer.alloc(0) } }, 'damaged'],
    [
      'an AES of another kind',
      { ...first, central: { extra: extraField(0x9901, Buffer.from('03004145030800', 'hex')) } },
      'unsupportedMethod',
    ],
    ['strong encryption', { ...first, central: { flags: 0x841 }, local: { flags: 0x841 } }, 'unsupportedMethod'],
    ['a method that is not deflate', { ...first, protection: 'none', central: { method: 12 }, local: { method: 12 } }, 'unsupportedMethod'],
    ['extra fields that end too late', { ...first, protection: 'none', central: { extra: Buffer.from([1, 0, 200, 0]) } }, 'damaged'],
    ['a size of 4 GiB', { ...first, protection: 'none', central: { bytes: 0xffffffff } }, 'compressionBomb'],
    [
      'a ZIP64 size of 2^63',
      { ...first, protection: 'none', central: { bytes: 0xffffffff, extra: extraField(1, Buffer.from('ffffffffffffff7f', 'hex')) } },
      'compressionBomb',
    ],
    [
      'a ZIP64 place of 2^64 - 1',
      { ...first, protection: 'none', central: { offset: 0xffffffff, extra: extraField(1, Buffer.from('ffffffffffffffff', 'hex')) } },
      'damaged',
    ],
    ['bytes between two entries', { ...first, before: Buffer.from('hidden') }, 'junkAround'],
    [
      'an entry that the directory leaves out',
      { ...first, before: made([{ name: 'hidden.exe', content: bulk }]).subarray(0, 300) },
      'junkAround',
    ],
  ] as [string, HandMadeEntry, string][])('%s', async (_what, entry, code) => {
    expect(await outcomeOf(made([second, { ...entry, name: entry.name === second.name ? 'other.pdf' : entry.name }]))).toBe(
      `archive.${code}`,
    );
  });

  it('two entries with one content', async () => {
    const same = { ...second, name: 'B123456780/多元表現/M01.pdf', central: { offset: 0 } };
    expect(await outcomeOf(made([{ ...second, name: 'A.pdf' }, same]))).toBe('archive.overlappingEntries');
  });

  it.each([
    ['a directory that lists less than there is', { end: { entries: 1, entriesHere: 1 } }, 'headerMismatch'],
    ['a directory that lists more', { end: { entries: 3, entriesHere: 3 } }, 'damaged'],
    ['a directory that is longer', { end: { directoryBytes: 50_000 } }, 'damaged'],
    ['a directory that lies elsewhere', { end: { directoryAt: 7 } }, 'junkAround'],
    ['a directory far away', { end: { directoryAt: 0xfffffff0 } }, 'damaged'],
    ['a second disk', { end: { disk: 1 } }, 'splitArchive'],
    ['a directory on another disk', { end: { directoryDisk: 1 } }, 'splitArchive'],
    ['entries on other disks', { end: { entriesHere: 1 } }, 'splitArchive'],
    ['a comment that is cut off', { comment: Buffer.from('說明'), end: { commentBytes: 700 } }, 'truncated'],
    ['a ZIP64 end that is elsewhere', { zip64: true, zip64End: { recordAt: 3 } }, 'junkAround'],
    ['a ZIP64 end outside the file', { zip64: true, zip64End: { recordAt: 2 ** 40 } }, 'junkAround'],
    ['a ZIP64 end with other numbers', { zip64: true, zip64End: { entries: 1n }, end: { entries: 2 } }, 'headerMismatch'],
    ['a ZIP64 end with too few entries', { zip64: true, zip64End: { entries: 1n } }, 'headerMismatch'],
    ['a ZIP64 directory of 2^64 - 1', { zip64: true, zip64End: { directoryBytes: -1n } }, 'damaged'],
    ['a ZIP64 archive of two disks', { zip64: true, zip64End: { disks: 2 } }, 'splitArchive'],
    ['something in front that the offsets know', { front: Buffer.from('MZ a program that unpacks itself') }, 'junkAround'],
    ['something in front that they do not know', { frontUnknown: Buffer.from('MZ a program that unpacks itself') }, 'junkAround'],
    ['another archive in front', { frontUnknown: made([{ name: 'a', content: bulk }]) }, 'junkAround'],
    ['something behind', { behind: Buffer.from('-- \nSent through a gateway\n') }, 'junkAround'],
    ['another archive behind', { behind: made([{ name: 'a', content: bulk }]) }, 'junkAround'],
    ['much behind', { behind: randomBytes(900_000) }, 'junkAround'],
    ['something in front of the end', { beforeEnd: Buffer.from('x') }, 'junkAround'],
    ['an end in the comment', { comment: made([]) }, 'junkAround'],
    ['an archive in the comment', { comment: made([{ name: 'b', content: Buffer.from('y') }]) }, 'junkAround'],
  ] as [string, HandMadeArchive, string][])('%s', async (_what, archive, code) => {
    expect(await outcomeOf(made(entries, archive))).toBe(`archive.${code}`);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['three bytes', Buffer.from('PK\x03')],
    ['random bytes', randomBytes(100_000)],
    ['a RAR', Buffer.from('Rar!\x1a\x07\x01\x00aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'latin1')],
    ['a 7z', Buffer.from('7z\xbc\xaf\x27\x1caaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'latin1')],
    ['a PDF', Buffer.from('%PDF-1.7\n%%EOF\n')],
    ['a gzip', Buffer.from('1f8b0800000000000003', 'hex')],
    ['zeros', Buffer.alloc(3_000_000)],
  ])('%s is no ZIP', async (_what, bytes) => {
    expect(await outcomeOf(bytes)).toBe('archive.notZip');
  });

  it('the first part of a split archive', async () => {
    expect(await outcomeOf(Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), made(entries).subarray(0, 20_000)]))).toBe(
      'archive.splitArchive',
    );
  });
});

describe('bombs are refused from the listing', () => {
  const zeros = Buffer.alloc(20 * 1024 * 1024);

  it('more entries than there may be, before they are read', async () => {
    const many = made(Array.from({ length: 1001 }, (_, index) => ({ name: `${index}.pdf`, protection: 'none' as const })));
    expect(await outcomeOf(many)).toBe('archive.tooManyEntries');
    const claimed = { zip64: true, zip64End: { entries: 2n ** 40n } };
    expect(await outcomeOf(made(entries, claimed))).toBe('archive.tooManyEntries');
  });

  it('as many as there may be, with long names, in a moment and little memory', async () => {
    const most = Array.from(
      { length: 50_000 },
      (_, index): HandMadeEntry => ({
        name: `${'abcdefgh/'.repeat(10)}${index}/${index}/${index}/C01.pdf`,
        protection: 'none',
      }),
    );
    const bytes = made(most, { zip64: true });
    const heap = process.memoryUsage().heapUsed;
    expect(await outcomeOf(bytes, { entries: 50_000 }, handMadePassword, 30)).toHaveLength(50_000);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(512 * 1024 * 1024);
  });

  it('a content that would grow too much, one or all together', async () => {
    expect(await outcomeOf(made([{ name: 'zeros', content: zeros, deflate: true }]))).toBe('archive.compressionBomb');
    const small = Array.from(
      { length: 70 },
      (_, index): HandMadeEntry => ({ name: `${index}`, content: zeros.subarray(0, 1024 * 1024), deflate: true }),
    );
    expect(await outcomeOf(made(small))).toBe('archive.compressionBomb');
  });

  it('more bytes than there may be', async () => {
    expect(await outcomeOf(made([{ name: 'a', content: randomBytes(3000) }]), { totalBytes: 2000 })).toBe('archive.tooBig');
  });

  it('a size that lies ends at the first byte too many', async () => {
    const lie = { bytes: 1000 };
    expect(await outcomeOf(made([{ name: 'zeros', content: zeros, deflate: true, central: lie, local: lie }]))).toBe(
      'archive.sizeMismatch',
    );
    const short = { name: 'zeros', content: zeros, deflate: true, protection: 'zipCrypto' as const, central: lie, local: lie };
    expect(await outcomeOf(made([short]))).toBe('archive.sizeMismatch');
  });
});

describe('a cut', () => {
  const whole: [string, HandMadeArchive, Partial<HandMadeEntry>][] = [
    ['an AES archive with a comment', { comment: Buffer.from('說明') }, {}],
    ['a ZipCrypto archive with descriptors', {}, { protection: 'zipCrypto', descriptor: 'signed' }],
    ['a ZIP64 archive', { zip64: true }, { zip64: true }],
  ];

  it.each(whole)('through %s is noticed wherever it is', async (_what, archive, more) => {
    const { bytes, structures } = handMadeZip(
      entries.map((entry) => ({ ...entry, ...more })),
      archive,
    );
    expect(await outcomeOf(bytes)).toHaveLength(entries.length);
    const cuts = new Set(structures.flatMap(({ from, to }) => [from, from + 1, Math.floor((from + to) / 2), to - 1]));
    for (const cut of [...cuts].filter((at) => at > 3 && at < bytes.byteLength)) {
      expect(await outcomeOf(bytes.subarray(0, cut)), `cut at ${cut}`).toBe('archive.truncated');
    }
    for (const cut of [...cuts].filter((at) => at <= 3)) expect(await outcomeOf(bytes.subarray(0, cut))).toBe('archive.notZip');
  });

  it.each(whole)('out of the middle of %s is noticed', async (_what, archive, more) => {
    const { bytes, structures } = handMadeZip(
      entries.map((entry) => ({ ...entry, ...more })),
      archive,
    );
    for (const { from, to } of structures.filter(({ name }) => name !== 'comment')) {
      const without = Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.floor((from + to) / 2) + 1)]);
      expect(await outcomeOf(without)).toMatch(
        /^archive\.(damaged|truncated|headerMismatch|junkAround|notZip|sizeMismatch|overlappingEntries|splitArchive)$/,
      );
    }
  });
});

describe('a wrong password', () => {
  it('is told by the check in front of a content', async () => {
    expect(await outcomeOf(made(entries), {}, 'wrong')).toBe('archive.passwordWrong');
    expect(await outcomeOf(made(entries.map((entry) => ({ ...entry, protection: 'zipCrypto' }))), {}, 'wrong')).toMatch(
      /^archive\.(passwordWrong|damaged|sizeMismatch)$/,
    );
  });
});
