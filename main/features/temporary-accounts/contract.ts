import { z } from 'zod';
import { operationWindowItems, temporaryAccountPurposeNames, temporaryAccountPurposes } from '../../../domain/office-settings.ts';
import { isIsoDay } from '../../../domain/roc-date.ts';
import { command, defineFeature, done, nothing, outgoingFile, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

/** 轉學生臨時帳號 (manual §3.17): so that a student who left, or who has no city account yet, can tick within the window. */

/** What the office sees of an account: stored is open or disabled, the rest follows from there being none and from the time. */
export const accountStates = { none: '未開通', inUse: '使用中', expired: '已到期', disabled: '已停用' } as const;
export type AccountState = keyof typeof accountStates;

/** One row an account, and one of each student who moved and has none. */
export const temporaryAccountGrid = defineGrid({
  name: 'temporaryAccounts',
  title: '轉學生臨時帳號',
  columns: [
    rowId,
    { key: 'studentId', title: 'studentId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'hasAccountInUse', title: 'hasAccountInUse', kind: 'flag', hidden: true, filterable: false, sortable: false },
    { key: 'academicYear', title: '學年', kind: 'number', width: 68 },
    { key: 'className', title: '班級', kind: 'text', width: 84 },
    { key: 'seatNumber', title: '座號', kind: 'number', width: 68 },
    { key: 'studentNumber', title: '學號', kind: 'text', width: 92 },
    { key: 'name', title: '姓名', kind: 'text', width: 78 },
    { key: 'movedOn', title: '異動日期', kind: 'rocDay', width: 96 },
    { key: 'account', title: '帳號', kind: 'text', width: 148 },
    { key: 'purpose', title: '用途', kind: 'choice', choices: temporaryAccountPurposeNames, width: 112 },
    { key: 'state', title: '狀態', kind: 'choice', choices: accountStates, width: 80 },
    { key: 'opensAt', title: '開通時間', kind: 'rocDateTime', width: 138 },
    { key: 'expiresAt', title: '到期時間', kind: 'rocDateTime', width: 138 },
    { key: 'openedBy', title: '開通人員', kind: 'text', width: 90 },
  ],
  students: 'studentId',
  defaultSort: { key: 'movedOn', descending: true },
});

const isoDay = z.string().refine(isIsoDay, '請輸入正確的日期');
const id = z.string().min(1).max(64);

/** An account with the password that is shown this once, and the notice that bears it. The notice is let go of after some minutes. */
export const issuedAccount = z.object({
  accountId: z.string(),
  studentId: z.string(),
  studentNumber: z.string(),
  name: z.string(),
  account: z.string(),
  opensAt: z.string(),
  expiresAt: z.string(),
  oneTimePassword: z.string(),
  notice: outgoingFile,
  /** Characters of the name that no font has, 〓 on the notice. */
  missingCharacters: z.string(),
});
export type IssuedAccount = z.infer<typeof issuedAccount>;

const module = 'S0221S';

// No account in the log's summaries: it is made of the student's number.
export const temporaryAccounts = defineFeature('temporaryAccounts', {
  ...gridOperations(
    temporaryAccountGrid,
    { module, right: 'view' },
    {
      /** Everyone who ever moved; otherwise those of this academic year and the last. */
      everyone: z.boolean().default(false),
    },
  ),
  /** The ticking windows that are open now, and until when an account may be valid: none without an open window. */
  ticking: query({
    title: '查看學生勾選時間',
    input: nothing,
    output: z.object({
      windows: z.array(z.object({ item: z.enum(operationWindowItems), academicYear: z.int(), opensAt: z.string(), closesAt: z.string() })),
      /** The day on which the last open window closes, and its very instant. */
      lastDay: z.string().nullable(),
      closesAt: z.string().nullable(),
    }),
    access: { module, right: 'view' },
  }),
  /**
   * 開通: the city makes the account and its one-time password. A command, not a job: what a job ends with is kept. Errors:
   * temporaryAccounts.noWindow, temporaryAccounts.beyondWindow (details.closesAt), temporaryAccounts.exists,
   * temporaryAccounts.notTransferred, temporaryAccounts.studentUnknown, sync.offline and what else calls to the city end with.
   */
  open: command({
    title: '開通轉學生臨時帳號',
    input: z.object({ studentId: id, purpose: z.enum(temporaryAccountPurposes), expiresOn: isoDay }),
    output: issuedAccount,
    access: { module, right: 'create' },
    audit: {
      action: 'reveal',
      students: (_input, { studentId }) => [studentId],
    },
  }),
  /** 延長, never beyond the open window. Errors: temporaryAccounts.unknown, .disabled, .noWindow, .beyondWindow, .notLater, .exists. */
  extend: command({
    title: '延長轉學生臨時帳號',
    input: z.object({ id, expiresOn: isoDay }),
    output: z.object({ studentId: z.string(), account: z.string(), expiresAt: z.string() }),
    access: { module, right: 'update' },
    audit: {
      action: 'change',
      students: (_input, { studentId }) => [studentId],
      summary: ({ expiresOn }) => `延長轉學生臨時帳號至 ${expiresOn}`,
    },
  }),
  /** 停用. Errors: temporaryAccounts.unknown. */
  disable: command({
    title: '停用轉學生臨時帳號',
    input: z.object({ id }),
    output: done.extend({ studentId: z.string(), account: z.string() }),
    access: { module, right: 'delete' },
    audit: {
      action: 'change',
      students: (_input, { studentId }) => [studentId],
    },
  }),
  /** 重設密碼, at the city. Errors: temporaryAccounts.unknown, .disabled, .expired, sync.offline … */
  renewPassword: command({
    title: '重設轉學生臨時帳號密碼',
    input: z.object({ id }),
    output: issuedAccount,
    access: { module, right: 'update' },
    audit: {
      action: 'reveal',
      students: (_input, { studentId }) => [studentId],
    },
  }),
});
