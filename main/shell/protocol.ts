import { Readable } from 'node:stream';
import { mediaTypes } from '../../domain/media-type.ts';
import type { Backend } from '../application/backend-client.ts';
import { outgoingContent } from '../application/outgoing-content.ts';
import { byteRange } from '../platform/byte-range.ts';
import { answerRendererFile, guardingHeaders } from '../platform/renderer-files.ts';
import { filePath, isOwnAddress, printPath, scheme } from './address.ts';
import type { ElectronApi } from './electron-api.ts';

/** Before the app is ready: makes the scheme one with an origin, secure, and with cached compiled code. */
export function declareScheme({ protocol }: Pick<ElectronApi, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
  ]);
}

type Files = Pick<Backend, 'outgoing' | 'readOutgoing'>;

/** Serves the built window, the files it shows and a document while it is printed, from `app://portfolio/`. */
export function serveWindow({ protocol }: Pick<ElectronApi, 'protocol'>, rendererDirectory: string, backend: Files): void {
  protocol.handle(scheme, async ({ url, method, headers: asked }) => {
    if (!isOwnAddress(url) || method !== 'GET') return new Response(null, { status: 403, headers: guardingHeaders });
    const { pathname } = new URL(url);
    if (pathname.startsWith(printPath)) return shown(backend, pathname.slice(printPath.length), null, ['application/pdf']);
    if (pathname.startsWith(filePath)) {
      return shown(backend, pathname.slice(filePath.length), asked.get('range'), Object.keys(mediaTypes));
    }
    const { status, headers, body } = await answerRendererFile(rendererDirectory, pathname);
    return new Response(new Uint8Array(body), { status, headers });
  });
}

/** A file of one of these kinds, whole or the stretch that was asked for. */
async function shown(backend: Files, token: string, asked: string | null, kinds: readonly string[]): Promise<Response> {
  try {
    const held = await backend.outgoing(token);
    if (!kinds.includes(held.mediaType)) return new Response(null, { status: 415, headers: guardingHeaders });
    const range = byteRange(asked, held.bytes);
    if (range === 'outside') {
      return new Response(null, { status: 416, headers: { ...guardingHeaders, 'Content-Range': `bytes */${held.bytes}` } });
    }
    const body = Readable.toWeb(outgoingContent(backend, token, held, range ?? undefined)) as ReadableStream<Uint8Array>;
    const headers = { ...guardingHeaders, 'Content-Type': held.mediaType, 'Cache-Control': 'no-store', 'Accept-Ranges': 'bytes' };
    if (!range) return new Response(body, { headers: { ...headers, 'Content-Length': String(held.bytes) } });
    const stretch = {
      'Content-Length': String(range.end - range.start + 1),
      'Content-Range': `bytes ${range.start}-${range.end}/${held.bytes}`,
    };
    return new Response(body, { status: 206, headers: { ...headers, ...stretch } });
  } catch {
    return new Response(null, { status: 404, headers: guardingHeaders }); // A token that was let go: the window says so.
  }
}
