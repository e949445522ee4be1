import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gridStatement } from '../../db/grid-query.ts';
import { submissionKinds } from '../../domain/portfolio.ts';
import { gridQuery } from '../../main/application/grid-contract.ts';
import { submissionGrid } from '../../main/features/submissions/contract.ts';
import { rosterLayout, rosterOf } from '../../main/features/submissions/layouts.ts';
import { rosterGrid, submissionSource } from '../../main/features/submissions/queries.ts';
import { type RosterSchool, sheetSource, sheetStatement } from '../../main/features/submissions/roster-sources.ts';
import { fillSchool, openEmptySchool, type School } from '../students/school.ts';

const roster = (kind: (typeof submissionKinds)[number], batch: 'regular' | 'senior1' | 'senior2', division: 'day' | 'continuing') =>
  rosterOf({ kind, academicYear: 114, semester: kind === 'cadres' ? 2 : 0, batch, division });
const schoolOf: RosterSchool = { code: '999999', name: '測試高中', fileLinks: 'https://files.example.edu.tw/{sha256}.{extension}' };

/** Every sheet of every roster. */
const sheets = submissionKinds.flatMap((kind) =>
  rosterLayout(114)
    .codes.filter((code) => code.kind === kind)
    .flatMap(({ code, batch, division = 'day' }) => {
      const made = roster(kind, batch, division);
      return made.sheets.map((sheet) => ({ named: `${code} ${sheet.name}`, made, sheet }));
    }),
);

let school: School;
beforeAll(() => {
  school = openEmptySchool();
  fillSchool(school.sqlite, { grades: 3, classes: 2, seats: 10 });
});
afterAll(() => school.close());

function planOf(sql: string, parameters: object): string {
  const steps = school.sqlite.prepare<[object], { detail: string }>(`explain query plan ${sql}`).all(parameters);
  return steps.map(({ detail }) => detail).join('\n');
}

/** Only 重修 補修 重讀 are in it, a few of a hundred outcomes: they belong to the year in which they happened, which no index has. */
const specialOnes = 'SCAN r USING INDEX learning_outcomes_special';

/** Records are found by an index, never by reading all of them; nor is any table that is joined to them read whole. */
function expectIndexed(plan: string, { special = 'none' }: { special?: string }) {
  const rest = ['makeup', 'retake', 'repeat'].includes(special) ? plan.replace(specialOnes, 'SEARCH r USING INDEX') : plan;
  expect(rest).toMatch(/SEARCH r USING (COVERING )?INDEX/);
  expect(rest).not.toMatch(/\bSCAN\b/);
}

describe.each(['as it is', 'once SQLite knows the sizes of its tables'])('in a database %s', (state) => {
  beforeAll(() => {
    if (state !== 'as it is') school.sqlite.exec('analyze');
  });

  test.each(sheets)('$named is read by index: the workbook, its count and its page on the screen', ({ made, sheet }) => {
    const source = sheetSource(made, sheet, schoolOf);
    expectIndexed(planOf(sheetStatement(source), source.parameters), sheet);
    expectIndexed(planOf(`select count(*) from ${source.from} where ${source.where}`, source.parameters), sheet);
    const { grid, source: gridSource } = rosterGrid(made, sheet, schoolOf);
    for (const query of [
      {},
      { filter: { className: '一年一班' } },
      { filter: { c0: 'A123456789' }, sort: { key: 'c1', descending: true } },
      { sort: { key: 'studentNumber' } },
    ]) {
      const { sql, parameters } = gridStatement(grid, gridSource, gridQuery.parse(query));
      expectIndexed(planOf(`${sql} limit @limit offset @offset`, { ...parameters, limit: 30, offset: 30 }), sheet);
    }
  });

  test.each(submissionKinds)('提交紀錄 of %s is read by its index', (kind) => {
    const { sql, parameters } = gridStatement(submissionGrid, submissionSource(kind), gridQuery.parse({}));
    const plan = planOf(sql, parameters);
    expect(plan).toContain('submissions_by_kind');
    expect(plan).not.toMatch(/\bSCAN\b/);
  });
});
