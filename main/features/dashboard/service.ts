import type { Foundation } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { dashboard } from './contract.ts';

export function dashboardHandlers(_foundation: Foundation): Handlers<typeof dashboard> {
  throw new Error('being built');
}
