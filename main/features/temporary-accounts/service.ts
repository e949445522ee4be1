import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { temporaryAccounts } from './contract.ts';

/** 轉學生臨時帳號 (manual §3.17). */
export function temporaryAccountsHandlers(_services: FeatureServices): Handlers<typeof temporaryAccounts> {
  return {};
}
