import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../platform/clock.ts';
import {
  type BucketAnswer,
  changesRequest,
  largestFile,
  largestPage,
  largestRoster,
  mostRecords,
  passwordRequest,
  type ResourceSummary,
  type SchoolAnswer,
  submissionRequest,
  summaryBuckets,
  temporaryAccountRequest,
  workbookMediaType,
} from '../protocol.ts';
import { type ResourceName, resourceSchemas } from '../resources.ts';
import { bucketOf, createSummary } from '../summary.ts';
import type { AccountFate, AccountRefusal, TemporaryAccount } from './accounts.ts';
import { type CityAnswer, empty, json, problem } from './answer.ts';
import type { CityFile, CityStore } from './store.ts';
import type { HandedIn, Verdict } from './submissions.ts';

export interface CityRoutes {
  answer: (request: IncomingMessage) => Promise<CityAnswer>;
  /** Forgets every token that was given, as a revoked device or a restarted server would. */
  forgetTokens: () => void;
}

export interface CityRoutesOptions {
  store: CityStore;
  clock: Clock;
  /** The bytes of a trial school's file from its recipe. */
  make: (recipe: string) => Promise<Buffer>;
  /** Milliseconds from handing a roster in to its result, where the store has no delay of its own. */
  resultDelay: number;
  judge: (submission: HandedIn) => Promise<Verdict>;
}

/**
 * The host of the addresses that stand in rosters: what the national database would fetch from. It never changes, so that rosters do not change with the
 * port this city happens to have; the path is served here.
 */
const linkHost = 'https://portfolio.example.edu.tw';

/** Statuses of what the city refuses of 轉學生臨時帳號. */
const accountRefusals: Record<AccountRefusal, number> = {
  'student.unknown': 422,
  'account.period': 422,
  'account.unknown': 404,
  'account.exists': 409,
  'account.closed': 409,
  'password.replaced': 409,
};

const tokenSeconds = 3600;
const jsonLimit = 32 * 1024 * 1024;

/** Thrown inside a route to end it with a problem. */
class Refusal extends Error {
  readonly answer: CityAnswer;
  constructor(answer: CityAnswer) {
    super('refused');
    this.answer = answer;
  }
}
const refuse = (...details: Parameters<typeof problem>): never => {
  throw new Refusal(problem(...details));
};

async function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > limit) refuse(413, 'body.tooBig', { connection: 'close' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const body = await bodyOf(request, jsonLimit);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return refuse(400, 'request.invalid', {}, 'The body is not JSON');
  }
}

const sameText = (a: string, b: string) => {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
};

/** The operations of assets/central-api.openapi.yaml on a store. */
export function cityRoutes({ store, clock, make, resultDelay, judge }: CityRoutesOptions): CityRoutes {
  /** Token → when it ends. */
  const tokens = new Map<string, number>();
  const { schoolCode, schoolName, deviceId, deviceKey } = store.settings;
  const linkPath = `/national-files/${schoolCode}/`;
  const fileLinks = `${linkHost}${linkPath}{sha256}.{extension}`;

  const giveToken = async (request: IncomingMessage): Promise<CityAnswer> => {
    const form = new URLSearchParams((await bodyOf(request, 10_000)).toString('utf8'));
    if (form.get('grant_type') !== 'client_credentials') refuse(400, 'request.invalid', {}, 'grant_type must be client_credentials');
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '');
    const [id = '', ...key] = Buffer.from(basic?.[1] ?? '', 'base64')
      .toString('utf8')
      .split(':')
      .map((part) => decodeURIComponent(part));
    if (!sameText(id, deviceId) || !sameText(key.join(':'), deviceKey)) {
      refuse(401, 'client.unknown', { 'www-authenticate': 'Basic realm="city"' });
    }
    const token = randomBytes(32).toString('base64url');
    tokens.set(token, clock.now().getTime() + tokenSeconds * 1000);
    return json({ access_token: token, token_type: 'Bearer', expires_in: tokenSeconds });
  };

  const requireToken = (request: IncomingMessage) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token) return refuse(401, 'token.missing', { 'www-authenticate': 'Bearer' });
    const ends = tokens.get(token);
    if (ends === undefined || ends <= clock.now().getTime()) {
      tokens.delete(token);
      refuse(401, 'token.unknown', { 'www-authenticate': 'Bearer error="invalid_token"' });
    }
  };

  const settleDue = async (): Promise<void> => {
    const { submissions } = store;
    for (const submission of submissions.due(clock.now(), submissions.resultDelay() ?? resultDelay)) {
      submissions.settle(submission, await judge(submission), clock.now());
    }
  };
  /** One after the other: nothing is judged twice. */
  let settling: Promise<void> = Promise.resolve();
  const settleSubmissions = () => {
    settling = settling.then(settleDue, settleDue);
    return settling;
  };

  const page = async (name: string, query: URLSearchParams, request: IncomingMessage): Promise<CityAnswer> => {
    if (!Object.hasOwn(resourceSchemas, name)) return problem(404, 'resource.unknown');
    const resource = name as ResourceName;
    if (resource === 'submission-results') await settleSubmissions();
    const cursor = query.get('cursor') ?? '';
    const limit = Number(query.get('limit') ?? 500);
    if (!/^\d*$/.test(cursor)) return problem(400, 'request.invalid', {}, 'The cursor is not one of this city');
    if (!Number.isInteger(limit) || limit < 1 || limit > largestPage) {
      return problem(400, 'request.invalid', {}, `limit must lie between 1 and ${largestPage}`);
    }
    const etag = `"${resource}-${store.latest(resource)}-${cursor}-${limit}-${query.get('count') ?? ''}"`;
    if (request.headers['if-none-match'] === etag) return empty(304, { etag });
    const { items, next, hasMore, total } = store.page(resource, Number(cursor), limit, query.get('count') === 'true');
    const nextCursor = next === 0 ? cursor : String(next);
    const head = `{"cursor":"${cursor}","nextCursor":"${nextCursor}","hasMore":${hasMore}${total === undefined ? '' : `,"total":${total}`}`;
    return json(`${head},"items":[${items}]}`, 200, { etag });
  };

  const knownResource = (name: string): ResourceName => {
    if (!Object.hasOwn(resourceSchemas, name)) return refuse(404, 'resource.unknown');
    return name as ResourceName;
  };
  const cursorAt = (latest: number) => (latest === 0 ? '' : String(latest));

  /** Made once for each state of a resource: reading a hundred thousand ids takes a tenth of a second. */
  const summaries = new Map<ResourceName, { latest: number; summary: string }>();
  const summary = (name: string, request: IncomingMessage): CityAnswer => {
    const resource = knownResource(name);
    const latest = store.latest(resource);
    const etag = `"${resource}-${latest}-summary"`;
    if (request.headers['if-none-match'] === etag) return empty(304, { etag });
    let kept = summaries.get(resource);
    if (kept?.latest !== latest) {
      const made = createSummary();
      for (const { id, version } of store.living(resource)) made.add(id, version);
      kept = { latest, summary: JSON.stringify({ cursor: cursorAt(latest), buckets: made.buckets() } satisfies ResourceSummary) };
      summaries.set(resource, kept);
    }
    return json(kept.summary, 200, { etag });
  };

  /** Of the resource asked about last: who asks for one bucket mostly asks for others of it. */
  let grouped: { resource: ResourceName; latest: number; buckets: BucketAnswer['items'][] } | undefined;
  const bucketContents = (name: string, text: string): CityAnswer => {
    const resource = knownResource(name);
    const bucket = /^\d{1,3}$/.test(text) ? Number(text) : summaryBuckets;
    if (bucket >= summaryBuckets) return problem(404, 'path.unknown');
    const latest = store.latest(resource);
    if (grouped?.resource !== resource || grouped.latest !== latest) {
      const buckets: BucketAnswer['items'][] = Array.from({ length: summaryBuckets }, () => []);
      for (const record of store.living(resource)) buckets[bucketOf(record.id)]!.push(record);
      grouped = { resource, latest, buckets };
    }
    return json({ cursor: cursorAt(latest), items: grouped.buckets[bucket]! } satisfies BucketAnswer);
  };

  const recordsById = (name: string, query: URLSearchParams): CityAnswer => {
    const resource = knownResource(name);
    const ids = query.getAll('id');
    if (ids.length === 0 || ids.length > mostRecords) {
      return problem(400, 'request.invalid', {}, `Between 1 and ${mostRecords} ids are looked up at once`);
    }
    return json(`{"items":[${store.records(resource, ids).join(',')}]}`);
  };

  const bytesOf = async (file: CityFile): Promise<Buffer> => file.content ?? make(file.recipe!);

  const giveFile = async (sha256: string, request: IncomingMessage): Promise<CityAnswer> => {
    const file = store.file(sha256);
    if (!file) return problem(404, 'file.unknown');
    const content = await bytesOf(file);
    const headers = {
      'content-type': file.mediaType ?? 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
    };
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (!range) return { status: 200, headers, body: content };
    const start = Number(range[1]);
    const end = Math.min(range[2] ? Number(range[2]) : content.byteLength - 1, content.byteLength - 1);
    if (start > end) return problem(416, 'range.outside', { 'content-range': `bytes */${content.byteLength}` });
    return {
      status: 206,
      headers: { ...headers, 'content-range': `bytes ${start}-${end}/${content.byteLength}` },
      body: content.subarray(start, end + 1),
    };
  };

  const takeFile = async (sha256: string, request: IncomingMessage): Promise<CityAnswer> => {
    const content = await bodyOf(request, request.headers['content-type'] === workbookMediaType ? largestRoster : largestFile);
    if (createHash('sha256').update(content).digest('hex') !== sha256) return problem(422, 'file.other');
    if (store.file(sha256)) return empty(204);
    store.putFile(sha256, request.headers['content-type'] ?? 'application/octet-stream', content);
    return empty(201);
  };

  const takeChanges = async (request: IncomingMessage): Promise<CityAnswer> => {
    const parsed = changesRequest.safeParse(await jsonOf(request));
    if (!parsed.success) return problem(400, 'request.invalid', {}, parsed.error.issues[0]?.path.join('.'));
    return json({ results: store.change(parsed.data.changes) });
  };

  const takeSubmission = async (request: IncomingMessage): Promise<CityAnswer> => {
    const parsed = submissionRequest.safeParse(await jsonOf(request));
    if (!parsed.success) return problem(400, 'request.invalid', {}, parsed.error.issues[0]?.path.join('.'));
    const roster = store.file(parsed.data.sha256);
    if (!roster) return problem(422, 'file.unknown', {}, 'Put the roster first');
    // A workbook is a ZIP; whether it can be read is seen when it is judged.
    if (roster.content?.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') return problem(422, 'roster.unreadable');
    const fate = store.submissions.submit(parsed.data, clock.now());
    return 'refusal' in fate ? problem(422, fate.refusal) : json(fate, 201);
  };

  const accountAnswer = (fate: AccountFate, answer: (record: TemporaryAccount, oneTimePassword: string) => unknown): CityAnswer =>
    'refusal' in fate ? problem(accountRefusals[fate.refusal], fate.refusal) : json(answer(fate.record, fate.oneTimePassword), 201);

  const openAccount = async (request: IncomingMessage): Promise<CityAnswer> => {
    const parsed = temporaryAccountRequest.safeParse(await jsonOf(request));
    if (!parsed.success) return problem(400, 'request.invalid', {}, parsed.error.issues[0]?.path.join('.'));
    return accountAnswer(store.accounts.open(parsed.data), (record, oneTimePassword) => ({ record, oneTimePassword }));
  };

  const renewPassword = async (id: string, request: IncomingMessage): Promise<CityAnswer> => {
    const parsed = passwordRequest.safeParse(await jsonOf(request));
    if (!parsed.success) return problem(400, 'request.invalid', {}, parsed.error.issues[0]?.path.join('.'));
    return accountAnswer(store.accounts.renewPassword(id, parsed.data, clock.now()), (_record, oneTimePassword) => ({ oneTimePassword }));
  };

  type Route = () => CityAnswer | Promise<CityAnswer>;
  /** What can be done at a path of the school, by method. */
  const routesAt = (path: string, query: URLSearchParams, request: IncomingMessage): Map<string, Route> => {
    const [kind = '', name = '', part = '', bucket] = path.split('/');
    if (path === '') return new Map([['GET', () => json({ code: schoolCode, name: schoolName, fileLinks } satisfies SchoolAnswer)]]);
    if (path === 'changes') return new Map([['POST', () => takeChanges(request)]]);
    if (path === 'submissions') return new Map([['POST', () => takeSubmission(request)]]);
    if (path === 'temporary-accounts') return new Map([['POST', () => openAccount(request)]]);
    if (kind === 'temporary-accounts' && part === 'password') {
      return new Map([['POST', () => renewPassword(decodeURIComponent(name), request)]]);
    }
    if (kind === 'resources' && part === 'summary') {
      return new Map([['GET', () => (bucket === undefined ? summary(name, request) : bucketContents(name, bucket))]]);
    }
    if (kind === 'resources' && part === 'records') return new Map([['GET', () => recordsById(name, query)]]);
    if (kind === 'resources' && name !== '') return new Map([['GET', () => page(name, query, request)]]);
    if (kind === 'files' && /^[0-9a-f]{64}$/.test(name)) {
      return new Map([
        ['GET', () => giveFile(name, request)],
        ['HEAD', () => giveFile(name, request)],
        ['PUT', () => takeFile(name, request)],
      ]);
    }
    return new Map();
  };

  const ofSchool = async (path: string, query: URLSearchParams, request: IncomingMessage): Promise<CityAnswer> => {
    const routes = routesAt(path, query, request);
    if (routes.size === 0) return problem(404, 'path.unknown');
    const route = routes.get(request.method ?? 'GET');
    return route ? route() : problem(405, 'method.unknown', { allow: [...routes.keys()].join(', ') });
  };

  const answer = async (request: IncomingMessage): Promise<CityAnswer> => {
    const url = new URL(request.url ?? '/', 'http://city');
    if (url.pathname === '/v1/oauth/token') {
      return request.method === 'POST' ? giveToken(request) : problem(405, 'method.unknown', { allow: 'POST' });
    }
    const linked = url.pathname.startsWith(linkPath) && /^([0-9a-f]{64})\.[0-9a-z]{1,5}$/.exec(url.pathname.slice(linkPath.length));
    if (linked) {
      const reading = request.method === 'GET' || request.method === 'HEAD';
      return reading ? giveFile(linked[1]!, request) : problem(405, 'method.unknown', { allow: 'GET, HEAD' });
    }
    requireToken(request);
    const school = /^\/v1\/schools\/([^/]+)\/?(.*)$/.exec(url.pathname);
    if (!school) return problem(404, 'path.unknown');
    if (school[1] !== schoolCode) return problem(403, 'school.other');
    return ofSchool(school[2]!, url.searchParams, request);
  };

  return {
    answer: async (request) => {
      try {
        return await answer(request);
      } catch (error) {
        if (error instanceof Refusal) return error.answer;
        throw error;
      }
    },
    forgetTokens: () => tokens.clear(),
  };
}
