import { z } from 'zod';
import { defineFeature, nothing, query } from '../../application/contract.ts';

/** A figure of a module; null where the account may not see that module. */
const figure = z.int().nullable();
/** Open transfers, and the days since the move of the one that waits longest. */
const waiting = z.object({ count: z.int(), longestDays: z.int() });

/** 首頁: what the office has to do today; every figure a link to its screen, and none of a screen the account may not see. */
export const dashboard = defineFeature('dashboard', {
  overview: query({
    title: '首頁',
    input: nothing,
    output: z.object({
      students: z.int(),
      /** Windows of the city and the school that are open or open within 30 days. */
      windows: z.array(
        z.object({
          title: z.string(),
          startsOn: z.string(),
          endsOn: z.string(),
          state: z.enum(['open', 'soon', 'closing']),
          origin: z.enum(['city', 'school']),
        }),
      ),
      /** Outcomes of the term that wait, and the teachers they wait for (S0216S). */
      pendingOutcomes: figure,
      pendingTeachers: figure,
      /** Years whose ticking is open, with those who ticked nothing yet (S0205S, S0206S). */
      notTicked: z.array(
        z.object({ kind: z.enum(['outcomes', 'performances']), academicYear: z.int(), students: z.int(), closesOn: z.string() }),
      ),
      /** Rosters whose last submission was refused, by screen (S0207S, S0208S, S0218S). */
      refusedSubmissions: z.object({ outcomes: figure, performances: figure, cadres: figure }),
      /** Who has left and whose portfolio the other school does not have yet, by what is to be done next (S0219S). */
      leavers: z.object({ withoutFile: waiting, fileMade: waiting, handedOver: waiting }).nullable(),
      /** Who has arrived and whose portfolio is not here (S0220S). */
      arrivals: waiting.nullable(),
      transfersOutThisWeek: figure,
      transfersInThisWeek: figure,
      damagedFiles: figure,
      /** Changes that the city did not take. */
      disputedChanges: figure,
      classesWithoutCounselor: figure,
      overdueSlips: figure,
      lastSyncAt: z.string().nullable(),
      /** Certification and ticking of the current year by class, in the school's order; empty without S0205S. */
      classes: z.array(
        z.object({ className: z.string(), students: z.int(), uploaded: z.int(), certified: z.int(), studentsWhoTicked: z.int() }),
      ),
    }),
    access: 'signedIn',
  }),
});
