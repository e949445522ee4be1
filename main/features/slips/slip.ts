import { randomBytes } from 'node:crypto';

/** One academic year of a student on the slip. Counts of terms are `[first, second]`. */
export interface SlipYear {
  academicYear: number;
  className: string;
  uploaded: [number, number];
  certified: [number, number];
  /** Null while the year's ticking has not opened: an empty cell. */
  tickedOutcomes: number | null;
  performances: number;
  tickedPerformances: number | null;
}

/** What one page says of one student. */
export interface Slip {
  /** The student's id. */
  id: string;
  studentNumber: string;
  name: string;
  /** Of the current term, as is the homeroom teacher. */
  className: string;
  homeroomTeacher: string;
  /** Newest first. */
  years: SlipYear[];
}

export type SlipTotals = Omit<SlipYear, 'academicYear' | 'className'>;

const sumOfOpened = (counts: (number | null)[]) => {
  const opened = counts.filter((count) => count !== null);
  return opened.length === 0 ? null : opened.reduce((sum, count) => sum + count, 0);
};

/** 合計數量: sums of the rows shown; of ticked counts the years whose ticking has opened. */
export function totalsOf(years: readonly SlipYear[]): SlipTotals {
  const sum = (count: (year: SlipYear) => number) => years.reduce((total, year) => total + count(year), 0);
  return {
    uploaded: [sum((year) => year.uploaded[0]), sum((year) => year.uploaded[1])],
    certified: [sum((year) => year.certified[0]), sum((year) => year.certified[1])],
    tickedOutcomes: sumOfOpened(years.map((year) => year.tickedOutcomes)),
    performances: sum((year) => year.performances),
    tickedPerformances: sumOfOpened(years.map((year) => year.tickedPerformances)),
  };
}

/** Digits and letters that nobody takes for another (no I, L, O, U), all of them in a QR code's alphanumeric set. */
const serialAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A new serial, `1151-7K3QF-9XZ2M`: the term, then 50 random bits; it names no one. Short enough for the smallest QR
 * code and for typing when a code can't be scanned.
 */
export function newSerial(term: string): string {
  const letters = [...randomBytes(10)].map((byte) => serialAlphabet[byte & 31]).join('');
  return `${term}-${letters.slice(0, 5)}-${letters.slice(5)}`;
}
