import { interruption, type JobState } from '../../main/application/contract.ts';

/**
 * Every job of this account that the window knows of, newest first. Fed by events and, at the start and after a lost
 * connection, by `jobs.list`; so a job's end is never missed, whichever comes first.
 */
export interface JobStore {
  subscribe: (listener: () => void) => () => void;
  /** The same array until something changes. */
  all: () => readonly JobState[];
  get: (jobId: string) => JobState | null;
  /** @param about what it was started about in this window (see `startedAbout`); empty for nothing in particular */
  runningOf: (operation: string, about?: string) => JobState | null;
  /** Remembers what a job is about, where one operation serves several screens: which roster is checked. */
  startedAbout: (jobId: string, about: string) => void;
  update: (job: JobState) => void;
  /** Takes over a list; a job that ran here and is missing there was interrupted. */
  replace: (jobs: readonly JobState[]) => void;
  /** Resolves when the job has ended, in whatever way. */
  finished: (jobId: string) => Promise<JobState>;
  /** Puts a sentence where the job's step stands. */
  note: (jobId: string, step: string) => void;
  /** Takes an ended job out of the tray. */
  dismiss: (jobId: string) => void;
  clear: () => void;
}

export function createJobStore(): JobStore {
  const jobs = new Map<string, JobState>();
  const listeners = new Set<() => void>();
  const waiting = new Map<string, ((job: JobState) => void)[]>();
  const dismissed = new Set<string>();
  const subjects = new Map<string, string>();
  let ordered: readonly JobState[] = [];

  const publish = () => {
    ordered = [...jobs.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
    for (const listener of listeners) listener();
  };
  const put = (job: JobState) => {
    const known = jobs.get(job.id);
    // A report of progress that was under way when the job ended must not bring it back to life.
    if (known && known.state !== 'running' && job.state === 'running') return;
    jobs.set(job.id, job);
    if (job.state === 'running') return;
    for (const resolve of waiting.get(job.id) ?? []) resolve(job);
    waiting.delete(job.id);
  };

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    all: () => ordered,
    get: (jobId) => jobs.get(jobId) ?? null,
    runningOf: (operation, about = '') =>
      ordered.find((job) => job.operation === operation && job.state === 'running' && (subjects.get(job.id) ?? '') === about) ?? null,
    startedAbout: (jobId, about) => subjects.set(jobId, about),
    update: (job) => {
      if (dismissed.has(job.id)) return;
      put(job);
      publish();
    },
    replace: (list) => {
      const listed = new Set(list.map((job) => job.id));
      for (const job of jobs.values()) {
        if (job.state === 'running' && !listed.has(job.id)) put({ ...job, state: 'interrupted', error: interruption });
      }
      for (const job of list) if (!dismissed.has(job.id)) put(job);
      publish();
    },
    finished: (jobId) => {
      const known = jobs.get(jobId);
      if (known && known.state !== 'running') return Promise.resolve(known);
      return new Promise((resolve) => waiting.set(jobId, [...(waiting.get(jobId) ?? []), resolve]));
    },
    note: (jobId, step) => {
      const job = jobs.get(jobId);
      if (!job) return;
      jobs.set(jobId, { ...job, step });
      publish();
    },
    dismiss: (jobId) => {
      if (jobs.get(jobId)?.state === 'running') return;
      dismissed.add(jobId);
      jobs.delete(jobId);
      publish();
    },
    clear: () => {
      jobs.clear();
      subjects.clear();
      publish();
    },
  };
}

export const jobStore = createJobStore();
