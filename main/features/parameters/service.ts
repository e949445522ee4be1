import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { parameters } from './contract.ts';

/** 設定功能參數 (manual §3.2), and the outcomes whose files are damaged (§3.2.7). */
export function parametersHandlers(_services: FeatureServices): Handlers<typeof parameters> {
  return {};
}
