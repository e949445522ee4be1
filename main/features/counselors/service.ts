import { formatTerm } from '../../../domain/term.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { TermGridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { counselorGrid, type counselors } from './contract.ts';
import { assignmentSummary, classAssignments } from './queries.ts';

export { assignmentSummary, classAssignments } from './queries.ts';

/** 查詢輔導教師 (S0210S). */
export function counselorsHandlers({ foundation, connection }: FeatureServices): Handlers<typeof counselors> {
  return {
    ...gridHandlers(foundation, counselorGrid, (input: TermGridQuery) => classAssignments('counselors', input), formatTerm),
    summary: (term) => assignmentSummary(connection.sqlite, 'counselors', term),
  };
}
