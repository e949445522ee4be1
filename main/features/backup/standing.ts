import { Cron } from 'croner';
import type { Sqlite } from '../../../db/sqlite.ts';
import type { SchoolSettings } from '../../application/school-settings.ts';

/** Whether the school is backed up, and when it will be. */

export const defaultBackupTime = '12:30';
const timezone = 'Asia/Taipei';
const day = 24 * 60 * 60_000;

const cronOf = (time: string): Cron => {
  const [hour, minute] = time.split(':').map(Number);
  return new Cron(`${minute} ${hour} * * *`, { timezone, paused: true });
};

/** The time of the schedule at or before an instant. */
export function lastDue(now: Date, time: string): Date {
  // croner looks forwards only: the first time after one day and a moment ago.
  return cronOf(time).nextRun(new Date(now.getTime() - day - 1))!;
}

export const nextDue = (now: Date, time: string): Date => cronOf(time).nextRun(now)!;

/** Whether the daily backup has to be made: none was made and verified since it was last due, however often that was missed. */
export const isDue = (now: Date, time: string, lastMadeAt: string | null): boolean =>
  lastMadeAt === null || lastMadeAt < lastDue(now, time).toISOString();

export interface Standing {
  /** When the newest backup that counts was made: verified then, and not found damaged or gone since. */
  lastAt: string | null;
  setUpAt: string;
}

export function readStanding(sqlite: Sqlite): Standing {
  return {
    lastAt:
      sqlite
        .prepare<[], string | null>(
          'select max(created_at) from backups where verified_at is not null and problem is null and missing_at is null',
        )
        .pluck()
        .get() ?? null,
    setUpAt: sqlite.prepare<[], string>('select min(applied_at) from applied_migrations').pluck().get()!,
  };
}

/** `overdue` when no verified backup was made for 24 hours; `never` when there is none a day after the school was set up. */
export function standingOf({ lastAt, setUpAt }: Standing, now: Date): 'good' | 'new' | 'never' | 'overdue' {
  const old = (instant: string) => now.getTime() - Date.parse(instant) > day;
  if (lastAt !== null) return old(lastAt) ? 'overdue' : 'good';
  return old(setUpAt) ? 'never' : 'new';
}

/** Why the newest backup is not in the second place, in Chinese; null where it is, or where none was chosen. */
export function secondPlaceProblem(sqlite: Sqlite, settings: SchoolSettings): string | null {
  if (!settings.get('backup.secondPlace')) return null;
  const newest = sqlite
    .prepare<[], string | null>("select second_problem from backups where content = 'database' order by created_at desc limit 1")
    .pluck();
  return newest.get() ?? null;
}
