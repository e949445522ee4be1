import { describe, expect, test } from 'vitest';
import { syncResourceNames } from '../../main/features/sync/contract.ts';
import { lastDue, nextDue, resourcesDue, resourcesMissed } from '../../main/features/sync/schedule.ts';

describe('同步作業 runs daily at 02:00 in Taipei', () => {
  const tuesday = new Date('2026-11-24T09:00:00+08:00');

  test('the time before and the next one', () => {
    expect(lastDue(tuesday).toISOString()).toBe('2026-11-23T18:00:00.000Z');
    expect(nextDue(tuesday).toISOString()).toBe('2026-11-24T18:00:00.000Z');
    expect(lastDue(new Date('2026-11-24T01:59:59+08:00')).toISOString()).toBe('2026-11-22T18:00:00.000Z');
  });

  test('心理測驗資料 comes on Sundays', () => {
    expect(resourcesDue(new Date('2026-11-22T02:00:00+08:00'))).toEqual(syncResourceNames);
    expect(resourcesDue(new Date('2026-11-24T02:00:00+08:00'))).not.toContain('psychological-tests');
  });

  test('what was missed while the computer was off', () => {
    const finished = (at: string) => new Map(syncResourceNames.map((name) => [name, at]));
    expect(resourcesMissed(tuesday, new Map())).toEqual(syncResourceNames);
    expect(resourcesMissed(tuesday, finished('2026-11-24T00:30:00.000Z'))).toEqual([]);
    expect(resourcesMissed(tuesday, finished('2026-11-23T09:00:00.000Z'))).not.toContain('psychological-tests');
    expect(resourcesMissed(tuesday, finished('2026-11-23T09:00:00.000Z'))).toContain('students');
    expect(resourcesMissed(tuesday, finished('2026-11-20T09:00:00.000Z'))).toEqual(syncResourceNames);
  });
});
