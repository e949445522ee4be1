import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Backend } from '../application/backend-client.ts';
import { answerRendererFile, guardingHeaders } from '../platform/renderer-files.ts';
import { isOwnAddress, printPath, scheme } from './address.ts';
import type { ElectronApi } from './electron-api.ts';

/** Before the app is ready: makes the scheme one with an origin, secure, and with cached compiled code. */
export function declareScheme({ protocol }: Pick<ElectronApi, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
  ]);
}

/** Serves the built window, and a document while it is printed, from `app://portfolio/`. */
export function serveWindow(
  { protocol }: Pick<ElectronApi, 'protocol'>,
  rendererDirectory: string,
  backend: Pick<Backend, 'outgoing'>,
): void {
  protocol.handle(scheme, async ({ url, method }) => {
    if (!isOwnAddress(url) || method !== 'GET') return new Response(null, { status: 403, headers: guardingHeaders });
    const { pathname } = new URL(url);
    if (pathname.startsWith(printPath)) return printed(backend, pathname.slice(printPath.length));
    const { status, headers, body } = await answerRendererFile(rendererDirectory, pathname);
    return new Response(new Uint8Array(body), { status, headers });
  });
}

async function printed(backend: Pick<Backend, 'outgoing'>, token: string): Promise<Response> {
  try {
    const { path, mediaType } = await backend.outgoing(token);
    if (mediaType !== 'application/pdf') return new Response(null, { status: 415, headers: guardingHeaders });
    const body = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
    return new Response(body, { headers: { ...guardingHeaders, 'Content-Type': mediaType, 'Cache-Control': 'no-store' } });
  } catch {
    return new Response(null, { status: 404, headers: guardingHeaders }); // A token that was let go: the print window says so.
  }
}
