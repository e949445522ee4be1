import type { OutputOf } from '../../../main/features/contract.ts';
import { formatAge, formatCount } from '../../components/format.ts';

/** What is known of the chain, in a line under the title. */
export function chainLine({ verifying, verifiedAt, verification }: OutputOf<'audit.state'>): string {
  if (!verification) return verifying ? '正在從頭驗證紀錄有沒有被更改…' : '還沒有驗證過；按「立即驗證」檢查紀錄有沒有被更改。';
  const purged = verification.purged > 0 ? `，另有 ${formatCount(verification.purged)} 筆已依保存年限清除` : '';
  const found = verification.ok ? '前後相接，沒有被更改' : `有 ${formatCount(verification.faultCount)} 處不符`;
  return `${verifiedAt ? formatAge(verifiedAt) : ''}從頭驗證 ${formatCount(verification.entries)} 筆：${found}${purged}`;
}
