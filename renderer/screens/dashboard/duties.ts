import { submissionKinds } from '../../../domain/portfolio.ts';
import { formatRocDay } from '../../../domain/roc-date.ts';
import { transferDueDays } from '../../../domain/transfer-case.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { gridAddress } from '../../components/grid/grid-address.ts';

type Overview = OutputOf<'dashboard.overview'>;

export interface Duty {
  /** Null for a duty that is not counted. */
  count: number | null;
  text: string;
  /** Red for what is wrong, amber for what will be. */
  tone: 'wrong' | 'soon' | 'plain';
  /** Where it is done; a figure of a screen that does not exist yet leads nowhere. */
  path?: string;
}

/** Those who ticked nothing yet, one line a kind and year; the list is of a year's last term. */
const notTicked = ({ notTicked: open }: Overview): Duty[] =>
  open.map(({ kind, academicYear, students, closesOn }) => ({
    count: students,
    text: `位學生 ${academicYear} 學年度還沒有勾選${kind === 'outcomes' ? '學習成果' : '多元表現'}（勾選到 ${formatRocDay(closesOn)}）`,
    tone: 'plain',
    path: kind === 'outcomes' ? gridAddress('/outcomes', { ticked: 0 }) : gridAddress('/performances', { ticked: 0 }),
  }));

const submissionTitles = { outcomes: '學習成果', performances: '多元表現', cadres: '校內幹部經歷' } as const;

/** Rosters that were refused and not handed in again, one line a screen. */
const refused = ({ refusedSubmissions }: Overview): Duty[] =>
  submissionKinds.map((kind) => ({
    count: refusedSubmissions[kind],
    text: `筆${submissionTitles[kind]}提交被退回，請修正後重新提交`,
    tone: 'wrong',
    path: gridAddress(`/submissions/${kind}`, { unsettled: '是' }, { tab: 'records' }),
  }));

const leaverTexts: Record<keyof NonNullable<Overview['leavers']>, string> = {
  withoutFile: '位學生已轉出，尚未產生學習歷程檔案',
  fileMade: '位轉出學生的檔案已產生，尚未交付',
  handedOver: '位轉出學生的檔案已交付，對方學校尚未確認收到',
};

/** Transfers that are not finished; overdue ones in red. */
function transfers({ leavers, arrivals }: Overview): Duty[] {
  const duty = ({ count, longestDays }: NonNullable<Overview['arrivals']>, text: string, path: string): Duty => ({
    count,
    text: `${text}（最久 ${longestDays} 天）`,
    tone: longestDays > transferDueDays ? 'wrong' : 'soon',
    path,
  });
  return [
    ...(leavers
      ? (['withoutFile', 'fileMade', 'handedOver'] as const).map((state) =>
          duty(leavers[state], leaverTexts[state], gridAddress('/transfer-out', { state }, { tab: 'leavers' })),
        )
      : []),
    ...(arrivals ? [duty(arrivals, '位轉入學生尚未匯入學習歷程', gridAddress('/transfer-in', { open: '是' }, { tab: 'arrivals' }))] : []),
  ];
}

/** The office's duties of today from its figures, the pressing first; what is nought, or another's, is not there. */
export function dutiesOf(overview: Overview, everSynchronised: boolean): Duty[] {
  const figures: (Omit<Duty, 'count'> & { count: number | null })[] = [
    { count: overview.disputedChanges, text: '項變更市級系統沒有接受，請選擇要採用哪一邊', tone: 'wrong', path: '/sync' },
    ...refused(overview),
    { count: overview.damagedFiles, text: '個學習成果檔案異常，請重新取得或更換', tone: 'wrong', path: '/parameters' },
    ...transfers(overview),
    { count: overview.overdueSlips, text: '份確認單過了繳交截止日期還沒有繳回', tone: 'soon', path: '/slips?tab=returns' },
    {
      count: overview.classesWithoutCounselor,
      text: '個班級還沒有設定課程諮詢教師',
      tone: 'soon',
      path: '/course-counselors?tab=classes&f.assigned=否',
    },
    {
      count: overview.pendingOutcomes,
      text: `件學習成果等待 ${overview.pendingTeachers ?? 0} 位教師認證`,
      tone: 'plain',
      path: '/certification',
    },
    ...notTicked(overview),
    { count: overview.transfersOutThisWeek, text: '人本週已匯出', tone: 'plain', path: '/transfer-out' },
    { count: overview.transfersInThisWeek, text: '人本週已匯入', tone: 'plain', path: '/transfer-in' },
  ];
  const counted = figures.filter((duty) => duty.count !== 0 && duty.count !== null);
  if (everSynchronised) return counted;
  return [{ count: null, text: '尚未同步過資料，請先到同步作業取得資料', tone: 'wrong', path: '/sync' }, ...counted];
}

/** What the backups need of the office (S0224S). */
export function backupDuties(state: OutputOf<'backup.state'>): Duty[] {
  const duty = (text: string, tone: Duty['tone']): Duty => ({ count: null, text, tone, path: '/backup' });
  const duties: Duty[] = [];
  if (state.damagedAt) duties.push(duty('資料庫檔案毀損，請還原最近一次驗證過的備份', 'wrong'));
  if (state.standing === 'overdue' || state.standing === 'never') {
    duties.push(duty('已超過 24 小時沒有驗證過的備份，請立即備份', state.trial ? 'soon' : 'wrong'));
  }
  if (state.secondProblem) duties.push(duty('備份沒有複製到第二個位置，請確認隨身碟或網路資料夾', 'soon'));
  if (!state.recoveryKey) duties.push(duty('還沒有列印復原金鑰，電腦損壞時備份無法在其他電腦開啟', 'soon'));
  return duties;
}
