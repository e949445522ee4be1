import { Cron } from 'croner';
import { type SyncResourceName, syncResourceNames } from './contract.ts';

/** Daily at 02:00 in Taipei; 心理測驗資料 on Sundays (manual §2.1). */
const pattern = '0 2 * * *';
const timezone = 'Asia/Taipei';
const sundays: readonly SyncResourceName[] = ['psychological-tests'];

const day = 24 * 60 * 60 * 1000;

/** The time of the schedule at or before an instant. */
export function lastDue(now: Date): Date {
  // croner looks forwards only: the first time after one day and a moment ago.
  return new Cron(pattern, { timezone, paused: true }).nextRun(new Date(now.getTime() - day - 1))!;
}

export function nextDue(now: Date): Date {
  return new Cron(pattern, { timezone, paused: true }).nextRun(now)!;
}

/** What the run due at an instant brings. */
export function resourcesDue(at: Date): SyncResourceName[] {
  const weekday = new Intl.DateTimeFormat('en', { timeZone: timezone, weekday: 'short' }).format(at);
  return syncResourceNames.filter((name) => weekday === 'Sun' || !sundays.includes(name));
}

/**
 * What the computer missed while it was off: every resource that was not received since its last due time.
 * @param lastFinishedAt of each resource, ISO, null before the first time
 */
export function resourcesMissed(now: Date, lastFinishedAt: ReadonlyMap<string, string | null>): SyncResourceName[] {
  const due = lastDue(now);
  const lastSunday = [0, 1, 2, 3, 4, 5, 6]
    .map((days) => new Date(due.getTime() - days * day))
    .find((at) => resourcesDue(at).includes('psychological-tests'))!;
  return syncResourceNames.filter((name) => {
    const at = lastFinishedAt.get(name) ?? null;
    return at === null || at < (sundays.includes(name) ? lastSunday : due).toISOString();
  });
}

/** Calls `run` when the schedule says so, never twice at once and once only after a sleep. */
export function startSchedule(run: (resources: SyncResourceName[]) => Promise<void>, now: () => Date): { stop: () => void } {
  const job = new Cron(pattern, { timezone, protect: true, unref: true }, () => run(resourcesDue(now())));
  return { stop: () => job.stop() };
}
