import { z } from 'zod';
import { defineFeature, nothing, query } from '../../application/contract.ts';

/** 首頁: what the office has to do today; every figure a link to its screen. */
export const dashboard = defineFeature('dashboard', {
  overview: query({
    title: '首頁',
    input: nothing,
    output: z.object({
      students: z.int(),
      /** Windows of the city that are open or open within 30 days. */
      windows: z.array(
        z.object({ title: z.string(), startsOn: z.string(), endsOn: z.string(), state: z.enum(['open', 'soon', 'closing']) }),
      ),
      pendingOutcomes: z.int(),
      refusedSubmissions: z.int(),
      arrivalsWithoutPortfolio: z.int(),
      leaversWithoutFile: z.int(),
      transfersOutThisWeek: z.int(),
      transfersInThisWeek: z.int(),
      lastSyncAt: z.string().nullable(),
      /** Certification and ticking of the current year by class, in the school's order. */
      classes: z.array(
        z.object({ className: z.string(), students: z.int(), uploaded: z.int(), certified: z.int(), studentsWhoTicked: z.int() }),
      ),
    }),
    access: 'signedIn',
  }),
});
