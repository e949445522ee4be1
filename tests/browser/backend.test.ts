import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Backend } from '../../main/application/backend-client.ts';
import { accountName, makeDataDirectory, openOffice, password, startMortalBackend } from './office.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function started(): Promise<{ backend: Backend; dataDirectory: string }> {
  const dataDirectory = await makeDataDirectory();
  closing.push(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const backend = startMortalBackend(dataDirectory);
  closing.push(backend.close);
  return { backend, dataDirectory };
}

describe('given the backend in its thread', () => {
  it('when the thread dies, then what was asked is refused with a code and it serves again, once', async () => {
    const { backend, dataDirectory } = await started();
    const told: string[] = [];
    backend.onEvent((event) => event.event === 'signedOut' && told.push(event.reason));
    expect(await backend.call('one', 'session.signIn', { accountName, password })).toMatchObject({ ok: true });
    expect(backend.accountOf('one')).toBe(accountName);

    const [asked, killed] = await Promise.all([backend.call('one', 'test.slow', {}), backend.call('one', 'test.die', {})]);
    expect(killed).toMatchObject({ ok: false, error: { code: 'backend.died' } });
    expect(asked.ok).toBe(false);
    expect(backend.accountOf('one')).toBeNull();
    expect(told).toHaveLength(1);
    expect(await backend.call('one', 'session.status', {})).toMatchObject({ ok: true, data: { session: null } });
    expect(readFileSync(join(dataDirectory, 'logs', 'office.log'), 'utf8')).toContain('backend died');

    expect(await backend.call('one', 'test.die', {})).toMatchObject({ ok: false, error: { code: 'backend.stopped' } });
    expect(await backend.call('one', 'session.status', {})).toMatchObject({ ok: false, error: { code: 'backend.stopped' } });
    expect(told).toHaveLength(2);
  });

  it('when the data directory cannot be used, then every call says so and names it', async () => {
    const dataDirectory = await makeDataDirectory();
    closing.push(() => rmSync(dataDirectory, { recursive: true, force: true }));
    const taken = join(dataDirectory, 'taken');
    writeFileSync(taken, '');
    const backend = startMortalBackend(taken);
    closing.push(backend.close);
    const early = backend.call('one', 'session.status', {});
    expect(await backend.whenStarted).toMatchObject({ code: 'dataDirectory.unusable' });
    for (const outcome of [await early, await backend.call('one', 'jobs.list', {})]) {
      expect(outcome).toMatchObject({ ok: false, error: { code: 'dataDirectory.unusable', message: expect.stringContaining(taken) } });
    }
    await expect(backend.makeWorkFolder('upload')).rejects.toMatchObject({ code: 'dataDirectory.unusable' });
  });

  it('when the database is no database, then it is said and the file is left as it is', async () => {
    const dataDirectory = await makeDataDirectory();
    closing.push(() => rmSync(dataDirectory, { recursive: true, force: true }));
    const database = join(dataDirectory, 'portfolio.db');
    mkdirSync(join(dataDirectory, 'logs'), { recursive: true });
    writeFileSync(database, 'x'.repeat(8192));
    const backend = startMortalBackend(dataDirectory);
    closing.push(backend.close);
    expect(await backend.whenStarted).toMatchObject({ code: 'database.damaged' });
    expect(readFileSync(database, 'utf8')).toBe('x'.repeat(8192));
  });

  it('when it is closed, then later calls are refused and the data directory opens again', async () => {
    const { backend, dataDirectory } = await started();
    expect(await backend.whenStarted).toBeNull();
    await backend.close();
    expect(await backend.call('one', 'session.status', {})).toMatchObject({ ok: false, error: { code: 'backend.closed' } });
    const again = startMortalBackend(dataDirectory);
    closing.push(again.close);
    expect(await again.call('one', 'session.status', {})).toMatchObject({ ok: true });
  });
});

describe('given a page in the browser', () => {
  it('when the backend dies, then the page is told to sign in again and goes on with the same cookie', async () => {
    const office = await openOffice();
    closing.push(office.close);
    const { call, events } = await office.signedIn();
    expect(await call('test.die')).toMatchObject({ ok: false, error: { code: 'backend.died' } });
    await expect
      .poll(() => events, { timeout: 30_000 })
      .toContainEqual({ event: 'signedOut', reason: expect.stringContaining('重新登入') });
    expect(await call('session.signIn', { accountName, password })).toMatchObject({ ok: true });
  });
});
