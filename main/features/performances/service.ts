import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { performances } from './contract.ts';

/** 查詢學生多元表現情形 (manual §3.5). */
export function performancesHandlers(_services: FeatureServices): Handlers<typeof performances> {
  return {};
}
