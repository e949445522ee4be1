import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backupsToRemove, type ThinnedBackup } from '../../domain/backup-thinning.ts';
import { addDays, taipeiDay } from '../../domain/roc-date.ts';
import { isDue, lastDue, nextDue, standingOf } from '../../main/features/backup/standing.ts';

const at = (day: string, time = '12:30:00') => new Date(`${day}T${time}+08:00`).toISOString();
const daily = (day: string, more: Partial<ThinnedBackup> = {}): ThinnedBackup => ({
  id: `${day}-${more.reason ?? 'daily'}-${more.madeAt ?? ''}`,
  madeAt: at(day),
  reason: 'daily',
  verified: true,
  ...more,
});
const kept = (backups: readonly ThinnedBackup[]) => {
  const removed = new Set(backupsToRemove(backups));
  return backups.filter(({ id }) => !removed.has(id));
};

const anyBackup = fc.record({
  id: fc.uuid(),
  madeAt: fc.date({ min: new Date('2024-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }).map((date) => date.toISOString()),
  reason: fc.constantFrom('daily', 'manual', 'migration', 'restore', 'import'),
  verified: fc.boolean(),
});
const anyBackups = fc.uniqueArray(anyBackup, { selector: ({ id }) => id, maxLength: 120 });

describe('given backups of many days, when they are thinned', () => {
  test('then seven days, four weeks and twelve months are left of one a day', () => {
    // Made one a day for two years, thinned each day as the program does.
    let backups: ThinnedBackup[] = [];
    for (let day = '2024-12-01'; day <= '2026-11-24'; day = addDays(day, 1)) backups = kept([...backups, daily(day)]);
    const days = backups.map(({ madeAt }) => taipeiDay(new Date(madeAt)));
    expect(days.slice(-7)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24']);
    expect(new Set(days.map((day) => day.slice(0, 7))).size).toBe(12);
    // Sundays of the three weeks before this one, and the last day of each month.
    expect(days).toEqual(expect.arrayContaining(['2026-11-22', '2026-11-15', '2026-11-08', '2026-10-31', '2026-09-30', '2025-12-31']));
    expect(days.length).toBeLessThanOrEqual(7 + 4 + 12);
    expect(days).not.toContain('2025-11-30');
  });

  test('then the newest verified one always stays, and nothing goes where none is verified', () => {
    fc.assert(
      fc.property(anyBackups, (backups) => {
        const removed = new Set(backupsToRemove(backups));
        const verified = backups.filter((backup) => backup.verified).sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1));
        if (verified.length === 0) expect(removed.size).toBe(0);
        else expect(verified.filter(({ madeAt }) => madeAt === verified[0]!.madeAt).some(({ id }) => !removed.has(id))).toBe(true);
      }),
    );
  });

  test('then what is left is bounded, and thinning again removes nothing more', () => {
    fc.assert(
      fc.property(anyBackups, (backups) => {
        const left = kept(backups);
        expect(backupsToRemove(left)).toEqual([]);
        expect(left.filter(({ verified }) => verified).length).toBeLessThanOrEqual(12 + 7 * 5 + 4 + 12);
      }),
    );
  });

  test('then all of the newest day stay, and of the week before what was made before the last import of a day', () => {
    const ofTheDay = [
      daily('2026-11-24'),
      daily('2026-11-24', { reason: 'import', madeAt: at('2026-11-24', '09:00:00') }),
      daily('2026-11-24', { reason: 'import', madeAt: at('2026-11-24', '10:00:00') }),
    ];
    expect(kept(ofTheDay)).toEqual(ofTheDay);
    const later = kept([...ofTheDay, daily('2026-11-25')]);
    expect(later.map(({ madeAt }) => madeAt)).toEqual([at('2026-11-24'), at('2026-11-24', '10:00:00'), at('2026-11-25')]);
    const many = Array.from({ length: 30 }, (_, minute) =>
      daily('2026-11-25', { reason: 'import', madeAt: at('2026-11-25', `10:${String(minute).padStart(2, '0')}:00`) }),
    );
    expect(kept(many)).toEqual(many.slice(-12));
  });

  test('then one that was not verified goes only when seven days of verified ones are newer', () => {
    const doubtful = daily('2026-11-10', { verified: false, id: 'doubtful' });
    const newer = (count: number) => Array.from({ length: count }, (_, index) => daily(addDays('2026-11-11', index)));
    expect(backupsToRemove([doubtful])).toEqual([]);
    expect(backupsToRemove([doubtful, ...newer(6)])).toEqual([]);
    expect(backupsToRemove([doubtful, ...newer(7)])).toEqual(['doubtful']);
  });

  test('then a summer without backups costs none', () => {
    const backups = [daily('2026-06-29'), daily('2026-06-30'), daily('2026-09-01')];
    expect(backupsToRemove(backups)).toEqual([]);
  });
});

describe('the daily backup', () => {
  const now = new Date('2026-11-24T09:00:00+08:00');

  test('is due once after the time it was missed, however often that was', () => {
    expect(lastDue(now, '12:30').toISOString()).toBe(at('2026-11-23'));
    expect(nextDue(now, '12:30').toISOString()).toBe(at('2026-11-24'));
    expect(isDue(now, '12:30', null)).toBe(true);
    expect(isDue(now, '12:30', at('2026-11-10'))).toBe(true);
    expect(isDue(now, '12:30', at('2026-11-23', '12:31:10'))).toBe(false);
    expect(isDue(now, '12:30', at('2026-11-23', '11:00:00'))).toBe(true);
    expect(isDue(now, '08:00', at('2026-11-23', '12:31:10'))).toBe(true);
  });

  test('is missed after 24 hours without a verified one, and by a new school only after its first day', () => {
    const day = 24 * 60 * 60_000;
    const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString();
    const old = ago(300 * day);
    expect(standingOf({ lastAt: ago(day), setUpAt: old }, now)).toBe('good');
    expect(standingOf({ lastAt: ago(day + 1), setUpAt: old }, now)).toBe('overdue');
    expect(standingOf({ lastAt: null, setUpAt: ago(day) }, now)).toBe('new');
    expect(standingOf({ lastAt: null, setUpAt: ago(day + 1) }, now)).toBe('never');
  });
});
