import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
let term: { academicYear: number; semester: number };

beforeEach(async () => {
  trial = await openTrial();
  ({ term } = await trial.call('session.status', {}));
});
afterEach(() => trial.close());

const teachers = async (input: object = {}) => (await trial.call('courseCounselors.teachers', { ...term, pageSize: 1000, ...input })).rows;
const classesOf = (teacherId: unknown) => trial.call('courseCounselors.classes', { ...term, teacherId: String(teacherId) });
const sqlite = () => trial.application.foundation.connection.sqlite;

describe('設定課程諮詢教師', () => {
  test('who counsels a class of the term stands first and is marked', async () => {
    const rows = await teachers();
    const assigned = rows.map((row) => row.assigned);
    expect(assigned).toEqual([...assigned].sort((a, b) => Number(b) - Number(a)));
    const { teachers: count } = await trial.call('courseCounselors.summary', term);
    expect(rows.filter((row) => row.assigned === 1)).toHaveLength(count);
  });

  test('several classes at once are added and removed, and reach the city', async () => {
    const free = (await teachers()).find((row) => row.assigned === 0)!;
    const before = await classesOf(free.id);
    const wanted = before.available.slice(0, 2).map(({ id }) => id);
    expect(await trial.call('courseCounselors.add', { teacherId: String(free.id), classIds: wanted })).toEqual({ added: 2 });
    expect(await trial.call('courseCounselors.add', { teacherId: String(free.id), classIds: wanted })).toEqual({ added: 0 });
    expect((await classesOf(free.id)).chosen.map(({ id }) => id)).toEqual(wanted);
    expect((await trial.application.synchronise({ resources: [] })).pushed).toBe(2);
    await trial.call('courseCounselors.remove', { teacherId: String(free.id), classIds: wanted });
    expect(await classesOf(free.id)).toEqual(before);
    await trial.application.synchronise({ resources: [] });
    await trial.application.synchronise({ resources: ['course-counselors'], full: true });
    expect(await classesOf(free.id)).toEqual(before);
  });

  test('who else counsels a class is named beside it', async () => {
    const one = (await teachers()).find((row) => row.assigned === 1)!;
    const [mine] = (await classesOf(one.id)).chosen;
    const other = (await teachers()).find((row) => row.id !== one.id)!;
    const seen = [...(await classesOf(other.id)).available, ...(await classesOf(other.id)).chosen].find(({ id }) => id === mine!.id);
    expect(seen!.others).toContain(one.name);
  });

  test('classes without a counselor are counted and listed', async () => {
    const { classesWithout } = await trial.call('courseCounselors.summary', term);
    // The trial school has not set this term's first grade yet.
    expect(classesWithout).toBeGreaterThan(0);
    const { total, rows } = await trial.call('courseCounselors.list', { ...term, filter: { assigned: '否' } });
    expect(total).toBe(classesWithout);
    for (const row of rows) expect(row).toMatchObject({ grade: 1, teacherName: null });
  });

  test('a teacher who is not there is refused', async () => {
    const [section] = (await classesOf('nobody')).available;
    await expect(trial.call('courseCounselors.add', { teacherId: 'nobody', classIds: [section!.id] })).rejects.toMatchObject({
      code: 'courseCounselors.teacherUnknown',
    });
  });
});

describe('複製上學期設定', () => {
  test('a class goes on as the class its students sit in now; graduates’ classes are not copied', async () => {
    // The first grade of last year has gone up; last term is the second semester of the year before, or the first of this one.
    const preview = await trial.call('courseCounselors.previous', term);
    expect(preview).toMatchObject(
      term.semester === 2 ? { academicYear: term.academicYear, semester: 1 } : { academicYear: term.academicYear - 1, semester: 2 },
    );
    expect(preview.settings.length).toBeGreaterThan(0);
    const moved = preview.settings.find(({ fromClass }) => fromClass === '一年一班')!;
    expect(moved.className).toBe(term.semester === 1 ? '二年一班' : '一年一班');
    // As of a class that has graduated: none of its students sits in a class of this term.
    sqlite().prepare('delete from enrollments where class_section_id = ?').run(moved.classId);
    const { settings } = await trial.call('courseCounselors.previous', term);
    expect(settings.find(({ fromClass }) => fromClass === '一年一班')).toMatchObject({ classId: null, className: null });
  });

  test('copies what is not there yet in one go, and a second time nothing', async () => {
    sqlite()
      .prepare('update course_counselors set deleted_at = ? where academic_year = ? and semester = ?')
      .run('2026-11-24T00:00:00Z', term.academicYear, term.semester);
    const { settings } = await trial.call('courseCounselors.previous', term);
    const copied = settings.filter(({ classId }) => classId !== null);
    expect(await trial.call('courseCounselors.copyPrevious', term)).toEqual({ added: copied.length });
    expect(
      (await trial.call('courseCounselors.previous', term)).settings.filter(({ classId, there }) => classId !== null && !there),
    ).toEqual([]);
    expect(await trial.call('courseCounselors.copyPrevious', term)).toEqual({ added: 0 });
  });

  test('a teacher who has left is not copied', async () => {
    const { settings } = await trial.call('courseCounselors.previous', term);
    const { teacherId } = settings.find(({ classId }) => classId !== null)!;
    sqlite().prepare('update teachers set active = 0 where id = ?').run(teacherId);
    const after = (await trial.call('courseCounselors.previous', term)).settings;
    for (const setting of after.filter((each) => each.teacherId === teacherId)) expect(setting.classId).toBeNull();
  });
});
