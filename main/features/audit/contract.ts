import { z } from 'zod';
import { auditActions, command, defineFeature, done, functionModules, job, nothing, query } from '../../application/contract.ts';
import { defineGrid, gridOperations, rowId } from '../../application/grid-contract.ts';

const module = 'S0223S';
const view = { module, right: 'view' } as const;

/** What came of a call, as the log sorts it; the code itself stands in 明細. */
export const auditOutcomes = { done: '成功', refused: '無權限', failed: '失敗', cancelled: '已取消', interrupted: '中斷' } as const;
export type AuditOutcome = keyof typeof auditOutcomes;

/** Years that the office may keep the log; a trail of 5 is what is commonly asked for (domain.md §6). */
export const leastKeptYears = 1;
export const mostKeptYears = 10;
export const defaultKeptYears = 5;

const unordered = { sortable: false } as const;

/** 稽核紀錄: an entry a call. What an index serves can be sorted by; the rest is for filtering. */
export const auditGrid = defineGrid({
  name: 'auditEntries',
  title: '稽核紀錄',
  columns: [
    rowId,
    { key: 'sequence', title: '序號', kind: 'number', width: 84 },
    { key: 'at', title: '時間', kind: 'rocDateTime', width: 150 },
    { key: 'accountName', title: '帳號', kind: 'text', width: 132 },
    { key: 'action', title: '動作', kind: 'choice', choices: auditActions, width: 108, ...unordered },
    { key: 'title', title: '作業', kind: 'text', ...unordered },
    { key: 'module', title: '功能模組', kind: 'choice', choices: functionModules, width: 148, ...unordered },
    { key: 'summary', title: '摘要', kind: 'text', ...unordered },
    { key: 'studentCount', title: '學生人數', kind: 'number', width: 84, ...unordered },
    { key: 'outcome', title: '結果', kind: 'choice', choices: auditOutcomes, width: 92, ...unordered },
    { key: 'code', title: '結果代碼', kind: 'text', width: 150, ...unordered },
    /** So that a workbook proves what the log was when it was made. */
    { key: 'hash', title: '雜湊', kind: 'text', width: 420, filterable: false, ...unordered },
  ],
  students: null,
  defaultSort: { key: 'sequence', descending: true },
});

export const chainFault = z.object({ sequence: z.int(), kind: z.string(), message: z.string() });
export const verification = z.object({
  ok: z.boolean(),
  /** Entries that are there, and those that a checkpoint stands for. */
  entries: z.int(),
  purged: z.int(),
  head: z.object({ sequence: z.int(), hash: z.string() }).nullable(),
  /** The first of them, at most twenty. */
  faults: z.array(chainFault),
  faultCount: z.int(),
});

const entries = gridOperations(auditGrid, view, {
  /** 學號, or part of a name: entries that name one of these students. */
  student: z.string().max(50).optional(),
  /** The last so many days, today among them; without it all. */
  days: z.int().min(1).max(3700).optional(),
});

/** 稽核紀錄 (S0223S): who saw, changed, exported or printed what, when, about how many students; and whether the log is whole. */
export const audit = defineFeature('audit', {
  list: { ...entries.list, audit: { action: 'view' } },
  exportWorkbook: entries.exportWorkbook,
  /** One entry whole, with the students it keeps. Errors: audit.unknown. */
  detail: query({
    title: '查看稽核紀錄明細',
    input: z.object({ sequence: z.int().min(1) }),
    output: z.object({
      sequence: z.int(),
      at: z.string(),
      accountName: z.string(),
      /** Of the account as it is now; null where it is gone. */
      displayName: z.string().nullable(),
      operation: z.string(),
      title: z.string(),
      action: z.string(),
      module: z.string().nullable(),
      summary: z.string(),
      studentCount: z.int(),
      /** Those that were kept, at most a hundred; `studentNumber` null of one who has been purged since. */
      students: z.array(
        z.object({ id: z.string(), studentNumber: z.string().nullable(), name: z.string().nullable(), className: z.string().nullable() }),
      ),
      code: z.string(),
      previousHash: z.string(),
      hash: z.string(),
      /** Whether its fields still make its hash. */
      intact: z.boolean(),
    }),
    access: view,
    audit: { action: 'view', students: (_input, { students }) => students.map(({ id }) => id) },
  }),
  /** What is known of the chain, for the red line. */
  state: query({
    title: '查看稽核紀錄的完整性',
    input: nothing,
    output: z.object({
      verifying: z.boolean(),
      verifiedAt: z.string().nullable(),
      /** Null until the first time has ended. */
      verification: verification.nullable(),
    }),
    access: view,
  }),
  /** 立即驗證: the whole chain. */
  verify: job({ title: '驗證稽核紀錄', input: nothing, output: verification, access: view, audit: { action: 'view' } }),
  /** 保存年限 and what it means today. */
  retention: query({
    title: '查看稽核紀錄的保存年限',
    input: nothing,
    output: z.object({
      keptYears: z.int(),
      entries: z.int(),
      /** Null of an empty log. */
      oldestAt: z.string().nullable(),
      /** Entries older than that, and the day (ISO) from which on they are kept. */
      due: z.int(),
      keptFrom: z.string(),
      /** What was purged so far, the newest first. */
      purges: z.array(
        z.object({
          fromSequence: z.int(),
          throughSequence: z.int(),
          entries: z.int(),
          firstAt: z.string(),
          lastAt: z.string(),
          purgedAt: z.string(),
          purgedBy: z.string(),
          hash: z.string(),
        }),
      ),
    }),
    access: view,
  }),
  saveRetention: command({
    title: '設定稽核紀錄的保存年限',
    input: z.object({ keptYears: z.int().min(leastKeptYears).max(mostKeptYears) }),
    output: done,
    access: { module, right: 'update' },
    audit: { action: 'change', summary: ({ keptYears }) => `保存 ${keptYears} 年` },
  }),
  /**
   * Purges the entries that are due, by hand: a checkpoint stands for them from then on. `entries` is how many the clerk saw and confirmed.
   * Errors: audit.nothingDue, audit.dueChanged (details.due), audit.broken: a log that is not whole is evidence and stays as it is.
   */
  purge: job({
    title: '清除超過保存年限的稽核紀錄',
    input: z.object({ entries: z.int().min(1) }),
    output: z.object({ entries: z.int(), fromSequence: z.int(), throughSequence: z.int(), checkpoint: z.string() }),
    access: { module, right: 'delete' },
    audit: {
      action: 'purge',
      summary: (_input, { entries, fromSequence, throughSequence, checkpoint }) =>
        `清除第 ${fromSequence} 到 ${throughSequence} 筆，共 ${entries} 筆，檢查點 ${checkpoint}`,
      withChange: true,
    },
  }),
  /**
   * Goes on from the log as it ends now, after a backup was restored or the folder moved: an entry says so, with where the log had got to.
   * Errors: audit.endsWhole where there is nothing to accept.
   */
  acceptEnd: command({
    title: '承認稽核紀錄的結尾',
    input: z.object({ reason: z.string().trim().min(4).max(200) }),
    output: done,
    access: { module, right: 'update' },
    audit: { action: 'change', withChange: true },
  }),
});
