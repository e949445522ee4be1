import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { type Backend, startBackend } from '../../main/application/backend-client.ts';
import type { ApplicationEvent, Outcome } from '../../main/application/contract.ts';
import { schoolSettings } from '../../main/application/school-settings.ts';
import { type BrowserHostOptions, startBrowserHost } from '../../main/browser/host.ts';
import { createAdministrator } from '../../main/features/session/accounts.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';

export const password = '測試用-相思樹-4821';
export const accountName = '999999adm';
const masterKey = new Uint8Array(32).fill(3);

/** A data directory with the school's administrator and nothing else in it. */
export async function makeDataDirectory(): Promise<string> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'portfolio-browser-'));
  const connection = openDatabase(join(dataDirectory, 'portfolio.db'), { key: deriveKey(masterKey, 'database') });
  migrate(connection.sqlite, { now: () => new Date() });
  const settings = schoolSettings(connection);
  const write = async <Result>(change: () => Result) => connection.sqlite.transaction(change).immediate();
  await createAdministrator({ connection, settings, write }, { schoolCode: '999999', schoolName: '測試高中', password, mustChange: false });
  settings.set('signIn.captcha', 'never');
  connection.close();
  return dataDirectory;
}

/** The backend in its real worker thread; one that can be made to die. */
export function startMortalBackend(dataDirectory: string): Backend {
  return startBackend({ dataDirectory, masterKey, entry: join(import.meta.dirname, 'mortal-backend.ts') });
}

/** A window's files as Vite would leave them. */
export function makeRenderer(): string {
  const folder = mkdtempSync(join(tmpdir(), 'portfolio-renderer-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><html><head><meta name="csp-nonce" content=""><title>學習歷程</title></head><body>窗</body></html>',
  );
  writeFileSync(join(folder, 'assets', 'main-Ab3_xY9z.js'), 'export {};');
  return folder;
}

/** The browser host on a real backend, and what a browser does with it. */
export async function openOffice(options: Partial<BrowserHostOptions> = {}) {
  const dataDirectory = await makeDataDirectory();
  const rendererDirectory = makeRenderer();
  const backend = startMortalBackend(dataDirectory);
  const host = await startBrowserHost({ backend, rendererDirectory, port: 0, ...options });
  const { origin } = host;
  const sockets = new Set<WebSocket>();

  /** Opens a one-time address; the cookie that came back. */
  const admitted = async (url = host.newAddress()): Promise<string> => {
    const response = await fetch(url, { redirect: 'manual' });
    return response.headers.get('set-cookie')?.split(';')[0] ?? '';
  };

  const connect = async (cookie: string, headers: Record<string, string> = { origin }) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { cookie, ...headers } });
    sockets.add(socket);
    const events: ApplicationEvent[] = [];
    const pending = new Map<number, (outcome: Outcome<unknown>) => void>();
    let nextId = 1;
    socket.on('message', (text) => {
      const message = JSON.parse(String(text)) as { id: number; outcome: Outcome<unknown> } | { event: ApplicationEvent };
      if ('event' in message) events.push(message.event);
      else pending.get(message.id)?.(message.outcome);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const call = (name: string, input: unknown = {}) =>
      new Promise<Outcome<unknown>>((resolve) => {
        const id = nextId++;
        pending.set(id, resolve);
        socket.send(JSON.stringify({ id, name, input }));
      });
    return { socket, events, call };
  };

  return {
    backend,
    host,
    origin,
    dataDirectory,
    admitted,
    connect,
    /** A page with the administrator signed in. */
    signedIn: async () => {
      const cookie = await admitted();
      const page = await connect(cookie);
      const outcome = await page.call('session.signIn', { accountName, password });
      if (!outcome.ok) throw new Error(outcome.error.code);
      return { cookie, ...page };
    },
    close: async () => {
      for (const socket of sockets) socket.terminate();
      await host.close();
      await backend.close();
      rmSync(dataDirectory, { recursive: true, force: true });
      rmSync(rendererDirectory, { recursive: true, force: true });
    },
  };
}

export type Office = Awaited<ReturnType<typeof openOffice>>;
