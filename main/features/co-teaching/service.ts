import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { coTeaching } from './contract.ts';

/** 合開課程設定審核老師 (manual §3.4). */
export function coTeachingHandlers(_services: FeatureServices): Handlers<typeof coTeaching> {
  return {};
}
