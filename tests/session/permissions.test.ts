import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts, roleGroupModules, roleGroups, roleMembers } from '../../db/schema/index.ts';
import { demandsOf, type FunctionModule, functionModules, type Right } from '../../main/application/contract.ts';
import type { Route } from '../../main/application/router.ts';
import { operations } from '../../main/features/contract.ts';
import { addTeacherAccount, answer, newSchool, refusal } from './office.ts';

/** Every operation beside the session's own, bound to a handler that the walk never reaches. */
const otherRoutes: [string, Route][] = [...operations]
  .filter(([name]) => !name.startsWith('session.'))
  .map(([name, operation]) => [
    name,
    {
      operation,
      handle: () => {
        throw new Error('the walk gives no valid input');
      },
    },
  ]);

const password = '校園裡的老榕樹';
let school: Awaited<ReturnType<typeof newSchool>>;
let accountId: string;

beforeAll(async () => {
  school = await newSchool({ routes: otherRoutes });
  accountId = await addTeacherAccount(school.office, { name: 'clerk', password });
  answer(await school.office.signIn('clerk', password));
});
afterAll(() => school.remove());

interface Granted {
  module: FunctionModule;
  rights: readonly Right[];
  groupEnabled?: boolean;
}

/** Puts the clerk, who is signed in, into groups with exactly these rights, one group each. */
async function grant(granted: readonly Granted[]) {
  const { orm } = school.office.connection;
  orm.delete(roleGroups).run();
  granted.forEach(({ module, rights, groupEnabled = true }, index) => {
    const id = `group-${index}`;
    const has = (right: Right) => rights.includes(right);
    orm
      .insert(roleGroups)
      .values({ id, code: String(index + 1).padStart(3, '0'), name: `群組${index + 1}`, enabled: groupEnabled })
      .run();
    orm
      .insert(roleGroupModules)
      .values({ roleGroupId: id, module, canCreate: has('create'), canUpdate: has('update'), canDelete: has('delete') })
      .run();
    orm.insert(roleMembers).values({ roleGroupId: id, accountId }).run();
  });
  school.office.service.refreshRights();
  return answer(await school.office.call('session.status', {}, 'command')).session!;
}

/** Input that no operation takes: what is refused for it was let through by the permission. */
const noInput = 'not an input';
const codeOf = async (name: string) => refusal(await school.office.router.call({ connectionId: 'command' }, name, noInput)).code;

const guarded = [...operations].filter(([, { access }]) => demandsOf(access).length > 0);

describe('permission of every operation', () => {
  test('the contract has guarded operations of every feature but the public ones', () => {
    expect(guarded.length).toBeGreaterThan(20);
  });

  test.each(guarded)('%s: refused without its right, let through with it', async (name, { access }) => {
    for (const { module, right } of demandsOf(access)) {
      await grant([{ module, rights: ['view', right] }]);
      expect(await codeOf(name)).toBe('input.invalid');
    }
    // Everything but what it asks for: other modules whole, its own without the right.
    const wanted = demandsOf(access);
    const modules = Object.keys(functionModules) as FunctionModule[];
    const rest = modules.flatMap((module): Granted[] => {
      const asked = wanted.filter((demand) => demand.module === module).map((demand) => demand.right);
      if (asked.includes('view')) return [];
      return [{ module, rights: (['create', 'update', 'delete'] as const).filter((right) => !asked.includes(right)) }];
    });
    await grant(rest);
    expect(await codeOf(name)).toBe('permission.denied');
    await grant([]);
    expect(await codeOf(name)).toBe('permission.denied');
  });

  test('without a session only the public operations are answered', async () => {
    for (const [name, { access }] of operations) {
      const code = refusal(await school.office.router.call({ connectionId: 'nobody' }, name, noInput)).code;
      expect([name, code]).toEqual([name, access === 'public' ? 'input.invalid' : 'session.required']);
    }
  });

  test('a refusal is in the audit log with the account that tried', async () => {
    await grant([]);
    await codeOf('transferOut.produce');
    expect(school.office.auditEntries().at(-1)).toEqual({
      accountName: 'clerk',
      operation: 'transferOut.produce',
      action: 'export',
      outcome: 'permission.denied',
    });
  });
});

describe('role groups', () => {
  test('given two groups, then their rights add up', async () => {
    const session = await grant([
      { module: 'S0219S', rights: ['create'] },
      { module: 'S0219S', rights: ['delete'] },
      { module: 'S0222S', rights: [] },
    ]);
    expect(session.rights).toEqual({ S0219S: ['view', 'create', 'delete'], S0222S: ['view'] });
  });

  test('given a disabled group, then it gives nothing', async () => {
    expect((await grant([{ module: 'S0219S', rights: ['create'], groupEnabled: false }])).rights).toEqual({});
  });

  test('given a group that changed while someone is signed in, when rights are refreshed, then the session follows', async () => {
    const { orm } = school.office.connection;
    await grant([{ module: 'S0219S', rights: [] }]);
    expect(await codeOf('transferOut.list')).toBe('input.invalid');
    orm.update(roleGroups).set({ enabled: false }).run();
    school.office.service.refreshRights();
    expect(await codeOf('transferOut.list')).toBe('permission.denied');
    orm.update(accounts).set({ enabled: false }).where(eq(accounts.id, accountId)).run();
    school.office.service.refreshRights();
    expect(await codeOf('transferOut.list')).toBe('session.required');
  });
});
