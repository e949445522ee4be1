import type { OutputOf } from '../../../main/features/contract.ts';
import { type SyncResourceName, syncItems } from '../../../main/features/sync/contract.ts';

type SyncItem = OutputOf<'sync.overview'>['items'][number];
type Role = (typeof syncItems)[SyncResourceName]['role'];

const roles: readonly Role[] = ['學生', '教師', '學習歷程', '本校設定'];
const positions = Object.keys(syncItems);

/** The items by role in the order of the manual's table (2.1), whatever order the backend sends them in. */
export function inManualOrder(items: readonly SyncItem[]): { role: Role; items: SyncItem[] }[] {
  return roles
    .map((role) => ({
      role,
      items: items
        .filter((item) => syncItems[item.resource].role === role)
        .sort((a, b) => positions.indexOf(a.resource) - positions.indexOf(b.resource)),
    }))
    .filter((group) => group.items.length > 0);
}
