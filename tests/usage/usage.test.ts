import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usageHandlers } from '../../main/features/usage/service.ts';
import { insert, openEmptySchool, outcomeRow, type School } from '../students/school.ts';

/** 學習成果使用人數統計表 (manual §3.12). Students are held against a plain count in tests/outcomes/statistics.test.ts. */

let school: School;
beforeAll(() => {
  school = openEmptySchool();
});
afterAll(() => school.close());

describe('使用人數', () => {
  test('given a school without classes, then there is no row', async () => {
    const { list } = usageHandlers(school.foundation);
    expect(await list({ filter: {}, page: 1, pageSize: 30 }, school.context())).toEqual({ rows: [], total: 0 });
  });

  test('given outcomes that were decided, waited for or deleted, then 認證成果教師數 counts each teacher who decided once', async () => {
    const { sqlite } = school;
    for (const id of ['t1', 't2', 't3']) insert(sqlite, 'teachers', { id, version: 1, account: id, name: id, active: 1 });
    for (const semester of [1, 2]) {
      insert(sqlite, 'class_sections', {
        id: `c${semester}`,
        version: 1,
        academic_year: 114,
        semester,
        grade: 1,
        code: '101',
        name: '一年一班',
        sort_key: '1',
      });
    }
    insert(sqlite, 'students', {
      id: 's1',
      version: 1,
      student_number: '11400001',
      name: '學生',
      birth_date: '2010-05-04',
      sex: 'female',
      status: 'enrolled',
      entry_year: 114,
    });
    const certified = [
      { semester: 1, certifier: 't1', state: 'approved' },
      { semester: 1, certifier: 't1', state: 'rejected' },
      { semester: 1, certifier: 't2', state: 'rejected' },
      { semester: 1, certifier: 't3', state: 'pending' },
      { semester: 1, certifier: null, state: 'approved' },
      { semester: 2, certifier: 't3', state: 'approved' },
    ];
    certified.forEach(({ semester, certifier, state }, index) => {
      insert(sqlite, 'learning_outcomes', outcomeRow(`o${index}`, 's1', 114, semester, { certifier_id: certifier, state }));
    });
    insert(
      sqlite,
      'learning_outcomes',
      outcomeRow('gone', 's1', 114, 2, { certifier_id: 't1', state: 'approved', deleted_at: '2026-05-01T00:00:00Z' }),
    );
    const { list } = usageHandlers(school.foundation);
    const { rows } = await list({ filter: {}, page: 1, pageSize: 30 }, school.context());
    expect(rows.map(({ id, certifiers }) => [id, certifiers])).toEqual([
      ['1142', 1],
      ['1141', 2],
    ]);
  });
});
