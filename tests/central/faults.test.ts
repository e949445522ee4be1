import { createHash } from 'node:crypto';
import axios, { type AxiosResponse } from 'axios';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CityFaults, cityFaults, faultNames, readFaults } from '../../main/central/embedded/index.ts';
import { resourceSchemas } from '../../main/central/resources.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { smallSchool } from '../support/small-school.ts';

const always = { value: undefined, share: 1, times: Number.POSITIVE_INFINITY, where: '' };

describe('a SPEC of faults', () => {
  test('says what goes wrong, how often, how many times and where', () => {
    expect(readFaults('delay=2s@0.1, cut@.05,500=late,429=3x4:changes,clock=+2h,seed=7,clock=-30m')).toEqual({
      seed: 7,
      clockShift: 5_400_000,
      faults: [
        { ...always, name: 'delay', value: 2000, share: 0.1 },
        { ...always, name: 'cut', share: 0.05 },
        { ...always, name: '500', value: 1 },
        { ...always, name: '429', value: 3, times: 4, where: 'changes' },
      ],
    });
    for (const name of faultNames) if (name !== 'clock') expect(readFaults(name).faults).toEqual([{ ...always, name }]);
  });

  test.each(['', 'flood', 'delay=soon', 'cut=2', '500@2', '429=1x', 'clock', 'clock=late', 'toString', 'cut,,html'])(
    'given %j, then it is refused with a list of what there is',
    (spec) => {
      expect(() => readFaults(spec)).toThrow(
        expect.objectContaining({
          code: 'central.faultUnknown',
          message: expect.stringMatching(/wrong-bytes .*expired-token|expired-token .*wrong-bytes/),
        }),
      );
    },
  );
});

describe('a city that was told to misbehave', () => {
  let city: TestCity;
  let faults: CityFaults;
  let token = '';

  beforeEach(async () => {
    faults = cityFaults();
    city = await startTestCity(smallSchool(), { faults });
    await fetchToken();
  });
  afterEach(() => city.close());

  const ask = (method: string, path: string, headers: object = {}, data?: unknown): Promise<AxiosResponse<Buffer>> =>
    axios.request({
      method,
      url: city.url + path,
      headers: { authorization: `Bearer ${token}`, ...headers },
      data,
      responseType: 'arraybuffer',
      validateStatus: () => true,
      proxy: false,
    });
  const fetchToken = async () => {
    const basic = [city.deviceId, city.deviceKey].map(encodeURIComponent).join(':');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(basic).toString('base64')}`,
    };
    token = JSON.parse(String((await ask('POST', '/v1/oauth/token', headers, 'grant_type=client_credentials')).data)).access_token;
  };
  const school = '/v1/schools/999999';
  const students = (cursor = '') => ask('GET', `${school}/resources/students?limit=2&cursor=${cursor}`);
  const pageOf = ({ data }: AxiosResponse<Buffer>) =>
    JSON.parse(String(data)) as { items: { id: string }[]; nextCursor: string; hasMore: boolean };
  const misbehave = (spec: string) => faults.follow(readFaults(spec));
  const change = (key: string) =>
    ask(
      'POST',
      `${school}/changes`,
      {},
      {
        changes: [
          { idempotencyKey: key, resource: 'parameters', id: 'outcomesPerTerm', baseVersion: 0, operation: 'create', data: { value: 3 } },
        ],
      },
    );
  const changed = () => city.store.latest('parameters') > 0;

  test('500 does nothing unless it is late, and then does it; each as often as it was told', async () => {
    misbehave('500x2');
    expect([(await change('key-00001')).status, (await change('key-00001')).status, changed()]).toEqual([500, 500, false]);
    expect((await students()).status).toBe(200);
    misbehave('500=latex1');
    expect([(await change('key-00001')).status, changed()]).toEqual([500, true]);
    const again = JSON.parse(String((await change('key-00001')).data));
    expect(again.results).toMatchObject([{ outcome: 'accepted' }]);
    expect(faults.struck.get('500')).toBe(3);
  });

  test('429 and 503 say when to come again, where they were told', async () => {
    misbehave('429=2:students,503:outcomes');
    expect((await students()).headers['retry-after']).toBe('2');
    expect((await ask('GET', `${school}/resources/outcomes`)).status).toBe(503);
    expect((await ask('GET', school)).status).toBe(200);
  });

  test('a line that breaks before the work was done, and one that breaks when it was', async () => {
    misbehave('offline:changes');
    await expect(change('key-00002')).rejects.toThrow();
    expect(changed()).toBe(false);
    misbehave('cut:changes');
    await expect(change('key-00002')).rejects.toThrow();
    expect(changed()).toBe(true);
  });

  test('an expired token is refused, and a new one is taken', async () => {
    misbehave('expired-tokenx1');
    expect((await students()).status).toBe(401);
    await fetchToken();
    expect((await students()).status).toBe(200);
  });

  test('a clock that is off shows in the Date of every answer and in the life of tokens', async () => {
    misbehave('clock=+2h');
    const { status, headers } = await students();
    expect(status).toBe(401);
    expect(Date.parse(headers.date as string) - Date.now()).toBeGreaterThan(7_190_000);
  });

  test('html and wrong-json are no answers of the API', async () => {
    misbehave('html');
    const portal = await ask('HEAD', `${school}/files/${'0'.repeat(64)}`);
    expect([portal.status, portal.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    misbehave('wrong-json');
    const bodies = await Promise.all(Array.from({ length: 12 }, async () => String((await students()).data)));
    expect(bodies.filter((body) => body.includes('"items":[{') && body.endsWith('}'))).toEqual([]);
  });

  test('pages: again, empty, in another order, with a record that breaks its schema', async () => {
    const first = pageOf(await students());
    const again = new Set<string>();
    for (let seed = 1; seed <= 12; seed += 1) {
      faults.follow(null);
      await students();
      misbehave(`repeat-page,seed=${seed}`);
      again.add(
        pageOf(await students(first.nextCursor))
          .items.map(({ id }) => id)
          .join(),
      );
    }
    expect(again).toEqual(new Set(['s1,s2', 's1,s2,s3']));
    misbehave('empty-page');
    expect(pageOf(await students(first.nextCursor))).toMatchObject({ items: [], nextCursor: first.nextCursor, hasMore: false });
    misbehave('order');
    const orders = await Promise.all(Array.from({ length: 12 }, async () => pageOf(await students()).items.map(({ id }) => id)));
    expect(orders).toContainEqual(['s2', 's1']);
    misbehave('bad-record');
    for (let time = 0; time < 12; time += 1) {
      const good = pageOf(await students()).items.filter((item) => resourceSchemas.students.safeParse(item).success);
      expect(good).toHaveLength(1);
    }
  });

  test('a file with wrong bytes is as long as the right one', async () => {
    const content = Buffer.from('%PDF-1.4 of a student');
    const sha256 = createHash('sha256').update(content).digest('hex');
    city.store.putFile(sha256, 'application/pdf', content);
    misbehave('wrong-bytes');
    const { data } = await ask('GET', `${school}/files/${sha256}`);
    expect([data.byteLength, data.equals(content)]).toEqual([content.byteLength, false]);
    expect(city.store.file(sha256)!.content!.equals(content)).toBe(true);
  });

  test('a delay holds the answer up', async () => {
    misbehave('delay=300ms');
    const began = performance.now();
    expect((await students()).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  test('the same seed strikes the same requests', async () => {
    const seen = async (seed: number) => {
      misbehave(`500@0.5,seed=${seed}`);
      const statuses: number[] = [];
      for (let time = 0; time < 20; time += 1) statuses.push((await students()).status);
      return statuses.join();
    };
    const once = await seen(3);
    expect(await seen(3)).toBe(once);
    expect(await seen(4)).not.toBe(once);
  });
});
