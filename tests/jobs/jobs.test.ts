import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import type { JobState } from '../../main/application/contract.ts';
import type { Foundation } from '../../main/application/foundation.ts';
import { createJobs, type Jobs, markInterruptedJobs } from '../../main/application/jobs.ts';
import { jobsHandlers } from '../../main/features/jobs/service.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { ApplicationError } from '../../main/platform/errors.ts';
import { silentLogger } from '../../main/platform/logger.ts';

let folder: string;
let connection: Connection;
let jobs: Jobs;
let now: () => Date;
let told: { job: JobState; accountName: string }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobs-'));
  connection = openDatabase(join(folder, 'a.db'), { key: new Uint8Array(32).fill(2) });
  migrate(connection.sqlite, { now: systemClock.now });
  told = [];
  now = systemClock.now;
  const foundation = {
    connection,
    clock: { now: () => now() },
    log: silentLogger,
    write: async <Result>(change: () => Result) => connection.sqlite.transaction(change).immediate(),
  } as Foundation;
  jobs = createJobs(foundation, (job, accountName) => told.push({ job, accountName }));
});
afterEach(async () => {
  await jobs.close();
  connection.close();
  rmSync(folder, { recursive: true });
});

const kept = (jobId: string) => connection.sqlite.prepare('select state, result, error from jobs where id = ?').get(jobId);

describe('a job', () => {
  it('tells its progress and its result, and is kept', async () => {
    const jobId = jobs.start('slips.print', '產生確認單', 'office', async ({ report }) => {
      report({ step: '排版', done: 1, total: 2, unit: '頁' });
      return { pages: 2 };
    });
    const ended = await jobs.wait(jobId);
    expect(ended).toMatchObject({ state: 'done', result: { pages: 2 }, error: null, done: 1, total: 2 });
    expect(told.at(-1)).toEqual({ job: ended, accountName: 'office' });
    expect(kept(jobId)).toEqual({ state: 'done', result: '{"pages":2}', error: null });
  });

  it('tells since when it counts towards its total: from the start, and anew where another total comes up', async () => {
    const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 1, 0, second));
    now = () => at(0);
    const counted: string[] = [];
    const jobId = jobs.start('x.y', '作業', 'office', async ({ jobId: id, report }) => {
      const tell = (second: number, done: number, total: number, unit: '件' | '位元組') => {
        now = () => at(second);
        report({ step: '準備', done, total, unit });
        counted.push(jobs.list('office').find((job) => job.id === id)!.countedSince);
      };
      tell(1, 0, 3, '件');
      tell(5, 3, 3, '件');
      tell(6, 0, 900, '位元組');
      tell(9, 500, 900, '位元組');
    });
    await jobs.wait(jobId);
    expect(counted).toEqual([at(1), at(1), at(6), at(6)].map((instant) => instant.toISOString()));
  });

  it('that fails ends with its code and sentence', async () => {
    const jobId = jobs.start('x.y', '作業', 'office', async () => {
      throw new ApplicationError('x.failed', '請再試一次。');
    });
    expect(await jobs.wait(jobId)).toMatchObject({ state: 'failed', error: { code: 'x.failed', message: '請再試一次。' } });
  });

  it('that is cancelled by its owner ends cancelled; nobody else can', async () => {
    const began = Promise.withResolvers<void>();
    const jobId = jobs.start('x.y', '作業', 'office', ({ signal }) => {
      began.resolve();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await began.promise;
    expect(() => jobs.cancel(jobId, 'another')).toThrowError(expect.objectContaining({ code: 'job.notRunning' }));
    jobs.cancel(jobId, 'office');
    expect(await jobs.wait(jobId)).toMatchObject({ state: 'cancelled', error: { code: 'job.cancelled' } });
    expect(() => jobs.cancel(jobId, 'office')).toThrowError(expect.objectContaining({ code: 'job.notRunning' }));
  });

  it('that is cancelled before it began never begins', async () => {
    let began = false;
    const jobId = jobs.start('x.y', '作業', 'office', async () => {
      began = true;
    });
    jobs.cancel(jobId, 'office');
    expect((await jobs.wait(jobId)).state).toBe('cancelled');
    expect(began).toBe(false);
  });

  it('is in the tray of its account only, newest first', async () => {
    const mine = jobs.start('a.b', '甲', 'office', async () => null);
    const other = jobs.start('a.b', '乙', 'teacher', async () => null);
    await Promise.all([jobs.wait(mine), jobs.wait(other)]);
    const handlers = jobsHandlers(jobs);
    const list = await handlers.list({}, { accountName: 'office' } as never);
    expect(list.jobs.map((job) => job.title)).toEqual(['甲']);
  });

  describe('left running by a process that is gone', () => {
    beforeEach(() => {
      const insert = connection.sqlite.prepare(
        "insert into jobs (id, operation, title, state, account_name, process_id, started_at) values (?, 'a.b', '甲', 'running', 'office', ?, '2026-11-24T00:00:00Z')",
      );
      insert.run('of-the-dead', 999_999_999);
      insert.run('of-the-living', process.ppid);
      expect(markInterruptedJobs({ connection, clock: systemClock })).toBe(1);
    });

    it('is marked as interrupted at the next start', () => {
      expect(kept('of-the-dead')).toMatchObject({ state: 'interrupted' });
      expect(kept('of-the-living')).toMatchObject({ state: 'running' });
    });

    it('is in the tray of its account with what to do, until it is put away', async () => {
      const shown = [
        { id: 'of-the-dead', state: 'interrupted', error: { code: 'job.interrupted', message: expect.stringContaining('重新執行') } },
      ];
      expect(jobs.list('office')).toMatchObject(shown);
      expect(jobs.list('teacher')).toEqual([]);
      await jobs.dismiss('of-the-dead', 'teacher');
      expect(jobs.list('office')).toMatchObject(shown);
      await jobs.dismiss('of-the-dead', 'office');
      expect(jobs.list('office')).toEqual([]);
      expect(kept('of-the-dead')).toMatchObject({ state: 'interrupted' });
    });
  });
});
