import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeEntryName, faultOfEntryName, sameNameKey } from '../../main/platform/archive-names.ts';

describe('names of ZIP entries', () => {
  it('are read in UTF-8, in CP950 where they are that, and with the slashes of Windows', () => {
    expect(decodeEntryName(Buffer.from('多元表現/M01.pdf'), 0)).toBe('多元表現/M01.pdf');
    expect(decodeEntryName(Buffer.from('多元表現/M01.pdf'), 1 << 11)).toBe('多元表現/M01.pdf');
    // 功 is A5 5C in CP950: its second byte is a backslash only to whoever does not decode it.
    expect(decodeEntryName(Buffer.from([0xa5, 0x5c, 0x5c, 0x61]), 0)).toBe('功/a');
    expect(decodeEntryName(Buffer.from([0xff, 0xff]), 0)).toBeUndefined();
    expect(decodeEntryName(Buffer.from([0xa5, 0x5c]), 1 << 11)).toBeUndefined();
  });

  it('are read from Info-ZIP’s field beside them while its check sum is that of the name', () => {
    const raw = Buffer.from([0xa5, 0x5c]);
    const field = (version: number, sum: number) => {
      const data = Buffer.concat([Buffer.from([version, 0, 0, 0, 0]), Buffer.from('成果')]);
      data.writeUInt32LE(sum, 1);
      return [{ id: 0x7075, data }];
    };
    expect(decodeEntryName(raw, 0, field(1, crc32(raw)))).toBe('成果');
    expect(decodeEntryName(raw, 0, field(1, 5))).toBe('功');
    expect(decodeEntryName(raw, 0, field(2, crc32(raw)))).toBe('功');
  });

  it.each([
    ['', 'empty'],
    ['a//b', 'empty'],
    ['./a', 'empty'],
    ['/etc/passwd', 'absolute'],
    ['../a', 'parent'],
    ['a/../../b', 'parent'],
    ['C:/a', 'drive'],
    ['c:a', 'drive'],
    ['a/b.pdf:stream', 'stream'],
    ['a/CON', 'device'],
    ['nul.json', 'device'],
    ['Lpt1 .pdf', 'device'],
    ['a/b.', 'trailing'],
    ['a /b', 'trailing'],
    ['a\u0000b', 'control'],
    ['a\u202egpj.exe', 'control'],
    ['x'.repeat(256), 'tooLong'],
  ])('%j is refused: %s', (name, fault) => {
    expect(faultOfEntryName(name)).toBe(fault);
  });

  it('of the format are taken', () => {
    for (const name of ['A123456789/多元表現/M01.pdf', 'A123456789/', '080000_2020_07_17_09_59_14.json', 'console.json']) {
      expect(faultOfEntryName(name)).toBeUndefined();
    }
  });

  it('that a disk may take for one another have one key', () => {
    expect(sameNameKey('A/Ａ.PDF')).toBe(sameNameKey('a/a.pdf'));
    expect(sameNameKey('e\u0301')).toBe(sameNameKey('\u00e9'));
    expect(sameNameKey('a')).not.toBe(sameNameKey('b'));
  });
});
