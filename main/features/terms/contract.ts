import { z } from 'zod';
import { defineFeature, nothing, query } from '../../application/contract.ts';

/** 設定學校學年期 (S0213S). */
export const terms = defineFeature('terms', {
  /** The terms on offer, newest first: what every screen's 學年期 is chosen from. */
  offered: query({
    title: '學年期選項',
    input: nothing,
    output: z.object({ terms: z.array(z.object({ academicYear: z.int(), semester: z.int(), current: z.boolean() })) }),
    access: 'signedIn',
  }),
});
