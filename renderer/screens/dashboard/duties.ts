import type { OutputOf } from '../../../main/features/contract.ts';

export interface Duty {
  /** Null for a duty that is not counted. */
  count: number | null;
  text: string;
  /** Red for what is wrong, amber for what will be. */
  tone: 'wrong' | 'soon' | 'plain';
  path?: string;
}

/** The office's duties of today from its figures, the pressing first; what is nought is not there. */
export function dutiesOf(overview: OutputOf<'dashboard.overview'>, everSynchronised: boolean): Duty[] {
  const duties: Duty[] = [
    { count: overview.refusedSubmissions, text: '筆提交被退回，請修正後重新提交', tone: 'wrong' },
    { count: overview.leaversWithoutFile, text: '位學生已轉出，尚未產生學習歷程檔案', tone: 'soon', path: '/transfer-out' },
    { count: overview.arrivalsWithoutPortfolio, text: '位轉入學生尚未匯入學習歷程', tone: 'soon', path: '/transfer-in' },
    { count: overview.pendingOutcomes, text: '件學習成果等待老師認證', tone: 'plain' },
    { count: overview.transfersOutThisWeek, text: '人本週已匯出', tone: 'plain', path: '/transfer-out' },
    { count: overview.transfersInThisWeek, text: '人本週已匯入', tone: 'plain', path: '/transfer-in' },
  ];
  const counted = duties.filter((duty) => duty.count !== 0);
  if (everSynchronised) return counted;
  return [{ count: null, text: '尚未同步過資料，請先到同步作業取得資料', tone: 'wrong', path: '/sync' }, ...counted];
}
