import { hash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readUpTo } from '../../main/platform/archive-bytes.ts';
import { openArchive, readArchive } from '../../main/platform/archive-reader.ts';
import { testArchive } from '../../main/platform/seven-zip.ts';
import { temporaryFolder } from '../support/directories.ts';
import { sevenZip, zipBySevenZip } from '../support/seven-zip.ts';

const limits = { entries: 1000, totalBytes: 2 ** 32, ratio: 200 };
const password = 'Kp7xWq3nZt5vRm8y';
let folder: ReturnType<typeof temporaryFolder>;
let path: string;

beforeEach(() => {
  folder = temporaryFolder('archive');
  path = join(folder.path, 'out.zip');
});
afterEach(() => folder.remove());

const text = Buffer.from(JSON.stringify({ 內容: '學習歷程'.repeat(5000) }));
const bulk = randomBytes(3 * 1024 * 1024 + 77);
/** As a transfer file has them: a text that is deflated, attachments that are stored. */
const files = { '080000_2020.json': text, 'A123456789/多元表現/M01.pdf': bulk, 'A123456789/多元表現/M02.mp4': Buffer.from('x') };

describe('an archive written by 7-Zip', () => {
  it.each([
    ['AES256', 'AES-256'],
    ['AES192', 'AES-192'],
    ['AES128', 'AES-128'],
    ['ZipCrypto', 'ZipCrypto'],
  ])('as %s is read back byte for byte', async (method, name) => {
    zipBySevenZip(path, files, method, password);
    const archive = await openArchive(path, limits);
    expect(archive.entries.map((entry) => entry.name).sort()).toEqual(Object.keys(files).sort());
    for (const entry of archive.entries) {
      expect(entry.encryption).toBe(name);
      expect((await archive.read(entry, password, 2 ** 26)).equals(files[entry.name as keyof typeof files])).toBe(true);
    }
    expect(archive.entries.map((entry) => entry.stored)).toEqual([false, true, true]);
    await archive.close();
  });

  it('as many entries at once are read in their order, with their hashes, by trays', async () => {
    const many = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`M0${index}.mp4`, randomBytes(index * 4_000_001)]));
    zipBySevenZip(path, many, 'AES256', password);
    const archive = await openArchive(path, limits);
    const seen: string[] = [];
    let trays = 0;
    for await (const tray of archive.readAll(archive.entries.toReversed(), password, 2 ** 26, new AbortController().signal)) {
      trays += 1;
      for (const { entry, content, md5, sha256 } of tray) {
        expect(content.equals(many[entry.name]!)).toBe(true);
        expect([md5, sha256]).toEqual([hash('md5', content), hash('sha256', content)]);
        seen.push(entry.name);
      }
    }
    expect(seen).toEqual(archive.entries.map(({ name }) => name));
    expect(trays).toBe(3);
    await archive.close();
  });

  it('within another is read where it lies, and nothing of it before all of it is authentic', async () => {
    const inner = join(folder.path, 'inner.zip');
    writeFileSync(join(folder.path, 'M01.pdf'), bulk);
    sevenZip(['a', '-tzip', '-mx=0', inner, 'M01.pdf'], folder.path);
    const content = readFileSync(inner);
    zipBySevenZip(path, { 'portfolio.zip': content }, 'AES192', password);
    const unsealing = { signal: new AbortController().signal, onRead: () => {} };
    const outer = await openArchive(path, limits);
    const bytes = await outer.unseal(outer.entries[0]!, password, unsealing);
    for (const [position, length] of [
      [0, 30],
      [1, 17],
      [4_095, 300_001],
      [content.byteLength - 22, 22],
    ] as const) {
      const part = readUpTo(bytes, Buffer.alloc(length), position);
      expect(part.equals(content.subarray(position, position + length))).toBe(true);
    }
    expect(readUpTo(bytes, Buffer.alloc(10), content.byteLength - 3)).toHaveLength(3);
    const archive = await readArchive(bytes, limits);
    const [entry] = archive.entries;
    expect((await archive.read(entry!, '', 2 ** 26)).equals(bulk)).toBe(true);
    for await (const [read] of archive.readAll([entry!], '', 2 ** 26, unsealing.signal)) expect(read!.content.equals(bulk)).toBe(true);
    await expect(outer.unseal(outer.entries[0]!, 'wrong', unsealing)).rejects.toMatchObject({ code: 'archive.passwordWrong' });
    await outer.close();

    const flipped = readFileSync(path);
    flipped[Math.floor(flipped.byteLength / 2)]! ^= 1;
    writeFileSync(path, flipped);
    const broken = await openArchive(path, limits);
    await expect(broken.unseal(broken.entries[0]!, password, unsealing)).rejects.toMatchObject({ code: 'archive.damaged' });
    await broken.close();

    rmSync(path);
    zipBySevenZip(path, { 'portfolio.zip': content }, 'ZipCrypto', password);
    const weak = await openArchive(path, limits);
    await expect(weak.unseal(weak.entries[0]!, password, unsealing)).rejects.toMatchObject({ code: 'archive.unsupportedMethod' });
    await weak.close();
  });

  it('tells a wrong password from a damaged file, by 7-Zip and by the reader alike', async () => {
    zipBySevenZip(path, files, 'AES256', password);
    await expect(testArchive(path, 'wrong')).rejects.toMatchObject({ code: 'archive.passwordWrong' });
    const archive = await openArchive(path, limits);
    await expect(archive.read(archive.entries[1]!, 'wrong', 2 ** 26)).rejects.toMatchObject({ code: 'archive.passwordWrong' });
    await archive.close();

    const bytes = readFileSync(path);
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(bytes.length / 2)]! ^= 1;
    writeFileSync(path, flipped);
    const broken = await openArchive(path, limits);
    await expect(broken.read(broken.entries[1]!, password, 2 ** 26)).rejects.toMatchObject({ code: 'archive.damaged' });
    await broken.close();

    writeFileSync(path, bytes.subarray(0, bytes.length - 10));
    await expect(openArchive(path, limits)).rejects.toMatchObject({ code: 'archive.truncated' });
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    await expect(openArchive(path, limits)).rejects.toMatchObject({ code: 'archive.truncated' });
  });

  it('refuses what is no ZIP, what is too big and what would grow too much', async () => {
    for (const other of [Buffer.alloc(0), randomBytes(500), Buffer.from('Rar!\x1a\x07\x00aaaaaaaaaaaaaaaaaaaaaaaa')]) {
      writeFileSync(path, other);
      await expect(openArchive(path, limits)).rejects.toMatchObject({ code: 'archive.notZip' });
    }
    rmSync(path);
    zipBySevenZip(path, { 'zeros.json': Buffer.alloc(20 * 1024 * 1024) }, 'AES256', password);
    await expect(openArchive(path, limits)).rejects.toMatchObject({ code: 'archive.compressionBomb' });
    await expect(openArchive(path, { ...limits, totalBytes: 1000, ratio: 1e6 })).rejects.toMatchObject({ details: { rule: 'totalBytes' } });
    const archive = await openArchive(path, { ...limits, ratio: 1e6 });
    await expect(archive.read(archive.entries[0]!, password, 1000)).rejects.toMatchObject({ code: 'archive.tooBig' });
    await archive.close();
  });
});
