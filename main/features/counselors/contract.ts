import { defineFeature } from '../../application/contract.ts';

/** 查詢輔導教師 (S0210S). */
export const counselors = defineFeature('counselors', {});
