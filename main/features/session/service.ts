import type { Foundation } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { Sessions } from '../../application/sessions.ts';
import type { session } from './contract.ts';

export interface SessionService {
  handlers: Handlers<typeof session>;
}

export function createSessionService(_foundation: Foundation, _sessions: Sessions): SessionService {
  throw new Error('being built');
}
