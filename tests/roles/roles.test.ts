import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { functionModules } from '../../main/application/contract.ts';
import type { InputOf, OperationName } from '../../main/features/contract.ts';
import { openTrial, type Trial } from '../support/trial.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** 維護角色權限 (manual §3.1) over the whole application: real database, two connections at once. */
let trial: Trial;
let clerk: { id: string; name: string };
let groups: Record<string, string>;

const clerkWindow = 'the clerk’s window';
const chosenPassword = '校園裡的老榕樹與鐘樓';

const value = (sql: string, ...parameters: string[]) =>
  trial.application.foundation.connection.sqlite
    .prepare<unknown[], unknown>(sql)
    .pluck()
    .get(...parameters);
const lastSummary = () => value('select summary from audit_entries order by sequence desc limit 1');
/** What a call of the clerk's window ends with: `ok`, or the code it is refused with. */
const asClerk = async <Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<string> => {
  const outcome = await trial.application.call({ connectionId: clerkWindow }, name, input);
  return outcome.ok ? 'ok' : outcome.error.code;
};
const groupRows = async () => (await trial.call('roles.list', {})).rows;
const enter = async (password: string) => {
  const outcome = await trial.application.signIn(clerkWindow, clerk.name, password);
  return outcome.ok ? 'ok' : outcome.error.code;
};

beforeAll(async () => {
  trial = await openTrial();
  groups = Object.fromEntries((await groupRows()).map(({ code, id }) => [code, String(id)]));
  const { available } = await trial.call('roles.people', { groupId: groups['001']! });
  const [first] = available.filter(({ administrator }) => !administrator);
  clerk = { id: first!.id, name: first!.accountName };
});
afterAll(() => trial.close());

describe('角色群組', () => {
  test('the trial school begins with the two groups of the manual', async () => {
    expect(await groupRows()).toMatchObject([
      { code: '001', name: '學習成果提交人員', enabled: 1, remark: '' },
      { code: '002', name: '多元表現提交人員', enabled: 1, remark: '' },
    ]);
    const rights = { create: true, update: true, delete: true };
    expect((await trial.call('roles.modules', { groupId: groups['001']! })).modules).toEqual([
      { module: 'S0205S', ...rights },
      { module: 'S0207S', ...rights },
    ]);
  });

  test.each([
    ['12', '四月', 'code'],
    ['1234', '四月', 'code'],
    ['a01', '四月', 'code'],
    ['001', '四月', 'code'],
    ['００１', '四月', 'code'],
    ['900', '  ', 'name'],
  ])('角色編號 %s with 角色名稱 "%s" is refused at %s, and nothing is kept', async (code, name, field) => {
    const before = await groupRows();
    await expect(trial.call('roles.create', { code, name, enabled: true, remark: '' })).rejects.toMatchObject({
      code: 'roles.refused',
      details: { field },
    });
    expect(await groupRows()).toEqual(before);
  });

  test('a group is made, changed under its own number, and removed with what hung on it', async () => {
    const { id } = await trial.call('roles.create', { code: '００９', name: '暫時', enabled: false, remark: '試' });
    expect((await groupRows()).at(-1)).toMatchObject({ id, code: '009', enabled: 0, remark: '試' });
    await trial.call('roles.update', { id, code: '009', name: '註冊組', enabled: true, remark: '' });
    expect((await groupRows()).at(-1)).toMatchObject({ code: '009', name: '註冊組', enabled: 1 });
    await trial.call('roles.addMembers', { groupId: id, accountIds: [clerk.id] });
    await trial.call('roles.setModules', { groupId: id, modules: [{ module: 'S0223S', create: false, update: false, delete: false }] });
    await trial.call('roles.remove', { id });
    expect(lastSummary()).toBe('刪除群組 009');
    expect(value('select count(*) from role_members where role_group_id = ?', id)).toBe(0);
    expect(value('select count(*) from role_group_modules where role_group_id = ?', id)).toBe(0);
    await expect(trial.call('roles.people', { groupId: id })).rejects.toMatchObject({ code: 'roles.groupUnknown' });
  });
});

describe('accounts', () => {
  test('an account that came with the sync cannot be used; a one-time password enables it and must be changed', async () => {
    expect(await enter('anything at all')).toBe('session.wrong');
    await expect(trial.call('roles.setAccountEnabled', { accountId: clerk.id, enabled: true })).rejects.toMatchObject({
      code: 'account.withoutPassword',
    });
    const { oneTimePassword, accountName } = await trial.call('roles.givePassword', { accountId: clerk.id });
    expect(accountName).toBe(clerk.name);
    expect(oneTimePassword).toMatch(/^[a-z]{6}-\d{4}-[a-z]{6}$/);
    expect(lastSummary()).toBe(`給 ${clerk.name} 一次性密碼並啟用`);
    expect(value('select count(*) from audit_entries where instr(summary, ?) > 0', oneTimePassword)).toBe(0);
    expect(await enter(oneTimePassword)).toBe('ok');
    expect(await asClerk('students.list', {})).toBe('session.mustChangePassword');
    expect(await asClerk('session.changePassword', { currentPassword: oneTimePassword, newPassword: chosenPassword })).toBe('ok');
  });

  test('another one-time password ends the open session and the old password, and lifts the waiting', async () => {
    for (let wrong = 0; wrong < 4; wrong += 1) await trial.application.signIn('someone', clerk.name, `wrong ${wrong}`);
    expect(await enter(chosenPassword)).toBe('session.waiting');
    const { oneTimePassword } = await trial.call('roles.givePassword', { accountId: clerk.id });
    expect(await asClerk('roles.list', {})).toBe('session.required');
    expect(await enter(chosenPassword)).toBe('session.wrong');
    expect(await enter(oneTimePassword)).toBe('ok');
    expect(await asClerk('session.changePassword', { currentPassword: oneTimePassword, newPassword: chosenPassword })).toBe('ok');
  });

  test('a disabled account is out at once, and in again when enabled', async () => {
    await trial.call('roles.setAccountEnabled', { accountId: clerk.id, enabled: false });
    expect(lastSummary()).toBe(`停用帳號 ${clerk.name}`);
    expect(await asClerk('session.lock', {})).toBe('session.required');
    expect(await enter(chosenPassword)).toBe('session.disabled');
    await trial.call('roles.setAccountEnabled', { accountId: clerk.id, enabled: true });
    expect(await enter(chosenPassword)).toBe('ok');
  });

  test('the account of a teacher who left is not opened', async () => {
    const { available } = await trial.call('roles.people', { groupId: groups['001']! });
    const gone = available.at(-1)!;
    const { sqlite } = trial.application.foundation.connection;
    sqlite.prepare('update teachers set active = 0 where id = (select teacher_id from accounts where id = ?)').run(gone.id);
    await expect(trial.call('roles.givePassword', { accountId: gone.id })).rejects.toMatchObject({ code: 'account.teacherGone' });
    await trial.call('roles.setAccountEnabled', { accountId: gone.id, enabled: false });
  });
});

describe('rights of a session that is open', () => {
  test('follow its groups at once: joined, a right taken back, disabled, removed', async () => {
    expect(await asClerk('outcomes.list', { academicYear: 115, semester: 1 })).toBe('permission.denied');
    const { id } = await trial.call('roles.create', { code: '100', name: '註冊組', enabled: true, remark: '' });
    await trial.call('roles.setModules', { groupId: id, modules: [{ module: 'S0200S', create: true, update: false, delete: false }] });
    expect(lastSummary()).toBe('群組 100 功能模組：S0200S(新增)');
    expect(await asClerk('roles.list', {})).toBe('permission.denied');
    await trial.call('roles.addMembers', { groupId: id, accountIds: [clerk.id] });
    expect(lastSummary()).toBe(`群組 100 新增人員：${clerk.name}`);
    expect(await asClerk('roles.list', {})).toBe('ok');
    expect(await asClerk('roles.remove', { id: 'none' })).toBe('permission.denied');

    // A second group adds to the first; its end takes only its own away.
    await trial.call('roles.addMembers', { groupId: groups['001']!, accountIds: [clerk.id] });
    expect(await asClerk('outcomes.list', { academicYear: 115, semester: 1 })).toBe('ok');
    await trial.call('roles.update', { id: groups['001']!, code: '001', name: '學習成果提交人員', enabled: false, remark: '' });
    expect(await asClerk('outcomes.list', { academicYear: 115, semester: 1 })).toBe('permission.denied');
    expect(await asClerk('roles.list', {})).toBe('ok');

    await trial.call('roles.setModules', { groupId: id, modules: [{ module: 'S0200S', create: false, update: true, delete: false }] });
    expect(await asClerk('roles.create', { code: '101', name: '組', enabled: true, remark: '' })).toBe('permission.denied');
    await trial.call('roles.removeModules', { groupId: id, modules: ['S0200S'] });
    expect(await asClerk('roles.list', {})).toBe('permission.denied');
  });

  test('a clerk who may set roles takes over no administrator and locks nobody out of his own account; what he raises is in the log', async () => {
    const { id } = await trial.call('roles.create', { code: '200', name: '權限', enabled: true, remark: '' });
    await trial.call('roles.setModules', { groupId: id, modules: [{ module: 'S0200S', create: true, update: true, delete: true }] });
    await trial.call('roles.addMembers', { groupId: id, accountIds: [clerk.id] });
    const administratorId = String(value("select id from accounts where kind = 'administrator'"));
    expect(await asClerk('roles.givePassword', { accountId: administratorId })).toBe('account.administrator');
    expect(await asClerk('roles.setAccountEnabled', { accountId: administratorId, enabled: false })).toBe('account.administrator');
    expect(await asClerk('roles.setAccountEnabled', { accountId: clerk.id, enabled: false })).toBe('account.own');
    await expect(trial.call('roles.setAccountEnabled', { accountId: administratorId, enabled: false })).rejects.toMatchObject({
      code: 'account.administrator',
    });
    const everything = (Object.keys(functionModules) as (keyof typeof functionModules)[]).map((module) => ({
      module,
      create: true,
      update: true,
      delete: true,
    }));
    expect(await asClerk('roles.setModules', { groupId: id, modules: everything })).toBe('ok');
    expect(value('select account_name from audit_entries order by sequence desc limit 1')).toBe(clerk.name);
    expect(lastSummary()).toContain('S0225S(新增 修改 刪除)');
  });

  test('the administrator keeps every right whatever the groups say', async () => {
    for (const { id } of await groupRows()) await trial.call('roles.remove', { id: String(id) });
    expect(await groupRows()).toEqual([]);
    expect(await asClerk('roles.list', {})).toBe('permission.denied');
  });
});

test('the workbook of 群組人員 has every member of every group', async () => {
  const { id } = await trial.call('roles.create', { code: '300', name: '教務處', enabled: true, remark: '' });
  await trial.call('roles.addMembers', { groupId: id, accountIds: [clerk.id] });
  const { file, rows } = await trial.runJob('roles.exportMembers', {});
  expect(rows).toBe(1);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(trial.application.files.outgoingPath(file.token));
  const cells: string[] = [];
  workbook.worksheets[0]!.eachRow((row) => {
    row.eachCell(({ text }) => {
      cells.push(text);
    });
  });
  expect(cells).toEqual(expect.arrayContaining(['角色編號', '角色名稱', '登入帳號', '姓名', '300', '教務處', clerk.name]));
});
