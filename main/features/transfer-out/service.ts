import type { Foundation } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { SyncService } from '../sync/service.ts';
import type { transferOut } from './contract.ts';

export function transferOutHandlers(_foundation: Foundation, _sync: SyncService): Handlers<typeof transferOut> {
  throw new Error('being built');
}
