import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { schedule } from './contract.ts';

/** 設定學校作業時間 (manual §3.7). */
export function scheduleHandlers(_services: FeatureServices): Handlers<typeof schedule> {
  return {};
}
