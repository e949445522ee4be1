import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testArchive } from '../../main/platform/seven-zip.ts';
import { temporaryFolder } from '../support/directories.ts';
import { zipBySevenZip } from '../support/seven-zip.ts';

const password = 'Kp7xWq3nZt5vRm8y';
const folder = temporaryFolder('seven-zip');
const path = join(folder.path, 'out.zip');
beforeAll(() => zipBySevenZip(path, { 'big.mp4': randomBytes(60 * 1024 * 1024) }, 'AES256', password));
afterAll(() => folder.remove());

/** Command lines of every process that names the archive, its own apart. Linux only. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((id) => {
      try {
        return [readFileSync(`/proc/${id}/cmdline`, 'utf8')];
      } catch (error) {
        // The process ended between listing and reading.
        expect((error as NodeJS.ErrnoException).code).toMatch(/ENOENT|ESRCH/);
        return [];
      }
    })
    .filter((line) => line.includes(path));
}

const program = (name: string, lines: string) => {
  const script = join(folder.path, name);
  writeFileSync(script, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return script;
};

describe('given an archive that 7-Zip tests', () => {
  it.runIf(process.platform === 'linux')('then the password stands in no argument list, and progress is told', async () => {
    const seen: string[] = [];
    const parts: number[] = [];
    await testArchive(path, password, {
      onProgress: (part) => {
        parts.push(part);
        seen.push(...commandLines());
      },
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join()).not.toContain(password);
    expect(parts.every((part) => part >= 0 && part <= 1)).toBe(true);
  });

  it('then a wrong password, a turned bit (which 7-Zip takes for the same) and a cut file fail', async () => {
    await expect(testArchive(path, 'wrong')).rejects.toMatchObject({ code: 'archive.passwordWrong' });
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    const damaged = join(folder.path, 'damaged.zip');
    writeFileSync(damaged, bytes);
    await expect(testArchive(damaged, password)).rejects.toMatchObject({ code: 'archive.passwordWrong' });
    writeFileSync(damaged, bytes.subarray(0, bytes.length >> 1));
    await expect(testArchive(damaged, password)).rejects.toMatchObject({ code: 'archive.damaged' });
  });

  it('then single entries can be asked for, and one that is not there fails', async () => {
    await testArchive(path, password, {}, ['big.mp4']);
    await expect(testArchive(path, 'wrong', {}, ['big.mp4'])).rejects.toMatchObject({ code: 'archive.passwordWrong' });
    await expect(testArchive(path, password, {}, ['none.mp4'])).rejects.toMatchObject({ code: 'archive.damaged' });
  });

  it('then cancelling ends the program', async () => {
    const abort = new AbortController();
    await expect(testArchive(path, password, { signal: abort.signal, onProgress: () => abort.abort() })).rejects.toMatchObject({
      code: 'job.cancelled',
    });
    if (process.platform === 'linux') expect(commandLines()).toEqual([]);
  });

  it('then a program that is missing, killed or hung is told as what it is', async () => {
    await expect(testArchive(path, password, { program: join(folder.path, 'none') })).rejects.toMatchObject({
      code: 'archive.programMissing',
    });
    await expect(testArchive(path, password, { program: program('killed.sh', 'kill -9 $$') })).rejects.toMatchObject({
      code: 'archive.programFailed',
    });
    await expect(testArchive(path, password, { program: program('silent.sh', 'exec sleep 60'), patienceMs: 200 })).rejects.toMatchObject({
      code: 'archive.programHung',
    });
  });
});
