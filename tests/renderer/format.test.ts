import { describe, expect, it } from 'vitest';
import { CallError } from '../../renderer/app/call-error.ts';
import { formatAge, formatBytes, formatCount, formatDuration, formatMoment } from '../../renderer/components/format.ts';
import { showCell } from '../../renderer/components/grid/cells.tsx';
import { pageLine } from '../../renderer/components/grid/page-line.ts';
import { addMonths, dayInMonth, describeMonth, weeksOf } from '../../renderer/components/roc-calendar.ts';

const now = new Date('2026-11-24T06:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

describe('figures for a clerk', () => {
  it('groups thousands and says sizes in the unit that fits', () => {
    expect(formatCount(1080)).toBe('1,080');
    expect(formatBytes(812)).toBe('812 位元組');
    expect(formatBytes(1024)).toBe('1.0 KB');
    expect(formatBytes(12_700)).toBe('12.4 KB');
    expect(formatBytes(10 * 1024 * 1024)).toBe('10.0 MB');
    expect(formatBytes(250 * 1024 * 1024)).toBe('250 MB');
    expect(formatBytes(5000 * 1024 ** 3)).toBe('5000 GB');
  });

  it('says how long ago something was, and the ROC day when that is long ago', () => {
    expect([0, 5, 60 * 3, 60 * 24 * 3].map((minutes) => formatAge(minutesAgo(minutes), now))).toEqual([
      '剛剛',
      '5 分鐘前',
      '3 小時前',
      '3 天前',
    ]);
    expect(formatAge(minutesAgo(60 * 24 * 60), now)).toBe('115/09/25');
  });

  it('leaves out the day when it is today in Taipei', () => {
    expect(formatMoment('2026-11-24T01:12:30.000Z', now)).toBe('09:12');
    expect(formatMoment('2026-11-23T15:59:59.000Z', now)).toBe('115/11/23 23:59');
  });

  it('says durations in the words of a clock', () => {
    expect([8, 120, 125, 3780].map(formatDuration)).toEqual(['8 秒', '2 分', '2 分 5 秒', '1 小時 3 分']);
  });
});

describe('cells of the grid', () => {
  it('shows each kind in its own way', () => {
    expect(showCell({ key: 'a', title: 'a', kind: 'number' }, 1080)).toBe('1,080');
    expect(showCell({ key: 'a', title: 'a', kind: 'text' }, '09351071')).toBe('09351071');
    expect(showCell({ key: 'a', title: 'a', kind: 'rocDay' }, '2020-07-17')).toBe('109/07/17');
    expect(showCell({ key: 'a', title: 'a', kind: 'rocDateTime' }, '2020-07-17T01:59:16.000Z')).toBe('109/07/17 09:59:16');
    expect(showCell({ key: 'a', title: 'a', kind: 'choice', choices: { enrolled: '在學' } }, 'enrolled')).toBe('在學');
    expect(showCell({ key: 'a', title: 'a', kind: 'flag' }, 1)).toBe('是');
  });

  it('leaves a cell empty for what is not there, and shows nought', () => {
    expect(showCell({ key: 'a', title: 'a', kind: 'rocDay' }, null)).toBe('');
    expect(showCell({ key: 'a', title: 'a', kind: 'number' }, 0)).toBe('0');
  });
});

describe("the manual's line under the grid", () => {
  it('counts from the first row of the page to the last there is', () => {
    expect(pageLine(1, 30, 1080)).toBe('1 - 30 共 1,080 條');
    expect(pageLine(36, 30, 1065)).toBe('1051 - 1065 共 1,065 條');
    expect(pageLine(1, 30, 0)).toBe('沒有記錄');
  });
});

describe('the calendar of ROC years', () => {
  it('names months by the ROC year, before 1912 too', () => {
    expect(describeMonth({ year: 2020, month: 9 })).toBe('民國 109 年 9 月');
    expect(describeMonth({ year: 1911, month: 12 })).toBe('民國前 1 年 12 月');
  });

  it('shows six weeks from the Sunday before the first', () => {
    const weeks = weeksOf({ year: 2026, month: 11 });
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.[0]).toBe('2026-11-01');
    expect(weeks[5]?.[6]).toBe('2026-12-12');
  });

  it('turns months across years and keeps to days that exist', () => {
    expect(addMonths({ year: 2026, month: 12 }, 1)).toEqual({ year: 2027, month: 1 });
    expect(addMonths({ year: 2026, month: 1 }, -1)).toEqual({ year: 2025, month: 12 });
    expect(dayInMonth('2027-01-31', { year: 2028, month: 2 })).toBe('2028-02-29');
  });
});

describe('errors that reach the window', () => {
  it('keeps the code and the sentence of a refusal that crossed the bridge without its class', () => {
    const crossed = Object.assign(new Error('檔案太大，請選擇其他檔案。'), { code: 'file.tooBig', details: { bytes: 1 } });
    expect(CallError.from(crossed)).toMatchObject({ code: 'file.tooBig', message: '檔案太大，請選擇其他檔案。', details: { bytes: 1 } });
  });

  it('says what to do about anything else, and shows no stack', () => {
    const unexpected = CallError.from(new TypeError('x is undefined'));
    expect(unexpected.code).toBe('window.failed');
    expect(unexpected.message).not.toContain('undefined');
  });
});
