import { z } from 'zod';
import { command, defineFeature, done, nothing, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId, termScope } from '../../application/grid-contract.ts';

const view = { module: 'S0213S', right: 'view' } as const;
const update = { module: 'S0213S', right: 'update' } as const;

export const termGrid = defineGrid({
  name: 'terms',
  title: '學校學年期',
  columns: [
    rowId,
    { key: 'academicYear', title: '學年', kind: 'number', width: 120 },
    { key: 'semester', title: '學期', kind: 'number', width: 120 },
    { key: 'classes', title: '班級數', kind: 'number', width: 120 },
    { key: 'students', title: '學生數', kind: 'number', width: 120 },
    { key: 'current', title: '目前學年期', kind: 'flag', width: 140 },
    { key: 'offered', title: '提供選用', kind: 'flag' },
  ],
  students: null,
  defaultSort: { key: 'academicYear', descending: true },
});

const termSummary = (input: { academicYear: number; semester: number }) => `${input.academicYear}${input.semester}`;

/** 設定學校學年期 (S0213S): which term the school is in, and which terms the screens offer. */
export const terms = defineFeature('terms', {
  ...gridOperations(termGrid, view),
  /** The terms on offer, newest first: what every screen's 學年期 is chosen from. */
  offered: query({
    title: '學年期選項',
    input: nothing,
    output: z.object({ terms: z.array(z.object({ academicYear: z.int(), semester: z.int(), current: z.boolean() })) }),
    access: 'signedIn',
  }),
  state: query({
    title: '查看目前學年期',
    input: nothing,
    output: z.object({
      current: z.object({ academicYear: z.int(), semester: z.int() }),
      /** The term that today lies in. */
      today: z.object({ academicYear: z.int(), semester: z.int() }),
      /** True while none was set: then the day decides. */
      byDate: z.boolean(),
    }),
    access: view,
  }),
  /** Errors: terms.unknown. */
  setCurrent: command({
    title: '設定目前學年期',
    input: z.object(termScope),
    output: done,
    access: update,
    audit: { action: 'change', summary: termSummary },
  }),
  /** 依日期自動. */
  useDate: command({ title: '目前學年期依日期自動', input: nothing, output: done, access: update, audit: { action: 'change' } }),
  /** Errors: terms.unknown, terms.currentOffered: the current one is always on offer. */
  offer: command({
    title: '設定學年期是否提供選用',
    input: z.object({ ...termScope, offered: z.boolean() }),
    output: done,
    access: update,
    audit: { action: 'change', summary: termSummary },
  }),
});
