import { connect as connectSocket, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type WebSocket from 'ws';
import type { ApplicationEvent, JobState } from '../../main/application/contract.ts';
import { mostConnections, mostWaitingCalls } from '../../main/browser/limits.ts';
import { type Office, openOffice } from './office.ts';

/** What other programs and other users of the computer may try: they reach the port, and have no cookie. */

let office: Office;
let port: number;
beforeAll(async () => {
  office = await openOffice();
  port = Number(new URL(office.origin).port);
});
afterAll(() => office.close());

/** Bytes as they are, which no HTTP client would send. The answer once the host closed the connection. */
function raw(text: string | Buffer, { reset = false }: { reset?: boolean } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(port, '127.0.0.1', () => {
      socket.write(text);
      if (reset) socket.resetAndDestroy();
    });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => (['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? undefined : reject(error)));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

const upgrade = (target: string, headers: readonly string[] = []) =>
  [
    `GET ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '',
    '',
  ].join('\r\n');

const serves = async () => {
  const other = await office.connect(await office.admitted());
  const outcome = await other.call('session.status');
  other.socket.terminate();
  return outcome;
};

describe('given someone without a cookie', () => {
  it.each(['//', 'http://[', '/socket/../..//', '*', 'http://a b/'])('an upgrade to %s is refused and ends nothing', async (target) => {
    expect(await raw(upgrade(target))).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(await serves()).toMatchObject({ ok: true });
  });

  it.each(['//', 'http://['])('a request to %s is refused and ends nothing', async (target) => {
    const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(await serves()).toMatchObject({ ok: true });
  });

  it('a connection that is torn off in the middle of an upgrade ends nothing', async () => {
    for (let time = 0; time < 20; time += 1) await raw(upgrade('/socket'), { reset: true });
    expect(await serves()).toMatchObject({ ok: true });
  });

  it('many upgrades that are not read are let go of', async () => {
    const sockets = Array.from({ length: 20 }, () => {
      const socket = connectSocket({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => {});
      socket.write(upgrade('/socket'));
      // Its own side stays open: only a host that has let go of the connection answers what comes now with a reset.
      const writing = setInterval(() => socket.write('x'), 50);
      socket.once('close', () => clearInterval(writing));
      return socket;
    });
    await Promise.all(sockets.map((socket) => new Promise<void>((done) => socket.resume().once('close', () => done()))));
    expect(await serves()).toMatchObject({ ok: true });
  }, 30_000);

  it('a body is not read: the connection is closed with the refusal', async () => {
    const head = `POST /files HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${office.origin}\r\nContent-Length: 1000000000\r\n\r\n`;
    expect(await raw(`${head}${'x'.repeat(100_000)}`)).toMatch(/^HTTP\/1\.1 403 [\s\S]*Connection: close/i);
  });

  it('nothing is answered under another name of this computer', async () => {
    for (const host of [
      'localhost',
      `localhost:${port}`,
      '[::1]',
      `evil.example.invalid:${port}`,
      `127.0.0.1.example.invalid:${port}`,
      '',
    ]) {
      const answer = await raw(`GET /?token=x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).not.toMatch(/set-cookie|access-control-/i);
    }
  });

  it('two hosts, or none, are refused', async () => {
    const twice = await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.invalid\r\nConnection: close\r\n\r\n`);
    expect(twice).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(await raw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  it('a preflight of another site gets no leave', async () => {
    const answer = await raw(
      `OPTIONS /files HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: https://example.invalid\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).not.toMatch(/access-control-/i);
  });

  it('a thousand guessed tokens open nothing, and spend nothing', async () => {
    const address = office.host.newAddress();
    const token = new URL(address).searchParams.get('token')!;
    expect(Buffer.from(token, 'base64url').byteLength).toBe(32);
    for (let start = 0; start < 1000; start += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => fetch(`${office.origin}/?token=${token.slice(0, -4)}${start + at}`, { redirect: 'manual' })),
      );
      for (const answer of answers) expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
    }
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
  });

  it('the port is open on 127.0.0.1 alone', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => address)
      .filter((address) => address !== '127.0.0.1');
    const reached = (address: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connectSocket({ port, host: address, timeout: 2000 }, () => resolve(true));
        socket.on('error', () => resolve(false));
        socket.on('timeout', () => resolve(false));
        socket.on('close', () => socket.destroy());
      });
    // 127.0.0.2 is this computer too on Linux: an address that anything bound to all of them answers.
    for (const address of [...others, ...(process.platform === 'linux' ? ['127.0.0.2'] : [])]) {
      expect([address, await reached(address)]).toEqual([address, false]);
    }
  });

  it('more connections than a window needs are not taken, and the window is served when they are gone', async () => {
    const opened: Socket[] = [];
    let refused = 0;
    for (let count = 0; count < mostConnections + 20; count += 1) {
      const socket = connectSocket(port, '127.0.0.1');
      opened.push(socket);
      socket.on('error', () => {});
      await new Promise<void>((done) => socket.once('connect', () => done()));
      socket.once('close', () => (refused += 1));
    }
    await expect.poll(() => refused).toBeGreaterThanOrEqual(20);
    const gone = opened.map((socket) => new Promise<void>((done) => (socket.closed ? done() : socket.once('close', () => done()))));
    for (const socket of opened) socket.destroy();
    await Promise.all(gone);
    await expect.poll(async () => (await fetch(office.origin)).status).toBe(403);
  });
});

describe('given headers that come a byte at a time', () => {
  it('the connection is given up', async () => {
    const impatient = await openOffice({ headersTimeout: 300 });
    const socket = connectSocket(Number(new URL(impatient.origin).port), '127.0.0.1');
    socket.on('error', () => {});
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    const text = `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(10_000)}`;
    let at = 0;
    const drip = setInterval(() => socket.writable && socket.write(text[at++]!), 20);
    socket.resume();
    await closed;
    clearInterval(drip);
    expect(at).toBeLessThan(200);
    await impatient.close();
  }, 30_000);
});

/** Of a job, once the window was told. */
function endOf(events: readonly ApplicationEvent[], jobId: string): JobState | undefined {
  return events
    .flatMap((event) => (event.event === 'job' && event.job.id === jobId ? [event.job] : []))
    .find(({ state }) => state !== 'running');
}

describe('given a window that was let in and has been taken over', () => {
  const closedWith = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));

  it('a hundred megabytes close its socket before they are read', async () => {
    const { socket } = await office.connect(await office.admitted());
    const closed = closedWith(socket);
    socket.on('error', () => {});
    socket.send(JSON.stringify({ id: 1, name: 'session.status', input: 'x'.repeat(100 * 1024 * 1024) }));
    expect([1006, 1009]).toContain(await closed);
    expect(await serves()).toMatchObject({ ok: true });
  }, 60_000);

  it.each([
    ['null', 'null'],
    ['an array', '[1,"session.status",{}]'],
    ['no id', '{"name":"session.status"}'],
    ['an id that is no number', '{"id":{},"name":"session.status"}'],
    ['an id beyond counting', '{"id":1e400,"name":"session.status"}'],
    ['a name that is no text', '{"id":1,"name":["session.status"]}'],
    ['a name without end', JSON.stringify({ id: 1, name: 'x'.repeat(201) })],
    ['keys of its own', '{"id":1,"name":"session.status","input":{},"connectionId":"window"}'],
    ['ten thousand brackets', `{"id":1,"name":"session.status","input":${'['.repeat(10_000)}`],
  ])('%s closes its socket', async (_what, text) => {
    const { socket } = await office.connect(await office.admitted());
    const closed = closedWith(socket);
    socket.send(text);
    expect(await closed).toBe(1008);
  });

  it('binary closes its socket', async () => {
    const { socket } = await office.connect(await office.admitted());
    const closed = closedWith(socket);
    socket.send(Buffer.from('{"id":1,"name":"session.status","input":{}}'));
    expect(await closed).toBe(1003);
  });

  it('names and keys of the prototype are an unknown operation or a wrong input', async () => {
    const { call, socket } = await office.signedIn();
    for (const name of ['__proto__', 'constructor', 'toString', 'session.__proto__', 'session.constructor', '']) {
      expect(await call(name)).toMatchObject({ ok: false, error: { code: 'call.unknown' } });
    }
    const answered = new Promise<unknown>((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))));
    socket.send('{"id":99,"name":"jobs.list","input":{"__proto__":{"administrator":true}}}');
    expect(await answered).toMatchObject({ id: 99, outcome: { ok: false, error: { code: 'input.invalid' } } });
    expect(({} as { administrator?: boolean }).administrator).toBeUndefined();
  });

  it('a file that it names by a path is unknown', async () => {
    const { call, cookie, events } = await office.signedIn();
    for (const token of ['../../../../etc/passwd', '/etc/passwd', '..\\..\\secret.key', '__proto__']) {
      const file = { token, name: 'a.zip', bytes: 1 };
      const started = (await call('transferIn.inspect', { file, md5: '0'.repeat(32), password: 'x' })) as { data: { jobId: string } };
      await expect.poll(() => endOf(events, started.data.jobId)).toMatchObject({ state: 'failed', error: { code: 'file.unknown' } });
      const answer = await fetch(`${office.origin}/files/${encodeURIComponent(token)}`, { headers: { cookie } });
      expect(answer.status).toBe(404);
      await answer.arrayBuffer();
    }
  });

  it('more calls at once than a window ever has waiting close its socket', async () => {
    const { socket } = await office.connect(await office.admitted());
    const closed = closedWith(socket);
    for (let id = 1; id <= mostWaitingCalls + 1; id += 1) socket.send(JSON.stringify({ id, name: 'session.status', input: {} }));
    expect(await closed).toBe(1008);
    expect(await serves()).toMatchObject({ ok: true });
  });
});
