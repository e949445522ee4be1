import { describe, expect, it } from 'vitest';
import type { JobState } from '../../main/application/contract.ts';
import { outgoingOf } from '../../renderer/app/job-outcome.ts';
import { createJobStore } from '../../renderer/app/job-store.ts';
import { remainingSeconds } from '../../renderer/components/job-time.ts';

const job = (changes: Partial<JobState> = {}): JobState => ({
  id: 'a',
  operation: 'sync.run',
  title: '同步作業',
  state: 'running',
  step: '準備中',
  done: 0,
  total: 100,
  unit: '項',
  startedAt: '2026-11-24T01:00:00.000Z',
  countedSince: '2026-11-24T01:00:00.000Z',
  finishedAt: null,
  result: null,
  error: null,
  ...changes,
});

describe('the jobs of a window', () => {
  it('tells of a job that ended before anyone asked for its end', async () => {
    const jobs = createJobStore();
    jobs.update(job({ state: 'done', result: { rows: 3 } }));
    await expect(jobs.finished('a')).resolves.toMatchObject({ state: 'done', result: { rows: 3 } });
  });

  it('tells everyone who waits for a job, also when its first report comes after the question', async () => {
    const jobs = createJobStore();
    const ends = [jobs.finished('a'), jobs.finished('a')];
    jobs.update(job());
    jobs.update(job({ state: 'cancelled' }));
    expect((await Promise.all(ends)).map((end) => end.state)).toEqual(['cancelled', 'cancelled']);
  });

  it('does not let a late report of progress bring an ended job back to life', () => {
    const jobs = createJobStore();
    jobs.update(job({ state: 'done' }));
    jobs.update(job({ done: 99 }));
    expect(jobs.get('a')?.state).toBe('done');
    expect(jobs.runningOf('sync.run')).toBeNull();
  });

  it('finds the running job of the roster that is asked for, where one operation serves several screens', () => {
    const jobs = createJobStore();
    jobs.update(job({ operation: 'submissions.check' }));
    jobs.startedAbout('a', 'cadres 1151');
    expect(jobs.runningOf('submissions.check', 'cadres 1151')?.id).toBe('a');
    expect(jobs.runningOf('submissions.check', 'outcomes 1150')).toBeNull();
    expect(jobs.runningOf('submissions.check')).toBeNull();
  });

  it('calls a job interrupted that the backend no longer knows after the connection was lost', async () => {
    const jobs = createJobStore();
    jobs.update(job());
    const end = jobs.finished('a');
    jobs.replace([job({ id: 'b' })]);
    await expect(end).resolves.toMatchObject({ id: 'a', state: 'interrupted', error: { code: 'job.interrupted' } });
    expect(jobs.runningOf('sync.run')?.id).toBe('b');
  });

  it('lists the newest first and keeps the same list until something changes', () => {
    const jobs = createJobStore();
    jobs.update(job());
    jobs.update(job({ id: 'b', startedAt: '2026-11-24T02:00:00.000Z' }));
    expect(jobs.all().map(({ id }) => id)).toEqual(['b', 'a']);
    expect(jobs.all()).toBe(jobs.all());
  });

  it('forgets an ended job that the clerk removed, even when the list is fetched again, and never a running one', () => {
    const jobs = createJobStore();
    jobs.update(job());
    jobs.dismiss('a');
    expect(jobs.get('a')).not.toBeNull();
    jobs.update(job({ state: 'done' }));
    jobs.dismiss('a');
    jobs.replace([job({ state: 'done' })]);
    expect(jobs.all()).toEqual([]);
  });

  it('leaves nothing of one account for the next', () => {
    const jobs = createJobStore();
    jobs.update(job({ state: 'done' }));
    jobs.clear();
    expect(jobs.all()).toEqual([]);
  });
});

describe('what came of a job', () => {
  const file = { token: 't', name: '名冊.xlsx', bytes: 10, mediaType: 'x' };

  it('offers the file of a job that is done, and nothing of one that is not', () => {
    expect(outgoingOf(job({ state: 'done', result: { file, rows: 3 } }))).toEqual(file);
    expect(outgoingOf(job({ state: 'failed', result: { file } }))).toBeNull();
    expect(outgoingOf(job({ state: 'done', result: { rows: 3 } }))).toBeNull();
    expect(outgoingOf(job({ state: 'done', result: null }))).toBeNull();
  });
});

describe('time left', () => {
  const afterStart = (seconds: number) => new Date(Date.parse('2026-11-24T01:00:00.000Z') + seconds * 1000);

  it('goes on at the pace so far', () => {
    expect(remainingSeconds(job({ done: 25 }), afterStart(10))).toBe(30);
  });

  it('takes the pace of what is counted now, not of what came before', () => {
    const countedSince = '2026-11-24T01:10:00.000Z';
    expect(remainingSeconds(job({ done: 500, total: 2000, unit: '位元組', countedSince }), afterStart(610))).toBe(30);
    expect(remainingSeconds(job({ done: 500, total: 2000, unit: '位元組', countedSince }), afterStart(601))).toBeNull();
  });

  it('says nothing while too little is known', () => {
    expect(remainingSeconds(job({ done: 25 }), afterStart(1))).toBeNull();
    expect(remainingSeconds(job({ done: 4 }), afterStart(60))).toBeNull();
    expect(remainingSeconds(job({ done: 5, total: 0 }), afterStart(60))).toBeNull();
    expect(remainingSeconds(job({ done: 100 }), afterStart(60))).toBeNull();
  });
});
