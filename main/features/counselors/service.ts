import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { counselors } from './contract.ts';

/** 查詢輔導教師 (S0210S). */
export function counselorsHandlers(_services: FeatureServices): Handlers<typeof counselors> {
  return {};
}
