import { z } from 'zod';
import { defineFeature, incomingFile, job, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

/** 匯入學生學習歷程資料 (manual §3.16). */

/** 資料匯入紀錄. */
export const transferInGrid = defineGrid({
  name: 'transferIns',
  title: '資料匯入紀錄',
  columns: [
    rowId,
    { key: 'createdAt', title: '匯入時間', kind: 'rocDateTime', width: 180 },
    { key: 'fileName', title: '檔名', kind: 'text' },
    { key: 'senderSchoolCode', title: '轉出學校', kind: 'text', width: 100 },
    /** 匯入1人，完成1人 */
    { key: 'outcome', title: '匯入結果', kind: 'text', width: 180 },
    { key: 'createdBy', title: '匯入人員', kind: 'text', width: 120 },
  ],
  defaultSort: { key: 'createdAt', descending: true },
});

/** Keys of the sections a count or a line of 明細 is about: 課程學習成果, 幹部經歷暨事蹟紀錄 …, 校內幹部經歷. */
const bySection = z.record(z.string(), z.int());

export const importedStudent = z.object({
  nationalId: z.string(),
  name: z.string(),
  studentId: z.string().nullable(),
  completed: z.boolean(),
  added: bySection,
  unchanged: bySection,
  conflicts: bySection,
  /** The manual's words: 新增課程學習成果7筆 …, or why not: 學生尚未建立學籍… */
  messages: z.array(z.string()),
  problems: z.array(z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) })),
});
export type ImportedStudent = z.infer<typeof importedStudent>;

const problem = z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) });

export const inspection = z.object({
  fileName: z.string(),
  bytes: z.int(),
  md5: z.string(),
  senderSchoolCode: z.string(),
  encryption: z.string(),
  /** With a `manifest.json` of this application. */
  manifest: z.boolean(),
  remarks: z.array(z.string()),
  problems: z.array(problem),
  students: z.array(
    z.object({ nationalId: z.string(), name: z.string(), birthDate: z.string(), counts: bySection, files: z.int(), fileBytes: z.int() }),
  ),
});
export type Inspection = z.infer<typeof inspection>;

const given = {
  file: incomingFile,
  /** As typed: any case, with or without hyphens, spaces, full-width. */
  md5: z.string().max(200),
  password: z.string().min(1).max(200),
};

/**
 * Errors of reading a file: those of errors.ts and, under the same names, of main/platform/archive-errors.ts; disk.full, job.cancelled.
 * Of a student: transferIn.studentUnknown, .studentDiffers, .accountNotSynchronised, .importedBefore.
 */
const access = { module: 'S0220S', right: 'create' } as const;
export const transferIn = defineFeature('transferIn', {
  ...gridOperations(transferInGrid, { module: 'S0220S', right: 'view' }),
  /** Opens and describes a file, imports nothing. `md5` may be empty here. */
  inspect: job({
    title: '檢視轉學檔案',
    input: z.object(given),
    output: inspection,
    access,
    audit: { action: 'view', count: (_input, output) => output.students.length },
  }),
  /** The checks, and who and what is inside against the register: how many new, the same, in conflict. Nothing is written. */
  preview: job({
    title: '檢查匯入檔案',
    input: z.object({ ...given, md5WaivedReason: z.string().max(500).optional() }),
    output: z.object({ inspection, students: z.array(importedStudent) }),
    access,
    audit: { action: 'view', count: (_input, output) => output.students.length },
  }),
  /** 開始匯入: all the checks again, then one transaction a student. */
  run: job({
    title: '匯入學生學習歷程資料',
    input: z.object({ ...given, md5WaivedReason: z.string().max(500).optional() }),
    output: z.object({ id: z.string().nullable(), students: z.int(), completed: z.int(), details: z.array(importedStudent) }),
    access,
    audit: {
      action: 'import',
      students: (_input, output) => output.details.flatMap((student) => (student.studentId ? [student.studentId] : [])),
    },
  }),
  /** 明細 of one import. */
  details: query({
    title: '檢視匯入明細',
    input: z.object({ id: z.string() }),
    output: z.object({ fileName: z.string(), createdAt: z.string(), students: z.array(importedStudent) }),
    access: { module: 'S0220S', right: 'view' },
    audit: {
      action: 'view',
      students: (_input, output) => output.students.flatMap((student) => (student.studentId ? [student.studentId] : [])),
    },
  }),
});
