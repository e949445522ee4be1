import { z } from 'zod';
import { command, defineFeature, done, type FunctionModule, job, nothing, outgoingFile, query } from '../../application/contract.ts';

/** 同步作業 (manual §2.1): what comes from the city, when, and how it went. */
export const syncResourceNames = [
  'teachers',
  'classes',
  'students',
  'counselors',
  'teaching-assignments',
  'course-records',
  'attendance',
  'cadres',
  'rewards',
  'psychological-tests',
  'city-windows',
  'codes',
  'school-terms',
  'parameters',
  'operation-windows',
  'course-counselors',
  'certifier-groups',
  'certification-stages',
  'deputy-certifiers',
  'temporary-accounts',
  'outcomes',
  'performances',
  'consultations',
  'autobiographies',
  'damaged-files',
  'submission-results',
  'receipts',
] as const;
export type SyncResourceName = (typeof syncResourceNames)[number];

/** 同步項目 by 角色 as in the manual; the portfolio's own resources stand under 學習歷程. */
export const syncItems: Record<SyncResourceName, { title: string; role: '學生' | '教師' | '學習歷程' | '本校設定'; schedule: string }> = {
  students: { title: '學籍及人員資料', role: '學生', schedule: '每日 02:00，登入後即時更新' },
  'course-records': { title: '修課資料', role: '學生', schedule: '每日 02:00' },
  attendance: { title: '出缺勤資料', role: '學生', schedule: '每日 02:00' },
  cadres: { title: '幹部經歷資料', role: '學生', schedule: '每日 02:00' },
  'psychological-tests': { title: '心理測驗資料', role: '學生', schedule: '每週日 02:00' },
  rewards: { title: '獎懲資料', role: '學生', schedule: '每日 02:00' },
  teachers: { title: '教師人員資料', role: '教師', schedule: '每日 02:00' },
  classes: { title: '學校班級資料', role: '教師', schedule: '每日 02:00' },
  'teaching-assignments': { title: '教師配課資料', role: '教師', schedule: '每日 02:00' },
  counselors: { title: '輔導教師資料', role: '教師', schedule: '每日 02:00' },
  outcomes: { title: '課程學習成果', role: '學習歷程', schedule: '每日 02:00' },
  performances: { title: '多元表現', role: '學習歷程', schedule: '每日 02:00' },
  consultations: { title: '課程諮詢紀錄', role: '學習歷程', schedule: '每日 02:00' },
  autobiographies: { title: '自傳與學習計畫', role: '學習歷程', schedule: '每日 02:00' },
  'city-windows': { title: '作業期限', role: '學習歷程', schedule: '每日 02:00' },
  codes: { title: '代碼資料', role: '學習歷程', schedule: '每日 02:00' },
  'submission-results': { title: '提交結果', role: '學習歷程', schedule: '每日 02:00' },
  receipts: { title: '接收紀錄', role: '學習歷程', schedule: '每日 02:00' },
  'damaged-files': { title: '異常檔案', role: '學習歷程', schedule: '每日 02:00' },
  'school-terms': { title: '學校學年期', role: '本校設定', schedule: '每日 02:00' },
  parameters: { title: '功能參數', role: '本校設定', schedule: '每日 02:00' },
  'operation-windows': { title: '學校作業時間', role: '本校設定', schedule: '每日 02:00' },
  'course-counselors': { title: '課程諮詢教師', role: '本校設定', schedule: '每日 02:00' },
  'certifier-groups': { title: '學科/領域認證老師', role: '本校設定', schedule: '每日 02:00' },
  'certification-stages': { title: '認證順序', role: '本校設定', schedule: '每日 02:00' },
  'deputy-certifiers': { title: '代理認證教師', role: '本校設定', schedule: '每日 02:00' },
  'temporary-accounts': { title: '轉學生臨時帳號', role: '本校設定', schedule: '每日 02:00' },
};

export const syncResult = z.object({
  resources: z.array(
    z.object({ name: z.string(), received: z.int(), upserted: z.int(), deleted: z.int(), problems: z.int(), seconds: z.number() }),
  ),
  pushed: z.int(),
  pending: z.int(),
});
export type SyncResult = z.infer<typeof syncResult>;

/** Which modules' rights decide over a change of a resource: the screens that make it. */
export const changeModules = {
  'school-terms': ['S0213S'],
  parameters: ['S0203S1'],
  'operation-windows': ['S0203S'],
  'course-counselors': ['S0204S'],
  'certifier-groups': ['S0301S'],
  'certification-stages': ['S0302S'],
  'deputy-certifiers': ['S0216S'],
  'temporary-accounts': ['S0221S'],
  'teaching-assignments': ['S0209S'],
  outcomes: ['S0203S1', 'S0220S'],
  'damaged-files': ['S0203S1'],
  performances: ['S0220S'],
  cadres: ['S0220S'],
} as const satisfies Partial<Record<SyncResourceName, readonly FunctionModule[]>>;
export type ChangedResource = keyof typeof changeModules;
const changedResource = z.enum(Object.keys(changeModules) as [ChangedResource, ...ChangedResource[]]);
const changeAccess = (right: 'view' | 'update') => ({
  anyOf: [...new Set<FunctionModule>(['S0225S', ...Object.values(changeModules).flat()])].map((module) => ({ module, right })),
});

/** A change of the office that waits for the city, or that the city did not take; both sides in words. */
export const officeChange = z.object({
  resource: changedResource,
  recordId: z.string(),
  /** Whose record it is; null of a setting. */
  studentId: z.string().nullable(),
  /** What the record is, in a few words: 1091 教師認證時間. */
  label: z.string(),
  state: z.enum(['waiting', 'conflict', 'refused']),
  operation: z.enum(['create', 'update', 'delete']),
  changedAt: z.string(),
  changedBy: z.string(),
  /** Why the city refused, in its own words. */
  refusal: z.string().nullable(),
  /** Null where a side has deleted the record. */
  fields: z.array(z.object({ label: z.string(), mine: z.string().nullable(), theirs: z.string().nullable(), differs: z.boolean() })),
});
export type OfficeChange = z.infer<typeof officeChange>;

/** A record the city sent that could not be used yet. */
export const syncProblem = z.object({
  resource: z.enum(syncResourceNames),
  recordId: z.string(),
  foundAt: z.string(),
  /** In words; paths of the record only, no values. */
  reason: z.string(),
});

export const sync = defineFeature('sync', {
  /** What came from the city and could not be used; the newest first, at most 500. */
  problems: query({
    title: '查看有問題的資料',
    input: nothing,
    output: z.object({ problems: z.array(syncProblem), total: z.int() }),
    access: { module: 'S0225S', right: 'view' },
  }),
  /**
   * Changes not settled with the city, of resources whose screens the account may see: all those the city did not take, and the first
   * 200 of those that only wait.
   */
  changes: query({
    title: '查看等待送出的變更',
    input: z.object({ resources: z.array(changedResource).optional(), disputedOnly: z.boolean().default(false) }),
    output: z.object({
      changes: z.array(officeChange),
      /** How many records only wait, shown or not. */
      waiting: z.int(),
    }),
    access: changeAccess('view'),
    audit: {
      action: 'view',
      students: (_input, { changes }) => changes.flatMap(({ studentId }) => studentId ?? []),
      unlessNobody: true,
    },
  }),
  /**
   * Ends a conflict or refusal: `mine` sends the office's version again on top of the city's, `theirs` takes the city's (after a
   * refusal without one: goes back to before the change). Errors: sync.changeUnknown, permission.denied.
   */
  settleChange: command({
    title: '處理市級系統未接受的變更',
    input: z.object({ resource: changedResource, recordId: z.string().max(64), choice: z.enum(['mine', 'theirs']) }),
    output: done.extend({ studentId: z.string().nullable() }),
    access: changeAccess('update'),
    audit: {
      action: 'change',
      students: (_input, { studentId }) => (studentId === null ? [] : [studentId]),
      summary: ({ resource, choice }) => `${syncItems[resource].title}：${choice === 'mine' ? '採用本校的' : '採用市級系統的'}`,
    },
  }),
  overview: query({
    title: '查看同步作業',
    input: nothing,
    output: z.object({
      items: z.array(
        z.object({
          resource: z.enum(syncResourceNames),
          /** ISO instants; null before the first time. */
          lastStartedAt: z.string().nullable(),
          lastFinishedAt: z.string().nullable(),
          lastResult: z.enum(['done', 'failed', 'cancelled']).nullable(),
          /** What to do, in Chinese, when it failed. */
          lastError: z.string().nullable(),
          received: z.int(),
          problems: z.int(),
        }),
      ),
      /** When everything was last synchronised; the age of the data that every screen shows. */
      lastCompleteAt: z.string().nullable(),
      waiting: z.int(),
      /** Records whose change the city did not take: the office has to choose (`sync.changes`). */
      disputed: z.int(),
      online: z.boolean().nullable(),
      nextRunAt: z.string().nullable(),
    }),
    access: 'signedIn',
  }),
  /** 立即同步 for one, several or all. Errors: sync.offline, sync.unauthorized, sync.running, job.cancelled. */
  run: job({
    title: '同步作業',
    input: z.object({ resources: z.array(z.enum(syncResourceNames)).optional(), full: z.boolean().default(false) }),
    output: syncResult,
    access: { module: 'S0225S', right: 'update' },
    audit: { action: 'change' },
  }),
  /** Points a fresh data directory at a city (first start; CLI `connect`). Errors: sync.offline, sync.unauthorized, session.required. */
  connect: command({
    title: '連接市級系統',
    input: z.object({
      url: z.url().max(500),
      schoolCode: z.string().regex(/^[0-9A-Z]{6}$/),
      deviceId: z.string().max(200).default('office'),
      deviceKey: z.string().min(1).max(500),
      firstPassword: z.string().max(1000).optional(),
    }),
    output: z.object({
      schoolCode: z.string(),
      schoolName: z.string(),
      accountName: z.string(),
      /** Made when none was given; to be changed at the first sign-in. */ firstPassword: z.string().nullable(),
      /** 復原金鑰 of a school that is new here: its words and its page, this once. */
      recoveryKey: z.object({ text: z.string(), keyId: z.string(), file: outgoingFile }).nullable(),
    }),
    access: 'public',
    audit: { action: 'reveal' },
  }),
  checkConnection: command({ title: '檢查連線', input: nothing, output: done, access: 'signedIn' }),
});
