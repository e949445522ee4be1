import type { Foundation } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { transferIn } from './contract.ts';

export function transferInHandlers(_foundation: Foundation): Handlers<typeof transferIn> {
  throw new Error('being built');
}
