import { instantOfTaipei, parseRocDay, taipeiDay } from './roc-date.ts';

/**
 * Days and times as other systems write them into a transfer file: Western or ROC, with a time behind them or a zone,
 * in .NET's ways (`2020/7/17 下午 03:04:05`, `/Date(1594951154000)/`, `0001/01/01` for never). Pure.
 */

/** .NET's `DateTime.MinValue`, in UTC or in a zone: never set. */
const never = (text: string) => text === '' || /^0001(\D|0101)|Date\(-62135[56]\d{8}/.test(text);

/** Days before and after are a mistake of the writer, and ISO years have four digits. */
const isPlausible = (day: string) => day >= '1800-01-01' && day <= '9998-12-31';

/** Milliseconds since 1970, or a date with `T` and a zone; null where it has that form and is none. */
function zoned(text: string): Date | null | undefined {
  const milliseconds = /^\/?Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/?$/.exec(text)?.[1];
  const hasZone = /^\d{4}-\d\d-\d\dT.*(?:[Zz]|[+-]\d\d:?\d\d)$/.test(text);
  if (milliseconds === undefined && !hasZone) return undefined;
  const date = new Date(milliseconds === undefined ? text : Number(milliseconds));
  return !Number.isNaN(date.getTime()) && isPlausible(date.toISOString().slice(0, 10)) ? date : null;
}

const toTheSecond = (date: Date) => `${date.toISOString().slice(0, 19)}.000Z`;

/** A clock of 24 hours from one of 12 with 上午, 下午, AM or PM on either side. */
function timeOf(text: string): string | undefined {
  const half = /上午|下午|[ap]\.?m\.?/i.exec(text)?.[0];
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?$/.exec(text.replace(half ?? '', '').trim());
  if (!match) return undefined;
  let hour = Number(match[1]);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (/下午|p/i.test(half) ? 12 : 0);
  }
  const second = Math.min(59, Number(match[3] ?? 0));
  return hour < 24 && Number(match[2]) < 60 ? `${String(hour).padStart(2, '0')}:${match[2]}:${String(second).padStart(2, '0')}` : undefined;
}

/** The day and what follows it. */
function parts(text: string): { day: string | undefined; rest: string } {
  const compact = /^(\d{8})(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (compact) return { day: parseRocDay(compact[1]!), rest: compact.slice(2).join(':') };
  const [first, rest] = /^(.*?[\d日])(?:[\sT]+(.*))?$/s
    .exec(text.replace(/\s*([/.\-年月])\s*|\s+(?=日)|(?<=民國)\s+/g, '$1'))
    ?.slice(1) ?? [text];
  return { day: parseRocDay(first!), rest: (rest ?? '').trim() };
}

/** @returns the ISO day in Taipei; null for none; undefined for what is no day */
export function readDay(written: string): string | null | undefined {
  const text = written.normalize('NFKC').trim();
  if (never(text)) return null;
  const date = zoned(text);
  if (date === null) return undefined;
  const day = date ? taipeiDay(date) : parts(text).day;
  return day && isPlausible(day) ? day : undefined;
}

/** @returns the UTC instant to the second; null for none; undefined for what is no time. A day alone is its midnight in Taipei. */
export function readInstant(written: string): string | null | undefined {
  const text = written.normalize('NFKC').trim();
  if (never(text)) return null;
  const date = zoned(text);
  if (date === null) return undefined;
  if (date) return toTheSecond(date);
  const { day, rest } = parts(text);
  const time = rest === '' ? '00:00:00' : timeOf(rest);
  return day && isPlausible(day) && time ? toTheSecond(instantOfTaipei(day, time)) : undefined;
}
