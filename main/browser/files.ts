import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mediaTypes } from '../../domain/media-type.ts';
import type { Backend } from '../application/backend-client.ts';
import type { IncomingFile, Outcome } from '../application/contract.ts';
import { outgoingContent } from '../application/outgoing-content.ts';
import { byteRange } from '../platform/byte-range.ts';
import { ApplicationError, reportOf } from '../platform/errors.ts';
import { guardingHeaders } from '../platform/renderer-files.ts';

/** What may be shown in the window: the kinds of a portfolio's files, by their content, never HTML or SVG. */
const shownKinds: ReadonlySet<string> = new Set(Object.keys(mediaTypes));

/** A transfer file holds at most this much; more is no portfolio. */
export const uploadLimit = 4 * 1024 ** 3;

/** Files in and out of the browser: uploads into a private folder, downloads by token. */
export interface BrowserFiles {
  /** Takes in the body of a request; its name comes percent-encoded in `X-File-Name`. */
  upload: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Forgets an upload and removes it; one that is not there any more is no failure. */
  letGo: (token: string, response: ServerResponse) => Promise<void>;
  /** @param how `inline`: shown in the window (what a portfolio holds) instead of saved; `range`: the request's Range header */
  download: (token: string, how: { inline: boolean; range: string | undefined }, response: ServerResponse) => Promise<void>;
  close: () => Promise<void>;
}

const tooLarge = () =>
  new ApplicationError('file.tooLarge', '檔案超過 4 GB，不是學習歷程匯出檔。請確認選對檔案。', { limitBytes: uploadLimit });

function answerJson(response: ServerResponse, status: number, outcome: Outcome<unknown>): void {
  if (response.destroyed || response.headersSent) return;
  const body = JSON.stringify(outcome);
  response.writeHead(status, {
    ...guardingHeaders,
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

function refuse(response: ServerResponse, error: unknown, status: number): void {
  const report = reportOf(error);
  answerJson(response, status, { ok: false, error: { ...report, details: { ...report.details } } });
}

/** The last part of whatever path a browser might send, without control characters. */
function uploadedName(header: string | string[] | undefined): string {
  try {
    const name = decodeURIComponent(String(header ?? ''))
      .split(/[\\/]/)
      .at(-1)!
      .replace(/\p{Cc}/gu, '');
    return name === '' ? 'file' : name.slice(0, 255);
  } catch {
    return 'file'; // Malformed percent-encoding: the name is only shown, the content decides.
  }
}

function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const ascii = extname(name).replace(/[^\w.]/g, '');
  return `${kind}; filename="download${ascii}"; filename*=UTF-8''${encoded}`;
}

export function createBrowserFiles(backend: Backend): BrowserFiles {
  let folder: Promise<string> | null = null;
  const uploadFolder = () => {
    folder ??= backend.makeWorkFolder('upload').catch((error: unknown) => {
      folder = null; // The next upload asks again.
      throw error;
    });
    return folder;
  };

  const takeIn = async (request: IncomingMessage): Promise<IncomingFile> => {
    if (Number(request.headers['content-length'] ?? 0) > uploadLimit) throw tooLarge();
    const path = join(await uploadFolder(), randomUUID());
    let received = 0;
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, pass) => {
        received += chunk.byteLength;
        if (received > uploadLimit) pass(tooLarge());
        else pass(null, chunk);
      },
    });
    try {
      await pipeline(request, counted, createWriteStream(path, { mode: 0o600 }));
      return await backend.receive(path, uploadedName(request.headers['x-file-name']), true);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  };

  return {
    upload: async (request, response) => {
      try {
        answerJson(response, 200, { ok: true, data: await takeIn(request) });
      } catch (error) {
        refuse(response, error, reportOf(error).code === 'file.tooLarge' ? 413 : 500);
      }
    },
    letGo: async (token, response) => {
      try {
        await backend.release(token);
        answerJson(response, 200, { ok: true, data: null });
      } catch (error) {
        refuse(response, error, 500);
      }
    },
    download: async (token, { inline, range: asked }, response) => {
      try {
        const held = await backend.outgoing(token);
        const { name, mediaType, bytes } = held;
        const range = byteRange(asked, bytes);
        if (range === 'outside') {
          response.writeHead(416, { ...guardingHeaders, 'Content-Range': `bytes */${bytes}` });
          response.end();
          return;
        }
        const shown = inline && shownKinds.has(mediaType);
        response.writeHead(range ? 206 : 200, {
          ...guardingHeaders,
          'Content-Type': mediaType,
          'Accept-Ranges': 'bytes',
          'Content-Length': range ? range.end - range.start + 1 : bytes,
          ...(range ? { 'Content-Range': `bytes ${range.start}-${range.end}/${bytes}` } : {}),
          'Content-Disposition': contentDisposition(shown ? 'inline' : 'attachment', name),
          'Cache-Control': 'no-store',
          // The browser's own PDF viewer needs its plugin frame; anything else may do nothing at all.
          'Content-Security-Policy':
            shown && mediaType === 'application/pdf'
              ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
              : "default-src 'none'; sandbox; frame-ancestors 'none'",
        });
        await pipeline(outgoingContent(backend, token, held, range ?? undefined), response);
      } catch (error) {
        // A download that the browser broke off is no fault.
        if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return;
        refuse(response, error, 404);
      }
    },
    close: async () => {
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}
