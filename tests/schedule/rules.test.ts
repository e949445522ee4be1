import { describe, expect, test } from 'vitest';
import { closesAt, type OperationWindow, opensAt, windowRefusals, windowState, windowWarnings } from '../../domain/operation-window.ts';

const window = (change: Partial<OperationWindow> = {}): OperationWindow => ({
  item: 'studentUpload',
  academicYear: 109,
  semester: 1,
  startsOn: '2020-10-01',
  startHour: 0,
  endsOn: '2020-12-31',
  endHour: 23,
  ...change,
});
const city = { startsOn: '2020-08-01', endsOn: '2021-10-31' };
const early = new Date('2020-09-01T00:00:00+08:00');

describe('the hours of a window', () => {
  test('begin with the start hour and end with the whole of the end hour', () => {
    expect(opensAt(window()).toISOString()).toBe('2020-09-30T16:00:00.000Z');
    expect(closesAt(window()).toISOString()).toBe('2020-12-31T15:59:59.999Z');
    expect(closesAt(window({ endHour: 0 })).toISOString()).toBe('2020-12-30T16:59:59.999Z');
    expect(windowState(window(), new Date('2020-12-31T23:59:59.999+08:00'))).toBe('open');
    expect(windowState(window(), new Date('2021-01-01T00:00:00+08:00'))).toBe('past');
    expect(windowState(window(), early)).toBe('soon');
  });
});

describe('a window is refused', () => {
  const fields = (changed: OperationWindow, bounds: typeof city | null = city, others: OperationWindow[] = []) =>
    windowRefusals(changed, bounds, others).map(({ field }) => field);

  test('outside the city’s, at either end', () => {
    expect(fields(window())).toEqual([]);
    expect(fields(window({ startsOn: '2020-07-31' }))).toEqual(['startsOn']);
    expect(fields(window({ endsOn: '2021-11-01' }))).toEqual(['endsOn']);
    expect(fields(window({ startsOn: '2020-08-01', endsOn: '2021-10-31' }))).toEqual([]);
    expect(fields(window(), null)).toEqual(['startsOn']);
  });

  test('when it ends before it starts; one hour of one day is a window', () => {
    expect(fields(window({ startsOn: '2020-10-01', startHour: 8, endsOn: '2020-10-01', endHour: 7 }))).toEqual(['endsOn']);
    expect(fields(window({ startsOn: '2020-10-01', startHour: 8, endsOn: '2020-10-01', endHour: 8 }))).toEqual([]);
  });

  test('a second time in a term, and in a semester that its item does not have', () => {
    expect(fields(window(), city, [window({ endsOn: '2020-11-30' })])).toEqual(['item']);
    expect(fields(window(), city, [window({ semester: 2 })])).toEqual([]);
    expect(fields(window({ semester: 0 }))).toEqual(['semester']);
    expect(fields(window({ item: 'tickOutcomes', semester: 1 }))).toEqual(['semester']);
    expect(fields(window({ item: 'tickPerformances', semester: 0 }))).toEqual([]);
  });
});

describe('a window is warned of', () => {
  const student = window({ academicYear: 108, startsOn: '2019-11-25', endsOn: '2019-11-30', endHour: 0 });

  test('a year off, as the teachers’ window of 1081 in the manual', () => {
    const teacher = window({ item: 'teacherCertification', academicYear: 108, startsOn: '2020-11-25', endsOn: '2020-11-28' });
    const warnings = windowWarnings(teacher, [student], early);
    expect(warnings.join('')).toContain('109/11/25 不在 108 學年度第 1 學期的一年之內');
    expect(warnings.join('')).toContain('結束之後才開始');
  });

  test('when teachers end before students do, whichever of the two is set', () => {
    const teacher = window({ item: 'teacherCertification', endHour: 0 });
    expect(windowWarnings(teacher, [window()], early).join('')).toContain('比學生上傳及送出認證的時間早結束');
    expect(windowWarnings(window(), [teacher], early).join('')).toContain('比學生上傳及送出認證的時間早結束');
    expect(windowWarnings(window({ item: 'teacherCertification' }), [window()], early)).toEqual([]);
  });

  test('when ticking ends before certifying does, or all is over already', () => {
    const ticking = window({ item: 'tickOutcomes', semester: 0, endsOn: '2020-12-30' });
    const teacher = window({ item: 'teacherCertification' });
    expect(windowWarnings(ticking, [teacher], early).join('')).toContain('之後才通過認證的學習成果將無法勾選');
    expect(windowWarnings(window(), [], new Date('2021-01-01T00:00:00+08:00')).join('')).toContain('已經過了');
  });
});
