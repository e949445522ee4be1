import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { receipts } from './contract.ts';

/** 學校查詢接收紀錄 (manual §3.10). */
export function receiptsHandlers(_services: FeatureServices): Handlers<typeof receipts> {
  return {};
}
