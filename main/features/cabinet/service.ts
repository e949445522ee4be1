import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { cabinet } from './contract.ts';

/** 學習歷程檔案櫃 (manual §3.5, §3.8): one student's portfolio as the office sees it. */
export function cabinetHandlers(_services: FeatureServices): Handlers<typeof cabinet> {
  return {};
}
