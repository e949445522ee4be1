import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { selfStudy } from './contract.ts';

/** 自主學習: certifying teachers and their order (manual §3.13). */
export function selfStudyHandlers(_services: FeatureServices): Handlers<typeof selfStudy> {
  return {};
}
