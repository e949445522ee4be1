import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSqlite } from '../../db/sqlite.ts';
import { type Application, createApplication } from '../../main/application/application.ts';
import { makeBackup } from '../../main/features/backup/make.ts';
import type { MadeBackup } from '../../main/features/backup/making.ts';
import { applyPendingRestore, exchangeSteps, type PendingRestore, restoreIsPending } from '../../main/features/backup/pending-restore.ts';
import { prepareRestore } from '../../main/features/backup/restore.ts';
import { tableContents } from '../../main/features/backup/table-content.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { cancelled } from '../../main/platform/errors.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { openTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { contextOf, fetchSome } from './support.ts';

const folder = temporaryFolder('restores');
const order = { reason: 'manual', accountName: '999999adm' } as const;
const unlocking = { masterKey: testMasterKey, schoolCode: '999999' };
let template: string;
let made: MadeBackup;

/** A school of which a backup was made, and which then went on: students renamed, one gone, attachments lost. */
beforeAll(async () => {
  const trial = await openTrial({ students: 10, years: 1 });
  await fetchSome(trial, 8);
  made = await makeBackup(contextOf(trial.directory), order);
  const { connection, attachments, write } = trial.application.foundation;
  await write(() => {
    connection.sqlite.prepare("update students set name = '改過的名字'").run();
    connection.sqlite.prepare("delete from school_settings where key = 'slips.remarks'").run();
    connection.sqlite.prepare("insert into school_settings values ('slips.remarks', '\"新的備註\"')").run();
    const kept = attachments.sqlite.prepare<[], string>('select sha256 from files order by sha256').pluck().all();
    for (const sha256 of kept.slice(0, 3)) attachments.remove(sha256);
    attachments.sqlite.prepare('update chunks set content = zeroblob(10) where sha256 = ? and position = 0').run(kept[4]!);
  });
  await trial.application.close();
  template = join(folder.path, 'template');
  cpSync(trial.directory, template, { recursive: true });
  rmSync(trial.directory, { recursive: true });
});
afterAll(folder.remove);

let directory: string;
let open: { close: () => Promise<void> }[] = [];
const freshCopy = () => {
  directory = join(folder.path, `school-${Math.random()}`);
  cpSync(template, directory, { recursive: true });
  return directory;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  rmSync(directory, { recursive: true, force: true });
});

const backupIn = (at: string) => join(at, 'backups', made.fileName);
const opened = async (at = directory): Promise<Application> => {
  const application = await createApplication({ dataDirectory: at, masterKey: testMasterKey, schedule: false });
  open.push(application);
  return application;
};
const renamed = (application: Application) =>
  application.foundation.connection.sqlite.prepare("select count(*) from students where name = '改過的名字'").pluck().get();
const prepared = (at: string, more: Partial<Parameters<typeof prepareRestore>[1]> = {}, context = contextOf(at)) =>
  prepareRestore(context, { path: backupIn(at), unlocking, accountName: '999999adm', ...more });

async function signedIn(at = directory): Promise<Trial> {
  const trial = await signInto(at, '999999adm', trialPassword);
  open.push(trial);
  return trial;
}

describe('given a school that went on after its backup', () => {
  test('when what would change is asked, then it is told by table, and nothing changes', async () => {
    const trial = await signedIn(freshCopy());
    const comparison = await trial.runJob('backup.compare', { file: trial.application.files.receive(backupIn(directory), 'x', false) });
    expect(comparison.tables).toContainEqual({
      table: 'students',
      title: '學生',
      here: 10,
      inBackup: 10,
      goes: 0,
      returns: 0,
      changes: 10,
    });
    expect(comparison.tables.find(({ table }) => table === 'school_settings')).toMatchObject({ goes: 1, returns: 0, changes: 0 });
    const told = comparison.tables.map(({ table }) => table);
    for (const table of ['course_records', 'learning_outcomes', 'teachers']) expect(told).not.toContain(table);
    expect(comparison.sameTables + told.length).toBe(Object.keys(made.tables).length);
    expect(comparison.files).toEqual({ here: 5, inBackup: 8 });
    expect(renamed(trial.application)).toBe(10);
  });

  test('when it is restored, then every table and file is as it was, what was there is kept, and the audit log goes on', async () => {
    const trial = await signedIn(freshCopy());
    const { connection } = trial.application.foundation;
    const entriesBefore = connection.sqlite.prepare('select * from audit_entries order by sequence').all();
    // The list knows it: the folder was looked at when the school was opened.
    const restored = await trial.runJob('backup.restore', { source: { id: made.id } });
    expect(restored).toMatchObject({ ok: true, files: 8, tables: made.tables });
    // From here on nothing may be changed until the program starts anew.
    await expect(trial.call('students.list', {})).rejects.toMatchObject({ code: 'backup.restoring' });
    await trial.close();
    open = [];

    const again = await signedIn();
    const { sqlite } = again.application.foundation.connection;
    expect(renamed(again.application)).toBe(0);
    const contents = await tableContents(sqlite, { signal: new AbortController().signal });
    const grown = new Set(['audit_entries', 'audited_calls', 'jobs', 'school_settings', 'backups']);
    for (const [table, rows] of Object.entries(made.tables))
      if (!grown.has(table)) expect([table, contents[table]!.rows]).toEqual([table, rows]);
    for (const sha256 of sqlite.prepare<[], string>('select sha256 from attachments').pluck().all()) {
      if (again.application.foundation.attachments.has(sha256)) again.application.foundation.attachments.read(sha256);
    }
    expect(again.application.foundation.attachments.sqlite.prepare('select count(*) from files').pluck().get()).toBe(8);

    expect(sqlite.prepare('select * from audit_entries where sequence <= ? order by sequence').all(entriesBefore.length)).toEqual(
      entriesBefore,
    );
    const later = sqlite
      .prepare('select operation, summary from audit_entries where sequence > ? order by sequence')
      .all(entriesBefore.length);
    expect(later).toContainEqual({
      operation: 'backup.restored',
      summary: expect.stringMatching(/已還原 115\/11\/24 09:00:00 的備份，原資料保存在 before-restore/),
    });
    const chain = sqlite
      .prepare<[], { previous: string; hash: string }>('select previous_hash as previous, hash from audit_entries order by sequence')
      .all();
    expect(chain.slice(1).map(({ previous }) => previous)).toEqual(chain.slice(0, -1).map(({ hash }) => hash));

    const kept = openSqlite(join(restored.keptIn, 'portfolio.db'), { key: deriveKey(testMasterKey, 'database'), readonly: true });
    expect(kept.prepare("select count(*) from students where name = '改過的名字'").pluck().get()).toBe(10);
    kept.close();
    // The backup that was made before, and the list of backups, are not turned back.
    expect(sqlite.prepare("select reason from backups where reason = 'restore' and verified_at is not null").pluck().all()).toEqual([
      'restore',
    ]);
    expect(again.application.restored).toMatchObject({ applied: { keptIn: expect.stringContaining('before-restore') } });
  });

  test('when the exchange is broken off after any of its steps, then the next start ends it: the restored school, the old one kept', async () => {
    freshCopy();
    await prepared(directory);
    const half = join(folder.path, 'half');
    cpSync(directory, half, { recursive: true });
    const pending = JSON.parse(readFileSync(join(directory, 'restore.json'), 'utf8')) as PendingRestore;
    const count = exchangeSteps(openDataDirectory(directory), pending).length;
    expect(count).toBeGreaterThan(8);
    for (let done = 0; done <= count; done += 1) {
      rmSync(directory, { recursive: true });
      cpSync(half, directory, { recursive: true });
      for (const step of exchangeSteps(openDataDirectory(directory), pending).slice(0, done)) step();
      // At no moment is there no database, or one of them in two halves.
      const database = openSqlite(join(directory, 'portfolio.db'), { key: deriveKey(testMasterKey, 'database') });
      expect([0, 10]).toContain(database.prepare("select count(*) from students where name = '改過的名字'").pluck().get());
      database.close();
      const application = await createApplication({ dataDirectory: directory, masterKey: testMasterKey, schedule: false });
      expect([done, renamed(application)]).toEqual([done, 0]);
      await application.close();
      const kept = openSqlite(join(directory, pending.keptIn!, 'portfolio.db'), { key: deriveKey(testMasterKey, 'database') });
      expect(kept.prepare("select count(*) from students where name = '改過的名字'").pluck().get()).toBe(10);
      kept.close();
      expect(readdirSync(directory).filter((name) => name.startsWith('restore'))).toEqual([]);
    }
    rmSync(half, { recursive: true });
  });

  test('when preparing it is cancelled at any step or killed, then the school is as it was', async () => {
    freshCopy();
    const steps = new Set<string>();
    const trying = join(folder.path, 'trying');
    cpSync(directory, trying, { recursive: true });
    await prepared(trying, {}, contextOf(trying, { report: ({ step }) => steps.add(step) }));
    rmSync(trying, { recursive: true });
    expect(steps.size).toBeGreaterThan(3);
    for (const step of steps) {
      const abort = new AbortController();
      const report = (progress: { step: string }) => progress.step === step && abort.abort(cancelled());
      await expect(prepared(directory, {}, contextOf(directory, { signal: abort.signal, report }))).rejects.toMatchObject({
        code: 'job.cancelled',
      });
      expect(restoreIsPending({ root: directory })).toBe(false);
      expect(readdirSync(join(directory, 'restore'))).toEqual([]);
    }
    // A killed one leaves what it had written, and no note.
    mkdirSync(join(directory, 'restore', 'x'), { recursive: true });
    writeFileSync(join(directory, 'restore', 'x', 'portfolio.db'), 'half a database');
    writeFileSync(join(directory, 'restore.json.new'), '{"folder":');
    const application = await opened();
    expect(renamed(application)).toBe(10);
    expect(application.restored).toBeNull();
    expect(readdirSync(directory).filter((name) => name.startsWith('restore'))).toEqual([]);
  });

  test('when another program has the directory open, then nothing is restored, now or later', async () => {
    freshCopy();
    await prepared(directory);
    const other = openSqlite(join(directory, 'portfolio.db'), { key: deriveKey(testMasterKey, 'database') });
    other.prepare('select count(*) from students').get();
    const outcome = await applyPendingRestore(openDataDirectory(directory), testMasterKey);
    expect(outcome).toMatchObject({ refused: { code: 'backup.inUse' } });
    other.close();
    expect(renamed(await opened())).toBe(10);
    expect(readdirSync(directory).filter((name) => name.startsWith('restore'))).toEqual([]);
  }, 60_000);

  test('when the attachments alone are damaged, then they come back and the database stays', async () => {
    freshCopy();
    writeFileSync(join(directory, 'attachments.db'), Buffer.alloc(200_000, 5));
    for (const suffix of ['-wal', '-shm']) rmSync(join(directory, `attachments.db${suffix}`), { force: true });
    await expect(opened()).rejects.toMatchObject({ code: 'database.damaged', details: { part: 'attachments' } });
    await prepared(directory, { filesOnly: true, damaged: true });
    const application = await opened();
    expect(renamed(application)).toBe(10);
    expect(application.foundation.attachments.sqlite.prepare('select count(*) from files').pluck().get()).toBe(8);
    const [kept] = readdirSync(join(directory, 'damaged'));
    expect(readFileSync(join(directory, 'damaged', kept!, 'attachments.db')).equals(Buffer.alloc(200_000, 5))).toBe(true);
  });

  test('when its packs are gone, then it is restored without attachments only if that is said', async () => {
    freshCopy();
    rmSync(join(directory, 'backups', 'files'), { recursive: true });
    await expect(prepared(directory)).rejects.toMatchObject({ code: 'backup.filesMissing' });
    expect(restoreIsPending({ root: directory })).toBe(false);
    await prepared(directory, { withoutFiles: true });
    const application = await opened();
    expect(renamed(application)).toBe(0);
    expect(existsSync(join(directory, 'restore'))).toBe(false);
  });
});
