import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CityAnswer } from '../../main/central/embedded/answer.ts';
import type { SyncResult } from '../../main/features/sync/contract.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { type ConnectedOffice, connectOffice } from '../support/office.ts';
import { classSection, fileReference, outcome, smallSchool, student } from '../support/small-school.ts';

const sum = (result: SyncResult, key: 'received' | 'upserted' | 'deleted' | 'problems') =>
  result.resources.reduce((total, resource) => total + resource[key], 0);
const sha256 = 'ab'.repeat(32);

describe('given a school that the city knows', () => {
  let city: TestCity;
  let office: ConnectedOffice;
  let change: (answer: CityAnswer, url: string) => CityAnswer;

  beforeEach(async () => {
    change = (answer) => answer;
    city = await startTestCity([...smallSchool(120), outcome('o1', 's1', { document: fileReference(sha256) }), outcome('o2', 's2')], {
      intervene: (request, answer) => change(answer, request.url ?? ''),
    });
    office = await connectOffice(city);
  });
  afterEach(async () => {
    await office.close();
    await city.close();
  });

  const put = (
    resource: string,
    record: { id: string } & Record<string, unknown>,
    operation: 'create' | 'update' | 'delete' = 'update',
  ) => {
    const { id, ...data } = record;
    const known = city.store.page(resource as 'students', 0, 2000, false).items;
    const current = (JSON.parse(`[${known}]`) as { id: string; version: number }[]).find((item) => item.id === id);
    const [fate] = city.store.change([
      { idempotencyKey: `test-${resource}-${id}-${Math.random()}`, resource, id, baseVersion: current?.version ?? 0, operation, data },
    ]);
    expect(fate!.outcome).toBe('accepted');
  };

  test('the first sync brings everything, with what follows from it', async () => {
    const result = await office.application.synchronise({});
    expect(sum(result, 'received')).toBe(126);
    expect(sum(result, 'upserted')).toBe(126);
    expect(sum(result, 'problems')).toBe(0);
    expect(
      office.sqlite.prepare('select current_class_id, current_seat_number, current_grade from students where id = ?').get('s7'),
    ).toEqual({
      current_class_id: 'c1',
      current_seat_number: 7,
      current_grade: 1,
    });
    expect(office.sqlite.prepare('select id from class_sections order by sort_key').pluck().all()).toEqual(['c1', 'c2']);
    expect(office.sqlite.prepare("select name, enabled, password_hash from accounts where teacher_id = 't2'").get()).toEqual({
      name: '999999_teacher2',
      enabled: 0,
      password_hash: null,
    });
    expect(office.sqlite.prepare('select sha256, at_city from attachments').all()).toEqual([{ sha256, at_city: 1 }]);
    expect(office.sqlite.prepare('select academic_year, semester, offered from terms').all()).toEqual([
      { academic_year: 115, semester: 1, offered: 1 },
    ]);
    expect(office.sqlite.prepare("select rows, all_received from receive_records where data_type = '學籍及人員資料'").all()).toEqual([
      { rows: 120, all_received: 1 },
    ]);
  });

  test('a second sync with nothing new asks once for each resource and writes no rows', async () => {
    await office.application.synchronise({});
    const before = office.sqlite.prepare('select count(*) from receive_records').pluck().get();
    const asked = city.requests();
    const result = await office.application.synchronise({});
    expect(sum(result, 'received')).toBe(0);
    // The token, the school and its file links.
    expect(city.requests() - asked).toBe(result.resources.length + 2);
    expect(office.sqlite.prepare('select count(*) from receive_records').pluck().get()).toBe(before);
  });

  test('a changed record replaces its row, a deleted one keeps it with a tombstone', async () => {
    await office.application.synchronise({});
    const renamed = student(1, { name: '改名' }).record as { id: string };
    put('students', { ...renamed });
    put('outcomes', { id: 'o2' }, 'delete');
    const result = await office.application.synchronise({});
    expect([sum(result, 'received'), sum(result, 'upserted'), sum(result, 'deleted')]).toEqual([2, 1, 1]);
    expect(office.value("select name from students where id = 's1'")).toBe('改名');
    expect(office.value("select deleted_at is not null from learning_outcomes where id = 'o2'")).toBe(1);
  });

  test('a record that breaks its schema is listed, the others go on, its next version mends it', async () => {
    change = (answer, url) =>
      url.includes('/students?cursor=&') ? { ...answer, body: String(answer.body).replace('"name":"學生5"', '"name":5') } : answer;
    const result = await office.application.synchronise({});
    expect(sum(result, 'problems')).toBe(1);
    expect(office.value('select count(*) from students')).toBe(119);
    expect(office.sqlite.prepare('select resource, record_id, message from sync_problems').all()).toEqual([
      { resource: 'students', record_id: 's5', message: 'name: invalid_type' },
    ]);
    put('students', { ...(student(5, { name: '學生五' }).record as { id: string }) });
    await office.application.synchronise({});
    expect(office.value('select count(*) from students')).toBe(120);
    expect(office.value('select count(*) from sync_problems')).toBe(0);
  });

  test('a record that was spoiled on its way is asked for again, until it comes as the city has it', async () => {
    const broken = (find: string, put: string) => (answer: CityAnswer, url: string) =>
      url.includes('/students?') ? { ...answer, body: String(answer.body).replace(find, put) } : answer;
    const problems = () => office.sqlite.prepare('select record_id from sync_problems order by record_id').pluck().all();
    change = broken('"name":"學生5"', '"name":5');
    await office.application.synchronise({});
    expect(problems()).toEqual(['s5']);
    // Another record of the page cannot even be told by its id.
    change = broken('"id":"s7"', '"id":null');
    put('students', { ...(student(1, { name: '改名' }).record as { id: string }) });
    await office.application.synchronise({});
    expect([problems(), office.value('select count(*) from students')]).toEqual([[expect.stringMatching(/^\?/)], 120]);
    expect(office.value("select name from students where id = 's1'")).toBe('改名');
    change = (answer) => answer;
    await office.application.synchronise({});
    expect([problems(), office.value('select count(*) from students')]).toEqual([[], 120]);
    expect(sum(await office.application.synchronise({}), 'received')).toBe(0);
  });

  test('a record whose reference is missing waits for it', async () => {
    put('outcomes', { ...(outcome('o3', 's999').record as { id: string }) }, 'create');
    expect(sum(await office.application.synchronise({}), 'problems')).toBe(1);
    expect(office.value('select message from sync_problems')).toBe('studentId: missing');
    put('students', { ...(student(999).record as { id: string }) }, 'create');
    await office.application.synchronise({});
    expect(office.value("select student_id from learning_outcomes where id = 'o3'")).toBe('s999');
    expect(office.value('select count(*) from sync_problems')).toBe(0);
  });

  test('a city that would delete a fifth of the students is not believed without a full sync', async () => {
    await office.application.synchronise({});
    for (let number = 1; number <= 30; number += 1) put('students', { id: `s${number}` }, 'delete');
    put('classes', { ...(classSection('c2', '二年二班').record as { id: string }) });
    await expect(office.application.synchronise({})).rejects.toMatchObject({
      code: 'sync.massDelete',
      details: { live: 120, deleted: 30 },
    });
    expect(office.value('select count(*) from students where deleted_at is null')).toBe(120);
    expect(office.value("select name from class_sections where id = 'c2'")).toBe('二年二班');
    expect(office.value("select last_result from sync_cursors where resource = 'students'")).toBe('failed');
    await office.application.synchronise({ resources: ['students'], full: true });
    expect(office.value('select count(*) from students where deleted_at is null')).toBe(90);
  });

  test('a change of the office that the city has not taken is not overwritten', async () => {
    await office.application.synchronise({});
    office.sqlite
      .prepare(
        `insert into outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state)
         values ('conflict-key', 1, 'students', 's1', 1, 'update', '{}', '2026-11-24T00:00:00Z', '999999adm', 'conflict')`,
      )
      .run();
    put('students', { ...(student(1, { name: '市級改名' }).record as { id: string }) });
    await office.application.synchronise({});
    expect(office.value("select name from students where id = 's1'")).toBe('學生1');
    expect(JSON.parse(office.value('select answer from outbox') as string)).toMatchObject({ name: '市級改名' });
  });

  test('a city that cannot be reached leaves what is here and says so; the next run goes on', async () => {
    change = (answer, url) => (url.includes('/outcomes') ? { status: 404, headers: {}, body: '' } : answer);
    await expect(office.application.synchronise({})).rejects.toMatchObject({ code: 'sync.notFound' });
    expect(office.value('select count(*) from students')).toBe(120);
    expect(office.value("select last_result from sync_cursors where resource = 'outcomes'")).toBe('failed');
    expect(office.value("select last_result from sync_cursors where resource = 'students'")).toBe('done');
    change = (answer) => answer;
    await office.application.synchronise({});
    expect(office.value('select count(*) from learning_outcomes')).toBe(2);
  });
});

describe('given more records than a page holds', () => {
  test('when the run is cut off between pages, then the next one goes on behind what was staged', async () => {
    let pagesServed = 0;
    let allowed = 2;
    const city = await startTestCity(smallSchool(3500), {
      intervene: (request, answer) => {
        if (!request.url?.includes('/resources/students')) return answer;
        if (pagesServed >= allowed) return { status: 403, headers: {}, body: '' };
        pagesServed += 1;
        return answer;
      },
    });
    const office = await connectOffice(city);
    await expect(office.application.synchronise({})).rejects.toMatchObject({ code: 'sync.forbidden' });
    expect(office.value('select count(*) from students')).toBe(0);
    allowed = 10;
    const result = await office.application.synchronise({ resources: ['students'] });
    expect(result.resources[0]!.received).toBe(3500);
    expect(pagesServed).toBe(4);
    expect(office.value('select count(*) from students')).toBe(3500);
    await office.close();
    await city.close();
  });

  test('when the clerk cancels while rows are applied, then none of them stays', async () => {
    const city = await startTestCity(smallSchool(3500));
    const office = await connectOffice(city);
    const cancel = new AbortController();
    const run = office.application.synchronise(
      { resources: ['teachers', 'classes', 'students'] },
      {
        signal: cancel.signal,
        onProgress: ({ step, done, total }) => {
          if (step.includes('學籍') && total === 3500 && done === 1000) cancel.abort();
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'job.cancelled' });
    expect([0, 3500]).toContain(office.value('select count(*) from students'));
    expect(office.value("select last_result from sync_cursors where resource = 'students'")).toBe('cancelled');
    await office.application.synchronise({});
    expect(office.value('select count(*) from students')).toBe(3500);
    await office.close();
    await city.close();
  });
});
