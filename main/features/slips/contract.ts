import { z } from 'zod';
import { isIsoDay } from '../../../domain/roc-date.ts';
import { command, defineFeature, done, job, nothing, outgoingFile, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

/** 學生上傳及勾選情形確認單 (manual §3.18). */
const isoDay = z.string().refine(isIsoDay, '請輸入正確的日期');

/** Which students get a slip, and how. Ranges are inclusive; a blank end is open. */
export const slipSelection = z.object({
  grade: z.int().min(1).max(9),
  classFrom: z.string().max(20).optional(),
  classTo: z.string().max(20).optional(),
  numberFrom: z.string().max(20).optional(),
  numberTo: z.string().max(20).optional(),
  /** 本學年度: yes prints this year and the history, no the history only. */
  currentYear: z.boolean().default(true),
  /** 繳交截止日期. */
  dueDate: isoDay,
  remarks: z.string().max(2000),
});
export type SlipSelection = z.infer<typeof slipSelection>;

/** 回條登錄: what has become of a slip. Overdue is one that has not come back by the end of its 繳交截止日期. */
export const returnStates = { waiting: '未繳回', overdue: '逾期', returned: '已繳回' } as const;
export type ReturnState = keyof typeof returnStates;

/** The slip that counts of each student: the newest one of its due date. */
export const returnsGrid = defineGrid({
  name: 'returns',
  title: '確認單回條',
  columns: [
    rowId,
    { key: 'studentId', title: 'studentId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'className', title: '班級', kind: 'text', width: 92 },
    { key: 'seatNumber', title: '座號', kind: 'number', width: 76 },
    { key: 'studentNumber', title: '學號', kind: 'text', width: 104 },
    { key: 'name', title: '姓名', kind: 'text' },
    { key: 'homeroomTeacher', title: '導師', kind: 'text', width: 92 },
    { key: 'printedAt', title: '列印時間', kind: 'rocDateTime', width: 160 },
    { key: 'dueDate', title: '繳交截止日期', kind: 'rocDay', width: 124 },
    { key: 'state', title: '狀態', kind: 'choice', choices: returnStates, width: 92 },
    { key: 'returnedAt', title: '繳回時間', kind: 'rocDateTime', width: 160 },
    { key: 'returnedBy', title: '登錄人員', kind: 'text', width: 108 },
  ],
  students: 'studentId',
  defaultSort: { key: 'className' },
});

const slipTerm = { academicYear: z.int(), semester: z.int() };
const returnGrid = gridOperations(
  returnsGrid,
  { module: 'S0222S', right: 'view' },
  {
    ...slipTerm,
    /** Without it every due date of the term. */
    dueDate: isoDay.optional(),
  },
);
const serials = z.array(z.string().min(1).max(40)).min(1).max(1000);
const marked = z.object({ marked: z.int(), studentIds: z.array(z.string()) });

export const slips = defineFeature('slips', {
  returns: returnGrid.list,
  exportReturns: returnGrid.exportWorkbook,
  /** The due dates that slips of a term were printed for, the latest first, and how many have come back. */
  dueDates: query({
    title: '查看確認單繳回情形',
    input: z.object(slipTerm),
    output: z.object({
      dueDates: z.array(
        z.object({
          dueDate: z.string(),
          slips: z.int(),
          returned: z.int(),
          /** All that have not come back, once the date is over. */
          overdue: z.int(),
        }),
      ),
    }),
    access: { module: 'S0222S', right: 'view' },
  }),
  /**
   * A slip that came back, by what a hand scanner read from its QR code or a clerk typed of its serial. Errors: slips.unreadable,
   * slips.otherSchool, slips.unknown, slips.replaced (reprinted with other figures), slips.alreadyReturned.
   */
  scanReturn: command({
    title: '登錄確認單回條',
    input: z.object({ text: z.string().max(200) }),
    output: z.object({
      serial: z.string(),
      studentId: z.string(),
      studentNumber: z.string(),
      name: z.string(),
      className: z.string(),
      seatNumber: z.int().nullable(),
      dueDate: z.string(),
    }),
    access: { module: 'S0222S', right: 'update' },
    audit: { action: 'change', students: (_input, { studentId }) => [studentId] },
  }),
  /** Several at once, ticked in the grid; those that are back already, or were replaced, are left as they are. */
  markReturned: command({
    title: '登錄確認單回條',
    input: z.object({ serials }),
    output: marked,
    access: { module: 'S0222S', right: 'update' },
    audit: { action: 'change', students: (_input, { studentIds }) => studentIds },
  }),
  /** 取消登錄 of a slip that was marked by mistake. */
  takeBackReturn: command({
    title: '取消確認單回條登錄',
    input: z.object({ serials }),
    output: marked,
    access: { module: 'S0222S', right: 'update' },
    audit: { action: 'change', students: (_input, { studentIds }) => studentIds },
  }),
  /** What the form offers: grades and class codes of the current term, the remarks as the office keeps them. */
  form: query({
    title: '確認單設定',
    input: nothing,
    output: z.object({
      term: z.object({ academicYear: z.int(), semester: z.int() }),
      grades: z.array(z.int()),
      classes: z.array(z.object({ code: z.string(), name: z.string(), grade: z.int(), students: z.int() })),
      remarks: z.string(),
      defaultRemarks: z.string(),
    }),
    access: { module: 'S0222S', right: 'view' },
  }),
  /** 儲存 the remarks; null goes back to the manual's three. Errors: slips.remarksTooLong (details.lines). */
  saveRemarks: command({
    title: '儲存備註說明',
    input: z.object({ remarks: z.string().max(2000).nullable() }),
    output: done,
    access: { module: 'S0222S', right: 'update' },
    audit: { action: 'change' },
  }),
  /** How many slips a selection makes; for the button. */
  count: query({
    title: '計算確認單份數',
    input: slipSelection,
    output: z.object({ slips: z.int() }),
    access: { module: 'S0222S', right: 'view' },
  }),
  /** The first `pages` of a selection, for the window; no serial is kept. */
  preview: job({
    title: '預覽確認單',
    input: slipSelection.extend({ pages: z.int().min(1).max(20).default(3) }),
    output: z.object({ file: outgoingFile, slips: z.int(), pages: z.int() }),
    access: { module: 'S0222S', right: 'view' },
    audit: { action: 'view', count: (_input, output) => output.pages },
  }),
  /** 列印 / PDF of the whole selection. Errors: slips.none, slips.remarksTooLong, job.cancelled, disk.full. */
  print: job({
    title: '產生確認單',
    input: slipSelection,
    output: z.object({
      file: outgoingFile,
      slips: z.int(),
      pages: z.int(),
      seconds: z.number(),
      /** Students with a character no font has, marked 〓 on the slip; `studentNumber` 全部 for the school's name or the remarks. */
      missingCharacters: z.array(z.object({ studentNumber: z.string(), characters: z.string() })),
      /** Students whose slip of this due date had come back with other figures: they sign again. */
      signAgain: z.int(),
    }),
    access: { module: 'S0222S', right: 'create' },
    audit: { action: 'print', count: (_input, output) => output.slips },
  }),
});
