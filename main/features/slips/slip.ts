import { createHash, randomBytes } from 'node:crypto';

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
 * A new serial, `1151-7K3QF-9XZ2M`: the term, then 50 random bits; it names no one. Short enough for typing when a code
 * can't be scanned.
 */
export function newSerial(term: string): string {
  const letters = [...randomBytes(10)].map((byte) => serialAlphabet[byte & 31]).join('');
  return `${term}-${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** What the QR code says: the school too, so that a slip of another school is told from one that is unknown. */
export const qrTextOf = (schoolCode: string, serial: string) => `${schoolCode}/${serial}`;

/**
 * The serial in what a hand scanner typed, or a clerk: upper or lower case, full width, with any separators or none, O for 0 and I or
 * L for 1 (the alphabet has neither).
 * @returns undefined for what is no slip's code; `schoolCode` is null where only the serial was typed
 */
export function readSerial(text: string): { schoolCode: string | null; serial: string } | undefined {
  const letters = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  if (letters.length !== 14 && letters.length !== 20) return undefined;
  const schoolCode = letters.length === 20 ? letters.slice(0, 6) : null;
  const plain = letters.slice(-14).replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!/^\d{4}/.test(plain)) return undefined;
  return { schoolCode, serial: `${plain.slice(0, 4)}-${plain.slice(4, 9)}-${plain.slice(9)}` };
}

/** A hash of what the figures of a slip are; of equal ones a signature under one holds for the other. */
export function figuresOf({ years }: Pick<Slip, 'years'>): string {
  const figures = years.map(({ className: _name, ...counts }) => counts);
  return createHash('sha256').update(JSON.stringify(figures)).digest('base64url').slice(0, 22);
}
