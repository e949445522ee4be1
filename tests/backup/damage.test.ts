import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { migrate, shippedMigrations } from '../../db/migrate.ts';
import { openSqlite } from '../../db/sqlite.ts';
import { createApplication } from '../../main/application/application.ts';
import { makeBackup } from '../../main/features/backup/make.ts';
import type { MadeBackup } from '../../main/features/backup/making.ts';
import { prepareRestore } from '../../main/features/backup/restore.ts';
import { verifyBackup } from '../../main/features/backup/verify.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { openTrial, signInto, trialPassword } from '../support/trial.ts';
import { contextOf } from './support.ts';

const folder = temporaryFolder('damage');
const key = deriveKey(testMasterKey, 'database');
const pageBytes = 4096;
let template: string;
let made: MadeBackup;
let directory: string;

beforeAll(async () => {
  const trial = await openTrial({ students: 10, years: 1 });
  made = await makeBackup(contextOf(trial.directory), { reason: 'daily', accountName: '-' });
  await trial.application.close();
  template = join(folder.path, 'template');
  cpSync(trial.directory, template, { recursive: true });
  rmSync(trial.directory, { recursive: true });
});
afterAll(folder.remove);
const freshCopy = () => {
  directory = join(folder.path, `school-${Math.random()}`);
  cpSync(template, directory, { recursive: true });
  return join(directory, 'portfolio.db');
};
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = () => createApplication({ dataDirectory: directory, masterKey: testMasterKey, schedule: false });
const spoil = (path: string, position: number) => {
  const bytes = readFileSync(path);
  bytes[position]! ^= 0x10;
  writeFileSync(path, bytes);
};
/** Pages that tables and indexes begin on. */
function rootPages(path: string): { name: string; page: number }[] {
  const sqlite = openSqlite(path, { key, readonly: true });
  const roots = sqlite
    .prepare<[], { name: string; page: number }>('select name, rootpage as page from sqlite_schema where rootpage > 1')
    .all();
  sqlite.close();
  return roots;
}

describe('given a database that was damaged, when the program starts', () => {
  test.each([
    ['another file stands there', (path: string) => writeFileSync(path, 'x'.repeat(20_000))],
    ['it is empty', (path: string) => truncateSync(path, 0)],
    ['it was cut off', (path: string) => truncateSync(path, 3 * pageBytes + 100)],
    ['its first page changed', (path: string) => spoil(path, 200)],
    [
      'the beginning of a table changed',
      (path: string) => spoil(path, (rootPages(path).find(({ name }) => name === 'students')!.page - 1) * pageBytes + 50),
    ],
    [
      'the beginning of an index changed',
      (path: string) => spoil(path, (rootPages(path).find(({ name }) => name === 'audit_entries_by_time')!.page - 1) * pageBytes + 50),
    ],
  ])('because %s, then it names the newest backup and leaves the file as it is', async (_why, damage) => {
    const path = freshCopy();
    damage(path);
    const before = readFileSync(path);
    await expect(open()).rejects.toMatchObject({
      code: 'database.damaged',
      message: expect.stringContaining('最近一份備份是 115/11/24 09:00:00 的'),
      details: { part: 'database', backup: made.fileName },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(directory)).not.toContain('damaged');
  });

  test('and a page in the middle is found at the next start when the program did not end in order', async () => {
    const path = freshCopy();
    const students = rootPages(path).find(({ name }) => name === 'course_records')!.page;
    const inside = Array.from({ length: 40 }, (_, index) => students + 1 + index).find(
      (page) => !rootPages(path).some((root) => root.page === page),
    )!;
    // A log that was left tells of an end without order.
    const writer = openSqlite(path, { key });
    writer.pragma('wal_autocheckpoint=0');
    writer.prepare("insert into school_settings values ('x', '1')").run();
    for (const suffix of ['-wal', '-shm']) cpSync(`${path}${suffix}`, `${path}${suffix}.left`);
    writer.close();
    for (const suffix of ['-wal', '-shm']) cpSync(`${path}${suffix}.left`, `${path}${suffix}`);
    spoil(path, (inside - 1) * pageBytes + 99);
    await expect(open()).rejects.toMatchObject({ code: 'database.damaged' });
  });

  test('a healthy one is opened, in order or not, and a fresh directory is no damage', async () => {
    freshCopy();
    await (await open()).close();
    rmSync(directory, { recursive: true });
    await (await open()).close();
    expect(statSync(join(directory, 'portfolio.db')).size).toBeGreaterThan(0);
  });
});

describe('given damage that shows only later', () => {
  test('when the daily backup reads the database, then it says so, nothing is written any more, and every screen knows', async () => {
    const path = freshCopy();
    const roots = new Set(rootPages(path).map(({ page }) => page));
    // Pages inside tables and indexes, behind those of the schema.
    const inside = Array.from({ length: statSync(path).size / pageBytes }, (_, index) => index + 1).filter(
      (page) => page > 25 && !roots.has(page),
    );
    expect(inside.length).toBeGreaterThan(20);
    let later = 0;
    for (const page of inside.filter((_, index) => index % Math.floor(inside.length / 5) === 0)) {
      rmSync(directory, { recursive: true });
      freshCopy();
      spoil(join(directory, 'portfolio.db'), (page - 1) * pageBytes + 77);
      const trial = await signInto(directory, '999999adm', trialPassword).catch((error: { code: string }) => {
        // The first leaf of a table is read at the start already.
        expect(error.code).toBe('database.damaged');
        return null;
      });
      if (!trial) continue;
      later += 1;
      await expect(trial.runJob('backup.create', {})).rejects.toMatchObject({ code: 'database.damaged' });
      expect((await trial.call('backup.state', {})).damagedAt).not.toBeNull();
      await expect(trial.call('session.lock', {})).rejects.toMatchObject({ code: 'database.damaged' });
      await trial.close();
    }
    expect(later).toBeGreaterThan(0);
  });
});

describe('given a database of an older version of the program', () => {
  /** A school as a version of the program left it that knew only the first migrations. */
  function makeOlder(): string {
    directory = join(folder.path, `older-${Math.random()}`);
    const { database } = openDataDirectory(directory);
    const sqlite = openSqlite(database, { key });
    migrate(sqlite, { shipped: shippedMigrations().slice(0, 3), now: () => new Date('2026-10-01T00:00:00Z') });
    sqlite.exec(`INSERT INTO school_settings VALUES ('school.code', '"999999"'), ('school.name', '"測試高中"');
      INSERT INTO teachers (id, version, account, name, active) VALUES ('t1', 1, 'teacher1', '教師1', 1);`);
    sqlite.close();
    return database;
  }
  const migrations = (path: string) => {
    const sqlite = openSqlite(path, { key, readonly: true });
    const ids = sqlite.prepare<[], string>('select id from applied_migrations order by id').pluck().all();
    sqlite.close();
    return ids;
  };

  test('when it is opened, then it was backed up and verified before it is brought up to date', async () => {
    const path = makeOlder();
    const before = migrations(path);
    const application = await open();
    const record = application.foundation.connection.sqlite
      .prepare("select file_name as fileName, verified_at as verifiedAt from backups where reason = 'migration'")
      .get() as { fileName: string; verifiedAt: string };
    expect(record.verifiedAt).not.toBeNull();
    await application.close();
    expect(migrations(path).length).toBeGreaterThan(before.length);
    const watch = { signal: new AbortController().signal, report: () => {} };
    const { manifest } = await verifyBackup(join(directory, 'backups', record.fileName), { masterKey: testMasterKey }, folder.path, watch);
    expect(manifest.database!.migrations).toEqual(before);
    // Opened again, there is nothing to bring up to date, and no other backup.
    await (await open()).close();
    expect(readdirSync(join(directory, 'backups')).filter((name) => name.endsWith('.portfolio-backup'))).toHaveLength(1);
  });

  test('when that backup cannot be made, then it is not brought up to date', async () => {
    const path = makeOlder();
    const before = migrations(path);
    writeFileSync(join(directory, 'backups'), 'in the way');
    await expect(open()).rejects.toThrow();
    expect(migrations(path)).toEqual(before);
    expect(existsSync(path)).toBe(true);
  });

  test('when a backup of it is restored, then it is brought up to date again', async () => {
    const path = makeOlder();
    await (await open()).close();
    const [older] = readdirSync(join(directory, 'backups')).filter((name) => name.endsWith('.portfolio-backup'));
    await prepareRestore(contextOf(directory), {
      path: join(directory, 'backups', older!),
      unlocking: { masterKey: testMasterKey, schoolCode: '999999' },
      accountName: '-',
    });
    const application = await open();
    expect(application.restored).toMatchObject({ applied: expect.anything() });
    expect(application.foundation.connection.sqlite.prepare('select name from teachers').pluck().all()).toEqual(['教師1']);
    expect(migrations(path)).toEqual(shippedMigrations().map(({ id }) => id));
    await application.close();
  });
});
