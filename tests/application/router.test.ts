import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Connection, openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { createAudit } from '../../main/application/audit.ts';
import { entryHash, genesisHash } from '../../main/application/audit-chain.ts';
import { auditEntry } from '../../main/application/audit-log.ts';
import { command, defineFeature, type FunctionModule, job, query, type Right } from '../../main/application/contract.ts';
import type { Foundation } from '../../main/application/foundation.ts';
import { createJobs, type Jobs } from '../../main/application/jobs.ts';
import { createRouter, type Router, route } from '../../main/application/router.ts';
import { schoolSettings } from '../../main/application/school-settings.ts';
import { createSessions, type Session, type Sessions } from '../../main/application/sessions.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { ApplicationError } from '../../main/platform/errors.ts';
import { silentLogger } from '../../main/platform/logger.ts';

const library = defineFeature('library', {
  hours: query({ title: '開放時間', input: z.object({}), output: z.object({ hours: z.string() }), access: 'public' }),
  lend: command({
    title: '借書',
    input: z.object({ studentId: z.string().min(1), books: z.int().min(1) }),
    output: z.object({ lent: z.int() }),
    access: { module: 'S0219S', right: 'create' },
    audit: { action: 'change', students: (input) => [input.studentId], summary: (input) => `借出 ${input.books} 本` },
  }),
  count: job({ title: '盤點', input: z.object({}), output: z.object({ books: z.int() }), access: 'signedIn' }),
  lie: query({ title: '說謊', input: z.object({}), output: z.object({ books: z.int() }), access: 'signedIn' }),
});

let folder: string;
let connection: Connection;
let sessions: Sessions;
let jobs: Jobs;
let router: Router;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'router-'));
  connection = openDatabase(join(folder, 'a.db'), { key: new Uint8Array(32).fill(4) });
  migrate(connection.sqlite, { now: systemClock.now });
  const write = async <Result>(change: () => Result) => connection.sqlite.transaction(change).immediate();
  const foundation = {
    connection,
    write,
    clock: systemClock,
    log: silentLogger,
    directory: openDataDirectory(folder),
    masterKey: new Uint8Array(32).fill(5),
    settings: schoolSettings(connection),
  } as Foundation;
  sessions = createSessions();
  jobs = createJobs(foundation, () => {});
  router = createRouter(
    route(library, {
      hours: () => ({ hours: '08–17' }),
      lend: ({ books }) => {
        if (books > 5) throw new ApplicationError('library.tooMany', '一次最多借 5 本，請減少數量。');
        return { lent: books };
      },
      count: () => ({ books: 7 }),
      lie: () => ({ books: 'seven' as never }),
    }),
    { sessions, jobs, audit: createAudit(foundation), alwaysAllowed: new Set(), log: silentLogger },
  );
});
afterEach(async () => {
  await jobs.close();
  connection.close();
  rmSync(folder, { recursive: true });
});

function signIn(rights: [FunctionModule, Right[]][], changes: Partial<Session> = {}): void {
  sessions.set('window', {
    accountId: 'a',
    accountName: 'clerk',
    displayName: '王組長',
    administrator: false,
    rights: new Map(rights.map(([module, granted]) => [module, new Set(granted)])),
    mustChangePassword: false,
    locked: false,
    signedInAt: '2026-11-24T00:00:00Z',
    ...changes,
  });
}
const call = (name: string, input: unknown = {}) => router.call({ connectionId: 'window' }, name, input);
const entries = () =>
  connection.sqlite
    .prepare(
      'select operation, action, account_name as accountName, summary, student_ids as studentIds, outcome from audit_entries order by sequence',
    )
    .all();

describe('a call', () => {
  it('before sign-in reaches only what is public', async () => {
    expect(await call('library.hours')).toEqual({ ok: true, data: { hours: '08–17' } });
    for (const name of ['library.lend', 'library.count'])
      expect(await call(name)).toMatchObject({ ok: false, error: { code: 'session.required' } });
  });

  it('needs the very right it declares, and a refusal is written down', async () => {
    signIn([['S0219S', ['view', 'update']]]);
    expect(await call('library.lend', { studentId: 's-1', books: 1 })).toMatchObject({ ok: false, error: { code: 'permission.denied' } });
    signIn([['S0219S', ['view', 'create']]]);
    expect(await call('library.lend', { studentId: 's-1', books: 2 })).toEqual({ ok: true, data: { lent: 2 } });
    expect(entries()).toEqual([
      {
        operation: 'library.lend',
        action: 'change',
        accountName: 'clerk',
        summary: '借書',
        studentIds: '[]',
        outcome: 'permission.denied',
      },
      { operation: 'library.lend', action: 'change', accountName: 'clerk', summary: '借出 2 本', studentIds: '["s-1"]', outcome: 'done' },
    ]);
  });

  it('of a locked window, or with a first password to change, goes nowhere', async () => {
    signIn([], { locked: true });
    expect(await call('library.lie')).toMatchObject({ ok: false, error: { code: 'session.locked' } });
    signIn([], { mustChangePassword: true });
    expect(await call('library.lie')).toMatchObject({ ok: false, error: { code: 'session.mustChangePassword' } });
  });

  it.each(['\ud800', '王\udc00小明', 'a\0b'])('with a text that no database keeps as it is, %j, is refused by field', async (text) => {
    signIn([['S0219S', ['create']]]);
    expect(await call('library.lend', { studentId: text, books: 1 })).toMatchObject({
      ok: false,
      error: { code: 'input.invalid', details: { fields: [{ field: 'studentId' }] } },
    });
    expect(await call('library.lend', { studentId: '𡘙喆\u202e', books: 1 })).toMatchObject({ ok: true });
  });

  it('with bad input is refused by field, before any handler', async () => {
    signIn([['S0219S', ['create']]]);
    const refused = await call('library.lend', { studentId: '', books: 1.5, extra: { $ne: 1 } });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'input.invalid', details: { fields: [{ field: 'studentId' }, { field: 'books' }] } },
    });
    for (const nonsense of [null, 'text', 7, [], { books: '1' }])
      expect(await call('library.lend', nonsense)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  });

  it('that a handler refuses keeps its code and is written down', async () => {
    signIn([['S0219S', ['create']]]);
    expect(await call('library.lend', { studentId: 's-1', books: 9 })).toEqual({
      ok: false,
      error: { code: 'library.tooMany', message: '一次最多借 5 本，請減少數量。', details: {} },
    });
    expect(entries()).toMatchObject([{ outcome: 'library.tooMany' }]);
  });

  it('whose answer breaks its own schema never reaches the window', async () => {
    signIn([]);
    expect(await call('library.lie')).toMatchObject({ ok: false, error: { code: 'internal' } });
  });

  it('of no operation says so', async () => {
    expect(await call('library.burn')).toMatchObject({ ok: false, error: { code: 'call.unknown' } });
    expect(await call('__proto__')).toMatchObject({ ok: false, error: { code: 'call.unknown' } });
  });

  it('of a job answers its id, and the job ends with the result', async () => {
    signIn([]);
    const answer = await call('library.count');
    expect(answer).toEqual({ ok: true, data: { jobId: expect.any(String) } });
    const { jobId } = (answer as { data: { jobId: string } }).data;
    expect(await jobs.wait(jobId)).toMatchObject({ state: 'done', result: { books: 7 } });
  });
});

describe('the audit log', () => {
  it('chains each entry to the one before', async () => {
    signIn([['S0219S', ['create']]]);
    for (const books of [1, 2, 3]) await call('library.lend', { studentId: 's-1', books });
    const rows = [1, 2, 3].map((sequence) => auditEntry(connection.sqlite, sequence)!);
    let previousHash = genesisHash;
    for (const row of rows) {
      expect(row.previousHash).toBe(previousHash);
      expect(row.hash).toBe(entryHash(row));
      previousHash = row.hash;
    }
  });
});

it('two handlers for one name do not start', () => {
  const twice = route(defineFeature('a', { b: query({ title: '甲', input: z.object({}), output: z.object({}), access: 'public' }) }), {
    b: () => ({}),
  });
  expect(() =>
    createRouter([...twice, ...twice], { sessions, jobs, audit: {} as never, alwaysAllowed: new Set(), log: silentLogger }),
  ).toThrow(/two handlers/);
});
