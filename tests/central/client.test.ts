import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CityClient, createCityClient } from '../../main/central/client.ts';
import type { CityAnswer } from '../../main/central/embedded/answer.ts';
import { answerFailure, retryAfterOf } from '../../main/central/failures.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { smallSchool } from '../support/small-school.ts';

const patience = { firstDelay: 1, silence: 300, connect: 300, longestDelay: 5_000 };
const all = { limit: 1000, count: false };

describe('given a city that does not always answer as it should', () => {
  let city: TestCity;
  let client: CityClient;
  let seen: string[];
  let change: (answer: CityAnswer, request: IncomingMessage) => CityAnswer;

  beforeEach(async () => {
    seen = [];
    change = (answer) => answer;
    city = await startTestCity(smallSchool(), {
      intervene: (request, answer) => {
        seen.push(`${request.method} ${request.url?.replace(/\?.*/, '').split('/').slice(2).join('/')}`);
        return change(answer, request);
      },
    });
    client = createCityClient(city.address, { clock: systemClock, patience });
  });
  afterEach(async () => {
    client.close();
    await city.close();
  });

  const times = (count: number, instead: (answer: CityAnswer, request: IncomingMessage) => CityAnswer) => {
    let left = count;
    return (answer: CityAnswer, request: IncomingMessage) => {
      if (request.url?.includes('oauth') || left === 0) return answer;
      left -= 1;
      return instead(answer, request);
    };
  };
  const status =
    (code: number, headers: Record<string, string> = {}) =>
    (): CityAnswer => ({ status: code, headers, body: '' });

  test('a token is fetched once for many requests at once, and once more when the city forgot it', async () => {
    await Promise.all([client.school(), client.school(), client.page('students', '', all)]);
    expect(seen.filter((line) => line === 'POST oauth/token')).toHaveLength(1);
    city.forgetTokens();
    await Promise.all([client.school(), client.school()]);
    expect(seen.filter((line) => line === 'POST oauth/token')).toHaveLength(2);
  });

  test('a wrong device key is said at once, and not tried again', async () => {
    const stranger = createCityClient({ ...city.address, deviceKey: 'guess' }, { clock: systemClock, patience });
    await expect(stranger.school()).rejects.toMatchObject({ code: 'sync.unauthorized' });
    expect(seen).toEqual(['POST oauth/token']);
    stranger.close();
  });

  test('403 stops and says why', async () => {
    change = times(9, status(403));
    await expect(client.school()).rejects.toMatchObject({ code: 'sync.forbidden' });
    expect(seen).toHaveLength(2);
  });

  test('500 is tried again, a bounded number of times', async () => {
    change = times(2, status(500));
    expect(await client.school()).toMatchObject({ code: '999999', name: '測試高中' });
    change = times(9, status(500));
    seen = [];
    await expect(client.school()).rejects.toMatchObject({ code: 'sync.serverFailed' });
    expect(seen).toHaveLength(4);
  });

  test('Retry-After is obeyed; one that is too long ends the run instead', async () => {
    change = times(1, status(429, { 'retry-after': '1' }));
    const began = performance.now();
    await client.school();
    expect(performance.now() - began).toBeGreaterThan(990);
    change = times(1, status(503, { 'retry-after': '600' }));
    await expect(client.school()).rejects.toMatchObject({ code: 'sync.busy' });
    expect(retryAfterOf('Tue, 24 Nov 2026 01:00:05 GMT', new Date('2026-11-24T01:00:00Z'))).toBe(5_000);
  });

  test("a proxy's page instead of the city's JSON is not taken for data", async () => {
    change = times(9, () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>請登入</html>' }));
    await expect(client.page('students', '', all)).rejects.toMatchObject({ code: 'sync.wrongAnswer' });
    change = times(1, (answer) => ({ ...answer, body: String(answer.body).slice(0, 200) }));
    expect((await client.page('students', '', all)).page.items).toHaveLength(3);
  });

  test('a file that breaks off goes on from where it stopped, and is held against its hash', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    const sha256 = createHash('sha256').update(content).digest('hex');
    city.store.putFile(sha256, 'application/pdf', content);
    const ranges: (string | undefined)[] = [];
    change = times(2, (answer, request) => {
      ranges.push(request.headers.range);
      const whole = answer.body as Buffer;
      return { ...answer, headers: { ...answer.headers, 'content-length': String(whole.byteLength) }, body: whole.subarray(0, 100_000) };
    });
    expect((await client.file(sha256)).equals(content)).toBe(true);
    expect(ranges).toEqual([undefined, 'bytes=100000-']);
    const damaged = (answer: CityAnswer) => ({ ...answer, body: Buffer.from(answer.body as Buffer).fill(1, 0, 1) });
    change = times(1, damaged);
    expect((await client.file(sha256)).equals(content)).toBe(true);
    change = times(9, damaged);
    await expect(client.file(sha256)).rejects.toMatchObject({ code: 'attachment.damaged' });
    await expect(client.file('0'.repeat(64))).rejects.toMatchObject({ code: 'sync.notFound' });
  });

  test("a proxy's page is not taken for a file that the city has", async () => {
    const page = (): CityAnswer => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>請登入</html>' });
    change = times(9, page);
    await expect(client.hasFile('0'.repeat(64))).rejects.toMatchObject({ code: 'sync.wrongAnswer' });
    change = times(1, page);
    expect(await client.hasFile('0'.repeat(64))).toBe(false);
    const content = Buffer.from('%PDF-1.4');
    const sha256 = createHash('sha256').update(content).digest('hex');
    city.store.putFile(sha256, 'application/pdf', content);
    expect(await client.hasFile(sha256)).toBe(true);
  });

  test('a page that was asked for before, as a cache gives it, is not taken for the next one', async () => {
    const first = await client.page('students', '', { limit: 2, count: false });
    const next = { limit: 2, count: false };
    const before: CityAnswer = { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(first.page) };
    change = times(1, () => before);
    expect((await client.page('students', first.page.nextCursor, next)).page.items).toMatchObject([{ id: 's3' }]);
    change = times(9, () => before);
    await expect(client.page('students', first.page.nextCursor, next)).rejects.toMatchObject({ code: 'sync.wrongAnswer' });
  });

  test('a time to come again is read by the clock that it was written by', async () => {
    const header = 'Tue, 24 Nov 2026 03:00:05 GMT';
    change = times(1, () => ({ status: 429, headers: { date: 'Tue, 24 Nov 2026 03:00:04 GMT', 'retry-after': header }, body: '' }));
    // The city's clock is years away from this computer's.
    const began = performance.now();
    await client.school();
    expect(performance.now() - began).toBeGreaterThan(990);
  });

  test('a city whose certificate nobody vouches for is told apart from one that is not there, and hears nothing', async () => {
    const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
    let heard = 0;
    const impostor = createServer({ key: fixture('stranger.key'), cert: fixture('stranger.crt') }, () => {
      heard += 1;
    });
    impostor.listen(0, '127.0.0.1');
    await once(impostor, 'listening');
    const url = `https://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
    const trusting = createCityClient({ ...city.address, url }, { clock: systemClock, patience });
    await expect(trusting.school()).rejects.toMatchObject({ code: 'sync.untrusted', message: expect.stringContaining('日期時間') });
    expect(heard).toBe(0);
    trusting.close();
    impostor.close();
  });

  test('nobody there is offline; a cancel is a cancel', async () => {
    const nobody = createCityClient({ ...city.address, url: 'http://127.0.0.1:9' }, { clock: systemClock, patience });
    await expect(nobody.school()).rejects.toMatchObject({ code: 'sync.offline' });
    nobody.close();
    const cancel = new AbortController();
    change = (answer) => {
      cancel.abort();
      return { ...answer, status: 500 };
    };
    await expect(client.school(cancel.signal)).rejects.toMatchObject({ code: 'job.cancelled' });
  });

  test('plain HTTP is for this computer only', () => {
    expect(() => createCityClient({ ...city.address, url: 'http://city.example' }, { clock: systemClock })).toThrow(
      expect.objectContaining({ code: 'sync.insecureAddress' }),
    );
  });

  test("nothing of a problem's text but its code is kept", () => {
    const body = Buffer.from(JSON.stringify({ type: 'about:blank', title: 't', status: 403, code: 'school.other', detail: 'A123456789' }));
    const { error } = answerFailure(403, { 'content-type': 'application/problem+json' }, body, new Date());
    expect(error.details).toEqual({ status: 403, cityCode: 'school.other' });
  });
});
