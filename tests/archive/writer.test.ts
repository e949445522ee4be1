import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openArchive } from '../../main/platform/archive-reader.ts';
import type { ArchiveEncryption } from '../../main/platform/archive-records.ts';
import {
  type ArchiveImage,
  type ArchiveSource,
  deflatedText,
  layOutArchive,
  storedContent,
  writeArchive,
} from '../../main/platform/archive-writer.ts';
import { testArchive } from '../../main/platform/seven-zip.ts';
import { temporaryFolder } from '../support/directories.ts';
import { sevenZip } from '../support/seven-zip.ts';

const limits = { entries: 100_000, totalBytes: 2 ** 40, ratio: 1e6 };
const password = 'Kp7xWq3nZt5vRm8y';
const python = spawnSync('python3', ['--version']).error === undefined;
if (!python) console.warn('python3 is not installed: no ZIP of our writer is read by it');
const modified = new Date('2026-11-24T09:30:14+08:00');
let folder: ReturnType<typeof temporaryFolder>;
let path: string;

beforeEach(() => {
  folder = temporaryFolder('writer');
  path = join(folder.path, 'out.zip');
});
afterEach(() => folder.remove());

const text = JSON.stringify({ 內容: '學習歷程'.repeat(50_000) });
/** Sizes around what the writer and the cipher take at a time. */
const contents: Record<string, Buffer> = Object.fromEntries(
  [0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 1_048_576, 3_145_805].map((bytes, index) => [
    `A123456789/多元表現/M${index}_𠮷.pdf`,
    randomBytes(bytes),
  ]),
);
const expected: Record<string, Buffer> = { '999999_2026.json': Buffer.from(text), ...contents };

async function sources(): Promise<ArchiveSource[]> {
  // The text comes in parts that cut characters' code units nowhere, but lie anyhow across blocks.
  const parts = text.match(/.{1,9973}/gs)!;
  return [
    await deflatedText('999999_2026.json', parts),
    ...Object.entries(contents).map(([name, content]) => storedContent(name, content)),
  ];
}

const write = async (encryption: ArchiveEncryption) => {
  const image = layOutArchive(await sources(), { encryption, password, modified });
  await writeArchive(path, image);
  expect(statSync(path).size).toBe(image.bytes);
};

const digests = (files: Readonly<Record<string, Buffer>>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')]));

/** What Python's zipfile, which has nothing in common with the others, finds in an archive, by SHA-256. Its ZipCrypto needs a second a MB. */
function readByPython(archive: string, atMost = 2 ** 26): Record<string, string> {
  const script = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    archive.setpassword(sys.argv[2].encode())
    entries = [entry for entry in archive.infolist() if entry.file_size <= int(sys.argv[3])]
    print(json.dumps({entry.filename: hashlib.sha256(archive.read(entry)).hexdigest() for entry in entries}))`;
  return JSON.parse(execFileSync('python3', ['-c', script, archive, password, String(atMost)], { encoding: 'utf8', maxBuffer: 2 ** 26 }));
}

function readBySevenZip(archive: string): Record<string, string> {
  const extracted = join(folder.path, 'extracted');
  sevenZip(['x', `-p${password}`, `-o${extracted}`, archive], folder.path);
  const names = (readdirSync(extracted, { recursive: true }) as string[]).filter((name) => statSync(join(extracted, name)).isFile());
  return digests(Object.fromEntries(names.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(extracted, name))])));
}

async function readByOurs(archive: string): Promise<Record<string, string>> {
  const opened = await openArchive(archive, limits);
  const files: Record<string, Buffer> = {};
  for (const entry of opened.entries) files[entry.name] = await opened.read(entry, password, 2 ** 26);
  await opened.close();
  return digests(files);
}

describe('given an archive of our writer', () => {
  it.each(['aes256', 'zipCrypto', 'none'] as const)('as %s, then 7-Zip and our reader find what went in', async (encryption) => {
    await write(encryption);
    await testArchive(path, password);
    expect(readBySevenZip(path)).toEqual(digests(expected));
    expect(await readByOurs(path)).toEqual(digests(expected));
  });

  it.runIf(python).each(['zipCrypto', 'none'] as const)('as %s, then Python finds it too', async (encryption) => {
    await write(encryption);
    const atMost = encryption === 'zipCrypto' ? 100_000 : undefined;
    const small = Object.entries(expected).filter(([, { byteLength }]) => byteLength <= (atMost ?? Number.POSITIVE_INFINITY));
    expect(small.length).toBeGreaterThan(7);
    expect(readByPython(path, atMost)).toEqual(digests(Object.fromEntries(small)));
  });

  it('then each entry says what it is: AE-2 without a checksum, its method, its time in Taipei, its exact sizes', async () => {
    await write('aes256');
    const listing = sevenZip(['l', '-slt', path], folder.path);
    const methods = [...listing.matchAll(/^Method = (.*)$/gm)].map(([, method]) => method);
    expect(methods).toEqual(['AES-256 Deflate', ...Object.keys(contents).map(() => 'AES-256 Store')]);
    expect([...listing.matchAll(/^CRC = (.*)$/gm)].every(([, crc]) => crc === '')).toBe(true);
    expect([...listing.matchAll(/^Modified = (.*)$/gm)].slice(1).every(([, time]) => time!.startsWith('2026-11-24 09:30:14'))).toBe(true);
    expect([...listing.matchAll(/^Size = (\d+)$/gm)].map(([, size]) => Number(size))).toEqual(
      Object.values(expected).map((content) => content.byteLength),
    );
    expect(listing).not.toContain('Descriptor');
    // Nobody who has the same file twice learns anything from it.
    const first = readFileSync(path);
    const again = join(folder.path, 'again.zip');
    await writeArchive(again, layOutArchive(await sources(), { encryption: 'aes256', password, modified }));
    expect(readFileSync(again).equals(first)).toBe(false);
  });

  it('in another archive, then 7-Zip opens both, and no name shows outside', async () => {
    const archive = layOutArchive(await sources(), { encryption: 'none', password: '', modified });
    await writeArchive(path, layOutArchive([{ name: 'portfolio.zip', archive }], { encryption: 'aes256', password, modified }));
    expect(readFileSync(path).includes('A123456789')).toBe(false);
    sevenZip(['x', `-p${password}`, path], folder.path);
    path = join(folder.path, 'portfolio.zip');
    expect(statSync(path).size).toBe(archive.bytes);
    expect(readBySevenZip(path)).toEqual(digests(expected));
    if (python) expect(readByPython(path)).toEqual(digests(expected));
  });
});

describe('given what a plain ZIP cannot tell', () => {
  it('more than 65,535 entries, then every reader finds the last', async () => {
    const nothing = Buffer.from('x');
    const many = Array.from({ length: 70_000 }, (_, index) => storedContent(`${index}.txt`, nothing));
    await writeArchive(path, layOutArchive(many, { encryption: 'none', password: '', modified }));
    expect(sevenZip(['t', path], folder.path)).toMatch(/Files: 70000/);
    const script = 'import sys, zipfile; a = zipfile.ZipFile(sys.argv[1]); print(len(a.namelist()), a.read("69999.txt").decode())';
    if (python) expect(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' })).toBe('70000 x\n');
    const opened = await openArchive(path, limits);
    expect(opened.entries).toHaveLength(70_000);
    expect((await opened.read(opened.entries.at(-1)!, '', 10)).toString()).toBe('x');
    await opened.close();
  });

  /** Puts an archive on the disk as a sparse file: records and small contents where they belong, the zeros of large ones nowhere. */
  function lay(image: ArchiveImage, small: Readonly<Record<number, Buffer>>): void {
    const file = openSync(path, 'wx');
    let offset = 0;
    for (const [index, piece] of image.pieces.entries()) {
      if (piece.kind === 'record') writeSync(file, piece.bytes, 0, piece.bytes.byteLength, offset);
      else if (small[index]) writeSync(file, small[index], 0, piece.packedBytes, offset);
      offset += piece.kind === 'record' ? piece.bytes.byteLength : piece.packedBytes;
    }
    ftruncateSync(file, offset);
    closeSync(file);
    expect(offset).toBe(image.bytes);
  }

  const largeBytes = 4200 * 2 ** 20;
  let checksumOfZeros = 0;
  beforeAll(() => {
    const block = Buffer.alloc(2 ** 20);
    for (let done = 0; done < largeBytes; done += block.byteLength) checksumOfZeros = crc32(block, checksumOfZeros);
  });
  const large = (name: string): ArchiveSource => ({ name, bytes: largeBytes, sha256: '', crc32: checksumOfZeros, content: () => [] });

  it('an entry and an offset above 4 GiB, then every reader finds what lies behind', async () => {
    const behind = randomBytes(1000);
    const image = layOutArchive([large('large.bin'), storedContent('behind.bin', behind)], {
      encryption: 'none',
      password: '',
      modified,
    });
    expect(image.bytes).toBeGreaterThan(2 ** 32);
    lay(image, { 3: behind });
    const listing = sevenZip(['l', '-slt', path], folder.path);
    expect([...listing.matchAll(/^Size = (\d+)$/gm)].map(([, size]) => Number(size))).toEqual([largeBytes, 1000]);
    sevenZip(['x', path, 'behind.bin'], folder.path);
    expect(readFileSync(join(folder.path, 'behind.bin')).equals(behind)).toBe(true);
    const script =
      'import sys, zipfile; a = zipfile.ZipFile(sys.argv[1]); sys.stdout.buffer.write(a.read("behind.bin")); a.open("large.bin").close()';
    if (python) expect(execFileSync('python3', ['-c', script, path]).equals(behind)).toBe(true);
    const opened = await openArchive(path, limits);
    expect(opened.entries.map(({ bytes }) => bytes)).toEqual([largeBytes, 1000]);
    expect((await opened.read(opened.entries[1]!, '', 2000)).equals(behind)).toBe(true);
    await opened.close();
  });

  it('an encrypted entry above 4 GiB, then its ZIP64 and AES fields stand side by side', async () => {
    const image = layOutArchive([large('portfolio.zip')], { encryption: 'aes256', password, modified });
    const file = openSync(path, 'wx');
    writeSync(file, (image.pieces[0] as { bytes: Uint8Array }).bytes);
    const ending = (image.pieces.at(-1) as { bytes: Uint8Array }).bytes;
    writeSync(file, ending, 0, ending.byteLength, image.bytes - ending.byteLength);
    closeSync(file);
    const listing = sevenZip(['l', '-slt', path], folder.path);
    expect(listing).toMatch(/^Method = AES-256 Store$/m);
    expect(listing).toMatch(new RegExp(`^Packed Size = ${largeBytes + 28}$`, 'm'));
    const opened = await openArchive(path, limits);
    expect(opened.entries).toMatchObject([{ bytes: largeBytes, encryption: 'AES-256', stored: true }]);
    await opened.close();
  });
});

describe('given a writing that cannot be finished', () => {
  const endless = (): ArchiveSource => ({
    name: 'M01.mp4',
    bytes: 2 ** 31,
    sha256: '',
    content: function* () {
      for (;;) yield Buffer.alloc(2 ** 18);
    },
  });
  const sealing = { encryption: 'aes256', password, modified } as const;

  it('then a cancelled one stops within a second and leaves no file', async () => {
    const abort = new AbortController();
    let asked = 0;
    const writing = writeArchive(path, layOutArchive([endless()], sealing), {
      signal: abort.signal,
      onWritten: (bytes) => {
        if (bytes < 2 ** 23 || abort.signal.aborted) return;
        asked = performance.now();
        abort.abort();
      },
    });
    await expect(writing).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(existsSync(path)).toBe(false);
  });

  it('then one whose content fails or is of another length leaves no file', async () => {
    const failing = {
      ...endless(),
      content: () => {
        throw new Error('the store is gone');
      },
    };
    await expect(writeArchive(path, layOutArchive([failing], sealing))).rejects.toThrow('the store is gone');
    const short = { ...storedContent('a', Buffer.from('abc')), bytes: 4 };
    await expect(writeArchive(path, layOutArchive([short], sealing))).rejects.toThrow('4 bytes gave 3');
    expect(existsSync(path)).toBe(false);
  });

  it('then a file that is there already stays as it is', async () => {
    const image = layOutArchive([storedContent('a', Buffer.from('abc'))], sealing);
    await writeArchive(path, image);
    const before = readFileSync(path);
    await expect(writeArchive(path, image)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
