import { z } from 'zod';
import { isIsoDay } from '../../../domain/roc-date.ts';
import { command, defineFeature, done, job, nothing, outgoingFile, query } from '../../application/contract.ts';

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

export const slips = defineFeature('slips', {
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
    }),
    access: { module: 'S0222S', right: 'create' },
    audit: { action: 'print', count: (_input, output) => output.slips },
  }),
});
