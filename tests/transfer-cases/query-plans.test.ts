import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gridStatement } from '../../db/grid-query.ts';
import { gridQuery } from '../../main/application/grid-contract.ts';
import { studentGrid } from '../../main/features/students/contract.ts';
import { studentSource } from '../../main/features/students/queries.ts';
import { arrivalGrid, leaverGrid } from '../../main/features/transfer-cases/contract.ts';
import { arrivalSource, leaverSource, stateCountsStatement } from '../../main/features/transfer-cases/queries.ts';
import { fillSchool, openEmptySchool, type School } from '../students/school.ts';

const scope = { today: '2026-11-24', schoolCode: '999999' };
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

describe.each(['as it is', 'once SQLite knows the sizes of its tables'])('in a database %s', (state) => {
  beforeAll(() => {
    if (state !== 'as it is') school.sqlite.exec('analyze');
  });

  test.each([
    ['leavers', leaverGrid, leaverSource(scope)],
    ['arrivals', arrivalGrid, arrivalSource(scope)],
  ] as const)('%s are read by the index of their direction, and nothing joined to them is read whole', (_name, grid, source) => {
    for (const query of [
      {},
      { filter: { state: 'unneeded' } },
      { filter: { overdue: '是' }, sort: { key: 'name' } },
      { filter: { className: '一年' }, sort: { key: 'className' } },
    ]) {
      const { sql, parameters } = gridStatement(grid, source, gridQuery.parse(query));
      const plan = planOf(`${sql} limit 30`, parameters);
      expect(plan).toContain('transfer_cases_by_direction');
      expect(plan).not.toMatch(/\bSCAN\b/);
    }
  });

  test.each(['out', 'in'] as const)('the states of %s are counted by the same index', (direction) => {
    const plan = planOf(stateCountsStatement(direction), { ...scope, overdueBefore: '2026-11-03' });
    expect(plan).toContain('transfer_cases_by_direction');
    expect(plan).not.toMatch(/\bSCAN\b/);
  });

  test('a student’s case is found by the student', () => {
    const { sql, parameters } = gridStatement(studentGrid, studentSource(), gridQuery.parse({ filter: { withoutFile: '是' } }));
    expect(planOf(sql, parameters)).toContain('transfer_cases_by_student');
    const current = planOf("select id from current_transfer_cases where student_id = @id and direction = 'out'", { id: 's1' });
    expect(current).toContain('transfer_cases_by_student');
    expect(current).not.toMatch(/\bSCAN\b/);
  });
});
