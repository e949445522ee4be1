import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboardStatements } from '../../main/features/dashboard/queries.ts';
import { dashboardHandlers } from '../../main/features/dashboard/service.ts';
import { fileMade, importCompleted } from '../../main/features/transfer-cases/file-steps.ts';
import { fillSchool, insert, now, openEmptySchool, outcomeRow, type School } from '../students/school.ts';

let school: School;
const overview = async () => dashboardHandlers(school.foundation).overview({}, school.context());

beforeAll(() => {
  school = openEmptySchool();
  fillSchool(school.sqlite, { grades: 3, classes: 3, seats: 5 });
});
afterAll(() => school.close());

describe('首頁', () => {
  test('given a school, when the home page opens, then its figures are those of the tables', async () => {
    const { sqlite } = school;
    const figures = await overview();
    expect(figures.students).toBe(45);
    const rows = sqlite
      .prepare(
        'select student_id as student, state, ticked_at as ticked from learning_outcomes where academic_year = 115 and deleted_at is null',
      )
      .all() as { student: string; state: string; ticked: string | null }[];
    expect(figures.pendingOutcomes).toBe(rows.filter((row) => row.state === 'pending').length);
    expect(figures.pendingOutcomes).toBeGreaterThan(0);
    const total = (key: 'uploaded' | 'certified' | 'studentsWhoTicked' | 'students') =>
      figures.classes.reduce((sum, section) => sum + section[key], 0);
    expect(total('students')).toBe(45);
    expect(total('uploaded')).toBe(rows.length);
    expect(total('certified')).toBe(rows.filter((row) => row.state === 'approved').length);
    expect(total('studentsWhoTicked')).toBe(new Set(rows.filter((row) => row.ticked).map((row) => row.student)).size);
    expect(figures.classes.map((section) => section.className)).toEqual(
      ['一', '二', '三'].flatMap((grade) => ['一', '二', '三'].map((number) => `${grade}年${number}班`)),
    );
  });

  test('given windows of the city, when they are near, open or ending, then the page says which; past and far ones are absent', async () => {
    const window = { version: 1, academic_year: 114, semester: 0, kind: 'outcomes', purpose: 'submission' };
    const days = { past: ['2026-10-01', '2026-11-23'], closing: ['2026-10-01', '2026-11-30'], open: ['2026-11-24', '2026-12-31'] };
    const later = { soon: ['2026-12-24', '2027-01-31'], far: ['2026-12-25', '2027-01-31'] };
    for (const [id, [startsOn, endsOn]] of Object.entries({ ...days, ...later }))
      insert(school.sqlite, 'city_windows', { ...window, id, starts_on: startsOn!, ends_on: endsOn! });
    const { windows } = await overview();
    expect(windows.map((shown) => shown.state)).toEqual(['closing', 'open', 'soon']);
    expect(windows[0]).toEqual({
      title: '114 學年度學習成果提交期限',
      startsOn: '2026-10-01',
      endsOn: '2026-11-30',
      state: 'closing',
      origin: 'city',
    });
    insert(school.sqlite, 'city_windows', { ...window, id: 'seniors', batch: 'senior1', starts_on: '2026-11-24', ends_on: '2026-11-25' });
    expect((await overview()).windows[0]!.title).toBe('114 學年度高三第一梯次學習成果提交期限');
    school.sqlite.prepare("delete from city_windows where id = 'seniors'").run();
  });

  test('given refused submissions, when one was sent again, then only the others are counted', async () => {
    const submission = { version: 1, academic_year: 114, semester: 0, kind: 'outcomes', status_text: '', submitted_by: '999999adm' };
    const at = (hour: number) => `2026-10-01T0${hour}:00:00.000Z`;
    insert(school.sqlite, 'submissions', { ...submission, id: 'a', processing_status: 'refused', submitted_at: at(1) });
    insert(school.sqlite, 'submissions', { ...submission, id: 'b', processing_status: 'accepted', submitted_at: at(2) });
    expect((await overview()).refusedSubmissions).toEqual({ outcomes: 0, performances: 0, cadres: 0 });
    insert(school.sqlite, 'submissions', { ...submission, id: 'c', processing_status: 'refused', submitted_at: at(3) });
    expect((await overview()).refusedSubmissions).toEqual({ outcomes: 1, performances: 0, cadres: 0 });
    // Accepted for another 部別: the refused one is still to be mended.
    insert(school.sqlite, 'submissions', {
      ...submission,
      id: 'd',
      division: 'continuing',
      processing_status: 'accepted',
      submitted_at: at(4),
    });
    expect((await overview()).refusedSubmissions.outcomes).toBe(1);
  });

  test('given arrivals and leavers, when their file came or went, then they are no longer on the list', async () => {
    const { sqlite } = school;
    sqlite.prepare("update students set status = 'transferredIn' where id in ('s1', 's2', 's3')").run();
    sqlite.prepare("update students set status = 'transferredOut' where id in ('s4', 's5')").run();
    sqlite.prepare("update students set status_changed_on = '2026-11-04' where id = 's5'").run();
    expect(await overview()).toMatchObject({
      arrivals: { count: 3 },
      leavers: { withoutFile: { count: 2, longestDays: 20 }, fileMade: { count: 0 }, handedOver: { count: 0 } },
      students: 43,
    });

    insert(sqlite, 'learning_outcomes', outcomeRow('elsewhere', 's1', 114, 1, { source_school_code: '353301' }));
    const file = { created_at: now, created_by: '999999adm', file_name: 'a.zip', bytes: 1, md5: '', student_count: 1 };
    insert(sqlite, 'transfer_ins', { ...file, id: 'in', sender_school_code: '353301', completed_count: 1 });
    const arrived = {
      transfer_in_id: 'in',
      position: 1,
      identity: '',
      name: '',
      student_id: 's2',
      completed: 1,
      counts: '{}',
      messages: '[]',
    };
    insert(sqlite, 'transfer_in_students', arrived);
    importCompleted(sqlite, { at: now, accountName: '999999adm' })({ id: 'in', fileName: 'a.zip' }, 's2');
    // Sunday night of Taipei is the week before.
    insert(sqlite, 'transfer_out_files', {
      ...file,
      id: 'out',
      created_at: '2026-11-22T15:59:59.000Z',
      encrypted_password: '',
      format: 'aes256',
      students: '',
    });
    insert(sqlite, 'transfer_out_students', { transfer_out_file_id: 'out', student_id: 's4', counts: '{}' });
    fileMade(sqlite, { at: now, accountName: '999999adm' })({ id: 'out', fileName: 'a.zip', md5: '' }, 's4');
    expect(await overview()).toMatchObject({
      arrivals: { count: 1 },
      leavers: { withoutFile: { count: 1 }, fileMade: { count: 1 }, handedOver: { count: 0 } },
      transfersInThisWeek: 1,
      transfersOutThisWeek: 0,
    });
    sqlite.prepare("update transfer_out_files set created_at = '2026-11-22T16:00:00.000Z'").run();
    expect((await overview()).transfersOutThisWeek).toBe(1);
  });

  test('given what was synchronised, when one resource is older, then its age is the age of the data', async () => {
    expect((await overview()).lastSyncAt).toBeNull();
    for (const [resource, at] of [
      ['students', '2026-11-24T01:12:00.000Z'],
      ['outcomes', '2026-11-23T18:00:00.000Z'],
    ])
      insert(school.sqlite, 'sync_cursors', { resource: resource!, cursor: '', last_finished_at: at!, last_result: 'done' });
    expect((await overview()).lastSyncAt).toBe('2026-11-23T18:00:00.000Z');
  });

  test('given the statements of the home page, when SQLite plans them, then no table of records is read through', () => {
    for (const [name, sql] of Object.entries(dashboardStatements)) {
      const parameters = { academicYear: 115, semester: 1, weekStart: now };
      const plan = (school.sqlite.prepare(`explain query plan ${sql}`).all(parameters) as { detail: string }[])
        .map((row) => row.detail)
        .join('\n');
      expect(plan, name).not.toMatch(/SCAN (o|learning_outcomes|d|diverse_performances|e|s)\b/);
      if (name === 'classes') expect(plan).toContain('COVERING INDEX learning_outcomes_by_student');
    }
  });
});
