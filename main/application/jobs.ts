import { randomUUID } from 'node:crypto';
import { processLives } from '../platform/data-directory.ts';
import { ApplicationError, cancelled, reportOf } from '../platform/errors.ts';
import type { Progress } from '../platform/task-pool.ts';
import { interruption, type JobState } from './contract.ts';
import type { Foundation } from './foundation.ts';

export interface JobContext {
  jobId: string;
  signal: AbortSignal;
  report: (progress: Progress) => void;
}

interface LiveJob {
  state: JobState;
  abort: AbortController;
  finished: Promise<JobState>;
  accountName: string;
}

/** Runs and remembers jobs; each is told to the windows as it goes and kept in the database when it ends. */
export interface Jobs {
  start: (operation: string, title: string, accountName: string, run: (context: JobContext) => Promise<unknown>) => string;
  /** Asks a running job to stop. @throws `job.notRunning` */
  cancel: (jobId: string, accountName: string) => void;
  /** Resolves with the final state. @throws `job.notRunning` for a job of an earlier run of the program */
  wait: (jobId: string) => Promise<JobState>;
  /** Of an account, newest first: what runs, what came of the last fifty, and what an earlier run of the program did not finish. */
  list: (accountName: string) => JobState[];
  /** Shows a job no more that an earlier run of the program did not finish; any other is only forgotten by the window. */
  dismiss: (jobId: string, accountName: string) => Promise<void>;
  close: () => Promise<void>;
}

const progressInterval = 100;
/** Interrupted jobs that are shown. */
const mostInterrupted = 20;

const notBegun = { step: '準備中', done: 0, total: 0, unit: '項' } as const;
const wasInterrupted = { state: 'interrupted', result: null, error: interruption } as const;

export function createJobs(
  { connection: { sqlite }, clock, log, write }: Pick<Foundation, 'connection' | 'clock' | 'log' | 'write'>,
  publish: (job: JobState, accountName: string) => void,
): Jobs {
  const live = new Map<string, LiveJob>();
  const recent = new Map<string, LiveJob>();
  const insert = sqlite.prepare(
    "insert into jobs (id, operation, title, state, account_name, process_id, started_at) values (?, ?, ?, 'running', ?, ?, ?)",
  );
  const settle = sqlite.prepare('update jobs set state = ?, finished_at = ?, result = ?, error = ? where id = ?');
  // An interrupted job keeps its error until its owner has put it away.
  const interrupted = sqlite.prepare<[string, number], Pick<JobState, 'id' | 'operation' | 'title' | 'startedAt' | 'finishedAt'>>(
    `select id, operation, title, started_at as startedAt, finished_at as finishedAt from jobs
     where state = 'interrupted' and error is not null and account_name = ? order by started_at desc limit ?`,
  );
  const putAway = sqlite.prepare("update jobs set error = null where id = ? and account_name = ? and state = 'interrupted'");

  const find = (jobId: string): LiveJob => {
    const job = live.get(jobId) ?? recent.get(jobId);
    if (!job) throw new ApplicationError('job.notRunning', '這個作業已經結束。');
    return job;
  };

  return {
    start: (operation, title, accountName, run) => {
      const startedAt = clock.now().toISOString();
      const state: JobState = {
        id: randomUUID(),
        operation,
        title,
        state: 'running',
        ...notBegun,
        startedAt,
        countedSince: startedAt,
        finishedAt: null,
        result: null,
        error: null,
      };
      const abort = new AbortController();
      let lastPublished = 0;
      const report = (progress: Progress) => {
        if (state.state !== 'running') return;
        if (progress.total !== state.total || progress.unit !== state.unit) state.countedSince = clock.now().toISOString();
        Object.assign(state, progress);
        const now = performance.now();
        if (now - lastPublished < progressInterval) return;
        lastPublished = now;
        publish({ ...state }, accountName);
      };
      const finished = (async () => {
        try {
          await write(() => insert.run(state.id, operation, title, accountName, process.pid, state.startedAt));
          if (abort.signal.aborted) throw cancelled();
          state.result = (await run({ jobId: state.id, signal: abort.signal, report })) ?? null;
          state.state = 'done';
        } catch (error) {
          const failure = reportOf(error);
          state.state = failure.code === 'job.cancelled' ? 'cancelled' : 'failed';
          state.error = { ...failure, details: { ...failure.details } };
          log.warn('job ended early', {
            operation,
            code: failure.code,
            stack: failure.code === 'internal' ? (error as Error)?.stack : undefined,
          });
        }
        state.finishedAt = clock.now().toISOString();
        try {
          await write(() =>
            settle.run(
              state.state,
              state.finishedAt,
              JSON.stringify(state.result),
              state.error ? JSON.stringify(state.error) : null,
              state.id,
            ),
          );
        } catch (error) {
          log.error('job outcome could not be kept', { operation, code: reportOf(error).code });
        }
        const ended = live.get(state.id)!;
        live.delete(state.id);
        recent.set(state.id, ended);
        if (recent.size > 50) recent.delete(recent.keys().next().value!);
        publish({ ...state }, accountName);
        return state;
      })();
      live.set(state.id, { state, abort, finished, accountName });
      publish({ ...state }, accountName);
      return state.id;
    },
    cancel: (jobId, accountName) => {
      const job = live.get(jobId);
      if (!job || job.accountName !== accountName) throw new ApplicationError('job.notRunning', '這個作業已經結束。');
      job.abort.abort();
    },
    wait: async (jobId) => find(jobId).finished,
    list: (accountName) => [
      ...[...live.values(), ...[...recent.values()].reverse()]
        .filter((job) => job.accountName === accountName)
        .map((job) => ({ ...job.state })),
      ...interrupted
        .all(accountName, mostInterrupted)
        .map((job) => ({ ...notBegun, ...job, countedSince: job.startedAt, ...wasInterrupted })),
    ],
    dismiss: (jobId, accountName) => write(() => void putAway.run(jobId, accountName)),
    close: async () => {
      for (const job of live.values()) job.abort.abort();
      await Promise.all([...live.values()].map((job) => job.finished));
    },
  };
}

/** Marks jobs that a process left running which is gone, so that the office sees they were interrupted. */
export function markInterruptedJobs({ connection: { sqlite }, clock }: Pick<Foundation, 'connection' | 'clock'>): number {
  const left = sqlite.prepare("select id, process_id as processId from jobs where state = 'running'").all() as {
    id: string;
    processId: number;
  }[];
  const mark = sqlite.prepare("update jobs set state = 'interrupted', finished_at = ?, error = ? where id = ?");
  return left.filter(({ id, processId }) => {
    if (processId !== process.pid && processLives(processId)) return false;
    mark.run(clock.now().toISOString(), JSON.stringify(interruption), id);
    return true;
  }).length;
}
