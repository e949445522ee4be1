import { defineFeature } from '../../application/contract.ts';

/** 設定學校作業時間 (manual §3.7). */
export const schedule = defineFeature('schedule', {});
