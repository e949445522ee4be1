import { z } from 'zod';
import { command, defineFeature, type FunctionModule, functionModules, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

const view = { module: 'S0200S', right: 'view' } as const;
const create = { module: 'S0200S', right: 'create' } as const;
const update = { module: 'S0200S', right: 'update' } as const;
const remove = { module: 'S0200S', right: 'delete' } as const;

const codeColumn = { key: 'code', title: '角色編號', kind: 'text', width: 120 } as const;

export const roleGroupGrid = defineGrid({
  name: 'roleGroups',
  title: '角色群組',
  columns: [
    rowId,
    codeColumn,
    { key: 'name', title: '角色名稱', kind: 'text', width: 260 },
    { key: 'enabled', title: '是否使用', kind: 'flag', width: 110 },
    { key: 'remark', title: '備註', kind: 'text' },
  ],
  students: null,
  defaultSort: { key: 'code' },
});

/** Who is in which group: one row for each. */
export const roleMemberGrid = defineGrid({
  name: 'roleMembers',
  title: '群組人員',
  columns: [
    codeColumn,
    { key: 'groupName', title: '角色名稱', kind: 'text', width: 200 },
    { key: 'accountName', title: '登入帳號', kind: 'text', width: 200 },
    { key: 'name', title: '姓名', kind: 'text' },
    { key: 'groupEnabled', title: '是否使用', kind: 'flag', width: 110 },
    { key: 'accountEnabled', title: '帳號啟用', kind: 'flag', width: 110 },
  ],
  students: null,
  defaultSort: { key: 'code' },
});

const moduleCodes = Object.keys(functionModules) as [FunctionModule, ...FunctionModule[]];

/** A module of a group with the rights ticked: 新增, 修改, 刪除. */
export const grantedModule = z.object({
  module: z.enum(moduleCodes),
  create: z.boolean(),
  update: z.boolean(),
  delete: z.boolean(),
});
export type GrantedModule = z.infer<typeof grantedModule>;

export const rolePerson = z.object({
  /** Of the account. */
  id: z.string(),
  accountName: z.string(),
  name: z.string(),
  /** Has every right whatever his groups. */
  administrator: z.boolean(),
  hasPassword: z.boolean(),
  enabled: z.boolean(),
});
export type RolePerson = z.infer<typeof rolePerson>;

/** 新增記錄 (manual §3.1.1). */
export const roleGroupFields = z.object({
  code: z.string().trim().max(20),
  name: z.string().trim().max(50),
  enabled: z.boolean(),
  remark: z.string().trim().max(200),
});
export type RoleGroupFields = z.infer<typeof roleGroupFields>;

/** Which field of the form is refused, in `details.field` of `roles.refused`. */
export type RoleGroupField = 'code' | 'name';

const ofGroup = { groupId: z.string() };
const accountIds = z.array(z.string()).min(1).max(1000);
/** What changed, for the audit log: the group by its 角色編號. */
const ofCode = z.object({ code: z.string() });
const ofAccounts = z.object({ code: z.string(), accountNames: z.array(z.string()) });

const namedInLog = 20;
function names(all: readonly string[]): string {
  const shown = all.slice(0, namedInLog).join('、');
  return all.length > namedInLog ? `${shown}等 ${all.length} 個` : shown;
}
const rightsText = (granted: GrantedModule) =>
  `${granted.module}(${[granted.create && '新增', granted.update && '修改', granted.delete && '刪除'].filter(Boolean).join(' ') || '檢視'})`;

const memberList = gridOperations(roleMemberGrid, view);

/**
 * 維護角色權限 (manual §3.1): role groups, their modules and their members, and the accounts that sign in. The office's own, not shared with the
 * city. What a group may do and who is in it is 修改 of the group. Errors of all that name a group: roles.groupUnknown.
 */
export const roles = defineFeature('roles', {
  ...gridOperations(roleGroupGrid, view),
  members: memberList.list,
  exportMembers: memberList.exportWorkbook,
  /** Errors: roles.refused with `details.field`. */
  create: command({
    title: '新增角色群組',
    input: roleGroupFields,
    output: z.object({ id: z.string(), code: z.string() }),
    access: create,
    audit: { action: 'change', summary: ({ enabled }, { code }) => `新增群組 ${code}，${enabled ? '使用' : '不使用'}` },
  }),
  /** Errors: roles.refused with `details.field`. */
  update: command({
    title: '修改角色群組',
    input: roleGroupFields.extend({ id: z.string() }),
    output: ofCode,
    access: update,
    audit: { action: 'change', summary: ({ enabled }, { code }) => `修改群組 ${code}，${enabled ? '使用' : '不使用'}` },
  }),
  remove: command({
    title: '刪除角色群組',
    input: z.object({ id: z.string() }),
    output: ofCode,
    access: remove,
    audit: { action: 'change', summary: (_input, { code }) => `刪除群組 ${code}` },
  }),
  /** The modules of a group; those not there are 待選功能模組. */
  modules: query({
    title: '查看群組功能設定',
    input: z.object(ofGroup),
    output: z.object({ modules: z.array(grantedModule) }),
    access: view,
  }),
  /** Gives a group modules, or other rights on those it has. */
  setModules: command({
    title: '設定群組功能',
    input: z.object({ ...ofGroup, modules: z.array(grantedModule).min(1).max(moduleCodes.length) }),
    output: ofCode,
    access: update,
    audit: { action: 'change', summary: ({ modules }, { code }) => `群組 ${code} 功能模組：${modules.map(rightsText).join('、')}` },
  }),
  removeModules: command({
    title: '移除群組功能',
    input: z.object({ ...ofGroup, modules: z.array(z.enum(moduleCodes)).min(1) }),
    output: ofCode,
    access: update,
    audit: { action: 'change', summary: ({ modules }, { code }) => `群組 ${code} 移除功能模組：${modules.join('、')}` },
  }),
  /** 待選人員 and 所屬人員 of a group. */
  people: query({
    title: '查看群組人員設定',
    input: z.object(ofGroup),
    output: z.object({ available: z.array(rolePerson), chosen: z.array(rolePerson) }),
    access: view,
  }),
  addMembers: command({
    title: '新增群組人員',
    input: z.object({ ...ofGroup, accountIds }),
    output: ofAccounts,
    access: update,
    audit: { action: 'change', summary: (_input, { code, accountNames }) => `群組 ${code} 新增人員：${names(accountNames)}` },
  }),
  removeMembers: command({
    title: '移除群組人員',
    input: z.object({ ...ofGroup, accountIds }),
    output: ofAccounts,
    access: update,
    audit: { action: 'change', summary: (_input, { code, accountNames }) => `群組 ${code} 移除人員：${names(accountNames)}` },
  }),
  /** Errors: account.unknown, account.administrator, account.own, account.teacherGone. */
  givePassword: command({
    title: '給一次性密碼',
    input: z.object({ accountId: z.string() }),
    output: z.object({ accountName: z.string(), displayName: z.string(), /** Shown once, kept nowhere. */ oneTimePassword: z.string() }),
    access: update,
    audit: { action: 'reveal', summary: (_input, { accountName }) => `給 ${accountName} 一次性密碼並啟用` },
  }),
  /** Errors: as givePassword, and account.withoutPassword. */
  setAccountEnabled: command({
    title: '啟用或停用帳號',
    input: z.object({ accountId: z.string(), enabled: z.boolean() }),
    output: z.object({ accountName: z.string() }),
    access: update,
    audit: { action: 'change', summary: ({ enabled }, { accountName }) => `${enabled ? '啟用' : '停用'}帳號 ${accountName}` },
  }),
});
