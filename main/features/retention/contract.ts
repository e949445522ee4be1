import { z } from 'zod';
import { enrollmentStatusNames } from '../../../domain/portfolio.ts';
import { command, defineFeature, done, job, nothing, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

const module = 'S0226S';
const view = { module, right: 'view' } as const;

/** Academic years that a student is kept after the one he left in (domain.md §6 suggests three). */
export const leastKeptYears = 1;
export const mostKeptYears = 10;
export const defaultKeptYears = 3;

/** What still has to be done about a leaver before his data may go; each has its screen where it is done. */
export const obstacles = {
  none: '可以清除',
  unsent: '有未送出的變更',
  openLeaving: '轉出未結案',
  openArrival: '轉入未結案',
  unanswered: '提交尚無結果',
} as const;
export type Obstacle = keyof typeof obstacles;

/** Leavers whose years are over, and what is here of each. */
export const leaverGrid = defineGrid({
  name: 'leavers',
  title: '超過保存期限的離校學生',
  columns: [
    rowId,
    { key: 'studentNumber', title: '學號', kind: 'text', width: 96 },
    { key: 'name', title: '姓名', kind: 'text', width: 92 },
    { key: 'className', title: '最後班級', kind: 'text', width: 100 },
    { key: 'status', title: '學籍狀態', kind: 'choice', choices: { ...enrollmentStatusNames, deleted: '已刪除' }, width: 96 },
    { key: 'leftOn', title: '離校日期', kind: 'rocDay', width: 96 },
    { key: 'leftYear', title: '離校學年', kind: 'number', width: 92 },
    { key: 'records', title: '紀錄', kind: 'number', width: 68 },
    { key: 'files', title: '檔案', kind: 'number', width: 68 },
    { key: 'transferFiles', title: '轉學檔案', kind: 'number', width: 92 },
    { key: 'slips', title: '確認單', kind: 'number', width: 76 },
    { key: 'rosterRows', title: '提交資料', kind: 'number', width: 92 },
    { key: 'obstacle', title: '清除狀態', kind: 'choice', choices: obstacles },
  ],
  students: 'id',
  defaultSort: { key: 'leftOn' },
});

/** What a purge deletes, in the order in which it is told. */
export const purgedKinds = {
  students: '學籍',
  enrollments: '就讀班級',
  courseRecords: '修課紀錄',
  attendance: '出缺勤',
  rewards: '獎懲',
  psychologicalTests: '心理測驗',
  consultations: '課程諮詢紀錄',
  learningOutcomes: '課程學習成果',
  performances: '多元表現',
  cadres: '校內幹部經歷',
  autobiographies: '自傳與學習計畫',
  attachments: '檔案（沒有其他人使用的）',
  confirmationSlips: '確認單',
  temporaryAccounts: '臨時帳號',
  transferCases: '轉學追蹤',
  transferFiles: '轉學檔案（只含這些學生的）',
  imports: '匯入紀錄',
  rosterRows: '提交名冊中的資料列',
  answerRows: '檢核退回的資料列',
  precheckRows: '預檢結果',
  receiptRows: '收訖明細與確認',
  workbooks: '名冊、檢核結果與收訖明細檔（整份）',
  sentChanges: '已送出的變更內容',
} as const;
export type PurgedKind = keyof typeof purgedKinds;
export type PurgeCounts = Record<PurgedKind, number>;
const counts = z.object(Object.fromEntries(Object.keys(purgedKinds).map((kind) => [kind, z.int()])) as Record<PurgedKind, z.ZodInt>);

/** Purges so far. */
export const purgeGrid = defineGrid({
  name: 'leaverPurges',
  title: '離校學生資料清除紀錄',
  columns: [
    rowId,
    { key: 'createdAt', title: '清除時間', kind: 'rocDateTime', width: 160 },
    { key: 'createdBy', title: '清除人員', kind: 'text', width: 140 },
    { key: 'students', title: '學生人數', kind: 'number', width: 96 },
    { key: 'records', title: '資料筆數', kind: 'number', width: 96 },
    { key: 'files', title: '檔案數', kind: 'number', width: 96 },
    { key: 'keptYears', title: '保存學年', kind: 'number', width: 96 },
    { key: 'reason', title: '原因', kind: 'text' },
  ],
  students: null,
  defaultSort: { key: 'createdAt', descending: true },
});

const leavers = gridOperations(leaverGrid, view);
const purges = gridOperations(purgeGrid, view);
/** Whom: those ticked, or without it all who are due and have nothing that keeps them. */
const chosen = { studentIds: z.array(z.string().max(64)).min(1).max(5000).optional() };

/**
 * 個人資料保存期限 (S0226S, of this project): leavers are kept so many academic years after the one they left in, then purged here by the office. The
 * city's records are the city's: nothing is deleted there, and what it sends again of a purged student is left behind.
 */
export const retention = defineFeature('retention', {
  summary: query({
    title: '查看個人資料保存期限',
    input: nothing,
    output: z.object({
      keptYears: z.int(),
      /** The last academic year whose leavers are due, and the day (ISO) before which they left. */
      dueYear: z.int(),
      leftBefore: z.string(),
      due: z.int(),
      /** Of them, with something still to be done (`obstacles`): not to be purged before. */
      held: z.int(),
      /** Students on the list of the purged. */
      purged: z.int(),
      /** Where they stay for now: backups in their folder, and databases that restores set aside. */
      backups: z.int(),
      setAside: z.int(),
    }),
    access: view,
  }),
  saveYears: command({
    title: '設定離校學生的保存學年',
    input: z.object({ keptYears: z.int().min(leastKeptYears).max(mostKeptYears) }),
    output: done,
    access: { module, right: 'update' },
    audit: { action: 'change', summary: ({ keptYears }) => `保存 ${keptYears} 學年` },
  }),
  leavers: leavers.list,
  exportLeavers: leavers.exportWorkbook,
  /** What a purge would delete, by kind; deletes nothing. Errors: retention.notDue (details.students). */
  preview: job({
    title: '預覽清除離校學生資料',
    input: z.object(chosen),
    output: z.object({ students: z.int(), counts }),
    access: view,
    audit: { action: 'view', count: (_input, { students }) => students },
  }),
  /**
   * Purges: all of it or nothing. `students` is how many the clerk saw and typed. Errors: retention.notDue (details.students), retention.changed
   * (details.students), retention.nobody.
   */
  purge: job({
    title: '清除離校學生資料',
    input: z.object({ ...chosen, students: z.int().min(1), reason: z.string().trim().min(4).max(200) }),
    output: z.object({ id: z.string(), students: z.int(), counts }),
    access: { module, right: 'delete' },
    audit: { action: 'purge', count: (_input, { students }) => students, withChange: true },
  }),
  purges: purges.list,
  purgeDetail: query({
    title: '查看離校學生資料清除紀錄明細',
    input: z.object({ id: z.string() }),
    output: z.object({
      createdAt: z.string(),
      createdBy: z.string(),
      keptYears: z.int(),
      reason: z.string(),
      students: z.int(),
      counts,
    }),
    access: view,
  }),
  exportPurges: purges.exportWorkbook,
});
