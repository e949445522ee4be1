import { randomUUID } from 'node:crypto';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Orm } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { accounts, roleGroupModules, roleGroups, roleMembers } from '../../../db/schema/index.ts';
import { type FunctionModule, functionModules } from '../../application/contract.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { type RoleGroupField, type RoleGroupFields, type RolePerson, roleGroupGrid, roleMemberGrid, type roles } from './contract.ts';

const groupSource: GridSource = {
  from: 'role_groups g',
  columns: { id: 'g.id', code: 'g.code', name: 'g.name', enabled: 'g.enabled', remark: 'g.remark' },
  tieBreaker: 'g.code',
};

const memberSource: GridSource = {
  from: 'role_members m join role_groups g on g.id = m.role_group_id join accounts a on a.id = m.account_id',
  columns: {
    code: 'g.code',
    groupName: 'g.name',
    accountName: 'a.name',
    name: 'a.display_name',
    groupEnabled: 'g.enabled',
    accountEnabled: 'a.enabled',
  },
  tieBreaker: 'g.code, a.name',
};

const refused = (field: RoleGroupField, message: string) => new ApplicationError('roles.refused', message, { field });

/** @returns the fields as they are kept, full-width digits made plain. @throws `roles.refused` */
function requireGoodFields(orm: Orm, fields: RoleGroupFields, ownId: string | null): RoleGroupFields {
  const code = fields.code.normalize('NFKC');
  if (!/^[0-9]{3}$/.test(code)) throw refused('code', '角色編號須為三位數字，例如 001。');
  if (fields.name === '') throw refused('name', '請輸入角色名稱。');
  const holder = orm.select().from(roleGroups).where(eq(roleGroups.code, code)).get();
  if (holder && holder.id !== ownId) throw refused('code', `角色編號 ${code} 已由「${holder.name}」使用，請換一個編號。`);
  return { ...fields, code };
}

function requireGroup(orm: Orm, id: string) {
  const group = orm.select().from(roleGroups).where(eq(roleGroups.id, id)).get();
  if (!group) throw new ApplicationError('roles.groupUnknown', '這個角色群組已被刪除，請重新整理後再選。', { groupId: id });
  return group;
}

const namesOf = (orm: Orm, accountIds: readonly string[]): { id: string; name: string }[] =>
  orm
    .select({ id: accounts.id, name: accounts.name })
    .from(accounts)
    .where(inArray(accounts.id, [...accountIds]))
    .orderBy(asc(accounts.name))
    .all();

function requireSession({ session }: CallContext) {
  if (!session) throw new ApplicationError('session.required', '請先登入。');
  return session;
}

/** 維護角色權限 (manual §3.1). Every change reaches the sessions that are open at once. */
export function rolesHandlers({
  foundation,
  connection: { orm },
  write,
  session: sessionService,
  changed,
}: FeatureServices): Handlers<typeof roles> {
  const members = gridHandlers(foundation, roleMemberGrid, () => memberSource);
  /** Changes groups, and tells: the sessions their rights, the windows to ask again. */
  const change = async <Result>(work: () => Result): Promise<Result> => {
    const result = await write(work);
    sessionService.refreshRights();
    changed('roles', 'session');
    return result;
  };

  return {
    ...gridHandlers(foundation, roleGroupGrid, () => groupSource),
    members: members.list,
    exportMembers: members.exportWorkbook,
    create: (input) =>
      change(() => {
        const fields = requireGoodFields(orm, input, null);
        const id = randomUUID();
        orm
          .insert(roleGroups)
          .values({ id, ...fields })
          .run();
        return { id, code: fields.code };
      }),
    update: ({ id, ...input }) =>
      change(() => {
        requireGroup(orm, id);
        const fields = requireGoodFields(orm, input, id);
        orm.update(roleGroups).set(fields).where(eq(roleGroups.id, id)).run();
        return { code: fields.code };
      }),
    remove: ({ id }) =>
      change(() => {
        const { code } = requireGroup(orm, id);
        orm.delete(roleGroups).where(eq(roleGroups.id, id)).run();
        return { code };
      }),
    modules: ({ groupId }) => {
      requireGroup(orm, groupId);
      const granted = orm.select().from(roleGroupModules).where(eq(roleGroupModules.roleGroupId, groupId)).all();
      return {
        modules: granted.flatMap(({ module, canCreate, canUpdate, canDelete }) =>
          module in functionModules ? [{ module: module as FunctionModule, create: canCreate, update: canUpdate, delete: canDelete }] : [],
        ),
      };
    },
    setModules: ({ groupId, modules }) =>
      change(() => {
        const { code } = requireGroup(orm, groupId);
        for (const { module, create: canCreate, update: canUpdate, delete: canDelete } of modules) {
          const rights = { canCreate, canUpdate, canDelete };
          orm
            .insert(roleGroupModules)
            .values({ roleGroupId: groupId, module, ...rights })
            .onConflictDoUpdate({ target: [roleGroupModules.roleGroupId, roleGroupModules.module], set: rights })
            .run();
        }
        return { code };
      }),
    removeModules: ({ groupId, modules }) =>
      change(() => {
        const { code } = requireGroup(orm, groupId);
        orm
          .delete(roleGroupModules)
          .where(and(eq(roleGroupModules.roleGroupId, groupId), inArray(roleGroupModules.module, modules)))
          .run();
        return { code };
      }),
    people: ({ groupId }) => {
      requireGroup(orm, groupId);
      const inGroup = new Set(
        orm
          .select({ id: roleMembers.accountId })
          .from(roleMembers)
          .where(eq(roleMembers.roleGroupId, groupId))
          .all()
          .map(({ id }) => id),
      );
      const people = orm
        .select()
        .from(accounts)
        .orderBy(asc(accounts.kind), asc(accounts.name))
        .all()
        .map(
          ({ id, name, displayName, kind, passwordHash, enabled }): RolePerson => ({
            id,
            accountName: name,
            name: displayName,
            administrator: kind === 'administrator',
            hasPassword: passwordHash !== null,
            enabled,
          }),
        );
      return { available: people.filter(({ id }) => !inGroup.has(id)), chosen: people.filter(({ id }) => inGroup.has(id)) };
    },
    addMembers: ({ groupId, accountIds }) =>
      change(() => {
        const { code } = requireGroup(orm, groupId);
        const known = namesOf(orm, accountIds);
        for (const { id } of known) orm.insert(roleMembers).values({ roleGroupId: groupId, accountId: id }).onConflictDoNothing().run();
        return { code, accountNames: known.map(({ name }) => name) };
      }),
    removeMembers: ({ groupId, accountIds }) =>
      change(() => {
        const { code } = requireGroup(orm, groupId);
        orm
          .delete(roleMembers)
          .where(and(eq(roleMembers.roleGroupId, groupId), inArray(roleMembers.accountId, accountIds)))
          .run();
        return { code, accountNames: namesOf(orm, accountIds).map(({ name }) => name) };
      }),
    givePassword: async ({ accountId }, context) => {
      const given = await sessionService.giveOneTimePassword(accountId, requireSession(context));
      changed('roles', 'session');
      return given;
    },
    setAccountEnabled: async ({ accountId, enabled }, context) => {
      const answer = await sessionService.setEnabled(accountId, enabled, requireSession(context));
      changed('roles', 'session');
      return answer;
    },
  };
}
