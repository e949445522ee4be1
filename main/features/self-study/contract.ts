import { defineFeature } from '../../application/contract.ts';

/** 自主學習: certifying teachers and their order (manual §3.13). */
export const selfStudy = defineFeature('selfStudy', {});
