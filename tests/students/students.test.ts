import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gridStatement } from '../../db/grid-query.ts';
import { isValidIdentity } from '../../domain/national-id.ts';
import { gridQuery } from '../../main/application/grid-contract.ts';
import { readCabinet } from '../../main/features/cabinet/queries.ts';
import { studentGrid, students } from '../../main/features/students/contract.ts';
import { countStatements, studentCounts } from '../../main/features/students/counts.ts';
import { findStatement, studentSource } from '../../main/features/students/queries.ts';
import { studentsHandlers } from '../../main/features/students/service.ts';
import { fillSchool, insert, openEmptySchool, outcomeRow, performanceRow, type School } from './school.ts';

let school: School;
let handlers: ReturnType<typeof studentsHandlers>;

beforeAll(() => {
  school = openEmptySchool();
  fillSchool(school.sqlite, { grades: 3, classes: 11, seats: 4 });
  school.sqlite.prepare("update students set status = 'graduated' where id = 's132'").run();
  school.sqlite.prepare("update students set status = 'transferredOut' where id = 's131'").run();
  school.sqlite.prepare("update students set name = '谷辣斯·Kevin', identity = null where id = 's130'").run();
  school.sqlite.prepare("update students set deleted_at = '2026-09-01T00:00:00Z' where id = 's129'").run();
  handlers = studentsHandlers(school.foundation);
});
afterAll(() => school.close());

const list = (input: Record<string, unknown> = {}) => handlers.list(students.operations.list.input.parse(input), school.context());

describe('學生清單', () => {
  test('given graduates and deleted records, when the clerk opens the list, then they are not in it and leavers are', async () => {
    const { total } = await list();
    expect(total).toBe(130);
    expect((await list({ filter: { status: 'transferredOut' } })).rows).toMatchObject([{ id: 's131', status: 'transferredOut' }]);
  });

  test('given eleven classes, when sorted by class, then 二班 stands before 十班 and seats are in order', async () => {
    const { rows } = await list({ pageSize: 1000 });
    const firstGrade = rows.filter((row) => row.grade === 1);
    expect([...new Set(firstGrade.map((row) => row.className))].slice(0, 3)).toEqual(['一年一班', '一年二班', '一年三班']);
    expect(firstGrade.at(-1)).toMatchObject({ className: '一年十一班', seatNumber: 4 });
  });

  test('given masked identities, when the clerk filters by the middle of one, then the student is found and still masked', async () => {
    const identity = school.sqlite.prepare("select identity from students where id = 's57'").pluck().get() as string;
    expect(isValidIdentity(identity)).toBe(true);
    const { rows } = await list({ filter: { identity: identity.slice(2, 9) } });
    expect(rows).toHaveLength(1);
    expect(rows[0]!.identity).toBe(`${identity.slice(0, 2)}****${identity.slice(-4)}`);
    expect(JSON.stringify((await list({ pageSize: 1000 })).rows)).not.toMatch(/[A-Z][12]\d{8}/);
  });

  test('given grade, class code and a range of numbers, when listed, then all three hold', async () => {
    const { rows } = await list({ pageSize: 1000, grade: 2, classCode: '203', numberFrom: '11400053', numberTo: '11400055' });
    expect(rows.map((row) => row.studentNumber)).toEqual(['11400053', '11400054', '11400055']);
  });

  test('given a page in class order, when SQLite plans it, then it walks the index of classes and sorts nothing', () => {
    const { sql, parameters } = gridStatement(studentGrid, studentSource(), gridQuery.parse({}));
    const plan = planOf(`${sql} limit 30`, parameters);
    expect(plan).toContain('students_by_class');
    expect(plan).not.toContain('TEMP B-TREE FOR ORDER BY');
  });
});

function planOf(sql: string, parameters: unknown): string {
  return (school.sqlite.prepare(`explain query plan ${sql}`).all(parameters as never) as { detail: string }[])
    .map((row) => row.detail)
    .join('\n');
}

describe('快速找學生', () => {
  const find = async (text: string) => (await handlers.find({ text }, school.context())).rows;

  test('given part of a number, a name, an identity or a class, when typed, then the student is found', async () => {
    expect((await find('11500007')).map((row) => row.id)).toEqual(['s7']);
    expect((await find('辣斯')).map((row) => row.id)).toEqual(['s130']);
    expect((await find('kEVIN')).map((row) => row.id)).toEqual(['s130']);
    expect((await find('三年十班')).map((row) => row.className)).toEqual(Array(4).fill('三年十班'));
    const identity = school.sqlite.prepare("select identity from students where id = 's9'").pluck().get() as string;
    expect((await find(identity.slice(1))).map((row) => row.id)).toEqual(['s9']);
    expect((await find('１１５００００７')).map((row) => row.id)).toEqual(['s7']);
  });

  test('given many hits, when typed, then at most twenty answer, and nothing for an empty text or a wildcard', async () => {
    expect(await find('年')).toHaveLength(20);
    expect(await find('  ')).toEqual([]);
    expect(await find('%')).toEqual([]);
  });
});

describe('學習歷程檔案櫃', () => {
  test('given records and deleted ones, when the cabinet is opened, then its sections hold the living and the counts agree', async () => {
    const { sqlite } = school;
    insert(sqlite, 'learning_outcomes', outcomeRow('x1', 's1', 115, 1, { summary: '最新的', created_at: '2026-11-01T00:00:00Z' }));
    insert(sqlite, 'learning_outcomes', outcomeRow('x2', 's1', 115, 1, { deleted_at: '2026-11-02T00:00:00Z' }));
    insert(sqlite, 'diverse_performances', performanceRow('x3', 's1', 115, { category: 10 }));
    insert(sqlite, 'course_consultations', {
      id: 'k1',
      version: 1,
      academic_year: 115,
      semester: 1,
      counselor_name: '何老師',
      kind: '團體',
      topic: '選課',
      content: '內容',
      held_on: '2026-10-01',
      created_at: '2026-10-01T00:00:00Z',
    });
    insert(sqlite, 'consultation_students', { consultation_id: 'k1', student_id: 's1' });

    const cabinet = readCabinet(school.foundation.connection, { studentNumber: '11500001' });
    expect(cabinet.student).toMatchObject({ id: 's1', className: '一年一班', seatNumber: 1, grade: 1 });
    expect(cabinet.learningOutcomes.map((row) => row.id)).toContain('x1');
    expect(cabinet.learningOutcomes.map((row) => row.id)).not.toContain('x2');
    expect(cabinet.counts.learningOutcomes).toBe(cabinet.learningOutcomes.length);
    expect(cabinet.performances.find((row) => row.id === 'x3')).toMatchObject({
      category: 10,
      details: { competitionName: '科學展覽' },
    });
    expect(Object.values(cabinet.counts.performances).reduce((sum, records) => sum + records, 0)).toBe(cabinet.performances.length);
    expect(cabinet.consultations).toMatchObject([{ id: 'k1', topic: '選課' }]);
    expect(cabinet.counts.consultations).toBe(1);
    expect(Object.keys(cabinet.learningOutcomes[0]!)).not.toContain('contentHash');
  });

  test('given no such number, when asked for, then it is refused with what to do', async () => {
    expect(() => readCabinet(school.foundation.connection, { studentNumber: '00000000' })).toThrow(
      expect.objectContaining({ code: 'student.unknown' }),
    );
  });

  test('given several students, when counted for a transfer, then each has its own counts', () => {
    const counts = studentCounts(school.sqlite, ['s1', 's2']);
    for (const id of ['s1', 's2']) {
      const expected = school.sqlite.prepare('select id from learning_outcomes where student_id = ? and deleted_at is null').all(id).length;
      expect(counts.get(id)!.learningOutcomes).toBe(expected);
    }
  });

  test('given the statements of this feature, when SQLite plans them, then none reads a table of records through', () => {
    for (const sql of Object.values(countStatements)) expect(planOf(sql, ['s1'])).not.toMatch(/SCAN/);
    expect(planOf(findStatement, { text: 'x' })).not.toMatch(/learning_outcomes|diverse_performances/);
  });
});
