import type { Foundation } from '../../application/foundation.ts';
import type { GridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { type performances, performancesGrid } from './contract.ts';
import { performancesSource, tickedStudents } from './queries.ts';

export { tickedStudents as studentsWhoTickedPerformances } from './queries.ts';

/** 查詢學生多元表現情形 (manual §3.5). */
export function performancesHandlers(foundation: Foundation): Handlers<typeof performances> {
  return {
    summary: ({ academicYear }) => tickedStudents(foundation.connection.sqlite, academicYear),
    ...gridHandlers<GridQuery & { academicYear: number }>(foundation, performancesGrid, performancesSource, ({ academicYear }) =>
      String(academicYear),
    ),
  };
}
