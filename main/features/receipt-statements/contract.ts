import { z } from 'zod';
import { receiptAnswerNames, receiptAnswers, receiptComparisonNames } from '../../../domain/submission.ts';
import { command, defineFeature, done, incomingFile, job, outgoingFile, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';
import { rosterScope, submissionAccess } from '../submissions/contract.ts';

const { kind } = rosterScope;
const ofStatement = { kind, statementId: z.string() };

/** Imported 收訖明細 of one kind of roster. */
export const statementGrid = defineGrid({
  name: 'receiptStatements',
  title: '收訖明細',
  columns: [
    rowId,
    { key: 'academicYear', title: '學年', kind: 'number', width: 76 },
    { key: 'semester', title: '學期', kind: 'number', width: 76 },
    { key: 'batchName', title: '梯次', kind: 'text', width: 120 },
    { key: 'fileName', title: '檔名', kind: 'text' },
    { key: 'createdAt', title: '匯入時間', kind: 'rocDateTime', width: 160 },
    { key: 'createdBy', title: '匯入人員', kind: 'text', width: 110 },
    { key: 'rows', title: '筆數', kind: 'number', width: 90 },
    { key: 'differing', title: '不符', kind: 'number', width: 80 },
    { key: 'confirmFrom', title: '確認開始', kind: 'rocDay', width: 110 },
    { key: 'confirmUntil', title: '確認截止', kind: 'rocDay', width: 110 },
    { key: 'answered', title: '已確認人數', kind: 'number', width: 120 },
    { key: 'wrong', title: '回報錯誤', kind: 'number', width: 106 },
    { key: 'unanswered', title: '未確認人數', kind: 'number', width: 120 },
  ],
  students: null,
  defaultSort: { key: 'createdAt', descending: true },
});

const student = [
  { key: 'studentId', title: 'studentId', kind: 'text', hidden: true, filterable: false, sortable: false },
  { key: 'className', title: '班級', kind: 'text', width: 100 },
  { key: 'seatNumber', title: '座號', kind: 'number', width: 72 },
  { key: 'studentNumber', title: '學號', kind: 'text', width: 110 },
  { key: 'name', title: '姓名', kind: 'text', width: 100 },
] as const;

/** Each record: what was handed in beside what the ministry has. */
export const comparisonGrid = defineGrid({
  name: 'receiptComparison',
  title: '收訖明細比對',
  columns: [
    rowId,
    { key: 'comparison', title: '比對', kind: 'choice', choices: receiptComparisonNames, width: 100 },
    ...student,
    { key: 'recordId', title: 'recordId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'sheet', title: '工作表', kind: 'text', width: 150 },
    { key: 'title', title: '紀錄', kind: 'text' },
    { key: 'detail', title: '不同之處', kind: 'text' },
  ],
  students: 'studentId',
  defaultSort: { key: 'className' },
});

export const confirmationStateNames = { waiting: '尚未確認', overdue: '逾期未確認', ...receiptAnswerNames } as const;
/** Each student's confirmation. */
export const confirmationGrid = defineGrid({
  name: 'receiptConfirmations',
  title: '收訖明細確認情形',
  columns: [
    rowId,
    ...student,
    { key: 'records', title: '收訖筆數', kind: 'number', width: 106 },
    { key: 'differing', title: '不符筆數', kind: 'number', width: 106 },
    { key: 'state', title: '確認結果', kind: 'choice', choices: confirmationStateNames, width: 120 },
    { key: 'remark', title: '學生說明', kind: 'text' },
    { key: 'answeredAt', title: '登錄時間', kind: 'rocDateTime', width: 160 },
    { key: 'answeredBy', title: '登錄人員', kind: 'text', width: 110 },
  ],
  students: 'studentId',
  defaultSort: { key: 'className' },
});

const comparison = gridOperations(comparisonGrid, submissionAccess('view'), ofStatement);
const confirmations = gridOperations(confirmationGrid, submissionAccess('view'), ofStatement);

/**
 * 收訖明細 (domain.md §1): the ministry's receipt workbook is read, held against what was handed in, printed for each student to confirm, and the
 * answers 正確 or 錯誤 are taken in within a window of at least three days.
 */
export const receiptStatements = defineFeature('receiptStatements', {
  ...gridOperations(statementGrid, submissionAccess('view'), { kind }),
  /**
   * Reads and compares a workbook. `batch`, `division` and term are read from its cover where it has one, and must then be those given.
   * Errors: receiptStatements.unreadable, receiptStatements.otherRoster, receiptStatements.otherSchool, receiptStatements.empty, receiptStatements.windowTooShort.
   */
  read: job({
    title: '匯入收訖明細',
    input: z.object({ ...rosterScope, file: incomingFile, confirmFrom: z.iso.date(), confirmUntil: z.iso.date() }),
    output: z.object({
      id: z.string(),
      rows: z.int(),
      same: z.int(),
      missing: z.int(),
      extra: z.int(),
      different: z.int(),
      students: z.int(),
      /** Rows whose 身分證號 is no student of this school. */
      unknown: z.int(),
      /** False where nothing of this roster was handed in from here: then there is nothing to compare with. */
      compared: z.boolean(),
    }),
    access: submissionAccess('create'),
    audit: { action: 'import', count: (_input, { students }) => students },
  }),
  summary: query({
    title: '收訖明細摘要',
    input: z.object(ofStatement),
    output: z.object({
      academicYear: z.int(),
      semester: z.int(),
      /** `課程學習成果名冊 高三第一梯次`. */
      rosterName: z.string(),
      fileName: z.string(),
      confirmFrom: z.string(),
      confirmUntil: z.string(),
      state: z.enum(['soon', 'open', 'closed']),
      compared: z.boolean(),
      comparison: z.object({ same: z.int(), missing: z.int(), extra: z.int(), different: z.int() }),
      students: z.int(),
      correct: z.int(),
      wrong: z.int(),
      unanswered: z.int(),
    }),
    access: submissionAccess('view'),
  }),
  comparison: comparison.list,
  exportComparison: comparison.exportWorkbook,
  confirmations: confirmations.list,
  exportConfirmations: confirmations.exportWorkbook,
  /** Changes the days of confirmation. Errors: receiptStatements.unknown, receiptStatements.windowTooShort. */
  setWindow: command({
    title: '設定收訖明細確認期間',
    input: z.object({ ...ofStatement, confirmFrom: z.iso.date(), confirmUntil: z.iso.date() }),
    output: done,
    access: submissionAccess('update'),
    audit: { action: 'change', summary: ({ confirmFrom, confirmUntil }) => `${confirmFrom} ~ ${confirmUntil}` },
  }),
  /** 收訖明細確認單, for every student or those chosen, by class and seat. Errors: receiptStatements.unknown, receiptStatements.nobody. */
  print: job({
    title: '列印收訖明細確認單',
    input: z.object({
      ...ofStatement,
      /** All without it. */
      studentIds: z.array(z.string()).max(500).optional(),
      /** Part of a class's name; and only those who have not answered. */
      className: z.string().max(50).optional(),
      unansweredOnly: z.boolean().default(false),
    }),
    output: z.object({ file: outgoingFile, students: z.int(), pages: z.int(), missingCharacters: z.string() }),
    access: submissionAccess('view'),
    audit: { action: 'print', count: (_input, { students }) => students },
  }),
  /** Takes in answers; null takes one back. Errors: receiptStatements.unknown. */
  answer: command({
    title: '登錄收訖明細確認',
    input: z.object({
      ...ofStatement,
      studentIds: z.array(z.string()).min(1).max(1000),
      answer: z.enum(receiptAnswers).nullable(),
      remark: z.string().trim().max(500).default(''),
    }),
    output: z.object({ answered: z.int() }),
    access: submissionAccess('update'),
    audit: { action: 'change', students: ({ studentIds }) => studentIds, summary: ({ answer }) => `收訖明細確認：${answer ?? '取消登錄'}` },
  }),
  /** Takes in 正確 or 錯誤 by the code of the paper that came back. Errors: receiptStatements.unreadableCode, receiptStatements.unknownCode, receiptStatements.alreadyAnswered. */
  scan: command({
    title: '掃描收訖明細確認單',
    input: z.object({ kind, text: z.string().max(200), answer: z.enum(receiptAnswers), remark: z.string().trim().max(500).default('') }),
    output: z.object({
      statementId: z.string(),
      studentId: z.string(),
      studentNumber: z.string(),
      name: z.string(),
      className: z.string(),
    }),
    access: submissionAccess('update'),
    audit: { action: 'change', students: (_input, { studentId }) => [studentId] },
  }),
  /** Removes a statement read by mistake, with its answers. Errors: receiptStatements.unknown. */
  remove: command({
    title: '刪除收訖明細',
    input: z.object(ofStatement),
    output: done.extend({ students: z.int() }),
    access: submissionAccess('delete'),
    audit: { action: 'change', count: (_input, { students }) => students },
  }),
  /** 下載 of the workbook as it was read. Errors: receiptStatements.unknown. */
  download: command({
    title: '下載收訖明細',
    input: z.object(ofStatement),
    output: z.object({ file: outgoingFile, students: z.int() }),
    access: submissionAccess('view'),
    audit: { action: 'export', count: (_input, { students }) => students },
  }),
});
