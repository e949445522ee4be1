import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { ApplicationError } from '../platform/errors.ts';
import { wrongAnswer } from './failures.ts';
import {
  type BucketAnswer,
  bucketAnswer,
  type Change,
  type ChangeFate,
  changesAnswer,
  largestRoster,
  type PasswordRequest,
  passwordAnswer,
  type ResourceSummary,
  recordsAnswer,
  resourceSummary,
  type SchoolAnswer,
  type SubmissionAnswer,
  type SubmissionRequest,
  schoolAnswer,
  submissionAnswer,
  type TemporaryAccountAnswer,
  type TemporaryAccountRequest,
  temporaryAccountAnswer,
  tokenAnswer,
} from './protocol.ts';
import { type ResourceName, type ResourcePage, resourcePage } from './resources.ts';
import { type Answer, createTransport, decoded, type Exchange, FailedExchange, officePatience, type Patience } from './transport.ts';

/** Where the city is and who we are to it. */
export interface CityAddress {
  /** `https://…` without a path. */
  url: string;
  schoolCode: string;
  deviceId: string;
  deviceKey: string;
}

/** A page checked as a page, and its body as it came, to be kept until it is applied. */
export interface ReceivedPage {
  page: ResourcePage;
  body: Buffer;
  gzipped: boolean;
}

/**
 * The port to a city; another city's API is another implementation of this. Every call waits out what waiting can
 * mend and then fails with a code: sync.offline, sync.unauthorized, sync.forbidden, sync.busy, sync.serverFailed,
 * sync.untrusted, sync.wrongAnswer, sync.notFound, sync.refused; job.cancelled when its signal is aborted.
 */
export interface CityClient {
  school: (signal?: AbortSignal) => Promise<SchoolAnswer>;
  /** @param count asks for the number of records from the cursor on as well */
  page: (resource: ResourceName, cursor: string, options: { limit: number; count: boolean; signal?: AbortSignal }) => Promise<ReceivedPage>;
  /** What the city has of a resource, to be compared with what is here. `sync.notFound` of a city that does not tell. */
  summary: (resource: ResourceName, signal?: AbortSignal) => Promise<ResourceSummary>;
  /** Ids and versions of the living records of a bucket. */
  bucket: (resource: ResourceName, bucket: number, signal?: AbortSignal) => Promise<BucketAnswer>;
  /** Records by their ids, at most `mostRecords`: living ones and tombstones, not those the city never had; in the form of a page. */
  records: (
    resource: ResourceName,
    ids: readonly string[],
    signal?: AbortSignal,
  ) => Promise<Omit<ReceivedPage, 'page'> & { items: unknown[] }>;
  sendChanges: (changes: readonly Change[], signal?: AbortSignal) => Promise<ChangeFate[]>;
  /**
   * Hands in a roster that was put as a file; repeated with its idempotency key it is handed in once. What the city refuses comes as
   * `sync.refused` with `details.cityCode`: file.unknown, roster.unreadable, submission.windowClosed.
   */
  submit: (submission: SubmissionRequest, signal?: AbortSignal) => Promise<SubmissionAnswer>;
  /**
   * Opens a 轉學生臨時帳號; repeated with its idempotency key it opens nothing twice. What the city refuses comes as `sync.refused`
   * (or `sync.notFound`) with `details.cityCode`: student.unknown, account.period, account.exists.
   */
  openTemporaryAccount: (request: TemporaryAccountRequest, signal?: AbortSignal) => Promise<TemporaryAccountAnswer>;
  /** A new one-time password for an account in use; `details.cityCode` of a refusal: account.unknown, account.closed. @returns the password */
  renewTemporaryPassword: (id: string, request: PasswordRequest, signal?: AbortSignal) => Promise<string>;
  hasFile: (sha256: string, signal?: AbortSignal) => Promise<boolean>;
  /** A whole file, gone on with where a cut left it and held against its hash. @throws `attachment.damaged` too */
  file: (sha256: string, signal?: AbortSignal) => Promise<Buffer>;
  putFile: (sha256: string, mediaType: string, content: Buffer, signal?: AbortSignal) => Promise<void>;
  close: () => void;
}

export interface CityClientOptions {
  clock: Clock;
  patience?: Partial<Patience>;
}

const json = { 'content-type': 'application/json' };

/** @throws `sync.insecureAddress` for plain HTTP to another computer */
export function createCityClient(address: CityAddress, { clock, patience }: CityClientOptions): CityClient {
  const { schoolCode, deviceId, deviceKey } = address;
  const transport = createTransport(address.url, { ...officePatience, ...patience }, clock.now);
  const school = `/v1/schools/${encodeURIComponent(schoolCode)}`;
  let token: Promise<string> | undefined;

  const fetchToken = async (): Promise<string> => {
    const credentials = [deviceId, deviceKey].map(encodeURIComponent).join(':');
    const answer = await transport.exchange({
      method: 'POST',
      path: '/v1/oauth/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      },
      body: 'grant_type=client_credentials',
    });
    return parse(tokenAnswer, answer).access_token;
  };

  /** One exchange with a token; a token the city no longer knows is replaced once. */
  const authorized = async (exchange: Exchange): Promise<Answer> => {
    const send = async () => {
      token ??= fetchToken();
      const current = token;
      try {
        return await transport.exchange({ ...exchange, headers: { ...exchange.headers, authorization: `Bearer ${await current}` } });
      } catch (error) {
        const unauthorized = error instanceof FailedExchange && error.failure.error.code === 'sync.unauthorized';
        // Whoever notices first forgets it; a token that could not be had is not kept either.
        if (token === current && (unauthorized || !(await current.then(Boolean, () => false)))) token = undefined;
        throw error;
      }
    };
    try {
      return await send();
    } catch (error) {
      const details = error instanceof FailedExchange ? error.failure.error.details : {};
      if (details.status === 401 && details.cityCode !== 'client.unknown') return send();
      throw error;
    }
  };

  const ask = <Schema extends z.ZodType>(schema: Schema, exchange: Exchange): Promise<z.output<Schema>> =>
    transport.repeat(async () => parse(schema, await authorized(exchange)), exchange.signal);

  return {
    school: (signal) => ask(schoolAnswer, { method: 'GET', path: school, signal }),
    page: (resource, cursor, { limit, count, signal }) =>
      transport.repeat(async () => {
        const query = new URLSearchParams({ cursor, limit: String(limit), ...(count ? { count: 'true' } : {}) });
        const answer = await authorized({ method: 'GET', path: `${school}/resources/${resource}?${query}`, signal });
        const page = parse(resourcePage, answer);
        if (page.cursor !== cursor || (page.hasMore && page.nextCursor === cursor)) {
          throw new FailedExchange({ error: wrongAnswer({ rule: 'cursor', resource }), repeatable: true });
        }
        return { page, body: answer.body, gzipped: answer.headers['content-encoding'] === 'gzip' };
      }, signal),
    summary: (resource, signal) => ask(resourceSummary, { method: 'GET', path: `${school}/resources/${resource}/summary`, signal }),
    bucket: (resource, bucket, signal) =>
      ask(bucketAnswer, { method: 'GET', path: `${school}/resources/${resource}/summary/${bucket}`, signal }),
    records: (resource, ids, signal) =>
      transport.repeat(async () => {
        const query = new URLSearchParams(ids.map((id) => ['id', id]));
        const answer = await authorized({ method: 'GET', path: `${school}/resources/${resource}/records?${query}`, signal });
        const { items } = parse(recordsAnswer, answer);
        return { items, body: answer.body, gzipped: answer.headers['content-encoding'] === 'gzip' };
      }, signal),
    sendChanges: async (changes, signal) => {
      // Repeating is safe: the city answers an idempotency key the same again.
      const body = JSON.stringify({ changes });
      const { results } = await ask(changesAnswer, { method: 'POST', path: `${school}/changes`, headers: json, body, signal });
      return results;
    },
    submit: (submission, signal) => {
      const body = JSON.stringify(submission);
      return ask(submissionAnswer, { method: 'POST', path: `${school}/submissions`, headers: json, body, signal, expected: [201] });
    },
    openTemporaryAccount: (request, signal) => {
      const body = JSON.stringify(request);
      const path = `${school}/temporary-accounts`;
      return ask(temporaryAccountAnswer, { method: 'POST', path, headers: json, body, signal, expected: [201] });
    },
    renewTemporaryPassword: async (id, request, signal) => {
      const body = JSON.stringify(request);
      const path = `${school}/temporary-accounts/${encodeURIComponent(id)}/password`;
      return (await ask(passwordAnswer, { method: 'POST', path, headers: json, body, signal, expected: [201] })).oneTimePassword;
    },
    hasFile: (sha256, signal) =>
      transport.repeat(async () => {
        const exchange: Exchange = { method: 'HEAD', path: `${school}/files/${sha256}`, signal, expected: [200, 404] };
        const { status, headers } = await authorized(exchange);
        // A page to sign in at is no file: one that was taken for it would never be sent.
        if (status === 200 && headers.etag !== `"${sha256}"`) {
          throw new FailedExchange({ error: wrongAnswer({ rule: 'etag' }), repeatable: true });
        }
        return status === 200;
      }, signal),
    file: async (sha256, signal) => {
      let chunks: Buffer[] = [];
      let bytes = 0;
      const anew = () => {
        chunks = [];
        bytes = 0;
      };
      return transport.repeat(async () => {
        await authorized({
          method: 'GET',
          path: `${school}/files/${sha256}`,
          headers: bytes > 0 ? { range: `bytes=${bytes}-` } : {},
          signal,
          expected: [200, 206],
          onStart: (status) => {
            if (status !== 206) anew();
          },
          onChunk: (chunk) => {
            bytes += chunk.byteLength;
            // The answer to a roster is a file too.
            if (bytes > largestRoster) throw wrongAnswer({ rule: 'size', sha256 });
            chunks.push(chunk);
          },
        });
        const content = Buffer.concat(chunks);
        if (createHash('sha256').update(content).digest('hex') === sha256) return content;
        // What was spoiled on the way comes right another time; none of it is kept.
        anew();
        throw new FailedExchange({ error: damaged(sha256), repeatable: true });
      }, signal);
    },
    putFile: async (sha256, mediaType, content, signal) => {
      await transport.repeat(
        () =>
          authorized({
            method: 'PUT',
            path: `${school}/files/${sha256}`,
            headers: { 'content-type': mediaType },
            body: content,
            signal,
            expected: [201, 204],
          }),
        signal,
      );
    },
    close: transport.close,
  };
}

const damaged = (sha256: string) =>
  new ApplicationError('attachment.damaged', '從市級系統下載的檔案與雜湊值不符，沒有保存。請稍後重新同步；若仍發生請洽市級系統。', {
    sha256,
  });

/** Reads JSON against its schema. A page that a cut or a proxy spoiled is worth asking for again. */
function parse<Schema extends z.ZodType>(schema: Schema, answer: Answer): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(decoded(answer).toString('utf8'));
  } catch (error) {
    if (error instanceof FailedExchange) throw error;
    throw new FailedExchange({ error: wrongAnswer({ rule: 'json' }, error), repeatable: true });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const rule = parsed.error.issues[0]?.path.join('.');
  throw new FailedExchange({ error: wrongAnswer({ rule }), repeatable: true });
}
