import { addDays, isIsoDay } from '../../domain/roc-date.ts';

/** A month of the Western calendar; its ROC year is `year - 1911`. */
export interface Month {
  year: number;
  /** 1 to 12. */
  month: number;
}

export const monthOf = (isoDay: string): Month => ({ year: Number(isoDay.slice(0, 4)), month: Number(isoDay.slice(5, 7)) });

/** `民國 109 年 9 月`. */
export const describeMonth = ({ year, month }: Month): string =>
  year > 1911 ? `民國 ${year - 1911} 年 ${month} 月` : `民國前 ${1912 - year} 年 ${month} 月`;

export function addMonths({ year, month }: Month, months: number): Month {
  const index = year * 12 + month - 1 + months;
  return { year: Math.floor(index / 12), month: (index % 12) + 1 };
}

/** The six weeks that show a month, Sunday first, as ISO days. */
export function weeksOf({ year, month }: Month): string[][] {
  const first = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;
  const start = addDays(first, -new Date(`${first}T00:00:00Z`).getUTCDay());
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, day) => addDays(start, week * 7 + day)));
}

/** The same day of another month, or that month's last: 01/31 and one month on is 02/28. */
export function dayInMonth(isoDay: string, { year, month }: Month): string {
  const head = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
  let day = Number(isoDay.slice(8, 10));
  while (!isIsoDay(`${head}-${String(day).padStart(2, '0')}`)) day -= 1;
  return `${head}-${String(day).padStart(2, '0')}`;
}
