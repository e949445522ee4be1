import { z } from 'zod';
import { submissionKinds } from '../../../domain/portfolio.ts';
import {
  divisions,
  findingSeverityNames,
  processingStatuses,
  processingStatusNames,
  rosterChangeNames,
  submissionBatches,
  submissionWayNames,
  submissionWays,
} from '../../../domain/submission.ts';
import { command, defineFeature, done, incomingFile, job, outgoingFile, query, type Right } from '../../application/contract.ts';
import { defineGrid, gridOperations, gridPage, gridQuery, rowId, termScope } from '../../application/grid-contract.ts';

/** The module of each screen: 提交學習成果, 提交多元表現, 提交校內幹部經歷至中央資料庫 (manual §3.9, §3.6, §3.14). */
export const submissionModules = { outcomes: 'S0207S', performances: 'S0208S', cadres: 'S0218S' } as const;
const kind = z.enum(submissionKinds);
/** Three screens alike: the module is the one of the kind that is asked about. */
export const submissionAccess = <Wanted extends Right>(right: Wanted) => ({ field: 'kind', modules: submissionModules, right }) as const;

/** Which roster: of a year (semester 0), of 校內幹部經歷 of a term; of a 梯次, and of 課程學習成果 of a 部別. */
export const rosterScope = {
  kind,
  ...termScope,
  batch: z.enum(submissionBatches).default('regular'),
  division: z.enum(divisions).default('day'),
};
const ofRoster = z.object(rosterScope);
export type RosterScope = z.output<typeof ofRoster>;

/** 提交紀錄, with the manual's columns. */
export const submissionGrid = defineGrid({
  name: 'submissions',
  title: '提交紀錄',
  columns: [
    rowId,
    { key: 'academicYear', title: '學年', kind: 'number', width: 68 },
    { key: 'semester', title: '學期', kind: 'number', width: 68 },
    { key: 'batchName', title: '梯次', kind: 'text', width: 112 },
    { key: 'submissionFileId', title: 'FID', kind: 'text', width: 84 },
    { key: 'statusText', title: '處理狀態', kind: 'text' },
    { key: 'processingStatus', title: '結果', kind: 'choice', choices: processingStatusNames, width: 110 },
    { key: 'submittedBy', title: '提交人員', kind: 'text', width: 104 },
    { key: 'submittedAt', title: '提交時間', kind: 'rocDateTime', width: 148 },
    { key: 'resultReceivedAt', title: '取得結果時間', kind: 'rocDateTime', width: 148 },
    { key: 'way', title: '提交方式', kind: 'choice', choices: submissionWayNames, width: 110 },
    { key: 'archived', title: '封存', kind: 'flag', width: 76 },
    /** Refused, and nothing of its roster handed in since, nor 封存: what 首頁 counts (dashboard/queries.ts). */
    { key: 'unsettled', title: '待重新提交', kind: 'flag', hidden: true },
    { key: 'hasSent', title: 'hasSent', kind: 'flag', hidden: true, filterable: false, sortable: false },
    { key: 'hasAnswer', title: 'hasAnswer', kind: 'flag', hidden: true, filterable: false, sortable: false },
  ],
  students: null,
  defaultSort: { key: 'submittedAt', descending: true },
});

const student = [
  { key: 'studentId', title: 'studentId', kind: 'text', hidden: true, filterable: false, sortable: false },
  { key: 'className', title: '班級', kind: 'text', width: 96 },
  { key: 'seatNumber', title: '座號', kind: 'number', width: 72 },
  { key: 'studentNumber', title: '學號', kind: 'text', width: 100 },
  { key: 'name', title: '姓名', kind: 'text', width: 92 },
] as const;
const recordId = { key: 'recordId', title: 'recordId', kind: 'text', hidden: true, filterable: false, sortable: false } as const;

/** What 預檢 found, one line a finding. */
export const findingGrid = defineGrid({
  name: 'precheckFindings',
  title: '預檢結果',
  columns: [
    rowId,
    { key: 'severity', title: '類別', kind: 'choice', choices: findingSeverityNames, width: 80 },
    ...student,
    recordId,
    { key: 'sheet', title: '工作表', kind: 'text', width: 128 },
    { key: 'field', title: '欄位', kind: 'text', width: 104 },
    { key: 'message', title: '問題', kind: 'text' },
    { key: 'advice', title: '處理方式', kind: 'text' },
    { key: 'code', title: 'code', kind: 'text', hidden: true, filterable: false, sortable: false },
  ],
  students: 'studentId',
  defaultSort: { key: 'severity' },
});

/** 與上次提交的差異, one line a record. */
export const differenceGrid = defineGrid({
  name: 'rosterDifferences',
  title: '與上次提交的差異',
  columns: [
    rowId,
    { key: 'change', title: '差異', kind: 'choice', choices: rosterChangeNames, width: 100 },
    ...student,
    recordId,
    { key: 'sheet', title: '工作表', kind: 'text', width: 150 },
    { key: 'title', title: '紀錄', kind: 'text', width: 200 },
    { key: 'detail', title: '內容', kind: 'text' },
  ],
  students: 'studentId',
  defaultSort: { key: 'className' },
});

/** Rows an answer refused, matched back to students. */
export const answerRowGrid = defineGrid({
  name: 'submissionAnswerRows',
  title: '檢核錯誤的資料',
  columns: [
    rowId,
    ...student,
    recordId,
    { key: 'sheet', title: '工作表', kind: 'text', width: 150 },
    { key: 'field', title: '欄位', kind: 'text', width: 120 },
    { key: 'message', title: '錯誤訊息', kind: 'text' },
    { key: 'cells', title: '退回的資料', kind: 'text' },
  ],
  students: 'studentId',
  defaultSort: { key: 'className' },
});

const findings = gridOperations(findingGrid, submissionAccess('view'), { kind, precheckId: z.string() });
const differences = gridOperations(differenceGrid, submissionAccess('view'), { kind, precheckId: z.string() });
const answerRows = gridOperations(answerRowGrid, submissionAccess('view'), { kind, submissionId: z.string() });

const window = z.object({ startsOn: z.string(), endsOn: z.string(), state: z.enum(['soon', 'open', 'closed']) });
const precheck = z.object({
  id: z.string(),
  checkedAt: z.string(),
  checkedBy: z.string(),
  rows: z.int(),
  students: z.int(),
  errors: z.int(),
  warnings: z.int(),
  uncheckedFiles: z.int(),
  /** When the roster that it is compared with was handed in; null where nothing was. */
  comparedWithSentAt: z.string().nullable(),
  differences: z.object({ added: z.int(), removed: z.int(), changed: z.int() }),
});
export type Precheck = z.output<typeof precheck>;

/** A roster of rows that differ from the checked ones, or that nobody checked, is not sent. */
const checked = { precheckId: z.string(), confirmWarnings: z.boolean().default(false) };
const submissionOf = { kind, id: z.string() };

/**
 * 提交多元表現, 學習成果, 校內幹部經歷至中央資料庫 (manual §3.6, §3.9, §3.14): 預檢, the roster, handing it in, its answer, 封存.
 * One feature for the three screens; `kind` says which.
 */
export const submissions = defineFeature('submissions', {
  ...gridOperations(submissionGrid, submissionAccess('view'), { kind }),
  /** What the screen offers to choose from. */
  choices: query({
    title: '提交作業選項',
    input: z.object({ kind }),
    output: z.object({
      /** Terms (of cadres) or years that can be handed in, newest first, with their 梯次 and 部別. */
      rosters: z.array(
        z.object({
          academicYear: z.int(),
          semester: z.int(),
          batches: z.array(z.object({ batch: z.enum(submissionBatches), name: z.string() })),
          divisions: z.array(z.enum(divisions)),
        }),
      ),
      /** The one to begin with: whose 提交期限 is open, or ended last. */
      current: ofRoster.nullable(),
    }),
    access: submissionAccess('view'),
  }),
  /** 提交期限, what stands in the roster now, and how far it is. */
  overview: query({
    title: '查看提交期限',
    input: ofRoster,
    output: z.object({
      /** Null where the city has not published one. */
      window: window.nullable(),
      rosterName: z.string(),
      /** 名冊別. */
      rosterCode: z.string(),
      layoutYear: z.int(),
      sheets: z.array(z.object({ name: z.string(), rows: z.int() })),
      rows: z.int(),
      students: z.int(),
      /** The newest of this roster. */
      precheck: precheck.nullable(),
      /** The newest line of 提交紀錄 of this roster. */
      last: z
        .object({
          id: z.string(),
          processingStatus: z.enum(processingStatuses),
          statusText: z.string(),
          submissionFileId: z.string().nullable(),
          submittedAt: z.string(),
          way: z.enum(submissionWays),
        })
        .nullable(),
      archivedAt: z.string().nullable(),
    }),
    access: submissionAccess('view'),
  }),
  /** 查看現有名冊: the headings of a sheet; its rows come by `roster`. `c0`, `c1` … are the sheet's columns after the student's. */
  sheet: query({
    title: '查看名冊欄位',
    input: ofRoster.extend({ sheet: z.string() }),
    output: z.object({
      columns: z.array(z.object({ key: z.string(), title: z.string(), kind: z.enum(['text', 'number', 'rocDay']), width: z.int() })),
    }),
    access: submissionAccess('view'),
  }),
  /** A page of a sheet's rows as they are in the database now. */
  roster: query({
    title: '查看現有名冊',
    input: gridQuery.extend({ ...rosterScope, sheet: z.string() }),
    output: gridPage,
    access: submissionAccess('view'),
    audit: { action: 'view', count: (_input, { rows }) => rows.length },
  }),
  /**
   * 匯出: the roster's workbook, to look at or to upload by hand. Checked first: with errors nothing is written unless `evenWithErrors`.
   * Errors: submissions.empty; submissions.findings (details.errors, details.warnings, details.precheckId).
   */
  exportRoster: job({
    title: '匯出名冊',
    input: ofRoster.extend({ evenWithErrors: z.boolean().default(false) }),
    output: z.object({ file: outgoingFile, rows: z.int(), students: z.int(), errors: z.int(), warnings: z.int(), precheckId: z.string() }),
    access: submissionAccess('view'),
    audit: { action: 'export', count: (_input, { students }) => students },
  }),
  /** 預檢. Files that are not here are fetched where the city can be reached. Errors: submissions.empty. */
  check: job({
    title: '預檢名冊',
    input: ofRoster,
    output: precheck,
    access: submissionAccess('view'),
    audit: {
      action: 'view',
      count: (_input, { students }) => students,
      summary: (_input, { errors, warnings }) => `錯誤 ${errors} 項，提醒 ${warnings} 項`,
    },
  }),
  findings: findings.list,
  exportFindings: findings.exportWorkbook,
  differences: differences.list,
  exportDifferences: differences.exportWorkbook,
  /** The audited way round the identity check, for a student who has no number or whose number is right although its checksum is not. Errors: student.unknown. */
  waiveIdentity: command({
    title: '略過身分證號檢查',
    input: z.object({ kind, studentId: z.string(), reason: z.string().trim().min(2).max(200) }),
    output: done,
    access: submissionAccess('update'),
    audit: { action: 'change', students: ({ studentId }) => [studentId], summary: ({ reason }) => `略過身分證號檢查：${reason}` },
  }),
  withdrawWaiver: command({
    title: '恢復身分證號檢查',
    input: z.object({ kind, studentId: z.string() }),
    output: done,
    access: submissionAccess('update'),
    audit: { action: 'change', students: ({ studentId }) => [studentId] },
  }),
  /**
   * Hands the roster in through the city. Errors: submissions.empty, submissions.archived, submissions.windowClosed, submissions.notChecked (the roster is
   * another than the one checked), submissions.findings, submissions.warnings (not confirmed), sync.offline and its like.
   */
  send: job({
    title: '提交至中央資料庫',
    input: ofRoster.extend(checked),
    output: z.object({ id: z.string(), submissionFileId: z.string(), rows: z.int(), students: z.int() }),
    access: submissionAccess('create'),
    audit: {
      action: 'export',
      count: (_input, { students }) => students,
      summary: (_input, { submissionFileId, rows }) => `提交名冊 ${rows} 列，FID ${submissionFileId}`,
    },
  }),
  /** Makes and keeps the file to upload by hand, with its line in 提交紀錄. Errors as of `send` but the city's. */
  prepareUpload: job({
    title: '製作上傳檔',
    input: ofRoster.extend(checked),
    output: z.object({ id: z.string(), file: outgoingFile, rows: z.int(), students: z.int() }),
    access: submissionAccess('create'),
    audit: { action: 'export', count: (_input, { students }) => students, summary: (_input, { rows }) => `製作上傳檔 ${rows} 列` },
  }),
  /** Enters what the national site answered to an upload by hand. Errors: submissions.unknown, submissions.ofCity, submissions.unreadStatus. */
  recordResult: command({
    title: '登錄檢核結果',
    input: z.object({
      ...submissionOf,
      submissionFileId: z.string().trim().min(1).max(40),
      /** As the site shows it; its kind is read from it. */
      statusText: z.string().trim().min(1).max(2000),
      resultReceivedAt: z.iso.datetime().optional(),
    }),
    output: z.object({ processingStatus: z.enum(processingStatuses), rosterName: z.string().nullable() }),
    access: submissionAccess('update'),
    audit: {
      action: 'change',
      summary: ({ submissionFileId }, { processingStatus }) => `FID ${submissionFileId}：${processingStatusNames[processingStatus]}`,
    },
  }),
  /**
   * Reads a downloaded answer (xlsx, csv or txt), or without a file the one the city holds, keeps it, and matches the refused rows back to students.
   * Errors: submissions.unknown, submissions.noAnswer, workbook.unreadable, submissions.otherAnswer, sync.offline and its like.
   */
  readAnswer: job({
    title: '讀取檢核結果檔',
    input: z.object({ ...submissionOf, file: incomingFile.optional() }),
    output: z.object({ refusedRows: z.int(), matchedRows: z.int(), students: z.int(), processingStatus: z.enum(processingStatuses) }),
    access: submissionAccess('update'),
    audit: { action: 'import', count: (_input, { students }) => students },
  }),
  /** One line of 提交紀錄 whole. Errors: submissions.unknown. */
  detail: query({
    title: '查看提交紀錄',
    input: z.object(submissionOf),
    output: z.object({
      id: z.string(),
      ...rosterScope,
      batchName: z.string(),
      way: z.enum(submissionWays),
      submissionFileId: z.string().nullable(),
      statusText: z.string(),
      processingStatus: z.enum(processingStatuses),
      rosterName: z.string().nullable(),
      submittedBy: z.string(),
      submittedAt: z.string(),
      resultReceivedAt: z.string().nullable(),
      /** What was handed in; null of a line that another computer or the city's own site handed in. */
      sent: z
        .object({
          fileName: z.string(),
          sha256: z.string(),
          bytes: z.int(),
          rows: z.int(),
          students: z.int(),
          warnings: z.int(),
          confirmedBy: z.string().nullable(),
        })
        .nullable(),
      /** `readAt` null: there is an answer, and its rows are not read yet (`readAnswer` without a file). */
      answer: z.object({ name: z.string(), rows: z.int(), unmatched: z.int(), readAt: z.string().nullable() }).nullable(),
      archivedAt: z.string().nullable(),
      archivedBy: z.string().nullable(),
    }),
    access: submissionAccess('view'),
  }),
  answerRows: answerRows.list,
  exportAnswerRows: answerRows.exportWorkbook,
  /** 下載 of what was sent. Errors: submissions.unknown, submissions.noSentFile. */
  downloadSent: command({
    title: '下載提交的名冊',
    input: z.object(submissionOf),
    output: z.object({ file: outgoingFile, students: z.int() }),
    access: submissionAccess('view'),
    audit: { action: 'export', count: (_input, { students }) => students },
  }),
  /** 下載 of the answer. Errors: submissions.unknown, submissions.noAnswer. */
  downloadAnswer: command({
    title: '下載檢核結果',
    input: z.object(submissionOf),
    /** `students`: those in it, as far as it was read. */
    output: z.object({ file: outgoingFile, students: z.int() }),
    access: submissionAccess('view'),
    audit: { action: 'export', count: (_input, { students }) => students },
  }),
  /** 封存: its term can't be handed in again. Errors: submissions.unknown, submissions.notAccepted. */
  archive: command({
    title: '封存提交紀錄',
    input: z.object(submissionOf),
    output: done,
    access: submissionAccess('update'),
    audit: { action: 'change' },
  }),
  /** Takes 封存 back, for one set by mistake. Errors: submissions.unknown. */
  unarchive: command({
    title: '解除封存',
    input: z.object(submissionOf),
    output: done,
    access: submissionAccess('delete'),
    audit: { action: 'change' },
  }),
});
