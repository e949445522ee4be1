import { z } from 'zod';
import { type Access, defineFeature, query } from '../../application/contract.ts';
import { defineGrid, type GridColumn, gridOperations, rowId } from '../../application/grid-contract.ts';

/** 查詢學生學習成果情形 and its statistics (manual §3.8). */
const access: Access = { module: 'S0205S', right: 'view' };

const term = { academicYear: z.int(), semester: z.int().min(1).max(2) };

/** 班級 座號 學號 姓名 勾選數量 (manual §3.8.1). Uploads and certification are of the term, ticks of its academic year. */
export const outcomesGrid = defineGrid({
  name: 'outcomes',
  title: '學生學習成果勾選情形',
  columns: [
    rowId,
    { key: 'className', title: '班級', kind: 'text', width: 120 },
    { key: 'seatNumber', title: '座號', kind: 'number', width: 76 },
    { key: 'studentNumber', title: '學號', kind: 'text', width: 116 },
    { key: 'name', title: '姓名', kind: 'text' },
    // For the link of 送出認證學生人數 (3.12) alone.
    { key: 'sent', title: '已送出認證', kind: 'number', hidden: true, sortable: false },
    { key: 'uploaded', title: '已上傳', kind: 'number', width: 92 },
    { key: 'draft', title: '未送出', kind: 'number', width: 92 },
    { key: 'pending', title: '待認證', kind: 'number', width: 92 },
    { key: 'approved', title: '通過', kind: 'number', width: 88 },
    { key: 'rejected', title: '不通過', kind: 'number', width: 92 },
    { key: 'ticked', title: '勾選數量', kind: 'number', width: 104 },
  ],
  students: 'id',
  defaultSort: { key: 'className' },
});

/** The five counts of the manual's statistics that tell of uploading and certifying. */
const certificationColumns = [
  { key: 'uploaded', title: '已上傳數量', kind: 'number', width: 76 },
  { key: 'draft', title: '未送出認證件數', kind: 'number', width: 76 },
  { key: 'pending', title: '待認證件數', kind: 'number', width: 76 },
  { key: 'approved', title: '已認證件數(通過)', kind: 'number', width: 88 },
  { key: 'rejected', title: '已認證件數(不通過)', kind: 'number', width: 88 },
] as const satisfies readonly GridColumn[];

/** How many students ticked so many. Six is the limit of a year; who has more by a fault of the data is counted with the six. */
const tickedColumns = [0, 1, 2, 3, 4, 5, 6].map(
  (count): GridColumn => ({ key: `ticked${count}`, title: `已勾選數(${count}件)`, kind: 'number', width: 62 }),
);

/** 學年期統計 (manual §3.8.1): a row a class of the term. 已勾選數 is of the academic year, as in the list. */
export const classStatisticsGrid = defineGrid({
  name: 'outcomeClassStatistics',
  title: '學習成果學年期統計',
  columns: [
    rowId,
    { key: 'term', title: '學年期', kind: 'text', width: 72, filterable: false, sortable: false },
    { key: 'grade', title: '年級', kind: 'number', width: 52 },
    { key: 'className', title: '班級', kind: 'text', width: 96 },
    { key: 'students', title: '班級人數', kind: 'number', width: 64 },
    ...certificationColumns,
    ...tickedColumns,
  ],
  students: null,
  defaultSort: { key: 'className' },
});

/**
 * 學年度統計 by class: the classes of the term looked at, and of a whole academic year three rows each (1081, 1082, 108合計). 班級人數 and the
 * ticks count who was here in that term or has outcomes of it; a 合計 counts a student once.
 */
export const yearByClassGrid = defineGrid({
  name: 'outcomeYearByClass',
  title: '學習成果學年度統計(班級)',
  columns: [
    rowId,
    { key: 'term', title: '學年期', kind: 'text', width: 72, filterable: false, sortable: false },
    { key: 'grade', title: '年級', kind: 'number', width: 52 },
    { key: 'className', title: '班級', kind: 'text', width: 96 },
    { key: 'statisticsTerm', title: '統計學年期', kind: 'text', width: 80 },
    { key: 'students', title: '班級人數', kind: 'number', width: 64 },
    ...certificationColumns,
    ...tickedColumns,
  ],
  students: null,
  defaultSort: { key: 'className' },
});

/** 學年度統計 by student: a row for each term of the year that the student was here or has outcomes of, and one for the year. */
export const yearByStudentGrid = defineGrid({
  name: 'outcomeYearByStudent',
  title: '學習成果學年度統計(學生)',
  columns: [
    rowId,
    { key: 'studentId', title: 'studentId', kind: 'text', hidden: true, filterable: false, sortable: false },
    { key: 'term', title: '學年期', kind: 'text', width: 72, filterable: false, sortable: false },
    { key: 'className', title: '班級', kind: 'text', width: 116 },
    { key: 'seatNumber', title: '座號', kind: 'number', width: 72 },
    { key: 'studentNumber', title: '學號', kind: 'text', width: 112 },
    { key: 'name', title: '姓名', kind: 'text' },
    { key: 'statisticsTerm', title: '統計學年期', kind: 'text', width: 104 },
    ...certificationColumns,
    { key: 'ticked', title: '已勾選件數', kind: 'number', width: 92 },
  ],
  students: 'studentId',
  defaultSort: { key: 'className' },
});

const classStatistics = gridOperations(classStatisticsGrid, access, term);
const yearScope = {
  ...term,
  /** 學年度 whose terms are counted; `academicYear` and `semester` say in which class a student is. */
  statisticsYear: z.int(),
};
const yearByClass = gridOperations(yearByClassGrid, access, yearScope);
const yearByStudent = gridOperations(yearByStudentGrid, access, yearScope);

export const outcomes = defineFeature('outcomes', {
  /** 已勾選 n 人、未勾選 n 人 of the term's students, and the academic years that statistics can be asked for. */
  summary: query({
    title: '學習成果勾選人數',
    input: z.object(term),
    output: z.object({ ticked: z.int(), notTicked: z.int(), years: z.array(z.int()) }),
    access,
  }),
  ...gridOperations(outcomesGrid, access, term),
  classStatistics: classStatistics.list,
  exportClassStatistics: classStatistics.exportWorkbook,
  yearByClass: yearByClass.list,
  exportYearByClass: yearByClass.exportWorkbook,
  yearByStudent: yearByStudent.list,
  exportYearByStudent: yearByStudent.exportWorkbook,
});
