import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkpointHash } from '../../main/application/audit-chain.ts';
import { auditCheckpoints, auditEntry, auditLog } from '../../main/application/audit-log.ts';
import { beginningOf, keptFrom } from '../../main/features/audit/queries.ts';
import { programRoot } from '../../main/platform/resources.ts';
import { openTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { draft, dropTriggers } from './log.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** 保存年限 of the log: what is purged after it, and how what stays is still proved. */

let trial: Trial;
const sqlite = () => trial.application.foundation.connection.sqlite;
const log = () => auditLog(sqlite());
const count = () => sqlite().prepare('select count(*) from audit_entries').pluck().get() as number;

/** Entries of years ago before those of today: a log that is empty but for the first sign-in gets a history. */
async function withHistory(old: number): Promise<void> {
  trial = await openTrial();
  const { directory } = trial;
  const at = (index: number) => new Date(Date.parse('2020-03-01T00:00:00Z') + index * 3_600_000).toISOString();
  dropTriggers(sqlite());
  sqlite().exec('delete from audit_entries; delete from audit_subjects');
  sqlite().transaction(() => {
    for (let index = 0; index < old; index += 1) log().append(draft({ summary: `很久以前 ${index}` }), at(index));
  })();
  await trial.application.close();
  rmSync(join(directory, 'audit.head'));
  const { openDatabase } = await import('../../db/connection.ts');
  const { deriveKey } = await import('../../main/platform/secret-store.ts');
  const { testMasterKey } = await import('../support/directories.ts');
  const connection = openDatabase(join(directory, 'portfolio.db'), { key: deriveKey(testMasterKey, 'database') });
  // The triggers again, as the migrations made them; and the anchor anew.
  const { readFileSync, readdirSync } = await import('node:fs');
  const folder = join(programRoot, 'db/migrations');
  const wanted = /^audit_(entries|checkpoints)_/;
  for (const file of readdirSync(folder).sort()) {
    for (const [statement, name] of readFileSync(join(folder, file), 'utf8').matchAll(/CREATE TRIGGER "(\w+)"[\s\S]*?END;/g)) {
      if (wanted.test(name!)) connection.sqlite.exec(`drop trigger if exists "${name}"; ${statement}`);
    }
  }
  connection.sqlite.prepare("delete from school_settings where key = 'audit.anchored'").run();
  connection.close();
  trial = await signInto(directory, '999999adm', trialPassword);
}

beforeEach(() => withHistory(120));
afterEach(async () => {
  await trial.application.close();
  rmSync(trial.directory, { recursive: true, force: true });
});

test('keeps five years unless the office says otherwise, one to ten', async () => {
  expect(await trial.call('audit.retention', {})).toMatchObject({
    keptYears: 5,
    due: 120,
    keptFrom: '2021-11-24',
    oldestAt: '2020-03-01T00:00:00.000Z',
    purges: [],
  });
  await trial.call('audit.saveRetention', { keptYears: 7 });
  expect(await trial.call('audit.retention', {})).toMatchObject({ keptYears: 7, due: 0, keptFrom: '2019-11-24' });
  expect(auditEntry(sqlite(), log().head()!.sequence)).toMatchObject({ operation: 'audit.saveRetention', summary: '保存 7 年' });
  for (const keptYears of [0, 11, 2.5])
    await expect(trial.call('audit.saveRetention', { keptYears })).rejects.toMatchObject({ code: 'input.invalid' });
});

test.each([
  ['2026-11-24T01:00:00Z', 5, '2021-11-24'],
  ['2026-11-23T16:00:00Z', 5, '2021-11-24'],
  ['2024-02-29T04:00:00Z', 1, '2023-02-28'],
  ['2024-02-29T04:00:00Z', 4, '2020-02-29'],
])('of %s, %d years back, entries are kept from %s on', (now, years, day) => {
  expect(keptFrom(new Date(now), years)).toBe(day);
  expect(beginningOf(day)).toBe(new Date(`${day}T00:00:00+08:00`).toISOString());
});

describe('a purge', () => {
  test('leaves a checkpoint that the log names, and the rest is proved from there', async () => {
    const last = auditEntry(sqlite(), 120)!;
    const before = count();
    const purged = await trial.runJob('audit.purge', { entries: 120 });
    expect(purged).toMatchObject({ entries: 120, fromSequence: 1, throughSequence: 120 });
    expect(sqlite().prepare('select min(sequence) from audit_entries').pluck().get()).toBe(121);
    const [checkpoint] = auditCheckpoints(sqlite());
    expect(checkpoint).toMatchObject({ lastHash: last.hash, createdBy: '999999adm', lastAt: last.at, hash: checkpointHash(checkpoint!) });
    const entry = sqlite()
      .prepare("select summary, account_name as account, action, outcome from audit_entries where operation = 'audit.purge'")
      .all();
    expect(entry).toEqual([
      { summary: `清除第 1 到 120 筆，共 120 筆，檢查點 ${checkpoint!.hash}`, account: '999999adm', action: 'purge', outcome: 'done' },
    ]);
    expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true, purged: 120 });
    expect(count()).toBeGreaterThanOrEqual(before - 120 + 1);
    expect(await trial.call('audit.retention', {})).toMatchObject({ due: 0, purges: [{ throughSequence: 120, purgedBy: '999999adm' }] });
    expect(sqlite().prepare('select count(*) from audit_subjects where sequence <= 120').pluck().get()).toBe(0);
    // The gate is shut again.
    expect(() => sqlite().prepare('delete from audit_entries where sequence = 121').run()).toThrow(/never deleted/);
    expect(() => sqlite().prepare('delete from audit_checkpoints').run()).toThrow(/never deleted/);
    expect(() => sqlite().prepare('update audit_checkpoints set entry_count = 1').run()).toThrow(/never changed/);
    expect(sqlite().prepare('select count(*) from audited_calls').pluck().get()).toBe(0);
  });

  test('of what the clerk did not see is refused, and so is one of nothing', async () => {
    const before = count();
    await expect(trial.runJob('audit.purge', { entries: 119 })).rejects.toMatchObject({ code: 'audit.dueChanged', details: { due: 120 } });
    await trial.call('audit.saveRetention', { keptYears: 10 });
    await expect(trial.runJob('audit.purge', { entries: 120 })).rejects.toMatchObject({ code: 'audit.nothingDue' });
    expect(auditCheckpoints(sqlite())).toEqual([]);
    expect(count()).toBeGreaterThan(before);
    expect(auditEntry(sqlite(), log().head()!.sequence)).toMatchObject({
      operation: 'audit.purge',
      action: 'purge',
      outcome: 'audit.nothingDue',
    });
  });

  test('of a log that is not whole is refused: it is evidence', async () => {
    dropTriggers(sqlite());
    sqlite().prepare("update audit_entries set summary = '別的' where sequence = 50").run();
    const before = count();
    await expect(trial.runJob('audit.purge', { entries: 120 })).rejects.toMatchObject({ code: 'audit.broken', details: { sequence: 50 } });
    expect(count()).toBeGreaterThan(before);
  });

  test('a second one goes on from the first, and both hold', async () => {
    await trial.runJob('audit.purge', { entries: 120 });
    const { directory } = trial;
    await trial.application.close();
    // Six years later everything of today is due but what is done then.
    trial = await signInto(directory, '999999adm', trialPassword, '2032-11-25');
    const { due } = await trial.call('audit.retention', {});
    expect(due).toBeGreaterThan(0);
    const purged = await trial.runJob('audit.purge', { entries: due });
    expect(purged.fromSequence).toBe(121);
    expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true, purged: 120 + due });
    const [first, second] = auditCheckpoints(sqlite());
    expect(second!.previousHash).toBe(first!.hash);
  });

  test.each<[string, string, RegExp]>([
    ['changes a checkpoint', 'update audit_checkpoints set entry_count = 3', /清除紀錄被更改過/],
    ['takes the checkpoint away', 'delete from audit_checkpoints', /第 1 到 120 筆不見了/],
    ['takes more away than it says', 'delete from audit_entries where sequence = 121', /第 121 筆不見了/],
    [
      'takes the entry away that tells of it',
      "update audit_entries set summary = '' where operation = 'audit.purge'",
      /沒有任何一筆紀錄說明/,
    ],
  ])('whoever %s afterwards is seen', async (_name, statement, message) => {
    await trial.runJob('audit.purge', { entries: 120 });
    dropTriggers(sqlite());
    sqlite().prepare(statement).run();
    const { ok, faults } = await trial.runJob('audit.verify', {});
    expect(ok).toBe(false);
    expect(faults.map((fault) => fault.message).join('\n')).toMatch(message);
  });

  test('killed at any moment happened whole or not at all', async () => {
    const { directory } = trial;
    await trial.application.close();
    for (const milliseconds of [0, 5, 10, 20, 40, 80]) {
      const child = spawn(process.execPath, [
        '--disable-warning=ExperimentalWarning',
        join(programRoot, 'tests/audit/purging.ts'),
        directory,
        '999999adm',
        trialPassword,
      ]);
      const closed = once(child, 'close');
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      child.kill('SIGKILL');
      await closed;
      trial = await signInto(directory, '999999adm', trialPassword);
      const [checkpoint] = auditCheckpoints(sqlite());
      const first = sqlite().prepare('select min(sequence) from audit_entries').pluck().get();
      expect(first).toBe(checkpoint ? checkpoint.throughSequence + 1 : 1);
      expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true, purged: checkpoint ? 120 : 0 });
      const told = sqlite().prepare("select outcome from audit_entries where operation = 'audit.purge'").pluck().all();
      if (checkpoint) expect(told.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect(sqlite().prepare('select count(*) from audited_calls').pluck().get()).toBe(0);
      expect(existsSync(join(directory, 'audit.head'))).toBe(true);
      if (checkpoint) break;
      await trial.application.close();
    }
  });
});
