import { defineFeature } from '../../application/contract.ts';

/** 學習成果使用人數統計表 (manual §3.12). */
export const usage = defineFeature('usage', {});
