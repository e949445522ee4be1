import { z } from 'zod';
import { command, defineFeature, done, job, outgoingFile, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';
import { sectionCounts } from '../students/contract.ts';

/** 匯出學生學習歷程資料 (manual §3.15). */
export const transferFormats = {
  aes256: '標準（AES-256）',
  zipCrypto: '相容模式（ZipCrypto，加密強度弱）',
  private: '隱私格式（僅供本程式讀取）',
} as const;

/** 資料產生紀錄. */
export const transferOutGrid = defineGrid({
  name: 'transferOutFiles',
  title: '資料產生紀錄',
  columns: [
    rowId,
    { key: 'createdAt', title: '資料產生時間', kind: 'rocDateTime', width: 180 },
    { key: 'students', title: '學生', kind: 'text' },
    { key: 'studentCount', title: '人數', kind: 'number', width: 80 },
    { key: 'fileName', title: '檔名', kind: 'text', width: 260 },
    { key: 'bytes', title: '大小', kind: 'bytes', width: 110 },
    { key: 'createdBy', title: '產生人員', kind: 'text', width: 120 },
  ],
  students: { count: 'studentCount' },
  defaultSort: { key: 'createdAt', descending: true },
});

const access = { module: 'S0219S', right: 'view' } as const;
/** A PDF to print or save. */
const printedPaper = z.object({ file: outgoingFile, pages: z.int(), missingCharacters: z.string(), studentIds: z.array(z.string()) });

export const transferOut = defineFeature('transferOut', {
  ...gridOperations(transferOutGrid, access),
  /** What would leave with these students, before it is made: counts, files, bytes, files that must still be fetched. */
  preview: query({
    title: '檢視匯出內容',
    input: z.object({ studentIds: z.array(z.string()).min(1).max(500) }),
    output: z.object({
      students: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          studentNumber: z.string(),
          identity: z.string().nullable(),
          counts: sectionCounts,
          files: z.int(),
          bytes: z.int(),
          filesToFetch: z.int(),
        }),
      ),
    }),
    access,
    audit: { action: 'view', students: (input) => input.studentIds },
  }),
  /**
   * 產生匯出檔案: one file a student, or one for all. Attachments not here yet are fetched first.
   * Errors: student.unknown, transferOut.noIdentity (details.studentNumbers), sync.offline (files missing), disk.full, job.cancelled.
   */
  produce: job({
    title: '產生匯出檔案',
    input: z.object({
      studentIds: z.array(z.string()).min(1).max(500),
      oneFile: z.boolean().default(false),
      format: z.enum(['aes256', 'zipCrypto', 'private']).default('aes256'),
    }),
    output: z.object({
      files: z.array(z.object({ id: z.string(), fileName: z.string(), md5: z.string(), bytes: z.int(), students: z.int() })),
    }),
    access: { module: 'S0219S', right: 'create' },
    audit: { action: 'export', students: (input) => input.studentIds },
  }),
  /** 檔案資訊: password and MD5. Showing it is audited. */
  fileInformation: query({
    title: '查看檔案資訊',
    input: z.object({ id: z.string() }),
    output: z.object({
      id: z.string(),
      fileName: z.string(),
      bytes: z.int(),
      /** 8-4-4-4-12 groups as the manual shows it. */ md5: z.string(),
      password: z.string(),
      createdAt: z.string(),
      students: z.string(),
      studentIds: z.array(z.string()),
    }),
    access,
    audit: { action: 'reveal', students: (_input, output) => output.studentIds },
  }),
  /** 列印交接單: who and what is in the file, MD5 and signatures, without the password. Errors: transferOut.unknown. */
  printHandover: command({
    title: '列印交接單',
    input: z.object({ id: z.string() }),
    output: printedPaper,
    access,
    audit: { action: 'print', students: (_input, output) => output.studentIds },
  }),
  /** 列印密碼通知單: the password on a paper of its own, to go another way. The PDF lies in memory only. Errors: transferOut.unknown. */
  printPassword: command({
    title: '列印密碼通知單',
    input: z.object({ id: z.string() }),
    output: printedPaper,
    access,
    audit: { action: 'reveal', students: (_input, output) => output.studentIds },
  }),
  /** 下載檔案. Errors: transferOut.fileGone. */
  download: command({
    title: '下載匯出檔案',
    input: z.object({ id: z.string() }),
    output: z.object({ file: outgoingFile, studentIds: z.array(z.string()) }),
    access,
    audit: { action: 'export', students: (_input, output) => output.studentIds },
  }),
  remove: command({
    title: '刪除匯出檔案',
    input: z.object({ id: z.string() }),
    output: done,
    access: { module: 'S0219S', right: 'delete' },
    audit: { action: 'change' },
  }),
});
