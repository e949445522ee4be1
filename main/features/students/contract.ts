import { z } from 'zod';
import { enrollmentStatusNames } from '../../../domain/portfolio.ts';
import { defineFeature, type FunctionModule, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

/** Finding students: the list that 匯出 (3.15) picks from, Ctrl+K, and the command line. */
const screensWithStudents: FunctionModule[] = ['S0205S', 'S0206S', 'S0219S', 'S0220S', 'S0221S', 'S0222S'];
export const studentAccess = { anyOf: screensWithStudents.map((module) => ({ module, right: 'view' as const })) };

/** 學號, 姓名, 身分證統一編號, 班級, 狀態 (manual §3.15). Of the newest term of each student. */
export const studentGrid = defineGrid({
  name: 'students',
  title: '學生清單',
  columns: [
    rowId,
    { key: 'grade', title: '年級', kind: 'number', width: 80 },
    { key: 'className', title: '班級', kind: 'text', width: 120 },
    { key: 'seatNumber', title: '座號', kind: 'number', width: 80 },
    { key: 'studentNumber', title: '學號', kind: 'text', width: 120 },
    { key: 'name', title: '姓名', kind: 'text' },
    { key: 'identity', title: '身分證統一編號', kind: 'text', width: 150 },
    { key: 'status', title: '狀態', kind: 'choice', choices: enrollmentStatusNames, width: 100 },
    { key: 'withoutFile', title: '轉出尚未產生檔案', kind: 'flag', hidden: true, sortable: false },
  ],
  students: 'id',
  defaultSort: { key: 'className' },
});

export const sectionCounts = z.object({
  learningOutcomes: z.int(),
  /** By category, 1 to 10. */
  performances: z.record(z.string(), z.int()),
  cadres: z.int(),
  consultations: z.int(),
  autobiographies: z.int(),
  courseRecords: z.int(),
});

export const students = defineFeature('students', {
  ...gridOperations(studentGrid, studentAccess, {
    grade: z.int().optional(),
    classCode: z.string().optional(),
    /** From and to, both included, of the student number. */
    numberFrom: z.string().optional(),
    numberTo: z.string().optional(),
  }),
  /** By any part of name, student number, identity or class; at most twenty. */
  find: query({
    title: '快速找學生',
    input: z.object({ text: z.string().max(50) }),
    output: z.object({
      rows: z.array(
        z.object({
          id: z.string(),
          studentNumber: z.string(),
          name: z.string(),
          className: z.string(),
          seatNumber: z.int().nullable(),
          status: z.string(),
        }),
      ),
    }),
    access: studentAccess,
    audit: { action: 'view', students: (_input, output) => output.rows.map((row) => row.id) },
  }),
});
