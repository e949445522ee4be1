import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../db/connection.ts';
import { carryOver } from '../../main/features/backup/carry-over.ts';
import { programRoot } from '../../main/platform/resources.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { openTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { sqliteOf } from './leaver.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** A purge that is killed, and a backup that brings back whom it deleted. */

let trial: Trial;
const count = (sql: string) => sqliteOf(trial).prepare(sql).pluck().get() as number;
const due = "select count(*) from students where status = 'graduated' and status_changed_on < '2025-08-01'";
const reopen = async () => {
  trial = await signInto(trial.directory, '999999adm', trialPassword);
};
const purging = (step?: string) => [
  '--disable-warning=ExperimentalWarning',
  join(programRoot, 'tests/retention/purging.ts'),
  trial.directory,
  trialPassword,
  '38',
  ...(step ? [step] : []),
];

/** Files of those who are due, with their bytes here. */
async function fetchSome(): Promise<string[]> {
  const files = sqliteOf(trial)
    .prepare(
      `select distinct document_sha256 from learning_outcomes r join students s on s.id = r.student_id
       where s.status = 'graduated' and s.status_changed_on < '2025-08-01' and document_sha256 is not null limit 60`,
    )
    .pluck()
    .all() as string[];
  await trial.application.fetchFiles(files, { signal: new AbortController().signal });
  return files;
}

beforeEach(async () => {
  trial = await openTrial({ years: 6 });
  await trial.call('retention.saveYears', { keptYears: 1 });
  expect(count(due)).toBe(38);
});
afterEach(async () => {
  await trial.application.close();
  rmSync(trial.directory, { recursive: true, force: true });
});

/** Either everything is as before, or everything is done; never between. */
async function wholeOrNot(): Promise<boolean> {
  const done = count('select count(*) from leaver_purges') === 1;
  expect(count(due)).toBe(done ? 0 : 38);
  expect(count('select count(*) from purged_students')).toBe(done ? 38 : 0);
  expect(count('select count(*) from files_to_remove')).toBe(0);
  expect(count("select count(*) from school_settings where key like '%.purging'")).toBe(0);
  expect(count("select count(*) from audit_entries where operation = 'retention.purge' and outcome = 'done'")).toBe(done ? 1 : 0);
  expect(count('select count(*) from audited_calls')).toBe(0);
  expect(sqliteOf(trial).pragma('foreign_key_check')).toEqual([]);
  expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true });
  const unknown = trial.application.foundation.attachments.sqlite.prepare('select sha256 from files').pluck().all() as string[];
  const known = sqliteOf(trial).prepare<[string]>('select 1 from attachments where sha256 = ?').pluck();
  expect(unknown.filter((sha256) => known.get(sha256) === undefined)).toEqual([]);
  return done;
}

describe('a purge that is killed', () => {
  test('behind its rows and before its files: the next start removes what is left', async () => {
    const files = await fetchSome();
    expect(files.length).toBeGreaterThan(30);
    await trial.application.close();
    expect(spawnSync(process.execPath, purging('刪除檔案')).signal).toBe('SIGKILL');
    await reopen();
    expect(await wholeOrNot()).toBe(true);
  });

  test('at any moment happened whole or not at all', async () => {
    await fetchSome();
    await trial.application.close();
    let done = false;
    // Later each time, until it was too late: it always is by then.
    for (let milliseconds = 0; !done && milliseconds < 20_000; milliseconds = milliseconds * 2 + 10) {
      const child = spawn(process.execPath, purging());
      const closed = once(child, 'close');
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      child.kill('SIGKILL');
      await closed;
      await reopen();
      done = await wholeOrNot();
      if (!done) await trial.application.close();
    }
    expect(done).toBe(true);
  });
});

test('a backup of before brings them back, and the next start deletes them again without being asked', async () => {
  const { directory } = trial;
  const folder = temporaryFolder('restored');
  const key = deriveKey(testMasterKey, 'database');
  await trial.application.close();
  cpSync(join(directory, 'portfolio.db'), join(folder.path, 'portfolio.db'));
  await reopen();
  await trial.runJob('retention.purge', { students: 38, reason: '超過保存期限' });
  await trial.application.close();
  // As a restore does it (main/features/backup).
  const from = openDatabase(join(directory, 'portfolio.db'), { key });
  const to = openDatabase(join(folder.path, 'portfolio.db'), { key });
  carryOver(from.sqlite, to.sqlite);
  expect(to.sqlite.prepare(due).pluck().get()).toBe(38);
  from.close();
  to.close();
  for (const suffix of ['-wal', '-shm']) rmSync(join(directory, `portfolio.db${suffix}`), { force: true });
  cpSync(join(folder.path, 'portfolio.db'), join(directory, 'portfolio.db'));
  await reopen();
  expect(count(due)).toBe(0);
  expect(count('select count(*) from leaver_purges')).toBe(1);
  const told = sqliteOf(trial)
    .prepare(
      "select account_name as account, student_count as count, summary from audit_entries where operation = 'retention.purge' order by sequence",
    )
    .all() as { account: string; count: number; summary: string }[];
  expect(told.map(({ account, count: students }) => [account, students])).toEqual([
    ['999999adm', 38],
    ['-', 38],
  ]);
  expect(told[1]!.summary).toMatch(/^還原的備份帶回先前清除的學生，再次清除 38 位離校學生的 \d+ 筆資料/);
  expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true });
  folder.remove();
});
