import fc from 'fast-check';
import type { Sqlite } from '../../db/connection.ts';
import { classSortKey } from '../../domain/class-order.ts';
import { enrollmentStatuses, type OutcomeState, outcomeStates } from '../../domain/portfolio.ts';
import { insert, outcomeRow, performanceRow } from '../students/school.ts';

/** Schools of a few students with everything that can befall them, to hold the statistics against a plain count of the same rows. */

export const terms = [
  { academicYear: 114, semester: 1 },
  { academicYear: 114, semester: 2 },
  { academicYear: 115, semester: 1 },
] as const;
const classNames = ['一年一班', '一年十班', '二年二班'];

export interface RandomOutcome {
  academicYear: number;
  semester: number;
  state: OutcomeState;
  ticked: boolean;
  deleted: boolean;
}
export interface RandomPerformance {
  academicYear: number;
  ticked: boolean;
  deleted: boolean;
}
export interface RandomStudent {
  status: (typeof enrollmentStatuses)[number];
  statusChangedOn: string | null;
  deleted: boolean;
  /** Class by term, in the order of `terms`; null where he was not here. */
  classes: (number | null)[];
  outcomes: RandomOutcome[];
  performances: RandomPerformance[];
}

const sometimes = (weight: number) => fc.integer({ min: 0, max: 99 }).map((value) => value < weight);

const outcome: fc.Arbitrary<RandomOutcome> = fc.record({
  academicYear: fc.constantFrom(114, 115),
  semester: fc.constantFrom(1, 2),
  state: fc.constantFrom(...outcomeStates),
  ticked: sometimes(60),
  deleted: sometimes(10),
});
const performance: fc.Arbitrary<RandomPerformance> = fc.record({
  academicYear: fc.constantFrom(114, 115),
  ticked: sometimes(60),
  deleted: sometimes(10),
});
/** Some students have more ticks than the year's limit, by a fault of the data. */
const fewOrMany = <Value>(one: fc.Arbitrary<Value>) =>
  fc.oneof(fc.array(one, { maxLength: 6 }), fc.array(one, { minLength: 16, maxLength: 40, size: 'max' }));

const student: fc.Arbitrary<RandomStudent> = fc.record({
  status: fc.constantFrom(...enrollmentStatuses),
  statusChangedOn: fc.constantFrom(null, '2025-10-01', '2026-01-31', '2026-02-01', '2026-07-31', '2026-08-01', '2026-11-20'),
  deleted: sometimes(8),
  classes: fc.tuple(...terms.map(() => fc.option(fc.integer({ min: 0, max: classNames.length - 1 }), { freq: 4 }))),
  outcomes: fewOrMany(outcome),
  performances: fewOrMany(performance),
});

export const randomSchool = fc.array(student, { minLength: 1, maxLength: 14 });

const instant = '2026-09-30T04:00:00.000Z';

/** Empties the database and puts the school in. Student n has the id `s<n>`, and class n of a term `c<term>-<n>`. */
export function settle(sqlite: Sqlite, students: readonly RandomStudent[]): void {
  sqlite.transaction(() => {
    // The cases of those who moved are guarded: they are emptied as a purge empties them.
    sqlite.exec("insert or replace into school_settings (key, value) values ('retention.purging', '1')");
    for (const table of ['transfer_case_events', 'transfer_cases', 'learning_outcomes', 'diverse_performances', 'enrollments'])
      sqlite.exec(`delete from ${table}`);
    sqlite.exec("delete from students; delete from class_sections; delete from school_settings where key = 'retention.purging'");
    for (const { academicYear, semester } of terms) {
      classNames.forEach((name, index) => {
        insert(sqlite, 'class_sections', {
          id: `c${academicYear}${semester}-${index}`,
          version: 1,
          academic_year: academicYear,
          semester,
          grade: name.startsWith('一') ? 1 : 2,
          code: `10${index}`,
          name,
          sort_key: classSortKey(name),
        });
      });
    }
    students.forEach((each, index) => {
      const id = `s${index}`;
      insert(sqlite, 'students', {
        id,
        version: 1,
        student_number: String(11400000 + index),
        name: `學生${index}`,
        birth_date: '2010-05-04',
        sex: 'female',
        status: each.status,
        status_changed_on: each.statusChangedOn,
        deleted_at: each.deleted ? instant : null,
        entry_year: 114,
      });
      each.classes.forEach((section, at) => {
        if (section === null) return;
        const { academicYear, semester } = terms[at]!;
        insert(sqlite, 'enrollments', {
          student_id: id,
          academic_year: academicYear,
          semester,
          class_section_id: `c${academicYear}${semester}-${section}`,
          seat_number: index + 1,
        });
      });
      each.outcomes.forEach((one, number) => {
        insert(
          sqlite,
          'learning_outcomes',
          outcomeRow(`${id}o${number}`, id, one.academicYear, one.semester, {
            state: one.state,
            ticked_at: one.ticked ? instant : null,
            deleted_at: one.deleted ? instant : null,
          }),
        );
      });
      each.performances.forEach((one, number) => {
        insert(
          sqlite,
          'diverse_performances',
          performanceRow(`${id}p${number}`, id, one.academicYear, {
            ticked_at: one.ticked ? instant : null,
            deleted_at: one.deleted ? instant : null,
          }),
        );
      });
    });
  })();
}

/** Whether a student counts among those of a span that ended on a day: written here once more, in words of TypeScript. */
export function counts({ status, statusChangedOn, deleted }: RandomStudent, lastDay: string): boolean {
  if (deleted) return false;
  if (status !== 'transferredOut' && status !== 'suspended') return true;
  return statusChangedOn !== null && statusChangedOn > lastDay;
}

export const lastDays = { 1141: '2026-01-31', 1142: '2026-07-31', 1151: '2027-01-31', 114: '2026-07-31', 115: '2027-07-31' } as const;
export const nameOfClass = (index: number) => classNames[index]!;
export const classCount = classNames.length;
