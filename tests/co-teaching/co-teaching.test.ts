import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
let term: { academicYear: number; semester: number };

beforeEach(async () => {
  trial = await openTrial();
  ({ term } = await trial.call('session.status', {}));
});
afterEach(() => trial.close());

const list = async (input: object = {}) => (await trial.call('coTeaching.list', { ...term, pageSize: 1000, ...input })).rows;
const change = (row: Record<string, unknown>, reviewer: boolean) => ({
  courseOfferingId: String(row.courseOfferingId),
  teacherId: String(row.teacherId),
  reviewer,
});
const ofFirstCourse = async () => {
  const rows = await list();
  return rows.filter(({ courseOfferingId }) => courseOfferingId === rows[0]!.courseOfferingId);
};

describe('合開課程設定審核老師', () => {
  test('lists one row a teacher of courses that several teach, and only those', async () => {
    const rows = await list();
    expect(rows.length).toBeGreaterThan(2);
    const byCourse = Map.groupBy(rows, ({ courseOfferingId }) => courseOfferingId);
    for (const teachers of byCourse.values()) expect(teachers.length).toBeGreaterThan(1);
    const { sqlite } = trial.application.foundation.connection;
    const counted = sqlite
      .prepare(
        `select count(*) from teaching_assignments a join course_offerings o on o.id = a.course_offering_id
         where o.academic_year = ? and o.semester = ?
           and (select count(*) from teaching_assignments b where b.course_offering_id = o.id) > 1`,
      )
      .pluck()
      .get(term.academicYear, term.semester);
    expect(rows.length).toBe(counted);
  });

  test('the keyword finds any part of class, course or teacher', async () => {
    const [first] = await list();
    for (const keyword of [String(first!.courseName).slice(1), String(first!.teacherName), String(first!.className).slice(0, 2)]) {
      const found = await list({ keyword });
      expect(found.map(({ id }) => id)).toContain(first!.id);
      for (const row of found) expect(`${row.className}|${row.courseName}|${row.teacherName}`).toContain(keyword);
    }
    expect(await list({ keyword: '沒有這門課' })).toEqual([]);
  });

  test('saves all changes at once, and the city has them', async () => {
    const teachers = await ofFirstCourse();
    const changes = teachers.map((row, index) => change(row, index === 1));
    expect(await trial.call('coTeaching.save', { changes })).toEqual({ courses: 1 });
    expect((await ofFirstCourse()).map(({ reviewer }) => reviewer)).toEqual(teachers.map((_, index) => (index === 1 ? 'yes' : 'no')));
    expect((await trial.application.synchronise({ resources: [] })).pushed).toBe(1);
    await trial.application.synchronise({ resources: ['teaching-assignments'], full: true });
    expect((await ofFirstCourse()).map(({ reviewer }) => reviewer)).toEqual(teachers.map((_, index) => (index === 1 ? 'yes' : 'no')));
  });

  test('a course that would be left without a reviewer is named, and nothing of the whole is saved', async () => {
    const before = await list();
    const courses = [...new Set(before.map(({ courseOfferingId }) => courseOfferingId))].slice(0, 2);
    const good = before.filter(({ courseOfferingId }) => courseOfferingId === courses[0]).map((row) => change(row, true));
    const bad = before.filter(({ courseOfferingId }) => courseOfferingId === courses[1]).map((row) => change(row, false));
    await expect(trial.call('coTeaching.save', { changes: [...good, ...bad] })).rejects.toMatchObject({
      code: 'coTeaching.noReviewer',
      details: { courseOfferingIds: [courses[1]] },
    });
    expect(await list()).toEqual(before);
    expect((await trial.application.synchronise({ resources: [] })).pushed).toBe(0);
  });

  test('a teacher who is not of the course is refused', async () => {
    const [row] = await list();
    await expect(trial.call('coTeaching.save', { changes: [{ ...change(row!, true), teacherId: 'nobody' }] })).rejects.toMatchObject({
      code: 'coTeaching.unknown',
    });
  });
});
