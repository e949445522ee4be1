import type { Foundation } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { students } from './contract.ts';

export function studentsHandlers(_foundation: Foundation): Handlers<typeof students> {
  throw new Error('being built');
}
