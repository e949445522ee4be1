import { defineFeature } from '../../application/contract.ts';

/** 查詢學生多元表現情形 (manual §3.5). */
export const performances = defineFeature('performances', {});
