import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import axios, { type AxiosInstance } from 'axios';
import { ApplicationError, cancelled } from '../platform/errors.ts';
import { answerFailure, type Failure, isNetworkError, networkFailure, Silence, wrongAnswer } from './failures.ts';

/** How patient the client is, in milliseconds. */
export interface Patience {
  connect: number;
  /** Without a byte, before an answer or in the middle of it; a long download may take as long as it takes. */
  silence: number;
  attempts: number;
  firstDelay: number;
  /** A city that wants to be left alone for longer is left alone: the run ends and says so. */
  longestDelay: number;
}

export const officePatience: Patience = { connect: 10_000, silence: 30_000, attempts: 4, firstDelay: 500, longestDelay: 60_000 };

export interface Exchange {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  signal?: AbortSignal;
  /** Statuses that are an answer; any other is a failure. 200 unless told. */
  expected?: readonly number[];
  /** Takes the body as it comes, instead of `body` of the answer. */
  onStart?: (status: number) => void;
  onChunk?: (chunk: Buffer) => void;
}

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  /** As it came over the line: gzipped where `content-encoding` says so. */
  body: Buffer;
}

export interface Transport {
  /** One exchange, not repeated. @throws `FailedExchange` with what to do about it, or `job.cancelled` */
  exchange: (exchange: Exchange) => Promise<Answer>;
  /** Repeats `attempt` while its failures say that repeating may help: waits 0.5, 1, 2 s with jitter, or what Retry-After says. */
  repeat: <Result>(attempt: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>;
  close: () => void;
}

export class FailedExchange extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.error.code);
    this.failure = failure;
  }
}

/** An agent whose connections must stand within `connect` milliseconds. */
function impatient<Agent extends HttpAgent>(agent: Agent, connect: number): Agent {
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = create(options, callback) as Socket;
    const timer = setTimeout(() => socket.destroy(new Silence()), connect);
    socket.once('secureConnect' in options ? 'secureConnect' : 'connect', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
    return socket;
  };
  return agent;
}

const isLoopback = (url: string) => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname);

/**
 * TLS, or plain HTTP to this very computer (the embedded city).
 * @throws `sync.insecureAddress`
 */
export function requireSafeAddress(url: string): void {
  if (new URL(url).protocol !== 'https:' && !isLoopback(url)) {
    throw new ApplicationError('sync.insecureAddress', '市級系統的網址必須以 https:// 開頭，學生資料才不會在網路上外洩。');
  }
}

function createHttp(url: string, connect: number): { http: AxiosInstance; destroy: () => void } {
  requireSafeAddress(url);
  const plain = impatient(new HttpAgent({ keepAlive: true, maxSockets: 8 }), connect);
  // A school's own root certificate lies in the system's store.
  const ca = isLoopback(url) ? undefined : [...getCACertificates('default'), ...getCACertificates('system')];
  const secure = impatient(new HttpsAgent({ keepAlive: true, maxSockets: 8, ca }), connect);
  const http = axios.create({
    baseURL: url,
    httpAgent: plain,
    httpsAgent: secure,
    responseType: 'stream',
    decompress: false,
    validateStatus: () => true,
    maxRedirects: 0,
    maxBodyLength: Infinity,
    // The system's proxy (HTTPS_PROXY, NO_PROXY) otherwise.
    ...(isLoopback(url) ? { proxy: false as const } : {}),
  });
  return {
    http,
    destroy: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

export function createTransport(url: string, patience: Patience, now: () => Date = () => new Date()): Transport {
  const { http, destroy } = createHttp(url, patience.connect);

  const exchange = async ({ method, path, headers, body, signal, expected = [200], onStart, onChunk }: Exchange): Promise<Answer> => {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(new Silence()), patience.connect + patience.silence);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(new Silence()), patience.silence);
    };
    try {
      const response = await http.request<Readable>({
        method,
        url: path,
        headers: { 'accept-encoding': onChunk ? 'identity' : 'gzip', ...headers },
        data: body,
        signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
      });
      heard();
      const accepted = expected.includes(response.status);
      if (accepted) onStart?.(response.status);
      const chunks: Buffer[] = [];
      for await (const chunk of response.data as AsyncIterable<Buffer>) {
        heard();
        if (accepted && onChunk) onChunk(chunk);
        else chunks.push(chunk);
      }
      const answer: Answer = {
        status: response.status,
        headers: response.headers as Record<string, string | undefined>,
        body: Buffer.concat(chunks),
      };
      if (!accepted) throw new FailedExchange(answerFailure(answer.status, answer.headers, decoded(answer), now()));
      return answer;
    } catch (error) {
      if (signal?.aborted) throw cancelled();
      if (silence.signal.aborted) throw new FailedExchange(networkFailure(silence.signal.reason));
      if (isNetworkError(error)) throw new FailedExchange(networkFailure((error as Error).cause ?? error));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };

  const repeat = async <Result>(attempt: () => Promise<Result>, signal?: AbortSignal): Promise<Result> => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof FailedExchange)) throw error;
        const { failure } = error;
        const backoff = patience.firstDelay * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
        const delay = failure.retryAfter ?? backoff;
        if (!failure.repeatable || tried >= patience.attempts || delay > patience.longestDelay) throw failure.error;
        try {
          await sleep(delay, undefined, { signal });
        } catch {
          throw cancelled();
        }
      }
    }
  };

  return { exchange, repeat, close: destroy };
}

/** The body as it was before gzip. */
export function decoded({ headers, body }: Pick<Answer, 'headers' | 'body'>): Buffer {
  if (headers['content-encoding'] !== 'gzip') return body;
  try {
    return gunzipSync(body);
  } catch (error) {
    throw new FailedExchange({ error: wrongAnswer({ rule: 'gzip' }, error), repeatable: true });
  }
}
