import { z } from 'zod';
import { conflictChoices, recordTreatments, replacementBarriers } from '../../../domain/transfer-conflicts.ts';
import { undoObstacles } from '../../../domain/transfer-undo.ts';
import { defineFeature, incomingFile, job, outgoingFile, query } from '../../application/contract.ts';
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
  students: null,
  defaultSort: { key: 'createdAt', descending: true },
});

/** Keys of the sections a count or a line of 明細 is about: 課程學習成果, 幹部經歷暨事蹟紀錄 …, 校內幹部經歷. */
const bySection = z.record(z.string(), z.int());

export const importedStudent = z.object({
  nationalId: z.string(),
  name: z.string(),
  studentId: z.string().nullable(),
  completed: z.boolean(),
  /** What was written as new records, those kept beside another included. */
  added: bySection,
  unchanged: bySection,
  /** Records here with other content, by what was chosen. */
  replaced: bySection.default({}),
  kept: bySection.default({}),
  beside: bySection.default({}),
  /** Those about which nobody chose: nothing of them was written. */
  conflicts: bySection,
  /** The manual's words: 新增課程學習成果7筆 …, or why not: 學生尚未建立學籍… */
  messages: z.array(z.string()),
  problems: z.array(z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) })),
});
export type ImportedStudent = z.infer<typeof importedStudent>;

/** A record of the file that is here with other content, as a list shows it. */
export const conflictLine = z.object({
  /** The same whenever the same file meets the same student. */
  key: z.string(),
  /** Of the record here as it was when the file was checked. */
  basis: z.string(),
  section: z.string(),
  title: z.string(),
  term: z.string(),
  /** Headings of what differs: 課程學習成果簡述, 文件檔案. */
  differs: z.array(z.string()),
  /** Why the record here may not be replaced; null where it may. */
  barrier: z.enum(replacementBarriers).nullable(),
  ticked: z.boolean(),
});
export type ConflictLine = z.infer<typeof conflictLine>;

/** Who and what is inside, and what would come of it. */
export const previewedStudent = importedStudent.extend({ differing: z.array(conflictLine) });
export type PreviewedStudent = z.infer<typeof previewedStudent>;

const conflictFile = z.object({ name: z.string(), bytes: z.int(), md5: z.string(), mediaType: z.string() });
/** Both sides of a conflict, field by field; the identity and the files each beside its own. */
export const conflictSides = z.object({
  key: z.string(),
  fields: z.array(z.object({ label: z.string(), here: z.string(), inFile: z.string(), differs: z.boolean() })),
  files: z.array(
    z.object({
      slot: z.enum(['document', 'media']),
      label: z.string(),
      here: conflictFile.nullable(),
      inFile: conflictFile.nullable(),
      differs: z.boolean(),
    }),
  ),
  /** How the record here stands, which stays: 認證狀態, 勾選, 提交. */
  standing: z.array(z.object({ label: z.string(), value: z.string() })),
});
export type ConflictSides = z.infer<typeof conflictSides>;

/** What was chosen about a record of an import, as 明細 lists it. */
export const treatedRecord = z.object({
  section: z.string(),
  title: z.string(),
  treatment: z.enum(recordTreatments),
});

const problem = z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) });

export const inspection = z.object({
  fileName: z.string(),
  bytes: z.int(),
  md5: z.string(),
  senderSchoolCode: z.string(),
  encryption: z.string(),
  /** With a `manifest.json` of this application. */
  manifest: z.boolean(),
  /** Who made it and when, as far as it says: the manifest, or the name it was made under. */
  origin: z.object({ createdAt: z.string().nullable(), schoolName: z.string().nullable(), applicationVersion: z.string().nullable() }),
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

/** How far the city has what an import wrote: records, and the files they need. */
export const importAtCity = z.object({
  accepted: z.int(),
  waiting: z.int(),
  /** Refused, or the city has another version: the office has to choose. */
  disputed: z.int(),
  /** Given up where the office took the city's side. */
  withdrawn: z.int(),
  filesWaiting: z.int(),
});

/** What taking an import back would do, or did. */
const undoFigures = {
  students: z.int(),
  studentIds: z.array(z.string()),
  /** Records that go, and records whose former content comes back, by section. */
  removed: bySection,
  restored: bySection,
  files: z.int(),
  /** Of the records, how many the city has, or may have, and is told of. */
  told: z.int(),
};
/** All of an import, or one of its students by the position in the file. */
const undoScope = z.object({ id: z.string().max(64), position: z.int().nonnegative().nullable().default(null) });

/** What to do with records that are here with other content. */
const choices = {
  /** Each on the record as the check showed it. */
  choices: z
    .array(z.object({ key: z.string().max(64), basis: z.string().max(64), choice: z.enum(conflictChoices) }))
    .max(50_000)
    .default([]),
  /** For those without a choice of their own; without it they are left, 未匯入. What may not be replaced is left as well. */
  conflicts: z.enum(conflictChoices).optional(),
};

/**
 * Errors of reading a file: those of errors.ts and, under the same names, of main/platform/archive-errors.ts; disk.full, job.cancelled.
 * Of a student: transferIn.studentUnknown, .studentDiffers, .accountNotSynchronised, .conflict, .changedMeanwhile.
 * Of choices: transferIn.choiceChanged (details.changed: keys), .notReplaceable (details.key, barrier).
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
  /**
   * The checks, and who and what is inside against the register: how many new, the same, in conflict. Nothing is written. `check` names
   * what was found for `conflicts`.
   */
  preview: job({
    title: '檢查匯入檔案',
    input: z.object({ ...given, md5WaivedReason: z.string().max(500).optional() }),
    output: z.object({ check: z.string(), inspection, students: z.array(previewedStudent) }),
    access,
    audit: { action: 'view', count: (_input, output) => output.students.length },
  }),
  /** Both sides of some conflicts of a check. Errors: transferIn.checkUnknown, where the program forgot the check: check again. */
  conflicts: query({
    title: '比對內容不同的紀錄',
    input: z.object({ check: z.string().max(64), keys: z.array(z.string().max(64)).min(1).max(50) }),
    output: z.object({ students: z.array(z.string()), conflicts: z.array(conflictSides) }),
    access,
    audit: { action: 'view', students: (_input, output) => output.students },
  }),
  /**
   * A file of one side of a conflict, ready to be shown: out of the store, from the city, or out of the transfer file. Errors:
   * transferIn.checkUnknown, cabinet.noFile, sync.offline, attachment.damaged, and those of reading a file.
   */
  openFile: job({
    title: '開啟比對的檔案',
    input: z.object({
      ...given,
      md5WaivedReason: z.string().max(500).optional(),
      check: z.string().max(64),
      key: z.string().max(64),
      side: z.enum(['here', 'inFile']),
      slot: z.enum(['document', 'media']),
    }),
    output: z.object({ file: outgoingFile, studentId: z.string() }),
    access,
    audit: { action: 'view', students: (_input, { studentId }) => [studentId] },
  }),
  /** 開始匯入: all the checks again, then one transaction a student. */
  run: job({
    title: '匯入學生學習歷程資料',
    input: z.object({ ...given, ...choices, md5WaivedReason: z.string().max(500).optional() }),
    output: z.object({ id: z.string().nullable(), students: z.int(), completed: z.int(), details: z.array(importedStudent) }),
    access,
    audit: {
      action: 'import',
      students: (_input, output) => output.details.flatMap((student) => (student.studentId ? [student.studentId] : [])),
    },
  }),
  /** What 復原 would take back, and what stands in the way. Errors: transferIn.unknown. */
  undoPlan: query({
    title: '檢視可否復原匯入',
    input: undoScope,
    output: z.object({
      ...undoFigures,
      refusal: z.enum(['anotherDay', 'undone']).nullable(),
      obstacles: z.array(
        z.object({
          student: z.string(),
          /** Null of the student as a whole. */
          record: z.object({ section: z.string(), title: z.string() }).nullable(),
          obstacle: z.enum(undoObstacles),
        }),
      ),
    }),
    access: { module: 'S0220S', right: 'delete' },
    audit: { action: 'view', students: (_input, output) => output.studentIds },
  }),
  /**
   * 復原 on the day of the import: new records go, replaced ones have their former content, the city is told where it has them. All or
   * nothing. Errors: transferIn.unknown, .undone, .undoAnotherDay, .undoBlocked (details.obstacles).
   */
  undo: job({
    title: '復原匯入',
    input: undoScope,
    output: z.object(undoFigures),
    access: { module: 'S0220S', right: 'delete' },
    audit: { action: 'change', students: (_input, output) => output.studentIds },
  }),
  /** 明細 of one import. */
  details: query({
    title: '檢視匯入明細',
    input: z.object({ id: z.string() }),
    output: z.object({
      fileName: z.string(),
      bytes: z.int(),
      md5: z.string(),
      md5WaivedReason: z.string().nullable(),
      senderSchoolCode: z.string(),
      senderSchoolName: z.string().nullable(),
      createdAt: z.string(),
      createdBy: z.string(),
      atCity: importAtCity,
      /** Something of it can be taken back, should nothing stand in the way: it is of today and wrote something. */
      undoable: z.boolean(),
      /** With what was chosen, record by record. */
      students: z.array(
        importedStudent.extend({
          position: z.int(),
          treated: z.array(treatedRecord),
          undoneAt: z.string().nullable(),
          undoneBy: z.string().nullable(),
        }),
      ),
    }),
    access: { module: 'S0220S', right: 'view' },
    audit: {
      action: 'view',
      students: (_input, output) => output.students.flatMap((student) => (student.studentId ? [student.studentId] : [])),
    },
  }),
});
