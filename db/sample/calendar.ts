import { compareTerms, type Term, termOfDate } from '../../domain/term.ts';
import type { Random } from './random.ts';

/** A stretch of days, both ends included. */
export interface Span {
  from: string;
  to: string;
}

/** A term of the school's history. */
export interface SchoolTerm extends Term {
  semester: 1 | 2;
  /** The days of teaching that lie in the past; undefined when the term has not begun. */
  taught: Span | undefined;
  /** First and last day of teaching, whatever today is. */
  teaching: Span;
  current: boolean;
}

/** How far an academic year is on its way to the national database. */
export type YearPhase = 'running' | 'ticking' | 'ticked' | 'submitted';

/** The earlier of two days. */
export function earlier(day: string, other: string): string {
  if (day < other) return day;
  return other;
}

/** The later of two days. */
export function later(day: string, other: string): string {
  return day > other ? day : other;
}

/** The first year in which 高三 was handed in apart (assets/rosters/110.json). */
export const firstSeniorYear = 110;

/** The Western year in which an academic year begins. */
export function westernYear(academicYear: number): number {
  return academicYear + 1911;
}

function teachingDays(academicYear: number, semester: 1 | 2): Span {
  const year = westernYear(academicYear);
  return semester === 1 ? { from: `${year}-09-01`, to: `${year + 1}-01-20` } : { from: `${year + 1}-02-11`, to: `${year + 1}-06-30` };
}

/** The students' window to choose for the national database, and the school's to hand in (manual §3.6, §3.9). */
export function tickSpan(academicYear: number): Span {
  const year = westernYear(academicYear) + 1;
  return { from: `${year}-08-20`, to: `${year}-09-14` };
}
export function submissionSpan(academicYear: number): Span {
  const year = westernYear(academicYear) + 1;
  return { from: `${year}-09-17`, to: `${year}-10-31` };
}
/** The third grade chooses and is handed in before it graduates. */
export function finalTickSpan(academicYear: number): Span {
  const year = westernYear(academicYear) + 1;
  return { from: `${year}-04-15`, to: `${year}-04-30` };
}
export function finalSubmissionSpan(academicYear: number): Span {
  const year = westernYear(academicYear) + 1;
  return { from: `${year}-05-03`, to: `${year}-05-14` };
}

/** The calendar of the trial school: its terms from the first year of its history to the term of today. */
export class Calendar {
  readonly today: string;
  readonly current: Term;
  readonly firstYear: number;
  readonly terms: readonly SchoolTerm[];

  /**
   * @param today ISO day of Taipei; nothing the school has done lies after it
   * @param years academic years of history, the current one included
   */
  constructor(today: string, years: number) {
    this.today = today;
    this.current = termOfDate(today);
    this.firstYear = this.current.academicYear - years + 1;
    const terms: SchoolTerm[] = [];
    for (let academicYear = this.firstYear; academicYear <= this.current.academicYear; academicYear += 1) {
      for (const semester of [1, 2] as const) {
        if (compareTerms({ academicYear, semester }, this.current) > 0) continue;
        const teaching = teachingDays(academicYear, semester);
        const taught = teaching.from > today ? undefined : { from: teaching.from, to: earlier(teaching.to, today) };
        terms.push({
          academicYear,
          semester,
          teaching,
          taught,
          current: academicYear === this.current.academicYear && semester === this.current.semester,
        });
      }
    }
    this.terms = terms;
  }

  /** How far a year is; `final` for students who graduate in it. */
  phase(academicYear: number, final: boolean): YearPhase {
    const tick = final ? finalTickSpan(academicYear) : tickSpan(academicYear);
    const submission = final ? finalSubmissionSpan(academicYear) : submissionSpan(academicYear);
    if (this.today > submission.to) return 'submitted';
    if (this.today > tick.to) return 'ticked';
    return this.today >= tick.from ? 'ticking' : 'running';
  }
}

const millisecondsOfDay = 86_400_000;

/** Days by number and numbers by day, from 1970: a school is a few thousand days, asked for millions of times. */
const numbers = new Map<string, number>();
const days: string[] = [];

function numberOf(day: string): number {
  let number = numbers.get(day);
  if (number === undefined) {
    number = Math.round(Date.parse(day) / millisecondsOfDay);
    numbers.set(day, number);
  }
  return number;
}

function dayOf(number: number): string {
  days[number] ??= new Date(number * millisecondsOfDay).toISOString().slice(0, 10);
  return days[number];
}

/** Adds whole days to a day. */
export function daysAfter(day: string, count: number): string {
  return dayOf(numberOf(day) + count);
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return numberOf(to) - numberOf(from);
}

/** A day in a span; with `late`, more often towards its end, as before every deadline. */
export function dayIn(random: Random, span: Span, late = false): string {
  const share = late ? Math.max(random.fraction(), random.fraction()) : random.fraction();
  return daysAfter(span.from, Math.floor(share * (daysBetween(span.from, span.to) + 1)));
}

/** A day of teaching in a span: the Saturday and Sunday move to the Friday before, unless that leaves the span. */
export function schoolDayIn(random: Random, span: Span): string {
  const day = dayIn(random, span);
  // 1970 began on a Thursday.
  const weekday = (numberOf(day) + 4) % 7;
  const moved = weekday === 6 ? daysAfter(day, -1) : weekday === 0 ? daysAfter(day, -2) : day;
  if (moved < span.from) return span.from;
  return moved;
}

/** Midnight of a day in Taipei (UTC+8), in milliseconds. */
function midnight(day: string): number {
  return numberOf(day) * millisecondsOfDay - 8 * 3_600_000;
}

/** A UTC instant, ISO 8601: the date from the table, the time by hand, since `toISOString` is slow. */
function instantText(time: number): string {
  const number = Math.floor(time / millisecondsOfDay);
  const seconds = Math.floor((time - number * millisecondsOfDay) / 1000);
  const two = (value: number) => (value < 10 ? `0${value}` : `${value}`);
  return `${dayOf(number)}T${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.000Z`;
}

/** A moment of a day in Taipei, between two hours, as a UTC instant. */
export function instantOn(random: Random, day: string, fromHour: number, toHour: number): string {
  const seconds = random.between(0, (toHour - fromHour) * 3600 - 1);
  return instantText(midnight(day) + (fromHour * 3600 + seconds) * 1000);
}

/** An instant some days after another, but not after the end of `today`'s office hours; undefined when it would be. */
export function laterThan(random: Random, instant: string, fromDays: number, toDays: number, today: string): string | undefined {
  const time = Date.parse(instant) + (fromDays + random.fraction() * (toDays - fromDays)) * millisecondsOfDay;
  return time > midnight(today) + 8 * 3_600_000 ? undefined : instantText(Math.round(time / 1000) * 1000);
}
