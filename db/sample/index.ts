import { type DraftOf, type ResourceName, registerResources, resourceNames } from '../../main/central/resources.ts';
import { autobiographiesOf } from './autobiographies.ts';
import { codesOf } from './codes.ts';
import { receiptsOf, submissionResultsOf } from './exchange-log.ts';
import { fileOf, type SampleFile } from './files/recipe.ts';
import {
  certificationStagesOf,
  certifierGroupsOf,
  courseCounselorsOf,
  damagedFilesOf,
  operationWindowsOf,
  parametersOf,
} from './office-settings.ts';
import type { SampleOptions } from './options.ts';
import { type Made, outcomesOf } from './outcomes.ts';
import { performancesOf } from './performances.ts';
import { type AttendedTerm, Register, type SampleStudent } from './register.ts';
import { attendanceOf, cadresOf, cityWindowsOf, consultationsOf, courseRecordsOf, psychologicalTestsOf, rewardsOf } from './school-life.ts';
import { Teaching } from './teaching.ts';

export { fileOf } from './files/recipe.ts';
export type { SampleOptions } from './options.ts';
export { type SampleTransferFile, writeSampleTransferFiles } from './transfer-files.ts';

/** A file of a record by its hash, and the recipe its bytes are made from. */
export interface RecipeOfFile {
  sha256: string;
  recipe: string;
}

/** A record of any resource with the files it refers to. */
export type SampleRecord = {
  [Name in ResourceName]: { resource: Name; record: DraftOf<Name>; files: readonly RecipeOfFile[] };
}[ResourceName];

/** The trial school. */
export interface SampleSchool {
  /** In school now, of every status but graduated. */
  students: number;
  /** Ids of the students who arrived without a portfolio (see `writeSampleTransferFiles`). */
  arrivals: readonly string[];
  /** Every record, resource after resource in the order of main/central/resources.ts, made while it is read. */
  records: () => IterableIterator<SampleRecord>;
  /** The bytes of a file. */
  file: (recipe: string) => Buffer;
}

/**
 * Invents a school. Nothing but the register is held in memory; `records()` may be walked any number of times and is the same
 * each time.
 * @throws RangeError for a number outside its bounds
 */
export function sampleSchool(options: SampleOptions): SampleSchool {
  const bounds = (name: string, value: number, low: number, high: number) => {
    if (!Number.isInteger(value) || value < low || value > high) throw new RangeError(`${name} is a whole number from ${low} to ${high}`);
  };
  bounds('students', options.students, 1, 5000);
  bounds('years', options.years, 1, 6);
  bounds('seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
  const register = new Register(options);
  const teaching = new Teaching(register);
  return {
    students: options.students,
    arrivals: register.students.filter(({ role }) => role === 'arrival' || role === 'secondArrival').map(({ record }) => record.id),
    records: () => records(register, teaching),
    file: fileOf,
  };
}

/** What the trial school's office has not set yet, so that it can be tried from the beginning. */
export const unsetInTrial: readonly ResourceName[] = ['school-terms', 'deputy-certifiers', 'temporary-accounts'];

const noFiles: readonly RecipeOfFile[] = [];

function* records(register: Register, teaching: Teaching): IterableIterator<SampleRecord> {
  const chosen = register.options.withoutPortfolios ? new Set(registerResources) : new Set(resourceNames);
  for (const resource of resourceNames) if (chosen.has(resource)) yield* sources[resource](register, teaching);
}

function* plain<Name extends ResourceName>(resource: Name, drafts: Iterable<DraftOf<Name>>): IterableIterator<SampleRecord> {
  for (const record of drafts) yield { resource, record, files: noFiles } as unknown as SampleRecord;
}

/** Numbers records that have no name of their own: `r-0000001`. */
function numbering(prefix: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${String(count).padStart(7, '0')}`;
  };
}

function* byTerm<Name extends ResourceName>(
  resource: Name,
  prefix: string,
  register: Register,
  make: (student: SampleStudent, attended: AttendedTerm) => readonly Omit<DraftOf<Name>, 'id'>[],
): IterableIterator<SampleRecord> {
  const next = numbering(prefix);
  for (const student of register.students) {
    for (const attended of student.terms) {
      for (const draft of make(student, attended))
        yield { resource, record: { id: next(), ...draft }, files: noFiles } as unknown as SampleRecord;
    }
  }
}

/** The terms of each academic year a student was here for. */
function yearsOf(student: SampleStudent): AttendedTerm[][] {
  const years = new Map<number, AttendedTerm[]>();
  for (const attended of student.terms) years.set(attended.term.academicYear, [...(years.get(attended.term.academicYear) ?? []), attended]);
  return [...years.values()];
}

function* withFiles<Name extends ResourceName>(
  resource: Name,
  prefix: string,
  register: Register,
  make: (student: SampleStudent) => readonly Made<DraftOf<Name>>[],
): IterableIterator<SampleRecord> {
  const next = numbering(prefix);
  for (const student of register.students) {
    for (const { draft, files } of make(student)) {
      yield { resource, record: { id: next(), ...draft }, files: files.map(recipeOfFile) } as unknown as SampleRecord;
    }
  }
}

function recipeOfFile({ reference, recipe }: SampleFile): RecipeOfFile {
  return { sha256: reference.sha256, recipe };
}

function* consultations(register: Register, teaching: Teaching): IterableIterator<SampleRecord> {
  const members = new Map<string, SampleStudent[]>();
  for (const student of register.students) {
    if (student.role === 'arrival' || student.role === 'secondArrival') continue;
    for (const { classId } of student.terms) {
      const list = members.get(classId);
      if (list) list.push(student);
      else members.set(classId, [student]);
    }
  }
  const next = numbering('n');
  for (const { classId, term } of register.classTerms()) {
    for (const draft of consultationsOf(register, teaching, term, classId, members.get(classId) ?? [])) {
      yield { resource: 'consultations', record: { id: next(), ...draft }, files: noFiles };
    }
  }
}

/** Where the records of each resource come from. */
const sources: Record<ResourceName, (register: Register, teaching: Teaching) => Iterable<SampleRecord>> = {
  teachers: (_register, teaching) => plain('teachers', teaching.teachers),
  classes: (_register, teaching) => plain('classes', teaching.classRecords()),
  students: (register) =>
    plain(
      'students',
      register.students.map(({ record }) => record),
    ),
  counselors: (_register, teaching) => plain('counselors', teaching.counselorRecords()),
  'teaching-assignments': (_register, teaching) =>
    plain(
      'teaching-assignments',
      teaching.offerings.map(({ record }) => record),
    ),
  'course-records': (register, teaching) =>
    byTerm('course-records', 'r', register, (student, attended) => courseRecordsOf(register, teaching, student, attended)),
  attendance: (register) => byTerm('attendance', 'b', register, (student, attended) => attendanceOf(register, student, attended)),
  cadres: (register) => byTerm('cadres', 'd', register, (student, attended) => cadresOf(register, student, attended)),
  rewards: (register) => byTerm('rewards', 'w', register, (student, attended) => rewardsOf(register, student, attended)),
  'psychological-tests': (register) =>
    byTerm('psychological-tests', 'p', register, (student, attended) => psychologicalTestsOf(register, student, attended)),
  'city-windows': (register) => plain('city-windows', cityWindowsOf(register)),
  codes: () => plain('codes', codesOf()),
  // The school's terms follow from its classes until the office sets one.
  'school-terms': () => [],
  parameters: () => plain('parameters', parametersOf()),
  'operation-windows': (register) => plain('operation-windows', operationWindowsOf(register)),
  'course-counselors': (register, teaching) => plain('course-counselors', courseCounselorsOf(register, teaching)),
  'certifier-groups': (_register, teaching) => plain('certifier-groups', certifierGroupsOf(teaching)),
  'certification-stages': () => plain('certification-stages', certificationStagesOf()),
  'deputy-certifiers': () => [],
  'temporary-accounts': () => [],
  outcomes: (register, teaching) =>
    withFiles('outcomes', 'l', register, (student) => yearsOf(student).flatMap((year) => outcomesOf(register, teaching, student, year))),
  performances: (register) =>
    withFiles('performances', 'm', register, (student) => yearsOf(student).flatMap((year) => performancesOf(register, student, year))),
  consultations,
  autobiographies: (register) => withFiles('autobiographies', 'g', register, (student) => autobiographiesOf(register, student)),
  'damaged-files': (register, teaching) => plain('damaged-files', damagedFilesOf(register, teaching)),
  'submission-results': (register, teaching) => plain('submission-results', submissionResultsOf(register, teaching)),
  receipts: (register) => plain('receipts', receiptsOf(register)),
};
