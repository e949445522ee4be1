import type { Calendar } from './calendar.ts';
import type { SampleOptions } from './options.ts';
import { Random, stream } from './random.ts';

/** What sets a few students apart. One role a student, so each case can be told from the others. */
export const roles = [
  /** 轉入 without a portfolio: their transfer files lie in the trial's folder. */
  'arrival',
  'secondArrival',
  /** 轉出 before this term. */
  'leaver',
  /** 轉入 earlier, with outcomes of the school before. */
  'earlierArrival',
  'suspended',
  /** Sits in the first grade a second time (重讀). */
  'repeater',
  /** Took a failed course again (重修). */
  'retaker',
  /** Made up a course of the other track (補修). */
  'makeup',
  /** Was a guest at another school for a course (借讀). */
  'exchange',
  'withoutIdentity',
  'resident',
  'oldResident',
  'unsynchronised',
  /** Has one of everything. */
  'exemplary',
] as const;
export type Role = (typeof roles)[number];

interface Seat {
  section: { cohort: { entryYear: number; graduated: boolean } };
}

/**
 * Who plays which role: numbers like a school's, at least one of each as far as students and history allow.
 * @returns role by index of the seat
 */
export function assignRoles(seats: readonly Seat[], calendar: Calendar, options: SampleOptions): Map<number, Role> {
  const random = new Random(options.seed, stream.roles);
  const assigned = new Map<number, Role>();
  const { academicYear, semester } = calendar.current;
  const grade = (index: number) => academicYear - seats[index]!.section.cohort.entryYear + 1;
  /** Terms before the current one that lie in the history. */
  const pastTerms = (index: number) =>
    (academicYear - Math.max(seats[index]!.section.cohort.entryYear, calendar.firstYear)) * 2 + semester - 1;
  const present = random.shuffled([...seats.keys()].filter((index) => !seats[index]!.section.cohort.graduated));
  const give = (role: Role, count: number, fits: (index: number) => boolean) => {
    let left = count;
    for (const index of present) {
      if (left === 0) return;
      if (assigned.has(index) || !fits(index)) continue;
      assigned.set(index, role);
      left -= 1;
    }
  };
  const share = (rate: number) => Math.max(1, Math.round(options.students * rate));
  const { students } = options;
  // Arrivals bring what they made elsewhere, so they aren't of the first grade; in the tiniest school there is none.
  if (students >= 2) give('arrival', 1, (index) => grade(index) === 2);
  if (students >= 4) give('secondArrival', 1, (index) => grade(index) >= 2);
  if (students >= 5) {
    give('exemplary', 1, (index) => pastTerms(index) >= 2 || options.years === 1);
    // From a few classes on, enough to have one at each step of a transfer.
    give('leaver', Math.max(students >= 200 ? 5 : 1, share(0.008)), (index) => pastTerms(index) >= 1);
  }
  if (students >= 20) {
    give('earlierArrival', share(0.004), (index) => pastTerms(index) >= 3);
    give('suspended', share(0.003), () => true);
    give('retaker', share(0.02), (index) => pastTerms(index) >= 2);
    give('makeup', share(0.006), (index) => pastTerms(index) >= 2);
    give('exchange', share(0.003), (index) => pastTerms(index) >= 1);
    give('repeater', share(0.002), (index) => {
      const { entryYear } = seats[index]!.section.cohort;
      return entryYear - 1 >= calendar.firstYear && entryYear < academicYear;
    });
  }
  if (students >= 50) {
    give('withoutIdentity', 1, () => true);
    give('resident', share(0.004), () => true);
    give('oldResident', share(0.002), () => true);
    give('unsynchronised', share(0.005), (index) => grade(index) === 1);
  }
  return assigned;
}
