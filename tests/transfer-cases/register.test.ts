import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/connection.ts';
import { migrate, shippedMigrations } from '../../db/migrate.ts';
import type { TransferDirection } from '../../domain/transfer-case.ts';
import { insert } from '../students/school.ts';
import { temporaryFolder } from '../support/directories.ts';
import { outcome, student } from '../support/small-school.ts';
import { arrived, enrolled, left, type MovingSchool, openMovingSchool } from './office.ts';

describe('given an office that follows the register of a real city', () => {
  let school: MovingSchool;
  beforeEach(async () => {
    school = await openMovingSchool([student(4, left('2026-08-20')), student(5, arrived('2026-09-02', '190B00'))]);
  });
  afterEach(() => school.close());

  const rows = async (direction: TransferDirection) =>
    (await school.call(direction === 'out' ? 'transferCases.leavers' : 'transferCases.arrivals', { sort: { key: 'movedOn' } })).rows;
  const shown = async (direction: TransferDirection) =>
    (await rows(direction)).map(({ name, movedOn, school: other, state }) => [name, movedOn, other, state]);
  const history = async (direction: TransferDirection, index = 0) => {
    const row = (await rows(direction))[index]!;
    return (await school.call('transferCases.details', { direction, id: String(row.id) })).events.map(({ kind }) => kind).reverse();
  };
  const handOver = async (index = 0) => {
    const row = (await rows('out'))[index]!;
    // The file's row is all that the register's moves look at; tests/transfer-cases/files.test.ts makes real ones.
    const { sqlite } = school.office;
    sqlite
      .prepare("update transfer_cases set file_name = 'a.zip', handed_over_on = '2026-09-01', handed_over_how = 'post' where id = ?")
      .run(String(row.id));
  };

  test('who left and who arrived has a case from the first sync on, with the days since', async () => {
    expect(await rows('out')).toMatchObject([
      { name: '學生4', movedOn: '2026-08-20', school: '353301', state: 'withoutFile', waitingDays: 96, overdue: 1, open: 1 },
    ]);
    expect(await rows('in')).toMatchObject([
      { name: '學生5', movedOn: '2026-09-02', school: '190B00', state: 'expected', waitingDays: 83, overdue: 1, open: 1 },
    ]);
    expect(await history('out')).toEqual(['opened']);
  });

  test('a move brings a case, once, however often the student comes again', async () => {
    await school.move(1, left('2026-11-20', '110X01'));
    expect(await shown('out')).toEqual([
      ['學生4', '2026-08-20', '353301', 'withoutFile'],
      ['學生1', '2026-11-20', '110X01', 'withoutFile'],
    ]);
    expect((await rows('out'))[1]).toMatchObject({ waitingDays: 4, overdue: 0 });
    await school.move(1, { name: '學生一' });
    await school.office.application.synchronise({ full: true });
    expect(await rows('out')).toHaveLength(2);
    expect(await rows('in')).toHaveLength(1);
  });

  test('a move without a day counts from the day it became known here, and takes the day when the register has it', async () => {
    await school.move(1, { status: 'transferredOut' });
    const before = (await rows('out')).find(({ name }) => name === '學生1')!;
    expect(before.movedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    await school.move(1, { statusChangedOn: '2026-11-10' });
    expect(await shown('out')).toContainEqual(['學生1', '2026-11-10', null, 'withoutFile']);
    expect(await rows('out')).toHaveLength(2);
  });

  test('a leaving that the register takes back before anything was handed over is closed with that reason, not deleted', async () => {
    await school.move(4, enrolled);
    expect(await rows('out')).toMatchObject([{ name: '學生4', state: 'withdrawn', waitingDays: null, open: 0 }]);
    expect(await history('out')).toEqual(['opened', 'withdrawn']);
    // The same leaving after all.
    await school.move(4, left('2026-08-20'));
    expect(await shown('out')).toEqual([['學生4', '2026-08-20', '353301', 'withoutFile']]);
    expect(await history('out')).toEqual(['opened', 'withdrawn', 'reopened']);
  });

  test('one who comes back and leaves again has a case for each', async () => {
    await school.move(4, enrolled);
    await school.move(4, left('2026-11-18', '070000'));
    expect(await shown('out')).toEqual([
      ['學生4', '2026-08-20', '353301', 'withdrawn'],
      ['學生4', '2026-11-18', '070000', 'withoutFile'],
    ]);
    await school.move(4, arrived('2026-11-23', '070000'));
    expect((await shown('out'))[1]).toEqual(['學生4', '2026-11-18', '070000', 'withdrawn']);
    expect(await shown('in')).toContainEqual(['學生4', '2026-11-23', '070000', 'expected']);
  });

  test('what was handed over stays to be acknowledged, though the student came back; another leaving is a case of its own', async () => {
    await handOver();
    await school.move(4, enrolled);
    expect(await shown('out')).toEqual([['學生4', '2026-08-20', '353301', 'handedOver']]);
    expect((await rows('out'))[0]).toMatchObject({ enrollment: 'enrolled' });
    await school.move(4, left('2026-11-18', '070000'));
    expect(await shown('out')).toEqual([
      ['學生4', '2026-08-20', '353301', 'handedOver'],
      ['學生4', '2026-11-18', '070000', 'withoutFile'],
    ]);
  });

  test('a corrected day is corrected; of one whose file is with the other school, a day months later is another leaving', async () => {
    await school.move(4, { statusChangedOn: '2026-08-25' });
    expect(await shown('out')).toEqual([['學生4', '2026-08-25', '353301', 'withoutFile']]);
    expect(await history('out')).toEqual(['opened', 'dayCorrected']);
    await handOver();
    await school.move(4, { statusChangedOn: '2026-09-10' });
    expect(await shown('out')).toEqual([['學生4', '2026-09-10', '353301', 'handedOver']]);
    // Came back and left again between two syncs.
    await school.move(4, { statusChangedOn: '2026-11-12', otherSchoolCode: '070000' });
    expect(await shown('out')).toEqual([
      ['學生4', '2026-09-10', '353301', 'handedOver'],
      ['學生4', '2026-11-12', '070000', 'withoutFile'],
    ]);
  });

  test('the school is the register’s until the office names one', async () => {
    await school.move(4, { otherSchoolCode: '040Z02' });
    expect((await shown('out'))[0]![2]).toBe('040Z02');
    const id = String((await rows('out'))[0]!.id);
    await school.call('transferCases.nameSchool', { direction: 'out', ids: [id], code: '353301', name: '桃園高中' });
    await school.move(4, { otherSchoolCode: '110X01' });
    expect((await shown('out'))[0]![2]).toBe('桃園高中（353301）');
    expect(await history('out')).toEqual(['opened', 'schoolNamed', 'schoolNamed']);
  });

  test('an arrival who is only 在學 by now still waits; one whom the register knows no former school of never arrived', async () => {
    await school.move(5, { status: 'enrolled' });
    expect(await shown('in')).toEqual([['學生5', '2026-09-02', '190B00', 'expected']]);
    await school.move(5, arrived('2026-09-02', '190B00'));
    expect(await rows('in')).toHaveLength(1);
    await school.move(5, enrolled);
    expect(await shown('in')).toEqual([['學生5', '2026-09-02', '190B00', 'withdrawn']]);
  });

  test('a student whom the city deletes keeps his case in sight', async () => {
    await school.remove(4);
    expect(await rows('out')).toMatchObject([{ name: '學生4', enrollment: 'deleted', state: 'withoutFile', open: 1 }]);
    expect((await school.call('dashboard.overview', {})).leavers).toMatchObject({ withoutFile: { count: 1, longestDays: 96 } });
  });

  test('nothing has to be imported of an arrival whose records the city has; of one who came before, only those of this school count', async () => {
    expect((await school.call('dashboard.overview', {})).arrivals).toEqual({ count: 1, longestDays: 83 });
    const { id, ...record } = outcome('o1', 's5', { sourceSchoolCode: '353301' }).record as { id: string };
    school.city.store.change([
      { idempotencyKey: 'from another school', resource: 'outcomes', id, baseVersion: 0, operation: 'create', data: record },
    ]);
    await school.office.application.synchronise({ resources: ['outcomes'] });
    expect(await rows('in')).toMatchObject([{ name: '學生5', state: 'unneeded', unneededReason: 'cityHasIt', waitingDays: null, open: 0 }]);
    expect((await school.call('dashboard.overview', {})).arrivals).toEqual({ count: 0, longestDays: 0 });

    await school.move(5, left('2026-10-01', '070000'));
    await school.move(5, arrived('2026-11-20', '070000'));
    expect(await shown('in')).toEqual([
      ['學生5', '2026-09-02', '190B00', 'unneeded'],
      ['學生5', '2026-11-20', '070000', 'expected'],
    ]);
    expect((await school.call('dashboard.overview', {})).arrivals).toEqual({ count: 1, longestDays: 4 });
  });
});

describe('given a database of before, with students who had moved', () => {
  test('migrating gives each a case, with the files made and the imports completed', () => {
    const folder = temporaryFolder('before-cases');
    const database = openDatabase(`${folder.path}/portfolio.db`, { key: new Uint8Array(32).fill(3) });
    const { sqlite } = database;
    try {
      const shipped = shippedMigrations();
      const now = () => new Date('2026-11-24T01:00:00.000Z');
      migrate(sqlite, { now, shipped: shipped.slice(0, 3) });
      const person = { version: 1, birth_date: '2010-03-05', sex: 'female', entry_year: 115 };
      const moved = [
        ['s1', 'transferredOut', '2026-08-20'],
        ['s2', 'transferredOut', '2026-08-21'],
        ['s3', 'transferredIn', '2026-08-22'],
        ['s4', 'transferredIn', null],
        ['s5', 'enrolled', null],
      ] as const;
      for (const [id, status, on] of moved)
        insert(sqlite, 'students', {
          ...person,
          id,
          name: id,
          student_number: id,
          status,
          status_changed_on: on,
          other_school_code: '070000',
        });
      const file = { created_by: '999999adm', bytes: 1, md5: 'm', sha256: 's', student_count: 1 };
      for (const [id, at] of [
        ['f1', '2026-09-01T01:00:00.000Z'],
        ['f2', '2026-09-02T01:00:00.000Z'],
      ] as const) {
        insert(sqlite, 'transfer_out_files', {
          ...file,
          id,
          created_at: at,
          file_name: `${id}.zip`,
          encrypted_password: '',
          format: 'aes256',
          students: '',
        });
        insert(sqlite, 'transfer_out_students', { transfer_out_file_id: id, student_id: 's2', counts: '{}' });
      }
      insert(sqlite, 'transfer_ins', {
        ...file,
        id: 'i1',
        created_at: '2026-09-03T01:00:00.000Z',
        file_name: 'i1.zip',
        sender_school_code: '070000',
        completed_count: 1,
      });
      insert(sqlite, 'transfer_in_students', {
        transfer_in_id: 'i1',
        position: 0,
        identity: '',
        name: '',
        student_id: 's3',
        completed: 1,
        counts: '{}',
        messages: '[]',
      });

      migrate(sqlite, { now });
      const cases = sqlite
        .prepare(
          `select student_id, direction, moved_on, other_school_code, transfer_out_file_id, file_name, transfer_in_id, outcome, finished_at
           from transfer_cases order by student_id`,
        )
        .all() as Record<string, unknown>[];
      const empty = { transfer_out_file_id: null, file_name: null, transfer_in_id: null, outcome: null, finished_at: null };
      expect(cases).toEqual([
        { ...empty, student_id: 's1', direction: 'out', moved_on: '2026-08-20', other_school_code: '070000' },
        {
          ...empty,
          student_id: 's2',
          direction: 'out',
          moved_on: '2026-08-21',
          other_school_code: '070000',
          transfer_out_file_id: 'f2',
          file_name: 'f2.zip',
        },
        {
          ...empty,
          student_id: 's3',
          direction: 'in',
          moved_on: '2026-08-22',
          other_school_code: '070000',
          transfer_in_id: 'i1',
          outcome: 'imported',
          finished_at: '2026-09-03T01:00:00.000Z',
        },
        { ...empty, student_id: 's4', direction: 'in', moved_on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), other_school_code: '070000' },
      ]);
      const events = sqlite
        .prepare(
          `select k.student_id || ' ' || e.kind || ' ' || coalesce(e.recorded_by, '-') from transfer_case_events e
           join transfer_cases k on k.id = e.transfer_case_id order by k.student_id, e.sequence`,
        )
        .pluck()
        .all();
      expect(events).toEqual([
        's1 opened -',
        's2 opened -',
        's2 fileMade 999999adm',
        's2 fileMade 999999adm',
        's3 opened -',
        's3 imported 999999adm',
        's4 opened -',
      ]);
    } finally {
      database.close();
      folder.remove();
    }
  });
});

describe('the history of a transfer', () => {
  test('is neither changed nor deleted, and no case is forgotten', async () => {
    const school = await openMovingSchool([student(4, left('2026-08-20'))]);
    try {
      const { sqlite } = school.office;
      expect(() => sqlite.prepare("update transfer_case_events set kind = 'handedOver'").run()).toThrow(/never changed/);
      expect(() => sqlite.prepare('delete from transfer_case_events').run()).toThrow(/never deleted/);
      expect(() => sqlite.prepare('delete from transfer_cases').run()).toThrow(/never forgotten/);
    } finally {
      await school.close();
    }
  });
});
