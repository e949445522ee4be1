import { and, eq } from 'drizzle-orm';
import type { Orm } from '../../../db/connection.ts';
import { roleGroupModules, roleGroups, roleMembers } from '../../../db/schema/index.ts';
import { type FunctionModule, functionModules, type Right } from '../../application/contract.ts';

/** The rights an account has through its enabled groups; those of several add up (manual §3.1). */
export function rightsOf(orm: Orm, accountId: string): ReadonlyMap<FunctionModule, ReadonlySet<Right>> {
  const rows = orm
    .select({
      module: roleGroupModules.module,
      create: roleGroupModules.canCreate,
      update: roleGroupModules.canUpdate,
      delete: roleGroupModules.canDelete,
    })
    .from(roleMembers)
    .innerJoin(roleGroups, and(eq(roleGroups.id, roleMembers.roleGroupId), eq(roleGroups.enabled, true)))
    .innerJoin(roleGroupModules, eq(roleGroupModules.roleGroupId, roleGroups.id))
    .where(eq(roleMembers.accountId, accountId))
    .all();
  const rights = new Map<FunctionModule, Set<Right>>();
  for (const row of rows) {
    if (!(row.module in functionModules)) continue;
    const module = row.module as FunctionModule;
    const held = rights.get(module) ?? new Set<Right>(['view']);
    for (const right of ['create', 'update', 'delete'] as const) if (row[right]) held.add(right);
    rights.set(module, held);
  }
  return rights;
}
