import { z } from 'zod';
import { command, defineFeature, done, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId, termScope } from '../../application/grid-contract.ts';

const view = { module: 'S0204S', right: 'view' } as const;

/** 教師清單: who is marked ● counsels a class of the term. */
export const courseCounselorTeacherGrid = defineGrid({
  name: 'courseCounselorTeachers',
  title: '教師清單',
  columns: [
    rowId,
    { key: 'name', title: '教師姓名', kind: 'text' },
    { key: 'email', title: 'E-mail', kind: 'text' },
    { key: 'classCount', title: '班級數', kind: 'number', width: 84 },
    { key: 'assigned', title: '已設定', kind: 'flag', width: 96 },
  ],
  students: null,
  defaultSort: { key: 'name' },
});

/** Every class of the term with its course counselor; one without stands here too. */
export const courseCounselorClassGrid = defineGrid({
  name: 'courseCounselors',
  title: '課程諮詢教師',
  columns: [
    rowId,
    { key: 'academicYear', title: '學年', kind: 'number', width: 80 },
    { key: 'semester', title: '學期', kind: 'number', width: 80 },
    { key: 'grade', title: '年級', kind: 'number', width: 80 },
    { key: 'className', title: '班級', kind: 'text', width: 160 },
    { key: 'homeroomTeacher', title: '導師', kind: 'text', width: 160 },
    { key: 'teacherName', title: '教師姓名', kind: 'text' },
    { key: 'email', title: 'E-mail', kind: 'text' },
    { key: 'assigned', title: '已設定', kind: 'flag', width: 100 },
  ],
  students: null,
  defaultSort: { key: 'className' },
});

const teacherList = gridOperations(courseCounselorTeacherGrid, view, termScope);

/** A class of the term as the two lists show it. */
export const counseledClass = z.object({
  /** Of the class. */
  id: z.string(),
  academicYear: z.int(),
  semester: z.int(),
  className: z.string(),
  /** Who else counsels it. */
  others: z.array(z.string()),
});
export type CounseledClass = z.infer<typeof counseledClass>;

/** What last term's settings become in this term. */
export const copiedSetting = z.object({
  teacherId: z.string(),
  teacherName: z.string(),
  fromClass: z.string(),
  /** Null where the class has no students left in this term, or the teacher serves no more. */
  classId: z.string().nullable(),
  className: z.string().nullable(),
  /** It is set already. */
  there: z.boolean(),
});

/** 設定課程諮詢教師 (manual §3.3). A class may have several; each is a record shared with the city. */
export const courseCounselors = defineFeature('courseCounselors', {
  ...gridOperations(courseCounselorClassGrid, view, termScope),
  teachers: teacherList.list,
  exportTeachers: teacherList.exportWorkbook,
  summary: query({
    title: '課程諮詢教師人數',
    input: z.object(termScope),
    output: z.object({ teachers: z.int(), classes: z.int(), classesWithout: z.int() }),
    access: view,
  }),
  /** 可選班級 and 已選班級 of one teacher. */
  classes: query({
    title: '查看可選班級與已選班級',
    input: z.object({ ...termScope, teacherId: z.string() }),
    output: z.object({ available: z.array(counseledClass), chosen: z.array(counseledClass) }),
    access: view,
  }),
  /** Errors: courseCounselors.teacherUnknown. A class that is set already is left alone. */
  add: command({
    title: '新增課程諮詢教師的班級',
    input: z.object({ teacherId: z.string(), classIds: z.array(z.string()).min(1).max(500) }),
    output: z.object({ added: z.int() }),
    access: { module: 'S0204S', right: 'create' },
    audit: { action: 'change', summary: ({ classIds }) => `新增 ${classIds.length} 班` },
  }),
  remove: command({
    title: '刪除課程諮詢教師的班級',
    input: z.object({ teacherId: z.string(), classIds: z.array(z.string()).min(1).max(500) }),
    output: done,
    access: { module: 'S0204S', right: 'delete' },
    audit: { action: 'change', summary: ({ classIds }) => `刪除 ${classIds.length} 班` },
  }),
  /** What 複製上學期設定 would do: a class is the one most of its students sit in now. */
  previous: query({
    title: '預覽複製上學期設定',
    input: z.object(termScope),
    output: z.object({ academicYear: z.int(), semester: z.int(), settings: z.array(copiedSetting) }),
    access: view,
  }),
  copyPrevious: command({
    title: '複製上學期的課程諮詢教師',
    input: z.object(termScope),
    output: z.object({ added: z.int() }),
    access: { module: 'S0204S', right: 'create' },
    audit: { action: 'change', summary: (_input, { added }) => `複製上學期設定 ${added} 筆` },
  }),
});
