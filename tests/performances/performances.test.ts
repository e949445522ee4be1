import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gridStatement } from '../../db/grid-query.ts';
import { gridQuery } from '../../main/application/grid-contract.ts';
import { performancesGrid } from '../../main/features/performances/contract.ts';
import { performancesSource } from '../../main/features/performances/queries.ts';
import { performancesHandlers } from '../../main/features/performances/service.ts';
import { counts, lastDays, nameOfClass, randomSchool, settle } from '../outcomes/random-school.ts';
import { openEmptySchool, type School } from '../students/school.ts';

let school: School;
let performances: ReturnType<typeof performancesHandlers>;

beforeAll(() => {
  school = openEmptySchool();
  performances = performancesHandlers(school.foundation);
});
afterAll(() => school.close());

describe('查詢學生多元表現情形', () => {
  test('given any school, then each student of the year stands once, in his last class of it, with his own counts', () =>
    fc.assert(
      fc.asyncProperty(randomSchool, fc.constantFrom(114 as const, 115 as const), async (students, academicYear) => {
        settle(school.sqlite, students);
        const expected = students.flatMap((student, index) => {
          const classes = academicYear === 114 ? student.classes.slice(0, 2) : student.classes.slice(2);
          const section = classes.findLast((one) => one !== null);
          if (section === undefined || section === null || !counts(student, lastDays[academicYear])) return [];
          const of = student.performances.filter((one) => one.academicYear === academicYear && !one.deleted);
          return [{ id: `s${index}`, className: nameOfClass(section), uploaded: of.length, ticked: of.filter((one) => one.ticked).length }];
        });
        const { rows, total } = await performances.list({ filter: {}, page: 1, pageSize: 1000, academicYear }, school.context());
        expect(total).toBe(expected.length);
        expect(rows).toHaveLength(expected.length);
        for (const one of expected) expect(rows.find(({ id }) => id === one.id)).toMatchObject(one);
        expect(await performances.summary({ academicYear }, school.context())).toEqual({
          ticked: expected.filter(({ ticked }) => ticked > 0).length,
          notTicked: expected.filter(({ ticked }) => ticked === 0).length,
          overLimit: expected.filter(({ ticked }) => ticked > 10).length,
        });
      }),
      { numRuns: 60 },
    ));

  test('given the statement of a page, when SQLite plans it, then records are read from their index alone', () => {
    const { sql, parameters } = gridStatement(performancesGrid, performancesSource({ academicYear: 115 }), gridQuery.parse({}));
    const plan = (school.sqlite.prepare(`explain query plan ${sql}`).all(parameters) as { detail: string }[])
      .map(({ detail }) => detail)
      .join('\n');
    expect(plan).toContain('COVERING INDEX diverse_performances_by_student');
    expect(plan).not.toMatch(/SCAN/);
  });
});
