import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { certification } from './contract.ts';

/** 查詢未認證教師狀況表 (manual §3.11) and 代理認證教師. */
export function certificationHandlers(_services: FeatureServices): Handlers<typeof certification> {
  return {};
}
