/**
 * The one date module. Kept as ISO 8601 (UTC instants, or plain days of Asia/Taipei), shown as ROC years
 * (民國), read from what a clerk types. Pure: no clock of its own, no Temporal (absent in Node 24).
 */
export const taipeiTimeZone = 'Asia/Taipei';

const partsOfInstant = new Intl.DateTimeFormat('en-CA', {
  timeZone: taipeiTimeZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

interface TaipeiParts {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

function taipeiParts(instant: Date): TaipeiParts {
  const parts: Record<string, string> = {};
  for (const part of partsOfInstant.formatToParts(instant)) parts[part.type] = part.value;
  return parts as unknown as TaipeiParts;
}

/** The calendar day in Taipei of an instant, `2026-11-24`. */
export function taipeiDay(instant: Date): string {
  const { year, month, day } = taipeiParts(instant);
  return `${year}-${month}-${day}`;
}

/** `2026-11-24 14:03:05` in Taipei; the form of 建立日期 in transfer files. */
export function taipeiDateTime(instant: Date): string {
  const { year, month, day, hour, minute, second } = taipeiParts(instant);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** A day and time of Taipei as a UTC instant; Taiwan has kept UTC+8 without summer time since 1980. */
export function instantOfTaipei(day: string, time = '00:00:00'): Date {
  return new Date(`${day}T${time}+08:00`);
}

/** `2020-07-17` → `109/07/17`; a day before 1912 → `民國前 1/12/31`; empty for null. */
export function formatRocDay(isoDay: string | null | undefined): string {
  if (!isoDay) return '';
  const year = Number(isoDay.slice(0, 4)) - 1911;
  const rest = `${isoDay.slice(5, 7)}/${isoDay.slice(8, 10)}`;
  return year > 0 ? `${year}/${rest}` : `民國前 ${1 - year}/${rest}`;
}

/** An instant as `109/07/17 09:59:16` in Taipei; empty for null. */
export function formatRocDateTime(isoInstant: string | null | undefined): string {
  if (!isoInstant) return '';
  const { year, month, day, hour, minute, second } = taipeiParts(new Date(isoInstant));
  return `${formatRocDay(`${year}-${month}-${day}`)} ${hour}:${minute}:${second}`;
}

const weekdays = ['日', '一', '二', '三', '四', '五', '六'] as const;

/** The weekday of a day, one character: `2020-09-26` → `六`. */
export function weekdayOf(isoDay: string): string {
  return weekdays[new Date(`${isoDay}T00:00:00Z`).getUTCDay()] ?? '';
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a real calendar day written `yyyy-mm-dd`. Reckoned, not parsed: a roster's check asks it of every cell that is a day. */
export function isIsoDay(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = (daysOfMonth[month - 1] ?? 0) + (leap ? 1 : 0);
  return day >= 1 && day <= last;
}

function isoDay(year: number, month: number, day: number): string | undefined {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return isIsoDay(text) ? text : undefined;
}

/**
 * Reads a day a clerk typed: `1090717`, `109/7/17`, `109.7.17`, `99/1/2`, or Western `2020/07/17`, `20200717`,
 * full-width digits included. Three digits or fewer in front are a ROC year.
 * @returns the ISO day, or undefined when it is no real day
 */
export function parseRocDay(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/^民國\s*/, '');
  const separated = /^(\d{1,4})[/.\-年]\s*(\d{1,2})[/.\-月]\s*(\d{1,2})日?$/.exec(plain);
  if (separated) {
    const year = Number(separated[1]);
    return isoDay(separated[1]!.length === 4 ? year : year + 1911, Number(separated[2]), Number(separated[3]));
  }
  const compact = /^(\d{2,4})(\d{2})(\d{2})$/.exec(plain);
  if (!compact) return undefined;
  const year = Number(compact[1]);
  return isoDay(compact[1]!.length === 4 ? year : year + 1911, Number(compact[2]), Number(compact[3]));
}

/** Adds whole days to a day. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
