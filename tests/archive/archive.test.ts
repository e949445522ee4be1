import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveEncryption, sevenZipProgram, testArchive, writeArchive } from '../../main/platform/archive.ts';
import { openArchive } from '../../main/platform/archive-reader.ts';

const limits = { entries: 1000, totalBytes: 2 ** 32, ratio: 200 };
const password = 'Kp7xWq3nZt5vRm8y';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Files as a transfer file has them: texts to deflate, attachments to store. */
function stage(files: Record<string, Buffer>): string {
  const staged = join(folder, 'staged');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(staged, name)), { recursive: true });
    writeFileSync(join(staged, name), content);
  }
  return staged;
}

const text = Buffer.from(JSON.stringify({ 內容: '學習歷程'.repeat(5000) }));
const bulk = randomBytes(3 * 1024 * 1024 + 77);
const files = { '080000_2020.json': text, 'A123456789/多元表現/M01.pdf': bulk, 'A123456789/多元表現/M02.mp4': Buffer.from('x') };
const content = () => ({
  folder: stage(files),
  deflated: ['080000_2020.json'],
  stored: ['A123456789/多元表現/M01.pdf', 'A123456789/多元表現/M02.mp4'],
});

describe('an archive written by 7-Zip', () => {
  it.each([
    ['aes256', 'AES-256'],
    ['zipCrypto', 'ZipCrypto'],
  ] as [ArchiveEncryption, string][])('as %s is read back byte for byte', async (encryption, name) => {
    const path = join(folder, 'out.zip');
    await writeArchive(path, content(), encryption, password);
    await testArchive(path, password);
    const archive = await openArchive(path, limits);
    expect(archive.entries.map((entry) => entry.name).sort()).toEqual(Object.keys(files).sort());
    for (const entry of archive.entries) {
      expect(entry.encryption).toBe(name);
      expect((await archive.read(entry, password, 2 ** 26)).equals(files[entry.name as keyof typeof files])).toBe(true);
    }
    expect(archive.entries.map((entry) => entry.stored)).toEqual([false, true, true]);
    await archive.close();
  });

  it('streams an entry into a file of its own', async () => {
    const path = join(folder, 'out.zip');
    await writeArchive(path, content(), 'aes256', password);
    const archive = await openArchive(path, limits);
    const entry = archive.entries.find(({ name }) => name.endsWith('M01.pdf'))!;
    await archive.copyTo(entry, password, join(folder, 'copy'), 2 ** 26);
    expect(readFileSync(join(folder, 'copy')).equals(bulk)).toBe(true);
    await archive.close();
  });

  it('reads AES-128 and AES-192 too', async () => {
    for (const strength of ['AES128', 'AES192']) {
      const path = join(folder, `${strength}.zip`);
      execFileSync(sevenZipProgram(), ['a', '-tzip', path, '*', `-mem=${strength}`, `-p${password}`], {
        cwd: stage(files),
        stdio: 'ignore',
      });
      const archive = await openArchive(path, limits);
      const entry = archive.entries.find(({ name }) => name.endsWith('M01.pdf'))!;
      expect(entry.encryption.replace('-', '')).toBe(strength);
      expect((await archive.read(entry, password, 2 ** 26)).equals(bulk)).toBe(true);
      await archive.close();
    }
  });

  it('tells a wrong password from a damaged file, by 7-Zip and by the reader alike', async () => {
    const path = join(folder, 'out.zip');
    await writeArchive(path, content(), 'aes256', password);
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
    const path = join(folder, 'out.zip');
    for (const other of [Buffer.alloc(0), randomBytes(500), Buffer.from('Rar!\x1a\x07\x00aaaaaaaaaaaaaaaaaaaaaaaa')]) {
      writeFileSync(path, other);
      await expect(openArchive(path, limits)).rejects.toMatchObject({ code: 'archive.notZip' });
    }
    rmSync(path);
    const staged = stage({ 'zeros.json': Buffer.alloc(20 * 1024 * 1024) });
    await writeArchive(path, { folder: staged, deflated: ['zeros.json'], stored: [] }, 'aes256', password);
    await expect(openArchive(path, limits)).rejects.toMatchObject({ code: 'archive.compressionBomb' });
    await expect(openArchive(path, { ...limits, totalBytes: 1000, ratio: 1e6 })).rejects.toMatchObject({ details: { rule: 'totalBytes' } });
    const archive = await openArchive(path, { ...limits, ratio: 1e6 });
    await expect(archive.read(archive.entries[0]!, password, 1000)).rejects.toMatchObject({ code: 'archive.tooBig' });
    await archive.close();
  });

  it('never shows the password in an argument list', async () => {
    const staged = stage({ 'big.mp4': randomBytes(30 * 1024 * 1024) });
    const seen: string[] = [];
    const abort = new AbortController();
    await writeArchive(join(folder, 'out.zip'), { folder: staged, deflated: [], stored: ['big.mp4'] }, 'aes256', password, {
      signal: abort.signal,
      onProgress: () => {
        for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
          try {
            const line = readFileSync(`/proc/${id}/cmdline`, 'utf8');
            if (line.includes('out.zip')) seen.push(line);
          } catch (error) {
            // The process ended between listing and reading.
            expect((error as NodeJS.ErrnoException).code).toMatch(/ENOENT|ESRCH/);
          }
        }
      },
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join()).not.toContain(password);
  });

  it('leaves nothing behind when it is cancelled, missing or fails', async () => {
    const path = join(folder, 'out.zip');
    const staged = stage({ 'big.mp4': randomBytes(30 * 1024 * 1024) });
    const abort = new AbortController();
    const big = { folder: staged, deflated: [], stored: ['big.mp4'] };
    await expect(
      writeArchive(path, big, 'aes256', password, { signal: abort.signal, onProgress: () => abort.abort() }),
    ).rejects.toMatchObject({ code: 'job.cancelled' });
    await expect(writeArchive(path, big, 'aes256', password, { program: join(folder, 'none') })).rejects.toMatchObject({
      code: 'archive.programMissing',
    });
    const killed = join(folder, 'killed.sh');
    writeFileSync(killed, '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
    await expect(writeArchive(path, big, 'aes256', password, { program: killed })).rejects.toMatchObject({ code: 'archive.programFailed' });
    const silent = join(folder, 'silent.sh');
    writeFileSync(silent, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    await expect(writeArchive(path, big, 'aes256', password, { program: silent, patienceMs: 200 })).rejects.toMatchObject({
      code: 'archive.programHung',
    });
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['killed.sh', 'silent.sh', 'staged']);
  });
});
