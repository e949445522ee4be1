import { taipeiDay } from '../../../domain/roc-date.ts';
import type { Foundation } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import { arrivalGrid, leaverGrid, type transferCases } from './contract.ts';
import { arrivalSource, caseRow, eventsOfCase, filesOfCase, leaverSource, namedSchools, type StateScope, stateCounts } from './queries.ts';
import { officeSteps, type Steps, unknownCase } from './steps.ts';

export { leftWithoutFile, type StateCounts, type StateScope, stateCounts, stateCountsStatement } from './queries.ts';

/** 轉出學生追蹤 and 轉入學生追蹤. */
export function transferCasesHandlers(foundation: Foundation): Handlers<typeof transferCases> {
  const { connection, clock, settings } = foundation;
  const { sqlite } = connection;
  const scope = (): StateScope => ({ today: taipeiDay(clock.now()), schoolCode: settings.get('school.code') ?? '' });
  const leavers = gridHandlers(foundation, leaverGrid, () => leaverSource(scope()));
  const arrivals = gridHandlers(foundation, arrivalGrid, () => arrivalSource(scope()));

  /** Records a step for all of its cases or for none. */
  const take = async ({ accountName }: CallContext, step: (steps: Steps) => string[]) => {
    const now = clock.now();
    const studentIds = await foundation.write(() => step(officeSteps(sqlite, { at: now.toISOString(), accountName }, taipeiDay(now))));
    // The student list tells who left without a file.
    foundation.changed('transferCases', 'students');
    return { studentIds };
  };

  return {
    leavers: leavers.list,
    exportLeavers: leavers.exportWorkbook,
    arrivals: arrivals.list,
    exportArrivals: arrivals.exportWorkbook,
    summary: ({ direction }) => stateCounts(sqlite, direction, scope()),
    details: ({ direction, id }) => {
      const row = caseRow(sqlite, direction, id, scope());
      if (!row) throw unknownCase(id);
      return {
        studentId: String(row.studentId),
        row,
        files: filesOfCase(sqlite, id).map(({ md5: _md5, ...file }) => file),
        events: eventsOfCase(sqlite, id).map((event) => ({ ...event, details: JSON.parse(event.details) as Record<string, unknown> })),
      };
    },
    schools: ({ direction }) => ({ schools: namedSchools(sqlite, direction) }),
    nameSchool: ({ direction, ids, code, name }, context) => take(context, (steps) => steps.nameSchool(direction, ids, { code, name })),
    handOver: ({ cases, ...handover }, context) => take(context, (steps) => steps.handOver(cases, handover)),
    tellPassword: ({ ids, on, how }, context) => take(context, (steps) => steps.tellPassword(ids, { on, how })),
    acknowledge: ({ ids, ...acknowledged }, context) => take(context, (steps) => steps.acknowledge(ids, acknowledged)),
    request: ({ ids, ...request }, context) => take(context, (steps) => steps.request(ids, request)),
    receive: ({ ids, ...received }, context) => take(context, (steps) => steps.receive(ids, received)),
    markUnneeded: ({ direction, ids, ...why }, context) => take(context, (steps) => steps.markUnneeded(direction, ids, why)),
    takeBack: ({ direction, id }, context) => take(context, (steps) => steps.takeBack(direction, id)),
  };
}
