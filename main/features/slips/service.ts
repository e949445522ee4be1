import type { Foundation } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { slips } from './contract.ts';

export function slipsHandlers(_foundation: Foundation): Handlers<typeof slips> {
  throw new Error('being built');
}
