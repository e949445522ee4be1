import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { InputOf, OutputOf } from '../../main/features/contract.ts';
import { programRoot } from '../../main/platform/resources.ts';
import { openTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { dropTriggers } from './log.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** 稽核紀錄 as the office reads it. */

let trial: Trial;
let pupil: { id: string; number: string; name: string };
const sqlite = () => trial.application.foundation.connection.sqlite;
const newest = () =>
  sqlite()
    .prepare(
      `select operation, action, account_name as account, summary, student_ids as ids, student_count as count, outcome
       from audit_entries order by sequence desc limit 1`,
    )
    .get() as { operation: string; action: string; account: string; summary: string; ids: string; count: number; outcome: string };
const list = (input: InputOf<'audit.list'> = {}) => trial.call('audit.list', input);

beforeAll(async () => {
  trial = await openTrial();
  pupil = sqlite()
    .prepare("select id, student_number as number, name from students where status = 'enrolled' order by student_number limit 1")
    .get() as typeof pupil;
});
afterAll(async () => {
  await trial.application.close();
  rmSync(trial.directory, { recursive: true, force: true });
});

describe('the list', () => {
  test('shows who did what, when, about how many students, the newest first', async () => {
    await trial.call('cabinet.read', { studentId: pupil.id });
    const { rows, total } = await list();
    expect(rows[0]).toMatchObject({
      accountName: '999999adm',
      action: 'view',
      title: '查看學習歷程檔案櫃',
      module: null,
      summary: '',
      studentCount: 1,
      outcome: 'done',
      code: 'done',
    });
    expect(rows[0]!.at).toMatch(/^2026-11-24T/);
    expect(rows[0]!.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(Number(rows[0]!.sequence)).toBe(total);
    expect(rows[1]!.sequence).toBe(total - 1);
  });

  test('is viewed under its own entry', async () => {
    await list();
    expect(newest()).toMatchObject({ operation: 'audit.list', action: 'view', count: 0, outcome: 'done' });
  });

  test.each<[string, Record<string, string>, (row: Record<string, unknown>) => boolean]>([
    ['account', { accountName: '999999adm' }, (row) => row.accountName === '999999adm'],
    ['action', { action: 'signIn' }, (row) => row.action === 'signIn'],
    ['operation', { title: '登入' }, (row) => String(row.title).includes('登入')],
    ['module', { module: 'S0219S' }, (row) => row.module === 'S0219S'],
    ['students', { studentCount: '≥ 1' }, (row) => Number(row.studentCount) >= 1],
    ['outcome', { outcome: 'failed' }, (row) => row.outcome === 'failed'],
    ['day', { at: '115/11/24' }, (row) => String(row.at).startsWith('2026-11-24')],
  ])('is filtered by %s', async (_name, filter, holds) => {
    await trial.call('transferOut.list', {});
    await trial.application.signIn('another', '999999adm', 'no such password');
    const all = await list({ pageSize: 1000 });
    const { rows, total } = await list({ filter, pageSize: 1000 });
    expect(total).toBeGreaterThan(0);
    expect(rows.every(holds)).toBe(true);
    // What the second look added is the first one's own entry.
    expect(total - all.rows.filter(holds).length).toBeLessThanOrEqual(1);
  });

  test('is narrowed to the last days', async () => {
    const { total } = await list({ days: 1 });
    expect(total).toBe((await list({ filter: { at: '115/11/24' } })).total - 1);
    expect((await list({ filter: { at: '115/11/23' } })).total).toBe(0);
  });

  test('is narrowed to one student by number or name: what was opened, and lists that named him', async () => {
    await trial.call('cabinet.read', { studentId: pupil.id });
    await trial.call('students.list', { filter: { studentNumber: `"${pupil.number}"` } });
    await trial.call('students.list', {});
    for (const student of [pupil.number, pupil.name, pupil.name.slice(1)]) {
      const { rows } = await list({ student });
      expect(rows.slice(0, 2).map(({ title, studentCount }) => [title, studentCount])).toEqual([
        ['查看學生清單', 1],
        ['查看學習歷程檔案櫃', 1],
      ]);
    }
    expect((await list({ student: '沒有這個人' })).total).toBe(0);
    // A full page names nobody and counts everybody.
    const page = sqlite().prepare(
      "select student_ids as ids, student_count as count from audit_entries where operation = 'students.list' order by sequence desc limit 1",
    );
    expect(page.get()).toEqual({ ids: '[]', count: 30 });
  });

  test('is for those who have S0223S alone', async () => {
    const { id } = await trial.call('roles.create', { code: '903', name: '測試', enabled: true, remark: '' });
    const account = sqlite().prepare("select id, name from accounts where kind = 'teacher' order by name limit 1").get() as {
      id: string;
      name: string;
    };
    await trial.call('roles.setModules', { groupId: id, modules: [{ module: 'S0205S', create: true, update: true, delete: true }] });
    await trial.call('roles.addMembers', { groupId: id, accountIds: [account.id] });
    const { oneTimePassword } = await trial.call('roles.givePassword', { accountId: account.id });
    const { application } = trial;
    await application.signIn('clerk', account.name, oneTimePassword);
    const changed = await application.call({ connectionId: 'clerk' }, 'session.changePassword', {
      currentPassword: oneTimePassword,
      newPassword: '測試用-烏心石-3394',
    });
    expect(changed.ok).toBe(true);
    for (const [name, input] of [
      ['audit.list', {}],
      ['audit.exportWorkbook', {}],
      ['audit.detail', { sequence: 1 }],
      ['audit.state', {}],
      ['audit.verify', {}],
      ['audit.acceptEnd', { reason: '還原備份' }],
    ] as const) {
      expect(await application.call({ connectionId: 'clerk' }, name, input)).toMatchObject({
        ok: false,
        error: { code: 'permission.denied' },
      });
      expect(newest()).toMatchObject({ operation: name, account: account.name, outcome: 'permission.denied' });
    }
    await trial.call('roles.setModules', { groupId: id, modules: [{ module: 'S0223S', create: false, update: false, delete: false }] });
    expect(await application.call({ connectionId: 'clerk' }, 'audit.list', {})).toMatchObject({ ok: true });
    expect(await application.call({ connectionId: 'clerk' }, 'audit.acceptEnd', { reason: '還原備份' })).toMatchObject({
      ok: false,
      error: { code: 'permission.denied' },
    });
  });
});

describe('明細', () => {
  test('names the students as they are known today, and the entry holds', async () => {
    await trial.call('cabinet.revealIdentity', { studentId: pupil.id });
    const [row] = (await list()).rows;
    const detail = await trial.call('audit.detail', { sequence: Number(row!.sequence) });
    expect(detail).toMatchObject({
      accountName: '999999adm',
      displayName: '測試高中-學校管理',
      operation: 'cabinet.revealIdentity',
      title: '顯示身分證統一編號',
      action: 'reveal',
      studentCount: 1,
      students: [{ id: pupil.id, studentNumber: pupil.number, name: pupil.name }],
      intact: true,
    });
    expect(newest()).toMatchObject({ operation: 'audit.detail', ids: JSON.stringify([pupil.id]), count: 1 });
  });

  test('of an entry that is not there is refused', async () => {
    await expect(trial.call('audit.detail', { sequence: 9_999_999 })).rejects.toMatchObject({ code: 'audit.unknown' });
  });
});

test('the workbook holds what is filtered, with the hash of each entry', async () => {
  const { rows } = await list({ filter: { action: 'signIn' }, pageSize: 1000 });
  const made = await trial.runJob('audit.exportWorkbook', { filter: { action: 'signIn' } });
  expect(made).toMatchObject({ rows: rows.length, students: 0 });
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(trial.application.files.outgoingPath(made.file.token));
  const sheet = workbook.worksheets[0]!;
  const headings = (sheet.getRow(2).values as unknown[]).slice(1);
  expect(headings).toEqual(['序號', '時間', '帳號', '動作', '作業', '功能模組', '摘要', '學生人數', '結果', '結果代碼', '雜湊']);
  expect((sheet.getRow(3).values as unknown[]).at(-1)).toBe(rows[0]!.hash);
  expect(newest()).toMatchObject({ operation: 'audit.exportWorkbook', action: 'export', outcome: 'done' });
});

describe('the chain', () => {
  test('is verified by 立即驗證, and the state is told', async () => {
    const made = await trial.runJob('audit.verify', {});
    expect(made).toMatchObject({ ok: true, purged: 0, faults: [] });
    const state = await trial.call('audit.state', {});
    expect(state).toMatchObject({ verifying: false, verification: { ok: true, entries: made.entries } });
    expect(newest()).toMatchObject({ operation: 'audit.verify', outcome: 'done' });
    expect(readFileSync(join(trial.directory, 'logs', 'office.log'), 'utf8')).toContain(made.head!.hash);
  });
});

describe('a directory that is opened', () => {
  const reopened = async (schedule: boolean) => {
    const { createApplication } = await import('../../main/application/application.ts');
    const { testMasterKey } = await import('../support/directories.ts');
    return createApplication({ dataDirectory: trial.directory, masterKey: testMasterKey, schedule });
  };
  const untilVerified = async (application: Awaited<ReturnType<typeof reopened>>): Promise<OutputOf<'audit.state'>> => {
    await application.signIn('window', '999999adm', trialPassword);
    for (;;) {
      const told = new Promise<void>((resolve) => {
        const stop = application.onEvent((event) => {
          if (event.event !== 'changed' || !event.topics.includes('audit')) return;
          stop();
          resolve();
        });
      });
      const answer = await application.call({ connectionId: 'window' }, 'audit.state', {});
      if (!answer.ok) throw new Error(answer.error.code);
      const state = answer.data as OutputOf<'audit.state'>;
      if (state.verification && !state.verifying) return state;
      await told;
    }
  };

  test('for a window verifies its log by itself; for a command it does not', async () => {
    await trial.application.close();
    const window = await reopened(true);
    expect(await untilVerified(window)).toMatchObject({ verification: { ok: true } });
    await window.close();
    const command = await reopened(false);
    await command.signIn('window', '999999adm', trialPassword);
    expect(await command.call({ connectionId: 'window' }, 'audit.state', {})).toMatchObject({
      ok: true,
      data: { verification: null, verifying: false },
    });
    await command.close();
    trial = await signInto(trial.directory, '999999adm', trialPassword);
  });

  test('tells of an entry that was changed beside it', async () => {
    dropTriggers(sqlite());
    const before = sqlite().prepare('select summary from audit_entries where sequence = 3').pluck().get();
    sqlite().prepare("update audit_entries set summary = '別的' where sequence = 3").run();
    const made = await trial.runJob('audit.verify', {});
    expect(made).toMatchObject({ ok: false, faults: [{ sequence: 3, kind: 'altered' }] });
    expect(await trial.call('audit.detail', { sequence: 3 })).toMatchObject({ intact: false });
    await expect(trial.call('audit.acceptEnd', { reason: '沒有這回事' })).rejects.toMatchObject({ code: 'audit.endsWhole' });
    sqlite().prepare('update audit_entries set summary = ? where sequence = 3').run(before);
    expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true });
  });

  test('whose last entries were cut off says so until the office says why, which then stands in the log', async () => {
    const { total } = await list();
    await trial.application.close();
    const command = await reopened(false);
    dropTriggers(command.foundation.connection.sqlite);
    command.foundation.connection.sqlite.prepare('delete from audit_entries where sequence > ?').run(total - 5);
    await command.close();

    trial = await signInto(trial.directory, '999999adm', trialPassword);
    expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: false, faults: [{ kind: 'tail' }] });
    // Going on writing covers nothing up, now or after another start.
    for (let looks = 0; looks < 12; looks += 1) await list();
    await trial.application.close();
    trial = await signInto(trial.directory, '999999adm', trialPassword);
    const found = await trial.runJob('audit.verify', {});
    expect(found).toMatchObject({ ok: false, faultCount: 1, faults: [{ kind: 'tail' }] });

    await trial.call('audit.acceptEnd', { reason: '測試時還原了昨天的備份' });
    expect(newest()).toMatchObject({ operation: 'audit.acceptEnd', action: 'change', account: '999999adm', outcome: 'done' });
    expect(newest().summary).toMatch(/^結尾原為第 \d+ 筆（[0-9a-f]{64}），由第 \d+ 筆續寫：測試時還原了昨天的備份$/);
    expect((await trial.call('audit.state', {})).verification).toMatchObject({ ok: true });
    expect(sqlite().prepare('select count(*) from audited_calls').pluck().get()).toBe(0);
  });
});

describe('a call that may change something', () => {
  test('is announced before its work and forgotten with its entry', async () => {
    const seen: unknown[] = [];
    const stop = trial.application.onEvent(() =>
      seen.push(sqlite().prepare('select operation, account_name as account from audited_calls').all()),
    );
    await trial.call('terms.offer', { academicYear: 113, semester: 1, offered: true }).catch(() => {});
    await trial.call('slips.saveRemarks', { remarks: '備註' });
    stop();
    expect(seen).toContainEqual([{ operation: 'slips.saveRemarks', account: '999999adm' }]);
    expect(sqlite().prepare('select count(*) from audited_calls').pluck().get()).toBe(0);
    expect(newest()).toMatchObject({ operation: 'slips.saveRemarks', outcome: 'done' });
  });

  test('and was killed has its entry at the next start, whoever opens the directory', async () => {
    await trial.application.close();
    const killed = spawnSync(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      join(programRoot, 'tests/audit/killed-call.ts'),
      trial.directory,
      '999999adm',
      trialPassword,
    ]);
    expect(killed.signal).toBe('SIGKILL');
    trial = await signInto(trial.directory, '999999adm', trialPassword);
    const { rows } = await list({ filter: { outcome: 'interrupted' } });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ title: '同步作業', accountName: '999999adm', action: 'change', code: 'interrupted' });
    expect(rows[0]!.summary).toMatch(/^同步作業（\d{3}\/\d\d\/\d\d \d\d:\d\d:\d\d 開始，程式中斷，結果不明）$/);
    expect(await trial.runJob('audit.verify', {})).toMatchObject({ ok: true });
  });
});
