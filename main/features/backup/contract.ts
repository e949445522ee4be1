import { z } from 'zod';
import { command, defineFeature, done, incomingFile, job, nothing, outgoingFile, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

/** 備份與還原 (S0224S): verified copies, going back to one, and what opens them on another computer. */

export const backupReasonNames = {
  daily: '每日',
  manual: '手動',
  migration: '程式升級前',
  restore: '還原前',
  import: '匯入前',
} as const;
export type BackupReason = keyof typeof backupReasonNames;
export const backupReasons = Object.keys(backupReasonNames) as [BackupReason, ...BackupReason[]];

export const backupStates = { verified: '已驗證', unverified: '尚未驗證', damaged: '毀損', missing: '檔案不在' } as const;

export const backupGrid = defineGrid({
  name: 'backups',
  title: '備份紀錄',
  columns: [
    rowId,
    { key: 'createdAt', title: '備份時間', kind: 'rocDateTime', width: 164 },
    { key: 'reason', title: '種類', kind: 'choice', choices: backupReasonNames, width: 100 },
    { key: 'bytes', title: '大小', kind: 'bytes', width: 96 },
    { key: 'fileCount', title: '附件', kind: 'number', width: 76 },
    { key: 'state', title: '狀態', kind: 'choice', choices: backupStates, width: 100 },
    { key: 'verifiedAt', title: '驗證時間', kind: 'rocDateTime', width: 164 },
    { key: 'place', title: '存放位置', kind: 'text' },
    { key: 'second', title: '第二份', kind: 'choice', choices: { copied: '已複製', failed: '未複製', none: '未設定' }, width: 90 },
    { key: 'createdBy', title: '建立人員', kind: 'text', width: 110 },
    /** True where the file lies among the program's own backups: it can be verified, restored, downloaded. */
    { key: 'here', title: 'here', kind: 'flag', hidden: true, filterable: false, sortable: false },
  ],
  defaultSort: { key: 'createdAt', descending: true },
  students: null,
});

const view = { module: 'S0224S', right: 'view' } as const;
const create = { module: 'S0224S', right: 'create' } as const;
const update = { module: 'S0224S', right: 'update' } as const;

/** One of the list, or a file from elsewhere; with the recovery key where this computer's own does not open it. */
export const backupSource = z.union([
  z.object({ id: z.string().max(64) }).strict(),
  z.object({ file: incomingFile, recoveryKey: z.string().max(200).optional() }).strict(),
]);
export type BackupSource = z.infer<typeof backupSource>;

/** What a verified backup holds: rows by table, number of attachments. */
export const backupContents = z.object({
  ok: z.literal(true),
  madeAt: z.string(),
  schoolCode: z.string(),
  tables: z.record(z.string(), z.int()),
  files: z.int(),
});
export type BackupContents = z.infer<typeof backupContents>;

/** What restoring would change in a table that differs. */
export const tableDifference = z.object({
  table: z.string(),
  title: z.string(),
  /** Rows now, and in the backup. */
  here: z.int(),
  inBackup: z.int(),
  /** Rows that are here only and would go, that are in the backup only and would come back, and that would change. */
  goes: z.int(),
  returns: z.int(),
  changes: z.int(),
});

export const rehearsalResult = z.object({
  at: z.string(),
  backupMadeAt: z.string(),
  ok: z.boolean(),
  tables: z.int(),
  rows: z.int(),
  files: z.int(),
  seconds: z.number(),
  /** What went wrong, in Chinese. */
  problem: z.string().nullable(),
});
export type RehearsalResult = z.infer<typeof rehearsalResult>;

const recoveryKeyShown = z.object({ keyId: z.string(), madeAt: z.string() });

export const backup = defineFeature('backup', {
  ...gridOperations(backupGrid, view),
  /** For the line on every screen and for 首頁. */
  state: query({
    title: '查看備份狀態',
    input: nothing,
    output: z.object({
      /** `overdue`: no verified backup for 24 hours; `never`: none at all a day after the school was set up; `new`: not a day old yet. */
      standing: z.enum(['good', 'new', 'never', 'overdue']),
      /** When the newest verified backup was made. */
      lastAt: z.string().nullable(),
      running: z.boolean(),
      trial: z.boolean(),
      /** What is wrong with the second place, in Chinese. */
      secondProblem: z.string().nullable(),
      recoveryKey: recoveryKeyShown.nullable(),
      /** When damage of the database was found while the program ran. */
      damagedAt: z.string().nullable(),
    }),
    access: 'signedIn',
  }),
  overview: query({
    title: '查看備份設定',
    input: nothing,
    output: z.object({
      /** Where the backups lie on this computer. */
      folder: z.string(),
      /** Bytes of everything in it, and free on its disk. */
      bytes: z.int(),
      freeBytes: z.int(),
      /** `12:30`, Taipei. */
      time: z.string(),
      secondPlace: z.string().nullable(),
      nextAt: z.string().nullable(),
      rehearsal: rehearsalResult.nullable(),
    }),
    access: view,
  }),
  /** 立即備份. Errors: disk.full, database.damaged, backup.notWritten, backup.running, job.cancelled. */
  create: job({
    title: '立即備份',
    input: nothing,
    output: backupContents.extend({ id: z.string(), bytes: z.int(), unreadable: z.int(), secondProblem: z.string().nullable() }),
    access: create,
    audit: {
      action: 'export',
      count: (_input, { tables }) => tables.students ?? 0,
      summary: (_input, { files }) => `製作備份（附件 ${files} 個）`,
    },
  }),
  /** Everything in one file, from now or from a backup of the list. Errors as `create`; backup.unknown, backup.gone, backup.damaged. */
  download: job({
    title: '下載備份',
    input: z.object({ id: z.string().max(64).optional() }),
    output: backupContents.extend({ id: z.string(), file: outgoingFile, sha256: z.string() }),
    access: create,
    audit: {
      action: 'export',
      count: (_input, { tables }) => tables.students ?? 0,
      summary: (_input, { files }) => `匯出完整備份（附件 ${files} 個）`,
    },
  }),
  /** Where a whole one, made from now, was put and read back: from then on it counts. Errors: backup.unknown. */
  noteSaved: command({
    title: '登錄另存的備份',
    input: z.object({ id: z.string().max(64), savedAs: z.string().max(1000) }),
    output: done,
    access: create,
    audit: { action: 'change', summary: ({ savedAs }) => `備份存為 ${savedAs}` },
  }),
  /** Errors: backup.damaged, backup.filesMissing, backup.otherSchool, backup.keyNeeded, backup.newerFormat, backup.notBackup, recoveryKey.… */
  verify: job({
    title: '驗證備份',
    input: backupSource,
    output: backupContents,
    access: view,
    audit: { action: 'view', summary: (_input, { madeAt }) => `驗證備份 ${madeAt}` },
  }),
  /** What restoring would change, by table. Errors as `verify`. */
  compare: job({
    title: '比對備份',
    input: backupSource,
    output: z.object({
      madeAt: z.string(),
      tables: z.array(tableDifference),
      sameTables: z.int(),
      files: z.object({ here: z.int(), inBackup: z.int() }),
      /** Changes of the office that the city has not got and the backup does not hold: they would be gone. */
      unsent: z.int(),
    }),
    access: view,
    audit: { action: 'view' },
  }),
  /**
   * Goes back to a backup. What is here is backed up first, and kept aside. The program then starts anew and everyone signs in again.
   * Errors as `verify`; backup.newerProgram, disk.full, backup.restoring.
   */
  restore: job({
    title: '還原備份',
    input: z.object({ source: backupSource, withoutFiles: z.boolean().default(false) }),
    output: backupContents.extend({ keptIn: z.string() }),
    access: update,
    audit: { action: 'change', count: (_input, { tables }) => tables.students ?? 0, summary: (_input, { madeAt }) => `還原備份 ${madeAt}` },
  }),
  /** 還原演練: into a private folder, opened as the program would, compared, removed. Errors as `verify`. */
  rehearse: job({
    title: '還原演練',
    input: z.object({ id: z.string().max(64) }),
    output: rehearsalResult,
    access: create,
    audit: { action: 'view', summary: (_input, { ok }) => `還原演練：${ok ? '通過' : '沒有通過'}` },
  }),
  /** Errors: backup.secondPlaceUnusable. */
  saveSettings: command({
    title: '儲存備份設定',
    input: z.object({ time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/), secondPlace: z.string().trim().max(1000).nullable() }),
    output: done,
    access: update,
    audit: { action: 'change', summary: ({ time, secondPlace }) => `每日 ${time} 備份，第二個位置：${secondPlace ?? '無'}` },
  }),
  /** A new 復原金鑰, shown this once. What was made before opens with the one before only. */
  makeRecoveryKey: command({
    title: '產生復原金鑰',
    input: nothing,
    output: z.object({ text: z.string(), keyId: z.string(), file: outgoingFile }),
    access: update,
    audit: { action: 'reveal', summary: (_input, { keyId }) => `產生復原金鑰 ${keyId}` },
  }),
  /** Whether the program stands before a database that it cannot use, and the newest good backup it found. */
  rescueState: query({
    title: '查看可還原的備份',
    input: nothing,
    output: z.object({
      /** `damaged`: the database is; `keyLost`: its key is not here; `fresh`: there is no school here yet. Null: nothing to rescue. */
      reason: z.enum(['damaged', 'keyLost', 'fresh']).nullable(),
      /** Backups are still being looked through. */
      searching: z.boolean(),
      found: z.object({ fileName: z.string(), madeAt: z.string(), schoolName: z.string(), files: z.int() }).nullable(),
      /** Newer backups that were not whole. */
      unusable: z.int(),
      /** A restore that runs. */
      progress: z.object({ step: z.string(), done: z.number(), total: z.number() }).nullable(),
    }),
    access: 'public',
  }),
  /**
   * Restores where no one can sign in: the newest good backup, or a file with the recovery key. Errors as `verify`; backup.nothingToRescue
   * where the school is whole.
   */
  rescue: command({
    title: '從備份還原',
    input: z.object({
      source: z.union([z.object({ found: z.literal(true) }).strict(), z.object({ file: incomingFile }).strict()]),
      recoveryKey: z.string().max(200).optional(),
    }),
    output: z.object({ madeAt: z.string(), schoolName: z.string(), keptIn: z.string().nullable() }),
    access: 'public',
    audit: { action: 'change' },
  }),
});
