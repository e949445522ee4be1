import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { dropTriggers } from '../audit/log.ts';
import { answerOf, inDatabase, password, refusalOf, run } from './command-line.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** `audit verify`, and what the command line leaves in the log. */

let folder: string;
let data: string;
interface Answer {
  ok: boolean;
  entries: number;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-command-'));
  data = join(folder, 'school');
  await answerOf(['trial', 'create', '--students', '24', '--seed', '5'], { data });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entriesAfter = (sequence: number) =>
  inDatabase(data, ({ sqlite }) =>
    sqlite
      .prepare(
        'select operation, account_name as account, action, student_count as count, outcome from audit_entries where sequence > ? order by sequence',
      )
      .all(sequence),
  );

describe('audit verify', () => {
  test('says that the chain is whole and how many entries it has, without signing in and without an entry of its own', async () => {
    const { ok, entries } = await answerOf<Answer>(['audit', 'verify'], { data, env: { PORTFOLIO_PASSWORD: '' } });
    expect(ok).toBe(true);
    expect(entries).toBeGreaterThanOrEqual(0);
    expect((await answerOf<Answer>(['audit', 'verify'], { data })).entries).toBe(entries);
  });

  test('on a directory without a school is refused, and leaves none behind', async () => {
    expect(await refusalOf(['audit', 'verify'], { data: join(folder, 'nowhere') })).toMatchObject({ code: 'dataDirectory.empty' });
  });
});

describe('what the command line does', () => {
  test('is in the log like a window’s: a listing, a wrong password, a refused permission', async () => {
    const before = await answerOf<Answer>(['audit', 'verify'], { data });
    await answerOf(['students', 'list', '--limit', '50'], { data });
    expect(await refusalOf(['students', 'list'], { data, env: { PORTFOLIO_PASSWORD: 'wrong' } })).toMatchObject({ code: 'session.wrong' });
    expect(await refusalOf(['students', 'list', '--account', 'nobody'], { data })).toMatchObject({ code: 'session.wrong' });
    expect(await entriesAfter(before.entries)).toEqual([
      { operation: 'session.signIn', account: '999999adm', action: 'signIn', count: 0, outcome: 'done' },
      { operation: 'students.list', account: '999999adm', action: 'view', count: 24, outcome: 'done' },
      { operation: 'session.signOut', account: '999999adm', action: 'signIn', count: 0, outcome: 'done' },
      { operation: 'session.signIn', account: '999999adm', action: 'signIn', count: 0, outcome: 'session.wrong' },
      // What was typed as an account may have been a password: it is not kept.
      { operation: 'session.signIn', account: '-', action: 'signIn', count: 0, outcome: 'session.wrong' },
    ]);
    expect((await answerOf<Answer>(['audit', 'verify'], { data })).entries).toBe(before.entries + 5);
  });

  test('report audit-log writes the whole log', async () => {
    const { entries } = await answerOf<Answer>(['audit', 'verify'], { data });
    const made = await answerOf<{ rows: number }>(['report', 'audit-log', '--out', join(folder, '稽核紀錄.xlsx')], { data });
    // The sign-in of the report itself is in it, its own entry is not.
    expect(made.rows).toBe(entries + 1);
  });
});

describe('a log that was tampered with', () => {
  test('is refused with the entry at which it shows; doctor says so too', async () => {
    const { entries } = await answerOf<Answer>(['audit', 'verify'], { data });
    await inDatabase(data, ({ sqlite }) => {
      dropTriggers(sqlite);
      sqlite.prepare("update audit_entries set account_name = 'someone-else' where sequence = 2").run();
    });
    const verified = await run(['audit', 'verify'], { data });
    expect(verified.status).toBe(1);
    expect(verified.json()).toMatchObject({
      ok: false,
      entries,
      faults: [{ sequence: 2, kind: 'altered' }],
      error: { code: 'audit.broken', details: { sequence: 2 } },
    });
    expect(verified.stderr).toContain('第 2 筆的內容被更改過');

    const examined = await run(['doctor'], { data });
    const { checks } = examined.json<{ checks: { name: string; ok: boolean; message: string }[] }>();
    expect(checks.map(({ name }) => name)).toEqual(['database', 'attachments', 'secrets', 'clock', 'disk', 'connection', 'backup']);
    expect(checks[0]).toMatchObject({ name: 'database', ok: false });
    expect(checks[0]!.message).toContain('第 2 筆的內容被更改過');
    expect(examined.status).toBe(1);
  });

  test('cut off at its end is refused too', async () => {
    const cut = join(folder, 'cut');
    await answerOf(['trial', 'create', '--students', '24', '--seed', '6'], { data: cut });
    await answerOf(['students', 'list'], { data: cut });
    await inDatabase(cut, ({ sqlite }) => {
      dropTriggers(sqlite);
      sqlite.prepare('delete from audit_entries where sequence > 1').run();
    });
    const verified = await run(['audit', 'verify'], { data: cut });
    expect(verified.status).toBe(1);
    expect(verified.json()).toMatchObject({ ok: false, entries: 1, error: { code: 'audit.broken', details: { sequence: 1 } } });
  });
});

test('doctor of a whole log says how many entries there are', async () => {
  const fine = join(folder, 'fine');
  await answerOf(['trial', 'create', '--students', '24', '--seed', '7'], { data: fine });
  await answerOf(['students', 'list'], { data: fine, env: { PORTFOLIO_PASSWORD: password } });
  const { checks } = await answerOf<{ checks: { name: string; ok: boolean; message: string }[] }>(['doctor'], { data: fine });
  expect(checks[0]!.message).toMatch(/稽核紀錄 \d+ 筆前後相接/);
});
