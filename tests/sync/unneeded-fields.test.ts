import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CityRecord } from '../../main/central/embedded/index.ts';
import { tablesWith } from '../retention/leaver.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { type ConnectedOffice, connectOffice } from '../support/office.ts';
import { outcome, smallSchool } from '../support/small-school.ts';

/** What the city says and no screen needs does not come into the database, by whatever way (domain.md §6). */

const secret = '不該留下的內容';
let city: TestCity;
let office: ConnectedOffice;

/** A record with fields that no schema knows: a special status, what came of a test. */
const withSecrets = ({ resource, record }: CityRecord): CityRecord => ({
  resource,
  record: { ...record, specialStatus: secret, indigenousGroup: { code: secret }, remarks: [secret] } as CityRecord['record'],
});
const made = (resource: string, record: object) => ({ resource, record }) as unknown as CityRecord;

beforeEach(async () => {
  city = await startTestCity(
    [
      ...smallSchool(4),
      made('attendance', { id: 'a1', studentId: 's1', academicYear: 115, semester: 1, day: '2026-10-01', absenceCode: '03', periods: 2 }),
      made('rewards', {
        id: 'w1',
        studentId: 's1',
        academicYear: 115,
        semester: 1,
        day: '2026-10-01',
        kind: '警告',
        times: 1,
        reason: secret,
      }),
      made('psychological-tests', {
        id: 'p1',
        studentId: 's1',
        testName: secret,
        takenOn: '2026-10-01',
        result: secret,
        scores: [{ scale: secret }],
      }),
      outcome('o1', 's1'),
      // These wait for a student who is not there: kept until he comes.
      outcome('o2', 'nobody'),
      made('psychological-tests', { id: 'p2', studentId: 'nobody', testName: secret, takenOn: '2026-10-01' }),
      made('rewards', {
        id: 'w2',
        studentId: 'nobody',
        academicYear: 115,
        semester: 1,
        day: '2026-10-01',
        kind: '警告',
        times: 1,
        reason: secret,
      }),
    ].map(withSecrets),
  );
  office = await connectOffice(city);
});
afterEach(async () => {
  await office.close();
  await city.close();
});

test('it is left behind by rows, by records that wait for others, and by what the office has to decide about', async () => {
  await office.application.synchronise({});
  expect(office.value("select count(*) from students where name = '學生1'")).toBe(1);
  expect(office.value('select count(*) from psychological_tests')).toBe(1);
  expect(office.value('select kind || times from rewards')).toBe('警告1');
  expect(office.value("select json_extract(waiting_record, '$.subjectName') from sync_problems where record_id = 'o2'")).toBe('國語文');
  expect(office.value('select count(*) from sync_problems where waiting_record is not null')).toBe(3);
  expect(tablesWith(office.sqlite, [secret])).toEqual([]);

  // The office's change of a record meets a newer one of the city: both are kept side by side.
  office.sqlite
    .prepare(
      `insert into outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state, answer)
       values ('0f0e0d0c-0b0a-4908-8706-050403020100', 1, 'outcomes', 'o1', 1, 'update', '{"studentId":"s1"}', '2026-11-24T00:00:00.000Z', 'clerk', 'conflict', '{}')`,
    )
    .run();
  await office.application.synchronise({ full: true });
  expect(office.value("select json_extract(answer, '$.subjectName') from outbox")).toBe('國語文');
  office.sqlite.prepare("update outbox set state = 'waiting', answer = null").run();
  await office.application.synchronise({});
  expect(office.value('select state from outbox')).toBe('conflict');
  expect(office.value("select json_extract(answer, '$.subjectName') from outbox")).toBe('國語文');
  expect(tablesWith(office.sqlite, [secret])).toEqual([]);
});
