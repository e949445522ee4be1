import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Problem } from '../protocol.ts';

/** An answer of the embedded city before it goes out; a fault changes it here. */
export interface CityAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
  /** The line breaks behind this share of the body; 0 before anything was said. */
  brokenAt?: number;
}

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): CityAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: typeof value === 'string' ? value : JSON.stringify(value),
});

export const empty = (status: number, headers: Record<string, string> = {}): CityAnswer => ({ status, headers, body: '' });

const titles: Record<string, string> = {
  'token.missing': 'A bearer token is needed',
  'token.unknown': 'The token is unknown or has expired',
  'client.unknown': 'The device id or key is wrong',
  'school.other': 'The device belongs to another school',
  'request.invalid': 'The request is not as the API describes it',
  'resource.unknown': 'There is no such resource',
  'path.unknown': 'There is nothing here',
  'method.unknown': 'This cannot be done here',
  'file.unknown': 'There is no such file',
  'file.other': 'The bytes are not those of the hash',
  'body.tooBig': 'The body is too big',
  'range.outside': 'The range lies outside the file',
  'student.unknown': 'There is no such student',
  'submission.windowClosed': 'There is no submission window of this kind, term and batch that is open today',
  'roster.unreadable': 'The roster is no workbook',
  'account.period': 'The account would end before it opens',
  'account.exists': 'The student has an account for this purpose that is still in use',
  'account.unknown': 'There is no such account',
  'account.closed': 'The account was disabled or has expired',
  'password.replaced': 'A newer password was given since',
  'server.failed': 'The server failed',
  'server.busy': 'Too many requests, or maintenance: ask again later',
};

/** RFC 9457 problem details. */
export function problem(status: number, code: string, headers: Record<string, string> = {}, detail?: string): CityAnswer {
  const details: Problem = { type: 'about:blank', title: titles[code] ?? code, status, code, ...(detail ? { detail } : {}) };
  return { status, headers: { 'content-type': 'application/problem+json', ...headers }, body: JSON.stringify(details) };
}

const compress = promisify(gzip);
const worthCompressing = 1024;

/** Sends an answer, gzipped (level 1: the city must not be slower than the line) where the client takes it. */
export async function send(answer: CityAnswer, response: ServerResponse, { acceptsGzip, head }: { acceptsGzip: boolean; head: boolean }) {
  const text = /json/.test(answer.headers['content-type'] ?? '');
  const headers: Record<string, string> = { 'cache-control': 'no-store', ...answer.headers };
  let body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  if (text) headers.vary = 'accept-encoding';
  if (text && acceptsGzip && body.byteLength > worthCompressing) {
    body = await compress(body, { level: constants.Z_BEST_SPEED });
    headers['content-encoding'] = 'gzip';
  }
  if (answer.status !== 204 && answer.status !== 304) headers['content-length'] ??= String(body.byteLength);
  if (answer.brokenAt !== undefined) return breakOff(response, answer.status, headers, head ? Buffer.alloc(0) : body, answer.brokenAt);
  response.writeHead(answer.status, headers);
  response.end(head ? undefined : body);
}

/** Declares the whole answer, says a part of it, and is gone. */
function breakOff(response: ServerResponse, status: number, headers: Record<string, string>, body: Buffer, share: number): void {
  const said = body.subarray(0, Math.floor(body.byteLength * share));
  if (said.byteLength === 0) {
    response.destroy();
    return;
  }
  response.writeHead(status, headers);
  response.write(said, () => response.destroy());
}
