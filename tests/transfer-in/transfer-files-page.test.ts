import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tasks } from '../../main/application/tasks.ts';
import { operations } from '../../main/features/contract.ts';
import * as feature from '../../main/features/transfer-in/errors.ts';
import { checkMd5 } from '../../main/features/transfer-in/md5-check.ts';
import * as archive from '../../main/platform/archive-errors.ts';
import { ApplicationError } from '../../main/platform/errors.ts';
import { programRoot } from '../../main/platform/resources.ts';
import { JsonFault } from '../../main/platform/strict-json.ts';

/** docs/transfer-files.md and the code say the same. */
const page = readFileSync(join(programRoot, 'docs/transfer-files.md'), 'utf8');
const rows = new Map([...page.matchAll(/^\| `(transferIn\.\w+)` \|(.*)$/gm)].map(([, code, rest]) => [code!, rest!]));

function codesOfSources(): Set<string> {
  const folder = join(programRoot, 'main/features/transfer-in');
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const text = [...paths, join(programRoot, 'main/platform/archive-errors.ts')].map((path) => readFileSync(path, 'utf8')).join('\n');
  const names = [...text.matchAll(/'(?:transferIn|archive)\.(\w+)'/g)].map(([, name]) => `transferIn.${name}`);
  // Operations and tasks are named alike.
  return new Set(names.filter((name) => !operations.has(name as never) && !(name in tasks)));
}

function thrownBy(work: () => unknown): ApplicationError {
  try {
    work();
  } catch (error) {
    if (error instanceof ApplicationError) return error;
  }
  throw new Error('nothing was thrown');
}

const actual = '0123456789abcdef0123456789abcdef';
const md5 = (typed: string) => thrownBy(() => checkMd5({ typed, optional: false }, actual));
const file = (reason: Parameters<typeof feature.fileMismatch>[1]) => feature.fileMismatch('A123456789/課程學習成果/C01.pdf', reason);
const json = (fault: JsonFault['fault']) => feature.jsonRefused('學習歷程/資料.json', new JsonFault(fault, 0));

/** Each of the two modules' functions at least once, with what the page has in the place of a file's own words. */
const archiveErrors: Record<keyof typeof archive, ApplicationError[]> = {
  notZip: [archive.notZip(0)],
  truncated: [archive.truncated('')],
  damaged: [archive.damaged()],
  passwordWrong: [archive.passwordWrong()],
  junkAround: [archive.junkAround('front')],
  splitArchive: [archive.splitArchive()],
  unsupportedMethod: [archive.unsupportedMethod('')],
  unsafePath: [archive.unsafePath('parent', 0)],
  unsafeName: [archive.unsafeName('device', 0)],
  nameEncoding: [archive.nameEncoding(0)],
  linkEntry: [archive.linkEntry()],
  duplicateEntry: [archive.duplicateEntry('file')],
  overlappingEntries: [archive.overlappingEntries()],
  headerMismatch: [archive.headerMismatch('name')],
  tooManyEntries: [archive.tooManyEntries(50_000)],
  tooBig: [archive.tooBig({})],
  compressionBomb: [archive.compressionBomb('entry')],
  sizeMismatch: [archive.sizeMismatch()],
};
const featureErrors: Record<keyof typeof feature, ApplicationError[]> = {
  asTransferError: [
    feature.asTransferError(Object.assign(new Error(), { code: 'ENOENT' })) as ApplicationError,
    ...Object.values(archiveErrors)
      .flat()
      .map((error) => feature.asTransferError(error) as ApplicationError),
  ],
  notTransferFile: [feature.notTransferFile({})],
  severalLists: [feature.severalLists(2)],
  repeatedStudent: [feature.repeatedStudent()],
  notEncrypted: [feature.notEncrypted()],
  mixedEncryption: [feature.mixedEncryption(1)],
  newerFormat: [feature.newerFormat(2)],
  jsonWrongType: [feature.jsonWrongType('學分數', 1)],
  jsonTooBig: [feature.jsonTooBig({})],
  jsonRefused: (['encoding', 'syntax', 'tooDeep', 'tooManyValues', 'duplicateKey', 'number', 'text'] as const).map(json),
  otherStudent: [feature.otherStudent('學分數')],
  fileTooBig: [feature.fileTooBig('A123456789/課程學習成果/C01.pdf', 5 * 1024 * 1024, 4 * 1024 * 1024)],
  fileMismatch: (['missing', 'md5', 'sha256', 'bytes', 'extra', 'empty', 'type', 'disguised', 'polyglot', 'owner'] as const).map(file),
};

describe('docs/transfer-files.md', () => {
  it('lists every code of the feature, and none that is not', () => {
    expect([...rows.keys()].sort()).toEqual([...codesOfSources()].sort());
  });

  it('is held against every error that there is', () => {
    expect(Object.keys(archiveErrors).sort()).toEqual(Object.keys(archive).sort());
    expect(Object.keys(featureErrors).sort()).toEqual(Object.keys(feature).sort());
  });

  const md5Errors = ['', 'abc', 'd41d8cd98f00b204e9800998ecf8427e', '4ae6d463-8b85-4ada-bd0f-a79a8a0ee4d6'].map(md5);
  const errors = [...Object.values(featureErrors).flat(), ...md5Errors];
  it.each(errors.map(({ code, message }) => [code, message]))('has the sentence of %s', (code, message) => {
    expect(rows.get(code)).toContain(message);
    expect(message).toMatch(/請|勿/);
  });

  it('shows no code without a sentence or a next step', () => {
    for (const [code, row] of rows) {
      const cells = row.split(' | ').map((cell) => cell.replace(/\|$/, '').trim());
      expect(cells.length, code).toBeGreaterThanOrEqual(2);
      expect(
        cells.every((cell) => cell !== ''),
        code,
      ).toBe(true);
    }
  });
});
