import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GridPage, GridRow } from '../../main/application/grid-contract.ts';
import { outcomesHandlers } from '../../main/features/outcomes/service.ts';
import { usageHandlers } from '../../main/features/usage/service.ts';
import { openEmptySchool, type School } from '../students/school.ts';
import {
  classCount,
  counts,
  lastDays,
  nameOfClass,
  type RandomOutcome,
  type RandomStudent,
  randomSchool,
  settle,
  terms,
} from './random-school.ts';

/** The statistics of 3.8 and 3.12 on random schools, against a plain count of the same rows in TypeScript. */

let school: School;
let outcomes: ReturnType<typeof outcomesHandlers>;
let usage: ReturnType<typeof usageHandlers>;

beforeAll(() => {
  school = openEmptySchool();
  outcomes = outcomesHandlers(school.foundation);
  usage = usageHandlers(school.foundation);
});
afterAll(() => school.close());

const whole = { filter: {}, page: 1, pageSize: 1000 };
const rowsOf = async (page: GridPage | Promise<GridPage>) => (await page).rows;

function figures(of: readonly RandomOutcome[]) {
  const state = (wanted: string) => of.filter((one) => one.state === wanted).length;
  return {
    uploaded: of.length,
    draft: state('draft'),
    pending: state('pending'),
    approved: state('approved'),
    rejected: state('rejected'),
  };
}
const living = (student: RandomStudent, academicYear: number, semester?: number) =>
  student.outcomes.filter(
    (one) => !one.deleted && one.academicYear === academicYear && (semester === undefined || one.semester === semester),
  );
const tickedIn = (of: readonly RandomOutcome[]) => of.filter((one) => one.ticked).length;
const studentsOf = (students: readonly RandomStudent[], at: number) => {
  const { academicYear, semester } = terms[at]!;
  const key = Number(`${academicYear}${semester}`) as 1141 | 1142 | 1151;
  return students
    .map((student, index) => ({ student, id: `s${index}`, section: student.classes[at] ?? null }))
    .filter(({ student, section }) => section !== null && counts(student, lastDays[key]));
};

/** What always holds of a row that counts heads: its states add up, and so do those who ticked none, one, two … */
function expectConsistent(row: GridRow): void {
  const number = (key: string) => row[key] as number;
  expect(number('draft') + number('pending') + number('approved') + number('rejected')).toBe(number('uploaded'));
  if (row.ticked0 === undefined) return;
  expect([0, 1, 2, 3, 4, 5, 6].reduce((sum, count) => sum + number(`ticked${count}`), 0)).toBe(number('students'));
}

const property = (check: (students: RandomStudent[]) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(randomSchool, async (students) => {
      settle(school.sqlite, students);
      await check(students);
    }),
    { numRuns: 60 },
  );

describe('given any school', () => {
  test('學生名單 and 已勾選／未勾選 are what a plain count of its rows gives, for each term', () =>
    property(async (students) => {
      for (const [at, term] of terms.entries()) {
        const expected = studentsOf(students, at).map(({ student, id, section }) => ({
          id,
          className: nameOfClass(section!),
          ...figures(living(student, term.academicYear, term.semester)),
          sent: living(student, term.academicYear, term.semester).filter(({ state }) => state !== 'draft').length,
          ticked: tickedIn(living(student, term.academicYear)),
        }));
        const rows = await rowsOf(outcomes.list({ ...whole, ...term }, school.context()));
        expect(rows).toHaveLength(expected.length);
        for (const one of expected) expect(rows.find((row) => row.id === one.id)).toMatchObject(one);
        const summary = await outcomes.summary(term, school.context());
        expect(summary.ticked).toBe(expected.filter((one) => one.ticked > 0).length);
        expect(summary.notTicked).toBe(expected.filter((one) => one.ticked === 0).length);
      }
    }));

  test('學年期統計 adds the list up by class: states to 已上傳, ticks to 班級人數', () =>
    property(async (students) => {
      for (const [at, term] of terms.entries()) {
        const rows = await rowsOf(outcomes.classStatistics({ ...whole, ...term }, school.context()));
        rows.forEach(expectConsistent);
        const here = studentsOf(students, at);
        for (let section = 0; section < classCount; section += 1) {
          const of = here.filter((one) => one.section === section);
          const row = rows.find(({ className }) => className === nameOfClass(section));
          if (of.length === 0) {
            expect(row).toBeUndefined();
            continue;
          }
          expect(row).toMatchObject({
            term: `${term.academicYear}${term.semester}`,
            students: of.length,
            ...figures(of.flatMap(({ student }) => living(student, term.academicYear, term.semester))),
            ticked0: of.filter(({ student }) => tickedIn(living(student, term.academicYear)) === 0).length,
            ticked6: of.filter(({ student }) => tickedIn(living(student, term.academicYear)) >= 6).length,
          });
        }
      }
    }));

  test('學年度統計 by student has the terms and their 合計, and by class is its sum with every student once', () =>
    property(async (students) => {
      const at = 2;
      const scope = { ...terms[at]!, statisticsYear: 114 };
      const byStudent = await rowsOf(outcomes.yearByStudent({ ...whole, ...scope }, school.context()));
      const byClass = await rowsOf(outcomes.yearByClass({ ...whole, ...scope }, school.context()));
      byStudent.forEach(expectConsistent);
      byClass.forEach(expectConsistent);

      const here = studentsOf(students, at);
      const expected = here.flatMap(({ student, id, section }) =>
        [
          { statisticsTerm: '1141', of: living(student, 114, 1), wasHere: student.classes[0] !== null },
          { statisticsTerm: '1142', of: living(student, 114, 2), wasHere: student.classes[1] !== null },
          { statisticsTerm: '114合計', of: living(student, 114), wasHere: student.classes[0] !== null || student.classes[1] !== null },
        ]
          .filter(({ of, wasHere }) => wasHere || of.length > 0)
          .map(({ statisticsTerm, of }) => ({
            studentId: id,
            className: nameOfClass(section!),
            statisticsTerm,
            ...figures(of),
            ticked: tickedIn(of),
          })),
      );
      expect(byStudent).toHaveLength(expected.length);
      for (const one of expected) {
        expect(
          byStudent.find(({ studentId, statisticsTerm }) => studentId === one.studentId && statisticsTerm === one.statisticsTerm),
        ).toMatchObject(one);
      }
      for (const row of byClass) {
        const of = expected.filter((one) => one.className === row.className && one.statisticsTerm === row.statisticsTerm);
        expect(row).toMatchObject({
          students: of.length,
          uploaded: of.reduce((sum, one) => sum + one.uploaded, 0),
          ticked0: of.filter((one) => one.ticked === 0).length,
          ticked3: of.filter((one) => one.ticked === 3).length,
          ticked6: of.filter((one) => one.ticked >= 6).length,
        });
        // A 合計 counts a student once: never more heads than the class has.
        expect(row.students).toBeLessThanOrEqual(here.filter(({ section }) => nameOfClass(section!) === row.className).length);
      }
      expect(byClass).toHaveLength(new Set(here.map(({ section }) => section)).size * 3);
    }));

  test('使用人數 counts the students of the list who uploaded, sent and ticked, newest term first', () =>
    property(async (students) => {
      const rows = await rowsOf(usage.list(whole, school.context()));
      expect(rows.map(({ id }) => id)).toEqual(['1151', '1142', '1141']);
      for (const [at, { academicYear, semester }] of terms.entries()) {
        const here = studentsOf(students, at).map(({ student }) => student);
        expect(rows.find(({ id }) => id === `${academicYear}${semester}`)).toMatchObject({
          schoolCode: '999999',
          schoolName: '市立測試高中',
          academicYear,
          semester,
          uploaders: here.filter((student) => living(student, academicYear, semester).length > 0).length,
          senders: here.filter((student) => living(student, academicYear, semester).some(({ state }) => state !== 'draft')).length,
          tickers: here.filter((student) => tickedIn(living(student, academicYear)) > 0).length,
        });
      }
    }));
});
