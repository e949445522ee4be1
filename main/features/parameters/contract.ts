import { defineFeature } from '../../application/contract.ts';

/** 設定功能參數 (manual §3.2), and the outcomes whose files are damaged (§3.2.7). */
export const parameters = defineFeature('parameters', {});
