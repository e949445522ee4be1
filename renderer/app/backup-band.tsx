import { ExclamationCircleFilled, WarningFilled } from '@ant-design/icons';
import { Link } from 'wouter';
import { formatRocDateTime } from '../../domain/roc-date.ts';
import type { OutputOf } from '../../main/features/contract.ts';
import { useQueryOperation } from './backend.ts';
import { mayUse, useOffice } from './session.ts';

type BackupState = OutputOf<'backup.state'>;

/** A day passes without anything happening: the line must come by itself. */
const askAgain = 5 * 60_000;

/**
 * What is wrong with the backups, in one sentence; null when nothing is. Damage and a day without a verified backup are red, a second place
 * that fails is amber; of a trial school, whose data can be made again, only damage is red.
 */
export function backupWarning(state: BackupState): { tone: 'wrong' | 'soon'; text: string } | null {
  if (state.damagedAt) {
    return {
      tone: 'wrong',
      text: `${formatRocDateTime(state.damagedAt)} 發現資料庫檔案毀損，已停止寫入，請儘快還原最近一次驗證過的備份。`,
    };
  }
  // What runs now is about to answer it.
  if (!state.running && (state.standing === 'overdue' || state.standing === 'never')) {
    const last = state.lastAt ? `（最近一次是 ${formatRocDateTime(state.lastAt).slice(0, -3)}）` : '';
    const trial = state.trial ? '；試用學校的資料可以重新建立' : '，電腦損壞時資料會遺失，請立即備份';
    return { tone: state.trial ? 'soon' : 'wrong', text: `已超過 24 小時沒有驗證過的備份${last}${trial}。` };
  }
  if (state.secondProblem) return { tone: 'soon', text: `備份沒有複製到第二個位置：${state.secondProblem}` };
  return null;
}

/** The line on every screen. */
export function BackupBand() {
  const { session } = useOffice();
  const state = useQueryOperation('backup.state', {}, { refetchInterval: askAgain });
  const warning = state.data && backupWarning(state.data);
  if (!warning) return null;
  return (
    <p className={`backup-band backup-band-${warning.tone}`} role="alert">
      {warning.tone === 'wrong' ? <ExclamationCircleFilled aria-hidden /> : <WarningFilled aria-hidden />} {warning.text}{' '}
      {mayUse(session, 'S0224S') ? <Link href="/backup">到備份與還原</Link> : '請通知學校管理者。'}
    </p>
  );
}
