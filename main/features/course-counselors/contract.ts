import { defineFeature } from '../../application/contract.ts';

/** 設定課程諮詢教師 (manual §3.3). */
export const courseCounselors = defineFeature('courseCounselors', {});
