import { currentTerm } from '../../application/current-term.ts';
import type { Foundation } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import { hasRight } from '../../application/sessions.ts';
import type { dashboard } from './contract.ts';
import { readOverview } from './queries.ts';

/** 首頁. */
export function dashboardHandlers({ connection: { sqlite }, settings, clock }: Foundation): Handlers<typeof dashboard> {
  return {
    overview: (_input, { session }) => {
      const now = clock.now();
      const may = (module: Parameters<typeof hasRight>[1]) => session !== null && hasRight(session, module, 'view');
      return readOverview(sqlite, currentTerm(sqlite, now), settings.get('school.code') ?? '', now, may);
    },
  };
}
