import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../db/sqlite.ts';
import { type CityClient, createCityClient } from '../../main/central/client.ts';
import { openCityStore } from '../../main/central/embedded/index.ts';
import { reportOf } from '../../main/platform/errors.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { temporaryFolder } from '../support/directories.ts';
import { smallSchool } from '../support/small-school.ts';

const opensAt = '2026-11-24T01:00:00.000Z';
const expiresAt = '2026-12-31T15:59:59.999Z';
const systemNow = { now: () => new Date(opensAt) };

describe('temporary accounts, asked of the embedded city over real HTTP', () => {
  let city: TestCity;
  let client: CityClient;
  /** Answers that the line loses after the city has taken the request. */
  let lost = 0;

  beforeEach(async () => {
    lost = 0;
    city = await startTestCity(smallSchool(), {
      clock: systemNow,
      intervene: (request, answer) => {
        if (lost === 0 || !request.url?.includes('temporary-accounts')) return answer;
        lost -= 1;
        request.socket.destroy();
        return answer;
      },
    });
    client = createCityClient(city.address, { clock: systemNow, patience: { firstDelay: 1 } });
  });
  afterEach(async () => {
    client.close();
    await city.close();
  });

  const request = (changes: object = {}) => ({
    idempotencyKey: randomUUID(),
    studentId: 's1',
    purpose: 'transferredOut' as const,
    opensAt,
    expiresAt,
    openedBy: '999999adm',
    ...changes,
  });
  const refusal = async (asked: Promise<unknown>) => {
    const report = reportOf(
      await asked.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    return [report.code, report.details.cityCode];
  };
  const accounts = async () => (await client.page('temporary-accounts', '', { limit: 100, count: true })).page.items;

  test('an account opens with a password, under the student number, and comes with the resource', async () => {
    const { record, oneTimePassword } = await client.openTemporaryAccount(request());
    expect(record).toMatchObject({ studentId: 's1', account: '999999t1150001', status: 'open', opensAt, expiresAt });
    expect(oneTimePassword).toMatch(/^[A-Za-z2-9]{4}(-[A-Za-z2-9]{4}){2}$/);
    expect(await accounts()).toEqual([record]);
  });

  test('a repeated request opens nothing twice and answers the same password', async () => {
    const asked = request();
    const first = await client.openTemporaryAccount(asked);
    expect(await client.openTemporaryAccount(asked)).toEqual(first);
    expect(await accounts()).toHaveLength(1);
  });

  test('an answer lost on the line is had by asking again', async () => {
    lost = 2;
    const { record, oneTimePassword } = await client.openTemporaryAccount(request());
    expect(lost).toBe(0);
    expect(oneTimePassword).not.toBe('');
    expect(await accounts()).toEqual([record]);
  });

  test.each([
    ['a student that is not there', { studentId: 'nobody' }, 'student.unknown'],
    ['an end before the beginning', { expiresAt: opensAt }, 'account.period'],
  ])('%s is refused', async (_case, changes, cityCode) => {
    expect(await refusal(client.openTemporaryAccount(request(changes)))).toEqual(['sync.refused', cityCode]);
    expect(await accounts()).toEqual([]);
  });

  test('a second account of a student is refused while one for the same purpose is in use', async () => {
    await client.openTemporaryAccount(request());
    expect(await refusal(client.openTemporaryAccount(request()))).toEqual(['sync.refused', 'account.exists']);
    const other = await client.openTemporaryAccount(request({ purpose: 'transferredIn' }));
    const later = await client.openTemporaryAccount(
      request({ opensAt: '2027-01-01T01:00:00.000Z', expiresAt: '2027-01-31T01:00:00.000Z' }),
    );
    expect([other.record.account, later.record.account]).toEqual(['999999t1150001-2', '999999t1150001-3']);
  });

  test('a new password ends the one before, and the request that gave that one', async () => {
    const asked = request();
    const { record, oneTimePassword } = await client.openTemporaryAccount(asked);
    const renewal = { idempotencyKey: randomUUID() };
    const renewed = await client.renewTemporaryPassword(record.id, renewal);
    expect(renewed).not.toBe(oneTimePassword);
    expect(await client.renewTemporaryPassword(record.id, renewal)).toBe(renewed);
    expect(await refusal(client.openTemporaryAccount(asked))).toEqual(['sync.refused', 'password.replaced']);
    expect(await refusal(client.renewTemporaryPassword('nobody', { idempotencyKey: randomUUID() }))).toEqual([
      'sync.notFound',
      'account.unknown',
    ]);
  });

  test('the office disables an account by a change, and then no password is given; it cannot make one by a change', async () => {
    const { record } = await client.openTemporaryAccount(request());
    const { id, version, deleted: _deleted, ...data } = record;
    const change = { idempotencyKey: randomUUID(), resource: 'temporary-accounts', id, baseVersion: version, operation: 'update' as const };
    expect(await client.sendChanges([{ ...change, data: { ...data, status: 'disabled' } }])).toMatchObject([{ outcome: 'accepted' }]);
    expect(await refusal(client.renewTemporaryPassword(id, { idempotencyKey: randomUUID() }))).toEqual(['sync.refused', 'account.closed']);
    const made = { ...change, idempotencyKey: randomUUID(), id: 'made-here', baseVersion: 0, operation: 'create' as const, data };
    expect(await client.sendChanges([made])).toMatchObject([{ outcome: 'refused', code: 'account.madeByCity' }]);
  });
});

test('a password lies in the store only as a hash, and its key not at all', () => {
  const folder = temporaryFolder('city');
  const path = join(folder.path, 'city.db');
  try {
    const settings = { schoolCode: '999999', schoolName: '測試高中', deviceId: 'office', deviceKey: 'key' };
    const store = openCityStore(path, { settings });
    store.fill(smallSchool());
    const idempotencyKey = randomUUID();
    const fate = store.accounts.open({ idempotencyKey, studentId: 's1', purpose: 'transferredOut', opensAt, expiresAt, openedBy: 'a' });
    if ('refusal' in fate) throw new Error(fate.refusal);
    store.close();

    const sqlite = openSqlite(path, { key: new Uint8Array(32), create: false });
    const tables = sqlite.prepare<[], string>("select name from sqlite_schema where type = 'table'").pluck().all();
    const kept = tables.flatMap((table) => sqlite.prepare(`select * from ${table}`).raw().all() as unknown[][]).flat();
    sqlite.close();
    const text = kept.map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value))).join('\n');
    expect(text).toContain('999999t1150001');
    expect(text).not.toContain(fate.oneTimePassword);
    expect(text).not.toContain(idempotencyKey);
  } finally {
    folder.remove();
  }
});
