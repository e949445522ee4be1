import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
let term: { academicYear: number; semester: number };

beforeAll(async () => {
  trial = await openTrial();
  ({ term } = await trial.call('session.status', {}));
});
afterAll(() => trial.close());

const count = (sql: string) => trial.application.foundation.connection.sqlite.prepare(sql).pluck().get() as number;

test('given the term’s classes, when the clerk opens 查詢輔導教師, then each stands once in the school’s order with its teacher', async () => {
  const { rows, total } = await trial.call('counselors.list', { ...term, pageSize: 100 });
  const classes = `from class_sections where academic_year = ${term.academicYear} and semester = ${term.semester} and deleted_at is null`;
  expect(total).toBe(count(`select count(*) ${classes}`));
  expect(rows.map(({ className }) => className)).toEqual(
    trial.application.foundation.connection.sqlite.prepare(`select name ${classes} order by sort_key`).pluck().all(),
  );
  for (const row of rows) expect(row).toMatchObject({ assigned: 1, teacherName: expect.stringMatching(/./) });
});

test('given a class whose counselor was taken away, then it is counted and found by 已設定 否', async () => {
  const { sqlite } = trial.application.foundation.connection;
  const { rows } = await trial.call('counselors.list', term);
  sqlite
    .prepare("update counselors set deleted_at = '2026-11-01T00:00:00Z' where class_section_id = ?")
    .run(String(rows[0]!.id).split(' ')[0]);
  expect(await trial.call('counselors.summary', term)).toMatchObject({ classes: rows.length, classesWithout: 1 });
  const without = await trial.call('counselors.list', { ...term, filter: { assigned: '否' } });
  expect(without.rows).toMatchObject([{ className: rows[0]!.className, teacherName: null }]);
});
