import type { RosterScope } from '../../../main/features/submissions/contract.ts';

export type SubmissionKind = RosterScope['kind'];

interface KindWords {
  title: string;
  /** What a roster of it is of. */
  period: '學年度' | '學年期';
  /** The manual's last block of the screen, and the question it asks. */
  exportTitle: string;
  exportQuestion: string;
}

/** In what the three screens differ (manual §3.6, §3.9, §3.14). */
export const kindWords: Record<SubmissionKind, KindWords> = {
  performances: {
    title: '提交多元表現至中央資料庫',
    period: '學年度',
    exportTitle: '匯出學生多元表現',
    exportQuestion: '請輸入要查看哪個年度的紀錄',
  },
  outcomes: {
    title: '提交學習成果至中央資料庫',
    period: '學年度',
    exportTitle: '匯出學生學習成果',
    exportQuestion: '請輸入要查看哪個年度的紀錄',
  },
  cadres: {
    title: '提交校內幹部經歷至中央資料庫',
    period: '學年期',
    exportTitle: '匯出學生幹部經歷',
    exportQuestion: '請輸入要查看哪個學年期的幹部紀錄',
  },
};
