import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { usage } from './contract.ts';

/** 學習成果使用人數統計表 (manual §3.12). */
export function usageHandlers(_services: FeatureServices): Handlers<typeof usage> {
  return {};
}
