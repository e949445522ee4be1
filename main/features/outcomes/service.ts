import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { outcomes } from './contract.ts';

/** 查詢學生學習成果情形 and its statistics (manual §3.8). */
export function outcomesHandlers(_services: FeatureServices): Handlers<typeof outcomes> {
  return {};
}
