import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { sampleSchool, unsetInTrial } from '../../db/sample/index.ts';
import { centralApiDocument, componentOf, jsonSchemaOf } from '../../main/central/openapi.ts';
import { resourceNames, resourceSchemas } from '../../main/central/resources.ts';
import { bucketOf, createSummary } from '../../main/central/summary.ts';
import { resourcePath } from '../../main/platform/resources.ts';
import { startTestCity, type TestCity } from '../support/city.ts';

interface Operation {
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, Operation['responses'][string]> };
}

const written = parse(readFileSync(resourcePath('assets/central-api.openapi.yaml'), 'utf8')) as Document;
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'https://city.example/api', components: written.components });

/** Holds an answer against what the document says of its path, method and status. */
function expectDocumented(path: string, method: string, status: number, contentType: string | undefined, body: unknown) {
  const declared = written.paths[path]?.[method]?.responses[String(status)];
  expect(declared, `${method} ${path} ${status} is documented`).toBeDefined();
  const response = declared!.$ref ? written.components.responses[declared!.$ref.split('/').at(-1)!]! : declared!;
  if (!response.content) return expect(body === '' || body === undefined).toBe(true);
  const media = (contentType ?? '').split(';')[0]!;
  const { schema } = response.content[media] ?? response.content['*/*']!;
  if (media.endsWith('json')) {
    const text = JSON.stringify(schema).replaceAll('#/components', 'https://city.example/api#/components');
    const valid = ajv.validate(JSON.parse(text), body);
    expect(valid, `${method} ${path} ${status}: ${ajv.errorsText().slice(0, 500)}`).toBe(true);
  }
}

describe('assets/central-api.openapi.yaml', () => {
  test('says what the program checks by', () => {
    expect(written).toEqual(JSON.parse(JSON.stringify(centralApiDocument())));
    for (const resource of resourceNames) {
      expect(written.components.schemas[componentOf(resource)]).toEqual(
        JSON.parse(JSON.stringify(jsonSchemaOf(resourceSchemas[resource]))),
      );
    }
  });
});

describe('the embedded city, asked over real HTTP', () => {
  let city: TestCity;
  let token = '';

  const ask = async (method: string, path: string, template: string, { headers = {}, body }: { headers?: object; body?: unknown } = {}) => {
    const response = await axios.request<ArrayBuffer>({
      method,
      url: city.url + path,
      headers: { authorization: `Bearer ${token}`, ...headers },
      data: body,
      responseType: 'arraybuffer',
      validateStatus: () => true,
      proxy: false,
    });
    const bytes = Buffer.from(response.data);
    const contentType = response.headers['content-type'] as string | undefined;
    const value = contentType?.includes('json') && bytes.byteLength > 0 ? (JSON.parse(bytes.toString('utf8')) as never) : undefined;
    expectDocumented(template, method.toLowerCase(), response.status, contentType, value ?? (bytes.byteLength === 0 ? '' : bytes));
    return { status: response.status, headers: response.headers, bytes, value: value as unknown as Record<string, unknown> };
  };
  const school = '/v1/schools/{code}';
  const basic = (id: string, key: string) => `Basic ${Buffer.from([id, key].map(encodeURIComponent).join(':')).toString('base64')}`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  beforeAll(async () => {
    const sample = sampleSchool({
      students: 20,
      years: 2,
      seed: 5,
      schoolCode: '999999',
      schoolName: '測試高中',
      today: '2026-11-24',
    });
    const clock = { now: () => new Date('2026-11-24T09:00:00+08:00') };
    city = await startTestCity(sample.records(), { resultDelay: 0, clock });
    const answer = await ask('POST', '/v1/oauth/token', '/v1/oauth/token', {
      headers: { ...form, authorization: basic(city.deviceId, city.deviceKey) },
      body: 'grant_type=client_credentials',
    });
    token = answer.value.access_token as string;
  });
  afterAll(() => city.close());

  test('a wrong key, no token and another school are refused as problems', async () => {
    const wrong = await ask('POST', '/v1/oauth/token', '/v1/oauth/token', {
      headers: { ...form, authorization: basic('office', 'guess') },
      body: 'grant_type=client_credentials',
    });
    expect([wrong.status, wrong.value.code]).toEqual([401, 'client.unknown']);
    const without = await ask('GET', '/v1/schools/999999', school, { headers: { authorization: '' } });
    expect([without.status, without.value.code]).toEqual([401, 'token.missing']);
    const other = await ask('GET', '/v1/schools/123456', school);
    expect([other.status, other.value.code]).toEqual([403, 'school.other']);
  });

  test('a summary adds up what the pages hold, and a bucket and a look-up name the records', async () => {
    const path = `${school}/resources/{name}`;
    for (const resource of resourceNames) {
      const { value: page } = await ask('GET', `/v1/schools/999999/resources/${resource}?limit=2000`, `${school}/resources/${resource}`);
      const items = page.items as { id: string; version: number }[];
      const own = createSummary();
      for (const { id, version } of items.toReversed()) own.add(id, version);
      const url = `/v1/schools/999999/resources/${resource}/summary`;
      const { value, headers } = await ask('GET', url, `${path}/summary`);
      if (!page.hasMore) expect(value, resource).toEqual({ cursor: page.nextCursor, buckets: own.buckets() });
      expect((await ask('GET', url, `${path}/summary`, { headers: { 'if-none-match': headers.etag } })).status).toBe(304);
      if (items.length === 0) continue;
      const { id, version } = items[0]!;
      const bucket = await ask('GET', `${url}/${bucketOf(id)}`, `${path}/summary/{bucket}`);
      expect(bucket.value.items, resource).toContainEqual({ id, version });
      const found = await ask(
        'GET',
        `/v1/schools/999999/resources/${resource}/records?id=${encodeURIComponent(id)}&id=nobody`,
        `${path}/records`,
      );
      expect(found.value.items).toEqual([items[0]]);
    }
    // The rule in words, done by hand for two records.
    const sum = ['a 1', 'b 2'].reduce((total, text) => total + createHash('sha256').update(text).digest().readBigUInt64BE(), 0n);
    const both = createSummary();
    both.add('a', 1);
    both.add('b', 2);
    const inAll = both.buckets().reduce((total, { fingerprint }) => total + BigInt(`0x${fingerprint}`), 0n);
    expect(inAll % 2n ** 64n).toBe(sum % 2n ** 64n);
    expect(bucketOf('123456789')).toBe(0xcbf43926 % 256);
    for (const wrong of ['summary/256', 'summary/x']) {
      expect((await ask('GET', `/v1/schools/999999/resources/students/${wrong}`, `${path}/summary/{bucket}`)).status).toBe(404);
    }
    expect((await ask('GET', '/v1/schools/999999/resources/wishes/summary', `${path}/summary`)).value.code).toBe('resource.unknown');
    expect((await ask('GET', '/v1/schools/999999/resources/students/records', `${path}/records`)).status).toBe(400);
  });

  test('a deleted record is in no summary, and is looked up as its tombstone', async () => {
    const path = `${school}/resources/{name}`;
    const [{ id, version }] = [...city.store.living('rewards')] as [{ id: string; version: number }];
    const change = {
      idempotencyKey: 'delete-reward',
      resource: 'rewards',
      id,
      baseVersion: version,
      operation: 'delete' as const,
      data: {},
    };
    const [fate] = city.store.change([change]);
    const deleted = { id, version: (fate as { version: number }).version, deleted: true };
    const bucket = await ask('GET', `/v1/schools/999999/resources/rewards/summary/${bucketOf(id)}`, `${path}/summary/{bucket}`);
    expect((bucket.value.items as { id: string }[]).map((item) => item.id)).not.toContain(id);
    const { value } = await ask('GET', '/v1/schools/999999/resources/rewards/summary', `${path}/summary`);
    const living = [...city.store.living('rewards')];
    expect((value.buckets as { count: number }[]).reduce((sum, { count }) => sum + count, 0)).toBe(living.length);
    expect(value.cursor).toBe(String(deleted.version));
    const found = await ask('GET', `/v1/schools/999999/resources/rewards/records?id=${id}`, `${path}/records`);
    expect(found.value.items).toEqual([deleted]);
  });

  test('every resource is served page by page, gzipped, as its schema says', async () => {
    for (const resource of resourceNames) {
      const path = `${school}/resources/${resource}`;
      let cursor = '';
      let count = 0;
      let total: number | undefined;
      for (let more = true; more; ) {
        const url = `/v1/schools/999999/resources/${resource}?cursor=${cursor}&limit=40&count=true`;
        const { value, headers } = await ask('GET', url, path);
        total ??= value.total as number;
        count += (value.items as unknown[]).length;
        cursor = value.nextCursor as string;
        more = value.hasMore as boolean;
        const again = await ask('GET', url, path, { headers: { 'if-none-match': headers.etag } });
        expect(again.status).toBe(304);
      }
      expect(count, resource).toBe(total);
      if (!unsetInTrial.includes(resource)) expect(count, resource).toBeGreaterThan(0);
      const end = await ask('GET', `/v1/schools/999999/resources/${resource}?cursor=${cursor}`, path);
      expect(end.value).toMatchObject({ items: [], nextCursor: cursor, hasMore: false });
    }
    const raw = await axios.get<ArrayBuffer>(`${city.url}/v1/schools/999999/resources/students?limit=100`, {
      headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' },
      decompress: false,
      responseType: 'arraybuffer',
      proxy: false,
    });
    expect(raw.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(Buffer.from(raw.data)).toString('utf8')).toContain('"items":[{');
    const bad = await ask('GET', '/v1/schools/999999/resources/students?cursor=x', `${school}/resources/students`);
    expect(bad.status).toBe(400);
  });

  test('files are served whole, by range and by HEAD, and taken once', async () => {
    const template = `${school}/files/{sha256}`;
    const page = await ask('GET', '/v1/schools/999999/resources/outcomes?limit=100', `${school}/resources/outcomes`);
    const items = page.value.items as { document: { sha256: string; bytes: number } | null }[];
    const { sha256, bytes } = items.find(({ document }) => document)!.document!;
    const path = `/v1/schools/999999/files/${sha256}`;
    const whole = await ask('GET', path, template);
    expect(createHash('sha256').update(whole.bytes).digest('hex')).toBe(sha256);
    const rest = await ask('GET', path, template, { headers: { range: 'bytes=10-' } });
    expect(rest.status).toBe(206);
    expect(rest.headers['content-range']).toBe(`bytes 10-${bytes - 1}/${bytes}`);
    expect(rest.bytes.equals(whole.bytes.subarray(10))).toBe(true);
    expect((await ask('GET', path, template, { headers: { range: `bytes=${bytes}-` } })).status).toBe(416);
    const head = await ask('HEAD', path, template);
    expect([head.status, Number(head.headers['content-length'])]).toEqual([200, bytes]);

    const content = Buffer.from('%PDF-1.4 an import brought this');
    const hash = createHash('sha256').update(content).digest('hex');
    const put = (body: Buffer) =>
      ask('PUT', `/v1/schools/999999/files/${hash}`, template, { headers: { 'content-type': 'application/pdf' }, body });
    expect((await ask('HEAD', `/v1/schools/999999/files/${hash}`, template)).status).toBe(404);
    expect((await put(Buffer.from('other bytes'))).status).toBe(422);
    expect((await put(content)).status).toBe(201);
    expect((await put(content)).status).toBe(204);
    expect((await ask('GET', `/v1/schools/999999/files/${hash}`, template)).bytes.equals(content)).toBe(true);
  });

  test('a change is accepted, met by a conflict or refused, and answered the same again', async () => {
    const template = `${school}/changes`;
    const page = await ask('GET', '/v1/schools/999999/resources/teachers?limit=1', `${school}/resources/teachers`);
    const [{ id, version, deleted: _living, ...data }] = page.value.items as [{ id: string; version: number; deleted: false }];
    const change = { idempotencyKey: 'change-0001', resource: 'teachers', id, baseVersion: version, operation: 'update', data };
    const body = {
      changes: [
        change,
        { ...change, idempotencyKey: 'change-0002' },
        { ...change, idempotencyKey: 'change-0003', id: 'new', baseVersion: 0, operation: 'create', data: {} },
        { ...change, idempotencyKey: 'change-0004', resource: 'planets' },
      ],
    };
    const answer = await ask('POST', '/v1/schools/999999/changes', template, { body });
    const results = answer.value.results as { outcome: string; version?: number; current?: { version: number }; code?: string }[];
    expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'conflict', 'refused', 'refused']);
    expect(results[0]!.version).toBeGreaterThan(version);
    expect(results[1]!.current!.version).toBe(results[0]!.version);
    expect(results.map(({ code }) => code).slice(2)).toEqual(['record.invalid', 'resource.unknown']);
    const again = await ask('POST', '/v1/schools/999999/changes', template, { body });
    expect(again.value).toEqual(answer.value);
    const since = await ask(
      'GET',
      `/v1/schools/999999/resources/teachers?cursor=${results[0]!.version! - 1}`,
      `${school}/resources/teachers`,
    );
    expect(since.value.items as unknown[]).toHaveLength(1);
    expect((await ask('POST', '/v1/schools/999999/changes', template, { body: { changes: [] } })).status).toBe(400);
  });

  test('a roster handed in gets its FID, and its result through submission-results', async () => {
    const template = `${school}/submissions`;
    const content = Buffer.from('PK\u0003\u0004 a roster');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const submission = {
      idempotencyKey: 'submission-0001',
      kind: 'outcomes',
      academicYear: 114,
      semester: 0,
      batch: 'regular',
      division: 'day',
      rosterCode: '26',
      rosterName: '學生課程學習成果名冊',
      rows: 1,
      sha256,
      submittedBy: '999999adm',
    };
    const early = await ask('POST', '/v1/schools/999999/submissions', template, { body: submission });
    expect([early.status, early.value.code]).toEqual([422, 'file.unknown']);
    await ask('PUT', `/v1/schools/999999/files/${sha256}`, `${school}/files/{sha256}`, { body: content });
    const first = await ask('POST', '/v1/schools/999999/submissions', template, { body: submission });
    const second = await ask('POST', '/v1/schools/999999/submissions', template, { body: submission });
    expect(first.status).toBe(201);
    expect(first.value.record).toMatchObject({
      submissionFileId: first.value.submissionFileId,
      processingStatus: 'waiting',
      division: 'day',
    });
    expect(second.value).toEqual(first.value);
    const closed = await ask('POST', '/v1/schools/999999/submissions', template, {
      body: { ...submission, idempotencyKey: 'submission-0002', batch: 'senior1' },
    });
    expect([closed.status, closed.value.code]).toEqual([422, 'submission.windowClosed']);
    const results = await ask(
      'GET',
      '/v1/schools/999999/resources/submission-results?limit=2000',
      `${school}/resources/submission-results`,
    );
    const found = (results.value.items as { submissionFileId: string; processingStatus: string }[]).filter(
      ({ submissionFileId }) => submissionFileId === first.value.submissionFileId,
    );
    // It only begins as a workbook does.
    expect(found.map(({ processingStatus }) => processingStatus)).toEqual(['refused']);
  });

  test('a link in a roster leads to the file, whole or in part, without a token', async () => {
    const { value } = await ask('GET', '/v1/schools/999999', school);
    const page = await ask('GET', '/v1/schools/999999/resources/performances?limit=100', `${school}/resources/performances`);
    const { sha256, bytes } = (page.value.items as { document: { sha256: string; bytes: number } | null }[]).find(
      ({ document }) => document,
    )!.document!;
    const link = (value.fileLinks as string).replace('{sha256}', sha256).replace('{extension}', 'pdf');
    expect(link).toBe(`https://portfolio.example.edu.tw/national-files/999999/${sha256}.pdf`);
    const { pathname } = new URL(link);
    const template = '/national-files/{code}/{sha256}.{extension}';
    const without = { headers: { authorization: '' } };
    const whole = await ask('GET', pathname, template, without);
    expect(createHash('sha256').update(whole.bytes).digest('hex')).toBe(sha256);
    const head = await ask('HEAD', pathname, template, without);
    expect([head.status, Number(head.headers['content-length'])]).toEqual([200, bytes]);
    const rest = await ask('GET', pathname, template, { headers: { authorization: '', range: 'bytes=5-' } });
    expect(rest.bytes.equals(whole.bytes.subarray(5))).toBe(true);
    expect((await ask('GET', `/national-files/999999/${'0'.repeat(64)}.pdf`, template, without)).status).toBe(404);
    const guesses = ['/national-files/999999/', `/national-files/123456/${sha256}.pdf`, `/national-files/999999/${sha256}`];
    for (const path of guesses) {
      const refused = await axios.get(city.url + path, { validateStatus: () => true, proxy: false });
      expect(refused.status, path).toBe(401);
    }
  });

  test('a temporary account and its new password are answered as documented, refusals too', async () => {
    const template = `${school}/temporary-accounts`;
    const path = '/v1/schools/999999/temporary-accounts';
    const students = await ask('GET', '/v1/schools/999999/resources/students?limit=1', `${school}/resources/students`);
    const [{ id: studentId }] = students.value.items as [{ id: string }];
    const body = {
      idempotencyKey: 'account-0001',
      studentId,
      purpose: 'transferredOut',
      opensAt: '2026-11-24T01:00:00.000Z',
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      openedBy: '999999adm',
    };
    const opened = await ask('POST', path, template, { body });
    expect(opened.status).toBe(201);
    expect((await ask('POST', path, template, { body })).value).toEqual(opened.value);
    const second = await ask('POST', path, template, { body: { ...body, idempotencyKey: 'account-0002' } });
    const nobody = await ask('POST', path, template, { body: { ...body, idempotencyKey: 'account-0003', studentId: 'nobody' } });
    expect([second.status, nobody.status, (await ask('POST', path, template, { body: {} })).status]).toEqual([409, 422, 400]);

    const { id } = opened.value.record as { id: string };
    const renew = (account: string, key: string) =>
      ask('POST', `${path}/${account}/password`, `${template}/{id}/password`, { body: { idempotencyKey: key } });
    const renewed = await renew(id, 'password-0001');
    expect(renewed.status).toBe(201);
    expect(renewed.value.oneTimePassword).not.toBe(opened.value.oneTimePassword);
    expect([(await renew('nobody', 'password-0002')).status, (await renew(id, '')).status]).toEqual([404, 400]);
  });
});
