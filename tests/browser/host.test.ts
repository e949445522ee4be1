import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request as rawRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncomingFile, JobState, OutgoingFile } from '../../main/application/contract.ts';
import { type Office, openOffice } from './office.ts';

/** A worker thread reads its sources first; on a busy machine that takes seconds. */
const patience = { timeout: 60_000 };

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

/** Headers that `fetch` would not let a caller choose, and a path that it would tidy. */
function send(path: string, headers: Record<string, string>, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(office.origin);
    const sent = rawRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('given the address that the program showed', () => {
  it('when it is opened, then the browser gets a cookie for itself alone and the clean address', async () => {
    const response = await fetch(office.host.url, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(response.headers.get('set-cookie')).toMatch(/^portfolio_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('when it is opened a second time, then it opens nothing', async () => {
    const address = office.host.newAddress();
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
    const again = await fetch(address, { redirect: 'manual' });
    expect(again.status).toBe(403);
    expect(again.headers.get('set-cookie')).toBeNull();
    expect(await again.text()).toContain('重新啟動程式');
  });

  it('when someone guesses, or comes without a cookie, then nothing is served', async () => {
    for (const path of ['/', '/?token=guessed', '/?token=', '/index.html', '/assets/main-Ab3_xY9z.js', '/files/x']) {
      expect((await fetch(`${office.origin}${path}`, { redirect: 'manual' })).status).toBe(403);
    }
    expect((await send('/', { host: new URL(office.origin).host, cookie: 'portfolio_1=x' })).status).toBe(403);
  });
});

describe('given a browser that was let in', () => {
  it('then the page comes with a strict policy and a nonce of its own each time', async () => {
    const cookie = await office.admitted();
    const load = async () => {
      const response = await fetch(`${office.origin}/`, { headers: { cookie } });
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('x-frame-options')).toBe('DENY');
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      const policy = response.headers.get('content-security-policy')!;
      const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
      expect(await response.text()).toContain(`<meta name="csp-nonce" content="${nonce}">`);
      return { policy, nonce };
    };
    const { policy, nonce } = await load();
    const directives = new Map(policy.split('; ').map((text) => [text.split(' ')[0], text.split(' ').slice(1).join(' ')]));
    expect(Object.fromEntries(directives)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': `'self' 'nonce-${nonce}'`,
      'connect-src': `'self' ${office.origin.replace('http', 'ws')}`,
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(policy).not.toContain('unsafe');
    expect((await load()).nonce).not.toBe(nonce);
  });

  it('then files whose name is their content are kept by the browser', async () => {
    const cookie = await office.admitted();
    const response = await fetch(`${office.origin}/assets/main-Ab3_xY9z.js`, { headers: { cookie } });
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/..%5cpackage.json',
    '/assets%00.js',
    '/%c0%ae%c0%ae/package.json',
    '//etc/passwd.txt',
    '/C:/windows/win.txt',
    '/assets',
    '/absent.js',
  ])('then %s reads nothing', async (path) => {
    const cookie = await office.admitted();
    const { status, body } = await send(path, { host: new URL(office.origin).host, cookie });
    expect(status).toBe(404);
    expect(body).not.toContain('{');
  });

  it.each([
    ['another host name (DNS rebinding)', { host: 'evil.example.invalid' }],
    ['localhost, which other names share', { host: 'localhost' }],
    ['another site', { origin: 'https://example.invalid' }],
    ['another port of this computer', { origin: 'http://127.0.0.1:1' }],
    ['a frame of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }],
    ['no origin at all', { origin: 'null' }],
  ])('then a request by %s is refused, cookie or not', async (_who, headers) => {
    const cookie = await office.admitted();
    expect((await send('/', { host: new URL(office.origin).host, cookie, ...headers })).status).toBe(403);
  });

  it('then a one-time address under another host name is refused and not spent', async () => {
    const address = office.host.newAddress();
    const { pathname, search } = new URL(address);
    expect((await send(`${pathname}${search}`, { host: 'evil.example.invalid' })).status).toBe(403);
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
  });

  it('then only GET, and POST and DELETE of files, are understood', async () => {
    const cookie = await office.admitted();
    for (const [method, path] of [
      ['PUT', '/'],
      ['DELETE', '/files'],
      ['DELETE', '/index.html'],
      ['POST', '/'],
    ] as const) {
      const { status } = await send(path, { host: new URL(office.origin).host, origin: office.origin, cookie }, method);
      expect(status).toBe(405);
    }
  });
});

describe('the contract over the socket', () => {
  it.each([
    ['without a cookie', (_cookie: string) => ({ origin: office.origin, cookie: '' })],
    ['from another site', (cookie: string) => ({ origin: 'https://example.invalid', cookie })],
    ['from another port', (cookie: string) => ({ origin: 'http://127.0.0.1:1', cookie })],
    ['without an origin', (cookie: string) => ({ cookie }) as Record<string, string>],
  ])('%s is refused', async (_who, headersOf) => {
    const cookie = await office.admitted();
    await expect(office.connect(cookie, headersOf(cookie) as Record<string, string>)).rejects.toThrow('403');
  });

  it('signs in, and a page that is loaded again is still signed in; another browser is not', async () => {
    const { cookie, socket } = await office.signedIn();
    socket.close();
    const reloaded = await office.connect(cookie);
    expect(await reloaded.call('session.status')).toMatchObject({ ok: true, data: { session: { accountName: '999999adm' } } });
    const other = await office.connect(await office.admitted());
    expect(await other.call('session.status')).toMatchObject({ ok: true, data: { session: null } });
    expect(await other.call('jobs.list')).toMatchObject({ ok: false, error: { code: 'session.required' } });
  });

  it('answers an unknown operation and wrong input with a code', async () => {
    const { call } = await office.signedIn();
    expect(await call('nothing.there')).toMatchObject({ ok: false, error: { code: 'call.unknown' } });
    expect(await call('jobs.cancel', { jobId: 7 })).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  });

  it.each([
    ['no JSON', 'hello', 1008],
    ['another shape', '{"id":"1"}', 1008],
    ['five megabytes', JSON.stringify({ id: 1, name: 'session.status', input: 'x'.repeat(5 * 1024 * 1024) }), 1009],
  ])('closes on %s, and goes on serving others', async (_what, text, code) => {
    const { socket } = await office.connect(await office.admitted());
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(text);
    expect(await closed).toBe(code);
    const other = await office.connect(await office.admitted());
    expect(await other.call('session.status')).toMatchObject({ ok: true });
  });

  it('tells a job to the windows of its account only', async () => {
    const mine = await office.signedIn();
    const stranger = await office.connect(await office.admitted());
    const started = await mine.call('students.exportWorkbook', { page: 1, pageSize: 30 });
    expect(started).toMatchObject({ ok: true });
    await expect.poll(() => mine.events.some((event) => event.event === 'job' && event.job.state !== 'running'), patience).toBe(true);
    await stranger.call('session.status');
    expect(stranger.events.filter(({ event }) => event === 'job')).toEqual([]);
  });
});

describe('files', () => {
  const post = (cookie: string, body: string, name: string, headers: Record<string, string> = { origin: office.origin }) =>
    fetch(`${office.origin}/files`, { method: 'POST', body, headers: { cookie, 'x-file-name': encodeURIComponent(name), ...headers } });

  it('given an upload, then it lies private in the data directory under a token and its own name', async () => {
    const cookie = await office.admitted();
    const outcome = (await (await post(cookie, 'a transfer file', 'C:\\下載\\匯出 檔.zip')).json()) as { data: IncomingFile };
    expect(outcome).toMatchObject({ ok: true, data: { name: '匯出 檔.zip', bytes: 15 } });
    const work = join(office.dataDirectory, 'work');
    const [folder] = readdirSync(work).filter((name) => name.includes('upload'));
    const [file] = readdirSync(join(work, folder!));
    expect(readFileSync(join(work, folder!, file!), 'utf8')).toBe('a transfer file');
    await office.backend.release(outcome.data.token);
    expect(existsSync(join(work, folder!, file!))).toBe(false);
  });

  it('given an upload that is wanted no more, then the window that was let in has it removed, and nobody else', async () => {
    const cookie = await office.admitted();
    const { data } = (await (await post(cookie, 'a transfer file', '匯出.zip')).json()) as { data: IncomingFile };
    const work = join(office.dataDirectory, 'work');
    const [folder] = readdirSync(work).filter((name) => name.includes('upload'));
    const left = () => readdirSync(join(work, folder!)).length;
    const before = left();
    const letGo = (headers: Record<string, string>) => fetch(`${office.origin}/files/${data.token}`, { method: 'DELETE', headers });
    expect((await letGo({ cookie, origin: 'https://example.invalid' })).status).toBe(403);
    expect((await letGo({ origin: office.origin })).status).toBe(403);
    expect(left()).toBe(before);
    for (let time = 0; time < 2; time += 1)
      expect(await (await letGo({ cookie, origin: office.origin })).json()).toMatchObject({ ok: true });
    expect(left()).toBe(before - 1);
  });

  it('given an upload from elsewhere, or far too large, then nothing is written', async () => {
    const cookie = await office.admitted();
    expect((await post(cookie, 'x', 'x.zip', { origin: 'https://example.invalid' })).status).toBe(403);
    expect((await post(cookie, 'x', 'x.zip', {})).status).toBe(403);
    expect((await post('', 'x', 'x.zip')).status).toBe(403);
    const { host } = new URL(office.origin);
    const large = await send('/files', { host, origin: office.origin, cookie, 'content-length': String(5 * 1024 ** 3) }, 'POST').catch(
      (error: NodeJS.ErrnoException) => ({ status: error.code, body: '' }),
    );
    expect(large).toMatchObject({ status: 413, body: expect.stringContaining('file.tooLarge') });
  });

  it('given a workbook that a job made, then it comes down whole under its Chinese name', async () => {
    const { cookie, call } = await office.signedIn();
    const started = (await call('students.exportWorkbook', { page: 1, pageSize: 30 })) as { data: { jobId: string } };
    let job: JobState | undefined;
    await expect
      .poll(async () => {
        const listed = (await call('jobs.list')) as { data: { jobs: JobState[] } };
        job = listed.data.jobs.find(({ id }) => id === started.data.jobId);
        return job?.state;
      }, patience)
      .toBe('done');
    const { file } = job!.result as { file: OutgoingFile };
    const response = await fetch(`${office.origin}/files/${file.token}`, { headers: { cookie } });
    expect(response.headers.get('content-disposition')).toContain(`attachment; filename="download.xlsx"; filename*=UTF-8''%E6%B8%AC`);
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.byteLength).toBe(file.bytes);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    // Only a PDF is shown in the window; anything else is saved, asked for inline or not.
    const inline = await fetch(`${office.origin}/files/${file.token}?inline`, { headers: { cookie } });
    expect(inline.headers.get('content-disposition')).toMatch(/^attachment/);
    await inline.arrayBuffer();
  });

  it('given a token that is none, then the answer says what to do', async () => {
    const cookie = await office.admitted();
    const response = await fetch(`${office.origin}/files/unknown`, { headers: { cookie } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ ok: false, error: { code: 'file.unknown' } });
  });
});
