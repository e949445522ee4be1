import { defineFeature } from '../../application/contract.ts';

/** 查詢學生學習成果情形 and its statistics (manual §3.8). */
export const outcomes = defineFeature('outcomes', {});
