import { createHash } from 'node:crypto';

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

/** A hash of what the figures of a slip are; of equal ones a signature under one holds for the other. */
export function figuresOf({ years }: Pick<Slip, 'years'>): string {
  const figures = years.map(({ className: _name, ...counts }) => counts);
  return createHash('sha256').update(JSON.stringify(figures)).digest('base64url').slice(0, 22);
}
