import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBackup, readBackupHeader } from '../../main/features/backup/backup-reader.ts';
import { frontOf } from '../../main/features/backup/backup-writer.ts';
import { makeBackup } from '../../main/features/backup/make.ts';
import type { MadeBackup } from '../../main/features/backup/making.ts';
import { verifyBackup } from '../../main/features/backup/verify.ts';
import { makeWholeBackup } from '../../main/features/backup/whole.ts';
import { cancelled } from '../../main/platform/errors.ts';
import { makeRecoveryKey, takeRecoveryKey } from '../../main/platform/recovery-key.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import { contextOf, fetchSome, filesIn } from './support.ts';

const folder = temporaryFolder('backups');
const order = { reason: 'manual', accountName: '999999adm' } as const;
const watch = { signal: new AbortController().signal, report: () => {} };
const ours = { masterKey: testMasterKey, schoolCode: '999999' };
const verify = (path: string, unlocking: Parameters<typeof verifyBackup>[1] = ours) => verifyBackup(path, unlocking, folder.path, watch);
const recovery = makeRecoveryKey(new Date('2026-11-24T00:00:00Z'));

let trial: Trial;
let fetched: string[];
let whole: MadeBackup;

beforeAll(async () => {
  trial = await openTrial({ students: 12, years: 1 });
  fetched = await fetchSome(trial, 9);
  await trial.application.foundation.write(() => trial.application.foundation.settings.set('backup.recovery', recovery.lock));
  whole = await makeWholeBackup(contextOf(trial.directory), order, folder.path);
});
afterAll(async () => {
  await trial.close();
  folder.remove();
});

/** A copy of the whole backup to be spoilt. */
function copyOf(path: string): string {
  const copy = join(folder.path, `copy-${randomBytes(6).toString('hex')}`);
  copyFileSync(path, copy);
  return copy;
}

/** Reads all of a file, as a verification would before it looks inside. */
function readThrough(path: string): void {
  const backup = openBackup(path, ours);
  try {
    for (const _piece of backup.read({ offset: 0, bytes: backup.manifest.bodyBytes }));
  } finally {
    backup.close();
  }
}

describe('given a school, when it is backed up', () => {
  test('then the backup holds every row and file, and nothing of it can be read without its key', async () => {
    const made = await makeBackup(contextOf(trial.directory), order);
    expect(made.fileName).toBe('999999_備份_20261124_090000.portfolio-backup');
    expect(made).toMatchObject({ content: 'database', files: fetched.length, recoveryKeyId: recovery.lock.keyId });
    const { sqlite } = trial.application.foundation.connection;
    const tables = sqlite
      .prepare<[], string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
      .pluck()
      .all();
    expect(Object.keys(made.tables)).toEqual(tables);
    for (const table of tables) {
      expect([table, made.tables[table]]).toEqual([table, sqlite.prepare(`select count(*) from "${table}"`).pluck().get()]);
    }
    const { manifest } = await verify(made.path);
    expect(manifest.files.map(([sha256]) => sha256).sort()).toEqual(fetched);
    const names = sqlite.prepare<[], string>('select name from students').pluck().all();
    for (const path of [made.path, whole.path]) {
      const bytes = readFileSync(path);
      expect(bytes.includes('測試高中')).toBe(true);
      for (const name of names) expect(bytes.includes(name)).toBe(false);
      expect(bytes.includes('SQLite format 3')).toBe(false);
      if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0);
    }
  });

  test('then what it shares with the backup before is not written again, and nothing is written over', async () => {
    const place = join(trial.directory, 'backups');
    const before = filesIn(place);
    const second = await makeBackup(contextOf(trial.directory), order);
    expect(second.fileName).toBe('999999_備份_20261124_090000_2.portfolio-backup');
    expect(filesIn(place)).toEqual([...before, second.fileName].sort());
    expect((await verify(second.path)).manifest.files).toHaveLength(fetched.length);
    const more = await fetchSome(trial, 12);
    const third = await makeBackup(contextOf(trial.directory), order);
    expect(third.files).toBe(more.length);
    expect((await verify(third.path)).manifest.packs).toHaveLength(2);
  });

  test('then a pack that rotted is not counted on: its files are packed again', async () => {
    const packs = join(trial.directory, 'backups', 'files');
    const [first] = readdirSync(packs).sort();
    const bytes = readFileSync(join(packs, first!));
    bytes[Math.floor(bytes.length / 2)]! ^= 4;
    writeFileSync(join(packs, first!), bytes);
    const made = await makeBackup(contextOf(trial.directory), order);
    expect(made.files).toBe(12);
    expect((await verify(made.path)).manifest.packs.map(({ fileName }) => fileName)).not.toEqual([first]);
    expect(readdirSync(packs)).toHaveLength(3);
  });

  test('when it is cancelled at any step, then it leaves no trace', async () => {
    const place = join(trial.directory, 'backups');
    const before = [filesIn(place), readdirSync(join(trial.directory, 'work'))];
    const steps = new Set<string>();
    await makeBackup(contextOf(trial.directory, { report: ({ step }) => steps.add(step) }), order);
    const after = filesIn(place);
    expect(steps.size).toBeGreaterThan(4);
    for (const step of steps) {
      const abort = new AbortController();
      const report = (progress: { step: string }) => {
        if (progress.step === step) abort.abort(cancelled());
      };
      await expect(makeBackup(contextOf(trial.directory, { signal: abort.signal, report }), order)).rejects.toMatchObject({
        code: 'job.cancelled',
      });
      expect(filesIn(place)).toEqual(after);
      expect(readdirSync(join(trial.directory, 'work'))).toEqual(before[1]);
    }
  });
});

describe('given a backup file', () => {
  test('when any one of its bytes is changed, then it is refused', () => {
    const original = readFileSync(whole.path);
    const path = copyOf(whole.path);
    const everyRegion = [
      0,
      7,
      8,
      11,
      12,
      43,
      44,
      300,
      original.length - 1,
      original.length - 9,
      original.length - 20,
      original.length - 60,
    ];
    const check = (position: number, mask: number) => {
      const bytes = Buffer.from(original);
      bytes[position]! ^= mask;
      writeFileSync(path, bytes);
      expect(() => readThrough(path)).toThrowError(expect.objectContaining({ code: position < 8 ? 'backup.notBackup' : 'backup.damaged' }));
    };
    for (const position of everyRegion) check(position, 1);
    fc.assert(fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), check), { numRuns: 300 });
  });

  test('when it is cut off anywhere, or grew, then it is refused', () => {
    const size = statSync(whole.path).size;
    const check = (length: number) => {
      const path = copyOf(whole.path);
      truncateSync(path, length);
      expect(() => readThrough(path)).toThrowError(expect.objectContaining({ code: length < 8 ? 'backup.notBackup' : 'backup.damaged' }));
      rmSync(path);
    };
    for (const length of [0, 1, 7, 8, 12, 43, 44, 200, size - 1, size - 20, size - 21, size + 1]) check(length);
    fc.assert(fc.property(fc.nat(size - 1), check), { numRuns: 60 });
  });

  test('when two pieces of its body change places, or come from another backup, then it is refused', async () => {
    const other = await makeWholeBackup(contextOf(trial.directory), order, folder.path);
    const bytes = readFileSync(whole.path);
    const foreign = readFileSync(other.path);
    const front = frontOf(readBackupHeader(whole.path).header).length;
    const piece = 1024 * 1024 + 16;
    const path = copyOf(whole.path);
    const swapped = Buffer.from(bytes);
    bytes.copy(swapped, front, front + piece, front + 2 * piece);
    bytes.copy(swapped, front + piece, front, front + piece);
    writeFileSync(path, swapped);
    expect(() => readThrough(path)).toThrowError(expect.objectContaining({ code: 'backup.damaged' }));
    foreign.copy(bytes, front, front, front + piece);
    writeFileSync(path, bytes);
    expect(() => readThrough(path)).toThrowError(expect.objectContaining({ code: 'backup.damaged' }));
  });

  test('when it is another school’s, of a newer format, or a pack, then it is said', async () => {
    expect(() => openBackup(whole.path, { masterKey: testMasterKey, schoolCode: '888888' })).toThrowError(
      expect.objectContaining({ code: 'backup.otherSchool', message: expect.stringContaining('測試高中（999999）') }),
    );
    const path = copyOf(whole.path);
    const { header } = readBackupHeader(whole.path);
    const rest = readFileSync(whole.path).subarray(frontOf(header).length);
    writeFileSync(path, Buffer.concat([frontOf({ ...header, format: 2 as 1 }), rest]));
    expect(() => openBackup(path, ours)).toThrowError(expect.objectContaining({ code: 'backup.newerFormat' }));
    const packs = join(trial.directory, 'backups', 'files');
    await expect(verify(join(packs, readdirSync(packs)[1]!))).rejects.toMatchObject({ code: 'backup.notBackup' });
    await expect(verify(join(folder.path, 'nothing'))).rejects.toMatchObject({ code: 'backup.gone' });
  });

  test('when its header says something else, then it opens with no key', () => {
    const path = copyOf(whole.path);
    const { header } = readBackupHeader(whole.path);
    const rest = readFileSync(whole.path).subarray(frontOf(header).length);
    writeFileSync(path, Buffer.concat([frontOf({ ...header, madeAt: '2027-01-01T00:00:00.000Z' }), rest]));
    expect(() => openBackup(path, ours)).toThrowError(expect.objectContaining({ code: 'backup.damaged' }));
  });

  test('when its packs are not beside it, then it is said, and a whole one needs none', async () => {
    const made = await makeBackup(contextOf(trial.directory), order);
    const alone = join(folder.path, 'alone');
    mkdirSync(alone);
    copyFileSync(made.path, join(alone, made.fileName));
    await expect(verify(join(alone, made.fileName))).rejects.toMatchObject({ code: 'backup.filesMissing', details: { files: 12 } });
    copyFileSync(whole.path, join(alone, basename(whole.path)));
    expect((await verify(join(alone, basename(whole.path)))).manifest.files).toHaveLength(fetched.length);
  });
});

describe('given the recovery key on paper', () => {
  const otherComputer = { masterKey: new Uint8Array(32).fill(9) };

  test('it opens the backups of its time on another computer, packs too; no other paper does', async () => {
    const made = await makeBackup(contextOf(trial.directory), order);
    for (const path of [whole.path, made.path]) {
      const { header } = await verify(path, { ...otherComputer, recoveryKey: takeRecoveryKey(recovery.text) });
      expect(header.schoolCode).toBe('999999');
      expect(() => openBackup(path, otherComputer)).toThrowError(
        expect.objectContaining({ code: 'backup.keyNeeded', details: { keyId: recovery.lock.keyId } }),
      );
      const other = takeRecoveryKey(makeRecoveryKey(new Date()).text);
      expect(() => openBackup(path, { ...otherComputer, recoveryKey: other })).toThrowError(
        expect.objectContaining({ code: 'backup.otherRecoveryKey' }),
      );
    }
  });

  test('after a new one was made, the old paper opens older backups only, and the new one needs no older pack’s paper', async () => {
    const { write, settings } = trial.application.foundation;
    const renewed = makeRecoveryKey(new Date('2026-11-25T00:00:00Z'));
    const older = await makeBackup(contextOf(trial.directory), order);
    await write(() => settings.set('backup.recovery', renewed.lock));
    await fetchSome(trial, 14);
    const newer = await makeBackup(contextOf(trial.directory), order);
    const oldPaper = { ...otherComputer, recoveryKey: takeRecoveryKey(recovery.text) };
    const newPaper = { ...otherComputer, recoveryKey: takeRecoveryKey(renewed.text) };
    expect((await verify(older.path, oldPaper)).manifest.files).toHaveLength(12);
    await expect(verify(newer.path, oldPaper)).rejects.toMatchObject({ code: 'backup.otherRecoveryKey' });
    const opened = await verify(newer.path, newPaper);
    expect(opened.manifest.files).toHaveLength(14);
    expect(opened.manifest.packs.length).toBeGreaterThan(1);
    // The new attachments lie in a pack that the old paper does not open either.
    const newest = opened.manifest.packs.at(-1)!.fileName;
    expect(() => openBackup(join(trial.directory, 'backups', 'files', newest), oldPaper)).toThrowError(
      expect.objectContaining({ code: 'backup.otherRecoveryKey' }),
    );
  });

  test('a backup from before there was one opens on its own computer only', async () => {
    const { connection, write } = trial.application.foundation;
    await write(() => connection.sqlite.prepare("delete from school_settings where key = 'backup.recovery'").run());
    const made = await makeBackup(contextOf(trial.directory), order);
    expect((await verify(made.path)).header.keys.recovery).toBeNull();
    const paper = takeRecoveryKey(recovery.text);
    expect(() => openBackup(made.path, { ...otherComputer, recoveryKey: paper })).toThrowError(
      expect.objectContaining({ code: 'backup.withoutRecovery' }),
    );
    expect(existsSync(made.path)).toBe(true);
  });
});
