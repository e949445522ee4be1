import { withCheckDigit } from '../../domain/national-id.ts';
import type { DraftOf } from '../../main/central/resources.ts';
import { Calendar, dayIn, daysAfter, earlier, type SchoolTerm, westernYear } from './calendar.ts';
import type { Track } from './curriculum.ts';
import type { SampleOptions } from './options.ts';
import { Random, stream } from './random.ts';
import { assignRoles, type Role } from './roles.ts';
import { inventName, inventRareName, rareNameCount } from './words/names.ts';

/** Those who entered together. */
export interface Cohort {
  entryYear: number;
  graduated: boolean;
  classes: readonly CohortClass[];
}

/** A class that stays together through three grades; each of its terms is a class of the register. */
export interface CohortClass {
  cohort: Cohort;
  /** 1 is 一年一班. */
  number: number;
  /** From the second grade on. */
  track: Track;
  size: number;
}

/** What the portfolio grows from: who the student is, how he works, and what happened to him. */
export interface SampleStudent {
  ordinal: number;
  role: Role | undefined;
  section: CohortClass;
  record: DraftOf<'students'>;
  /** 0 to 1: how much he keeps and how early. */
  diligence: number;
  /** Standard deviations from the mean of his grades. */
  ability: number;
  /** The terms he was here for, oldest first, and the class and grade of each. */
  terms: readonly AttendedTerm[];
}

export interface AttendedTerm {
  term: SchoolTerm;
  section: CohortClass;
  grade: number;
  classId: string;
  /** Taken a second time (重讀). */
  repeated: boolean;
}

/** Grade of a cohort in an academic year. */
export function gradeIn(entryYear: number, academicYear: number): number {
  return academicYear - entryYear + 1;
}

export function classIdOf(term: { academicYear: number; semester: number }, grade: number, number: number): string {
  return `c-${term.academicYear}${term.semester}-${grade}${String(number).padStart(2, '0')}`;
}

export function studentIdOf(ordinal: number): string {
  return `s-${String(ordinal).padStart(6, '0')}`;
}

/** Classes of 30 to 36, as even as they come, the first ones a little fuller. */
function divideIntoClasses(cohort: Cohort, students: number, seed: number): CohortClass[] {
  const random = new Random(seed, stream.classes, cohort.entryYear);
  const count = Math.max(1, Math.round(students / 34));
  return Array.from({ length: count }, (_, index) => ({
    cohort,
    number: index + 1,
    track: count === 1 ? random.pick(['science', 'humanities'] as const) : index < Math.ceil(count * 0.55) ? 'science' : 'humanities',
    size: Math.floor(students / count) + (index < students % count ? 1 : 0),
  }));
}

/** The three grades of a school: a little more in the first than in the third. */
function gradeSizes(students: number): [number, number, number] {
  const second = Math.round(students / 3);
  const first = Math.min(students - second, Math.ceil((students - second) * 0.51));
  return [first, second, students - first - second];
}

const countyLetters = [
  ['A', 55],
  ['F', 30],
  ['H', 6],
  ['B', 3],
  ['D', 2],
  ['E', 2],
  ['G', 1],
  ['C', 1],
] as const;
const identityModulus = 10_000_000;

/** An identity nobody else here has: its seven digits step through all of them by a number prime to ten. */
function identityOf(
  random: Random,
  seed: number,
  ordinal: number,
  sex: 'male' | 'female',
  kind: 'national' | 'resident' | 'oldResident',
): string {
  const digits = (ordinal * 7_654_321 + (Math.abs(seed) % 9973) * 1009 + 1_234_567) % identityModulus;
  const letter = random.weighted(countyLetters);
  const second = { national: sex === 'male' ? '1' : '2', resident: sex === 'male' ? '8' : '9', oldResident: sex === 'male' ? 'C' : 'D' }[
    kind
  ];
  return withCheckDigit(`${letter}${second}${String(digits).padStart(7, '0')}`);
}

/** Where arrivals come from and leavers go: invented codes of other schools. */
export const otherSchools = ['080000', '190B00', '110X01', '040Z02', '070000'] as const;

/** 學籍: the school's people and classes, held in memory while the rest streams from it. */
export class Register {
  readonly options: SampleOptions;
  readonly calendar: Calendar;
  readonly cohorts: readonly Cohort[];
  readonly students: readonly SampleStudent[];

  constructor(options: SampleOptions) {
    this.options = options;
    this.calendar = new Calendar(options.today, options.years);
    const { academicYear } = this.calendar.current;
    const sizes = gradeSizes(options.students);
    const cohorts: { cohort: Cohort; students: number }[] = [];
    for (let entryYear = Math.min(this.calendar.firstYear, academicYear - 2); entryYear <= academicYear; entryYear += 1) {
      const grade = gradeIn(entryYear, academicYear);
      const students = sizes[Math.min(grade, 3) - 1]!;
      const cohort: Cohort = { entryYear, graduated: grade > 3, classes: [] };
      cohorts.push({
        cohort: Object.assign(cohort, { classes: students ? divideIntoClasses(cohort, students, options.seed) : [] }),
        students,
      });
    }
    this.cohorts = cohorts.map(({ cohort }) => cohort);
    this.students = this.#enrol(cohorts);
  }

  /** Terms of a cohort: its three grades, as far as the history goes. */
  termsOf(entryYear: number): SchoolTerm[] {
    return this.calendar.terms.filter(({ academicYear }) => academicYear >= entryYear && academicYear < entryYear + 3);
  }

  /** Those who were of one class in a term, by seat. */
  *classTerms(): IterableIterator<{ section: CohortClass; term: SchoolTerm; grade: number; classId: string }> {
    for (const term of this.calendar.terms) {
      for (const cohort of this.cohorts) {
        const grade = gradeIn(cohort.entryYear, term.academicYear);
        if (grade < 1 || grade > 3) continue;
        for (const section of cohort.classes) yield { section, term, grade, classId: classIdOf(term, grade, section.number) };
      }
    }
  }

  #enrol(cohorts: readonly { cohort: Cohort; students: number }[]): SampleStudent[] {
    const seats: { section: CohortClass; seat: number; serial: number }[] = [];
    for (const { cohort } of cohorts) {
      let serial = 0;
      for (const section of cohort.classes) {
        for (let seat = 1; seat <= section.size; seat += 1) {
          serial += 1;
          seats.push({ section, seat, serial });
        }
      }
    }
    const roles = assignRoles(seats, this.calendar, this.options);
    return seats.map(({ section, seat, serial }, index) => this.#student(index + 1, section, seat, serial, roles.get(index)));
  }

  #student(ordinal: number, section: CohortClass, seat: number, serial: number, role: Role | undefined): SampleStudent {
    const { seed, students } = this.options;
    const random = new Random(seed, stream.student, ordinal);
    const rare = students >= 100 && role === undefined && ordinal % Math.floor(students / rareNameCount) === 1;
    const { text: name, sex } = rare
      ? inventRareName(random, Math.floor(ordinal / Math.floor(students / rareNameCount)))
      : inventName(random);
    // Entering at fifteen: born between the second of September and the first of the year after.
    const entryYear = section.cohort.entryYear - (role === 'repeater' ? 1 : 0);
    const birthDate = dayIn(random, { from: `${westernYear(entryYear) - 16}-09-02`, to: `${westernYear(entryYear) - 15}-09-01` });
    const foreign = role === undefined && students >= 50 && ordinal % 97 === 5;
    const identity = identityOf(
      random,
      seed,
      ordinal,
      sex,
      role === 'oldResident' ? 'oldResident' : foreign || role === 'resident' ? 'resident' : 'national',
    );
    // Those who changed cohort keep their old number, of a range of its own.
    const studentNumber = `${entryYear}1${String(serial + (role === 'repeater' ? 8000 : 0)).padStart(4, '0')}`;
    const account = `s${studentNumber}`;
    const terms = this.#attended(section, role);
    const { status, statusChangedOn } = this.#status(random, section, role);
    const record: DraftOf<'students'> = {
      id: studentIdOf(ordinal),
      studentNumber,
      identity: role === 'withoutIdentity' ? null : identity,
      name,
      birthDate,
      sex,
      email: random.chance(0.95) ? `${account}@example.edu.tw` : null,
      account: role === 'unsynchronised' ? null : account,
      status,
      statusChangedOn,
      entryYear,
      otherSchoolCode:
        status === 'transferredIn' || status === 'transferredOut'
          ? role === 'secondArrival'
            ? otherSchools[1]
            : role === 'arrival'
              ? otherSchools[0]
              : random.pick(otherSchools)
          : null,
      enrollments: terms.map(({ term, classId, section: sat }) => ({
        academicYear: term.academicYear,
        semester: term.semester,
        classId,
        // A repeater sat at the end of his first class.
        seatNumber: sat === section ? seat : sat.size + 1,
      })),
    };
    const diligence = Math.min(1, Math.max(0.02, 0.55 + 0.22 * random.normal()));
    return { ordinal, role, section, record, terms, diligence, ability: random.normal() * 0.8 + (diligence - 0.55) };
  }

  /** Which terms a student was here for. */
  #attended(section: CohortClass, role: Role | undefined): AttendedTerm[] {
    const { entryYear } = section.cohort;
    const attended = this.termsOf(entryYear).map((term) => {
      const grade = gradeIn(entryYear, term.academicYear);
      return { term, section, grade, classId: classIdOf(term, grade, section.number), repeated: role === 'repeater' && grade === 1 };
    });
    const past = attended.filter(({ term }) => !term.current);
    if (role === 'arrival' || role === 'secondArrival') return attended.filter(({ term }) => term.current);
    // Came a year ago at most: in the current year, or for want of an earlier term, this one.
    if (role === 'earlierArrival') return attended.slice(1);
    if (role === 'leaver') return past;
    if (role !== 'repeater') return attended;
    const former = this.cohorts.find((cohort) => cohort.entryYear === entryYear - 1)!.classes[0]!;
    const first = this.calendar.terms
      .filter(({ academicYear }) => academicYear === entryYear - 1)
      .map((term) => ({ term, section: former, grade: 1, classId: classIdOf(term, 1, former.number), repeated: false }));
    return [...first, ...attended];
  }

  #status(
    random: Random,
    section: CohortClass,
    role: Role | undefined,
  ): { status: DraftOf<'students'>['status']; statusChangedOn: string | null } {
    const { calendar } = this;
    const year = westernYear(calendar.current.academicYear);
    // Summer for the first term, the winter holidays for the second.
    const recess =
      calendar.current.semester === 1
        ? { from: `${year}-07-05`, to: `${year}-08-25` }
        : { from: `${year + 1}-01-22`, to: `${year + 1}-02-09` };
    const upToToday = (day: string) => earlier(day, calendar.today);
    if (section.cohort.graduated)
      return {
        status: 'graduated',
        statusChangedOn: `${westernYear(section.cohort.entryYear) + 3}-06-${random.between(1, 3) === 1 ? '05' : '03'}`,
      };
    if (role === 'leaver') return { status: 'transferredOut', statusChangedOn: upToToday(dayIn(random, recess)) };
    if (role === 'arrival' || role === 'secondArrival')
      return { status: 'transferredIn', statusChangedOn: upToToday(daysAfter(recess.to, 5)) };
    if (role === 'earlierArrival') {
      const first = this.termsOf(section.cohort.entryYear)[1]!;
      return { status: 'transferredIn', statusChangedOn: upToToday(daysAfter(first.teaching.from, -random.between(1, 12))) };
    }
    if (role === 'suspended') return { status: 'suspended', statusChangedOn: calendar.today };
    return { status: 'enrolled', statusChangedOn: null };
  }
}
