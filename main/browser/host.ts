import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Backend } from '../application/backend-client.ts';
import { answerRendererFile, guardingHeaders, type RendererAnswer } from '../platform/renderer-files.ts';
import { createBrowserAccess, isFromOwnWindow } from './access.ts';
import { createBrowserFiles } from './files.ts';
import { headersPatience, mostConnections } from './limits.ts';
import { createContractSocket } from './socket.ts';

export interface BrowserHostOptions {
  backend: Backend;
  /** The built window, `out/renderer`. */
  rendererDirectory: string;
  /** 0: any free one. Without it the usual port, so that the browser's cache serves again, or any free one. */
  port?: number;
  /** Milliseconds; for tests. */
  headersTimeout?: number;
}

export interface BrowserHost {
  /** The address with its one-time token: opens the window once. */
  url: string;
  /** The address without a token. */
  origin: string;
  /** Another one-time address, for a window that lost its cookie. */
  newAddress: () => string;
  close: () => Promise<void>;
}

const usualPort = 47_109;

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function listenSomewhere(server: Server, port: number | undefined): Promise<void> {
  try {
    await listen(server, port ?? usualPort);
  } catch (error) {
    if (port !== undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await listen(server, 0);
  }
}

function page(status: number, title: string, text: string): RendererAnswer {
  return {
    status,
    headers: {
      ...guardingHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    },
    body: Buffer.from(
      `<!doctype html><html lang="zh-Hant-TW"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`,
    ),
  };
}

const notAdmitted = () =>
  page(403, '請用程式顯示的網址開啟', '這個網址只能由啟動程式的人使用一次。請重新啟動程式，並開啟它這次顯示的網址。');

/** A refusal ends the connection: the body of whoever is not let in is not read. */
function refuse(response: ServerResponse, answer: RendererAnswer): void {
  respond(response, { ...answer, headers: { ...answer.headers, Connection: 'close' } });
}

/** Node gives the bare socket away with an upgrade: without a listener an error of it would end the program. */
function refuseUpgrade(raw: Duplex): void {
  raw.on('error', () => raw.destroy());
  raw.once('finish', () => raw.destroy());
  raw.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

/** Of a request's target; null for one that is no path. */
function targetOf({ url }: IncomingMessage, origin: string): URL | null {
  return url?.startsWith('/') && URL.canParse(url, origin) ? new URL(url, origin) : null;
}

function respond(response: ServerResponse, { status, headers, body }: RendererAnswer): void {
  response.writeHead(status, { ...headers, 'Content-Length': body.byteLength });
  response.end(body);
}

/**
 * Serves the window and the contract on 127.0.0.1, to the one browser that brings the one-time token. Rejects with
 * EADDRINUSE when a port that was asked for is taken.
 */
export async function startBrowserHost({
  backend,
  rendererDirectory,
  port,
  headersTimeout = headersPatience,
}: BrowserHostOptions): Promise<BrowserHost> {
  // A large upload may take long; headers may not.
  const server = createServer({ requestTimeout: 0, headersTimeout, connectionsCheckingInterval: Math.min(headersTimeout, 5000) });
  server.maxConnections = mostConnections;
  await listenSomewhere(server, port);
  const actualPort = (server.address() as AddressInfo).port;
  const origin = `http://127.0.0.1:${actualPort}`;
  const access = createBrowserAccess(actualPort);
  const files = createBrowserFiles(backend);
  const socket = createContractSocket(backend, access.end);
  const connect = [`ws://127.0.0.1:${actualPort}`];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = targetOf(request, origin);
    if (!target) return refuse(response, page(400, '拒絕要求', '這不是本程式的網址。'));
    const { pathname, searchParams } = target;
    const get = request.method === 'GET';
    const token = searchParams.get('token');
    if (get && pathname === '/' && token !== null && `http://${request.headers.host}` === origin) {
      // The token itself is the proof here: the address may be opened from anywhere, a terminal or a mail.
      const admitted = access.admit(token);
      if (!admitted) return refuse(response, notAdmitted());
      response.writeHead(303, { ...guardingHeaders, Location: '/', 'Set-Cookie': admitted.cookie, 'Cache-Control': 'no-store' });
      response.end();
      return;
    }
    if (!isFromOwnWindow(request, origin, !get)) return refuse(response, page(403, '拒絕連線', '這個要求不是來自本程式的視窗。'));
    if (access.connectionOf(request) === null) return refuse(response, notAdmitted());
    const held = /^\/files\/([\w-]{1,100})$/.exec(pathname)?.[1];
    if (request.method === 'POST' && pathname === '/files') return files.upload(request, response);
    if (request.method === 'DELETE' && held) return files.letGo(held, response);
    if (!get) return refuse(response, page(405, '拒絕要求', '不支援這種要求。'));
    if (held) return files.download(held, { inline: searchParams.has('inline'), range: request.headers.range }, response);
    respond(response, await answerRendererFile(rendererDirectory, pathname, connect));
  };

  server.on('request', (request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else respond(response, page(500, '讀取失敗', '無法讀取程式的檔案，請重新安裝或重新建置程式。'));
    });
  });
  server.on('upgrade', (request, raw, head) => {
    const connectionId = access.connectionOf(request);
    if (targetOf(request, origin)?.pathname !== '/socket' || connectionId === null || !isFromOwnWindow(request, origin, true)) {
      return refuseUpgrade(raw);
    }
    socket.accept(request, raw, head, connectionId);
  });

  const newAddress = () => `${origin}/?token=${access.makeToken()}`;
  return {
    url: newAddress(),
    origin,
    newAddress,
    close: async () => {
      socket.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await files.close();
    },
  };
}
