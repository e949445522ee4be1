import { addDays, taipeiDay, weekdayOf } from './roc-date.ts';

/**
 * Which backups are kept: those of the newest day, of the six days before it the newest of each kind, then one a week for four weeks and one
 * a month for twelve months.
 */

export interface ThinnedBackup {
  id: string;
  /** UTC instant. */
  madeAt: string;
  reason: string;
  /** Read whole and found as it was made. */
  verified: boolean;
}

/** Of the newest day: whoever made one before each step of an afternoon's work may go back to any of them. */
const keptOfNewestDay = 12;
const keptDays = 7;
const keptWeeks = 4;
const keptMonths = 12;

/** The Monday of a day's week. */
const mondayOf = (day: string): string => addDays(day, -['一', '二', '三', '四', '五', '六', '日'].indexOf(weekdayOf(day)));

/**
 * Backups that may go. Days, weeks and months count only where there is a verified backup of them: a summer without one costs nothing.
 * The newest verified one is never among them, and one that was not verified only when seven days of verified ones are newer.
 * @returns ids
 */
export function backupsToRemove(backups: readonly ThinnedBackup[]): string[] {
  const newestFirst = backups
    .filter(({ verified }) => verified)
    .map((backup) => ({ ...backup, day: taipeiDay(new Date(backup.madeAt)) }))
    .sort((a, b) => (a.madeAt === b.madeAt ? (a.id < b.id ? 1 : -1) : a.madeAt < b.madeAt ? 1 : -1));
  const kept = new Set(
    newestFirst
      .filter(({ day }) => day === newestFirst[0]?.day)
      .slice(0, keptOfNewestDay)
      .map(({ id }) => id),
  );
  /** Keeps the newest of each part of each of so many periods. */
  const keepNewest = (periods: number, periodOf: (day: string) => string, partOf: (reason: string) => string) => {
    const seen = new Map<string, Set<string>>();
    for (const { id, day, reason } of newestFirst) {
      const period = periodOf(day);
      if (!seen.has(period) && seen.size === periods) break;
      const parts = seen.get(period) ?? new Set();
      seen.set(period, parts);
      if (parts.has(partOf(reason))) continue;
      parts.add(partOf(reason));
      kept.add(id);
    }
    return [...seen.keys()];
  };
  const days = keepNewest(
    keptDays,
    (day) => day,
    (reason) => reason,
  );
  keepNewest(keptWeeks, mondayOf, () => '');
  keepNewest(
    keptMonths,
    (day) => day.slice(0, 7),
    () => '',
  );
  const oldestDay = days.length === keptDays ? days.at(-1)! : null;
  return backups
    .filter(({ id, verified, madeAt }) => (verified ? !kept.has(id) : oldestDay !== null && taipeiDay(new Date(madeAt)) < oldestDay))
    .map(({ id }) => id);
}
