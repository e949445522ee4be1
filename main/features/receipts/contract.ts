import { defineFeature } from '../../application/contract.ts';

/** 學校查詢接收紀錄 (manual §3.10). */
export const receipts = defineFeature('receipts', {});
