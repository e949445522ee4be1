import { defineFeature } from '../../application/contract.ts';

/** 查詢未認證教師狀況表 (manual §3.11) and 代理認證教師. */
export const certification = defineFeature('certification', {});
