import { z } from 'zod';
import { command, defineFeature, done, job, outgoingFile, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId, termScope } from '../../application/grid-contract.ts';

const view = { module: 'S0216S', right: 'view' } as const;

/** 教師清單 (manual §3.11), who has most to certify first. */
export const uncertifiedTeacherGrid = defineGrid({
  name: 'uncertifiedTeachers',
  title: '未認證教師清單',
  columns: [
    rowId,
    { key: 'name', title: '教師姓名', kind: 'text' },
    { key: 'pending', title: '未認證數量', kind: 'number', width: 120 },
    { key: 'deputy', title: '代理教師', kind: 'text', width: 110 },
    { key: 'email', title: 'E-mail', kind: 'text' },
  ],
  students: null,
  defaultSort: { key: 'pending', descending: true },
});

/** 未認證學生清單: an outcome stands once for each teacher who may certify it. */
export const uncertifiedOutcomeGrid = defineGrid({
  name: 'uncertifiedOutcomes',
  title: '未認證學生清單',
  columns: [
    rowId,
    { key: 'studentId', title: 'studentId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'className', title: '班級', kind: 'text', width: 110 },
    { key: 'seatNumber', title: '座號', kind: 'number', width: 76 },
    { key: 'studentName', title: '姓名', kind: 'text', width: 110 },
    { key: 'subjectName', title: '科目', kind: 'text' },
    { key: 'teacherName', title: '教師姓名', kind: 'text', width: 110 },
    { key: 'sentAt', title: '送出認證時間', kind: 'rocDateTime', width: 160 },
  ],
  students: 'studentId',
  defaultSort: { key: 'className' },
});

export const deputyStateNames = { soon: '尚未開始', active: '代理中', past: '已結束' } as const;
export const deputyGrid = defineGrid({
  name: 'deputyCertifiers',
  title: '代理認證教師',
  columns: [
    rowId,
    { key: 'teacherId', title: 'teacherId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'deputyId', title: 'deputyId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'teacherName', title: '教師姓名', kind: 'text', width: 160 },
    { key: 'deputyName', title: '代理教師', kind: 'text', width: 160 },
    { key: 'startsOn', title: '開始日期', kind: 'rocDay', width: 130 },
    { key: 'endsOn', title: '結束日期', kind: 'rocDay', width: 130 },
    { key: 'reason', title: '事由', kind: 'text' },
    { key: 'state', title: '狀態', kind: 'choice', choices: deputyStateNames, width: 120 },
  ],
  students: null,
  defaultSort: { key: 'startsOn', descending: true },
});

const teachers = gridOperations(uncertifiedTeacherGrid, view, termScope);
const deputies = gridOperations(deputyGrid, view);
const deputy = z.object({
  teacherId: z.string().min(1),
  deputyId: z.string().min(1),
  startsOn: z.iso.date(),
  endsOn: z.iso.date(),
  reason: z.string().trim().max(200),
});

/** 查詢未認證教師狀況表 (manual §3.11), and 代理認證教師, which the regulation asks for (認證須有代理人機制). */
export const certification = defineFeature('certification', {
  ...gridOperations(uncertifiedOutcomeGrid, view, {
    ...termScope,
    /** Of one teacher; empty for outcomes that no one may certify; all without it. */
    teacherId: z.string().optional(),
  }),
  teachers: teachers.list,
  exportTeachers: teachers.exportWorkbook,
  summary: query({
    title: '未認證件數',
    input: z.object(termScope),
    /** Each outcome once, however many may certify it; `unassigned` has nobody who may. */
    output: z.object({ outcomes: z.int(), teachers: z.int(), unassigned: z.int() }),
    access: view,
  }),
  /** E-mail addresses of the teachers who have something to certify, for a reminder. */
  addresses: query({
    title: '未認證教師的 E-mail',
    input: z.object(termScope),
    output: z.object({ emails: z.array(z.string()), without: z.array(z.string()) }),
    access: view,
  }),
  /** 1091 未認證教師狀況表, as the manual prints it. Errors: certification.none. */
  printReport: job({
    title: '列印未認證教師狀況表',
    input: z.object(termScope),
    output: z.object({ file: outgoingFile, rows: z.int(), students: z.int(), pages: z.int(), missingCharacters: z.string() }),
    access: view,
    audit: { action: 'print', count: (_input, { students }) => students },
  }),
  deputies: deputies.list,
  exportDeputies: deputies.exportWorkbook,
  /** Who may be chosen as teacher or deputy: those who serve. */
  teacherOptions: query({
    title: '教師選項',
    input: z.object({}),
    output: z.object({ teachers: z.array(z.object({ id: z.string(), name: z.string() })) }),
    access: view,
  }),
  /** Errors: certification.deputyRefused (details.refusals with their field). */
  createDeputy: command({
    title: '新增代理認證教師',
    input: deputy,
    output: z.object({ id: z.string(), warnings: z.array(z.string()) }),
    access: { module: 'S0216S', right: 'create' },
    audit: { action: 'change', summary: ({ startsOn, endsOn }) => `${startsOn} ~ ${endsOn}` },
  }),
  /** Errors as of `createDeputy`, certification.deputyUnknown. */
  updateDeputy: command({
    title: '修改代理認證教師',
    input: deputy.extend({ id: z.string() }),
    output: z.object({ id: z.string(), warnings: z.array(z.string()) }),
    access: { module: 'S0216S', right: 'update' },
    audit: { action: 'change', summary: ({ startsOn, endsOn }) => `${startsOn} ~ ${endsOn}` },
  }),
  removeDeputy: command({
    title: '刪除代理認證教師',
    input: z.object({ id: z.string() }),
    output: done,
    access: { module: 'S0216S', right: 'delete' },
    audit: { action: 'change' },
  }),
});
