import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gridStatement } from '../../db/grid-query.ts';
import { gridQuery } from '../../main/application/grid-contract.ts';
import { uncertifiedTeacherGrid } from '../../main/features/certification/contract.ts';
import { teacherSource } from '../../main/features/certification/queries.ts';
import { readPdf } from '../slips/pdf-text.ts';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
let term: { academicYear: number; semester: number };
beforeEach(async () => {
  trial = await openTrial();
  ({ term } = await trial.call('session.status', {}));
});
afterEach(() => trial.close());

const sqlite = () => trial.application.foundation.connection.sqlite;
const pendingIds = () =>
  sqlite()
    .prepare(
      "select id from learning_outcomes where academic_year = ? and semester = ? and state = 'pending' and deleted_at is null order by id",
    )
    .pluck()
    .all(term.academicYear, term.semester) as string[];

describe('查詢未認證教師狀況表', () => {
  test('every pending outcome stands under each who may certify it, and the total counts it once', async () => {
    const { rows } = await trial.call('certification.list', { ...term, pageSize: 1000 });
    const outcomes = new Set(rows.map(({ id }) => String(id).split(' ')[0]));
    expect([...outcomes].sort()).toEqual(pendingIds());
    const summary = await trial.call('certification.summary', term);
    expect(summary).toMatchObject({ outcomes: outcomes.size, unassigned: 0 });
    const teachers = (await trial.call('certification.teachers', { ...term, pageSize: 1000 })).rows;
    expect(teachers.reduce((sum, { pending }) => sum + Number(pending), 0)).toBe(rows.length);
    expect(teachers.filter(({ pending }) => Number(pending) > 0)).toHaveLength(summary.teachers);
    const counts = teachers.map(({ pending }) => Number(pending));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts.at(-1)).toBe(0);
  });

  test('of a co-taught course both reviewers have it, of others only the one it was sent to', async () => {
    const [id] = pendingIds();
    const course = sqlite()
      .prepare(`select o.id from course_offerings o where o.co_taught = 1 and o.academic_year = ? and o.semester = ?`)
      .pluck()
      .get(term.academicYear, term.semester);
    sqlite().prepare('update teaching_assignments set reviewer = 1 where course_offering_id = ?').run(course);
    sqlite().prepare('update learning_outcomes set certifier_id = null, course_offering_id = ? where id = ?').run(course, id);
    const { rows } = await trial.call('certification.list', { ...term, pageSize: 1000 });
    const names = rows.filter((row) => String(row.id).startsWith(`${id} `)).map(({ teacherName }) => teacherName);
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(names.length);
  });

  test('an outcome that nobody may certify has a line of its own', async () => {
    const [id] = pendingIds();
    sqlite().prepare('update learning_outcomes set certifier_id = null, course_offering_id = null where id = ?').run(id);
    expect(await trial.call('certification.summary', term)).toMatchObject({ unassigned: 1 });
    const nobody = (await trial.call('certification.teachers', { ...term, filter: { name: '未指定' } })).rows;
    expect(nobody).toMatchObject([{ id: '', pending: 1 }]);
    expect((await trial.call('certification.list', { ...term, teacherId: '' })).rows).toMatchObject([{ teacherName: null }]);
  });

  test('the teachers’ list begins with what is pending and reads no whole table of outcomes', () => {
    const { sql, parameters } = gridStatement(uncertifiedTeacherGrid, teacherSource(term, '2026-11-24'), gridQuery.parse({}));
    const plan = sqlite().prepare(`explain query plan ${sql}`).all(parameters) as { detail: string }[];
    expect(plan.some(({ detail }) => detail.includes('learning_outcomes_by_term'))).toBe(true);
    expect(plan.filter(({ detail }) => /SCAN o\b/.test(detail))).toEqual([]);
  });

  test('the printed report is by teacher, as the manual prints it', async () => {
    const { file, rows, pages } = await trial.runJob('certification.printReport', term);
    expect(file.name).toMatch(/^測試高中_\d{4}_未認證教師狀況表_\d{7}\.pdf$/);
    const texts = (await readPdf(trial.application.files.outgoingPath(file.token))).pages.map(({ text }) => text);
    expect(texts).toHaveLength(pages);
    const list = (await trial.call('certification.list', { ...term, pageSize: 1000, sort: { key: 'teacherName' } })).rows;
    expect(rows).toBe(list.length);
    const whole = texts.join('').replaceAll(' ', '');
    expect(whole).toContain(`${term.academicYear}${term.semester}未認證教師狀況表`);
    expect(whole).toContain('印列日期：115/11/24');
    expect(whole).toContain('印列時間：09:00:00');
    for (const { name, pending } of (await trial.call('certification.teachers', { ...term, pageSize: 1000 })).rows) {
      if (Number(pending) > 0) expect(whole).toContain(`${name}教師未認證件數:${pending}`);
    }
    for (const { studentName, subjectName } of list) {
      expect(whole).toContain(String(studentName));
      expect(whole).toContain(String(subjectName));
    }
  });

  test('with nothing to certify there is nothing to print', async () => {
    sqlite().prepare("update learning_outcomes set state = 'approved' where state = 'pending'").run();
    await expect(trial.runJob('certification.printReport', term)).rejects.toMatchObject({ code: 'certification.none' });
  });
});

describe('代理認證教師', () => {
  const two = async () => {
    const { teachers } = await trial.call('certification.teacherOptions', {});
    return [teachers[0]!, teachers[1]!, teachers[2]!] as const;
  };
  const leave = { startsOn: '2026-11-20', endsOn: '2026-11-30', reason: '公假' };

  test('is sent to the city and stands beside the teacher while it lasts', async () => {
    const [away, deputy] = await two();
    await trial.call('certification.createDeputy', { ...leave, teacherId: away.id, deputyId: deputy.id });
    expect((await trial.call('certification.teachers', { ...term, filter: { name: away.name } })).rows[0]).toMatchObject({
      deputy: deputy.name,
    });
    expect((await trial.application.synchronise({ resources: [] })).pushed).toBe(1);
    await trial.application.synchronise({ resources: ['deputy-certifiers'], full: true });
    expect((await trial.call('certification.deputies', {})).rows).toMatchObject([
      { teacherName: away.name, deputyName: deputy.name, state: 'active', reason: '公假' },
    ]);
  });

  test('each rule names its field', async () => {
    const [away, deputy] = await two();
    const fieldsOf = async (change: object) => {
      try {
        await trial.call('certification.createDeputy', { ...leave, teacherId: away.id, deputyId: deputy.id, ...change });
        return [];
      } catch (error) {
        return (error as { details: { refusals: { field: string }[] } }).details.refusals.map(({ field }) => field);
      }
    };
    expect(await fieldsOf({ deputyId: away.id })).toEqual(['deputyId']);
    expect(await fieldsOf({ endsOn: '2026-11-19' })).toEqual(['endsOn']);
    expect(await fieldsOf({ reason: ' ' })).toEqual(['reason']);
    expect(await fieldsOf({ deputyId: 'nobody' })).toEqual(['deputyId']);
    expect(await fieldsOf({})).toEqual([]);
    expect(await fieldsOf({ startsOn: '2026-11-30', endsOn: '2026-12-05' })).toEqual(['startsOn']);
    expect(await fieldsOf({ startsOn: '2026-12-01', endsOn: '2026-12-05' })).toEqual([]);
  });

  test('a deputy who is away himself is warned of, one changed keeps its place, one deleted is gone', async () => {
    const [away, deputy, third] = await two();
    await trial.call('certification.createDeputy', { ...leave, teacherId: deputy.id, deputyId: third.id });
    const made = await trial.call('certification.createDeputy', { ...leave, teacherId: away.id, deputyId: deputy.id });
    expect(made.warnings.join('')).toContain('也由別人代理');
    const back = await trial.call('certification.createDeputy', { ...leave, teacherId: third.id, deputyId: away.id });
    expect(back.warnings.join('')).toContain(`正代理 ${deputy.name}`);
    const change = { ...leave, endsOn: '2026-11-23', teacherId: away.id, deputyId: third.id, id: made.id };
    expect((await trial.call('certification.updateDeputy', change)).warnings).toHaveLength(2);
    expect((await trial.call('certification.deputies', { filter: { teacherName: away.name } })).rows[0]).toMatchObject({ state: 'past' });
    await trial.call('certification.removeDeputy', { id: made.id });
    await expect(trial.call('certification.updateDeputy', change)).rejects.toMatchObject({ code: 'certification.deputyUnknown' });
  });
});
