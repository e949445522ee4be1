import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { courseCounselors } from './contract.ts';

/** 設定課程諮詢教師 (manual §3.3). */
export function courseCounselorsHandlers(_services: FeatureServices): Handlers<typeof courseCounselors> {
  return {};
}
