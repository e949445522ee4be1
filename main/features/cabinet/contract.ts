import { defineFeature } from '../../application/contract.ts';

/** 學習歷程檔案櫃 (manual §3.5, §3.8): one student's portfolio as the office sees it. */
export const cabinet = defineFeature('cabinet', {});
