import { z } from 'zod';

/**
 * The kernel of the contract: how a feature declares its operations. Types of the renderer, validation at the
 * boundary, permission checks, audit entries and the CLI all come from one declaration. No Node imports here or in
 * any `contract.ts`: the renderer reads them.
 */

/** 功能模組. Codes from S0219S on and S0200S are this project's own; the others are the manual's. */
export const functionModules = {
  S0200S: '維護角色權限',
  S0201S1: '學校查詢接收紀錄',
  S0203S: '設定學校作業時間',
  S0203S1: '設定功能參數',
  S0204S: '設定課程諮詢教師',
  S0205S: '查詢學生學習成果勾選情形',
  S0206S: '查詢學生多元表現勾選情形',
  S0207S: '提交學習成果至中央資料庫',
  S0208S: '提交多元表現至中央資料庫',
  S0209S: '合開課程設定審核老師',
  S0210S: '查詢輔導教師',
  S0213S: '設定學校學年期',
  S0215S: '學習成果使用人數統計表',
  S0216S: '未認證教師狀況表',
  S0218S: '提交校內幹部經歷至中央資料庫',
  S0219S: '匯出學生學習歷程資料',
  S0220S: '匯入學生學習歷程資料',
  S0221S: '轉學生臨時帳號',
  S0222S: '學生上傳及勾選情形確認單',
  S0223S: '稽核紀錄',
  S0224S: '備份與還原',
  S0225S: '同步作業',
  S0226S: '個人資料保存期限',
  S0301S: '設定學科/領域認證老師',
  S0302S: '設定認證順序',
} as const;
export type FunctionModule = keyof typeof functionModules;

/** 檢視 is having the module at all; the others are the rights ticked in 群組功能設定. */
export type Right = 'view' | 'create' | 'update' | 'delete';

/**
 * Who may call an operation: anyone before sign-in, anyone signed in, or an account with a right on a module (on any one of several, for
 * what many screens share; on the one that a field of the input names, for what several screens have alike).
 */
export type Access =
  | 'public'
  | 'signedIn'
  | { module: FunctionModule; right: Right }
  | { anyOf: readonly { module: FunctionModule; right: Right }[] }
  | { field: string; modules: Readonly<Record<string, FunctionModule>>; right: Right };

/** The modules and rights of which an account needs one, whatever it asks; none where everybody may. */
export function demandsOf(access: Access): readonly { module: FunctionModule; right: Right }[] {
  if (typeof access === 'string') return [];
  if ('anyOf' in access) return access.anyOf;
  if ('field' in access) return Object.values(access.modules).map((module) => ({ module, right: access.right }));
  return [access];
}

/** What was done, as 稽核紀錄 sorts it. `reveal`: a password or a whole identity was shown. */
export const auditActions = {
  view: '檢視',
  change: '變更',
  export: '匯出',
  print: '列印',
  import: '匯入',
  reveal: '顯示密碼或證號',
  signIn: '登入登出',
  purge: '清除',
} as const;
export type AuditAction = keyof typeof auditActions;

/** What an audit entry says of a call, from what went in and came out. Ids of records only: no names, numbers or passwords. */
export interface AuditDeclaration {
  action: AuditAction;
  /** Student ids concerned; each counts once. */
  students?: (input: never, output: never) => readonly string[];
  /** How many students, where there are too many to name, or some without an id. */
  count?: (input: never, output: never) => number;
  summary?: (input: never, output: never) => string;
  /** Its work appends the entry itself, in the transaction of the change, and ends the call (`CallContext.callId`); the router writes refusals only. */
  withChange?: true;
  /** No entry of an answer with no student in it: of a query that mostly has none. */
  unlessNobody?: true;
}

export type OperationKind = 'query' | 'command' | 'job';

export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  kind: OperationKind;
  /** What it does, in Chinese: the title of a job and the line in the audit log. */
  title: string;
  input: Input;
  /** Of a job: what it ends with. The call itself answers `{ jobId }`. */
  output: Output;
  access: Access;
  audit?: AuditDeclaration;
}

interface TypedAudit<Input, Output> {
  action: AuditAction;
  students?: (input: Input, output: Output) => readonly string[];
  count?: (input: Input, output: Output) => number;
  summary?: (input: Input, output: Output) => string;
  withChange?: true;
  unlessNobody?: true;
}

interface Declaration<Input extends z.ZodType, Output extends z.ZodType> {
  title: string;
  input: Input;
  output: Output;
  access: Access;
  audit?: TypedAudit<z.output<Input>, z.output<Output>>;
}

function declare<Kind extends OperationKind>(kind: Kind) {
  return <Input extends z.ZodType, Output extends z.ZodType>(declaration: Declaration<Input, Output>) =>
    ({ kind, ...declaration }) as Operation<Input, Output> & { kind: Kind };
}

/** Reads; changes nothing. */
export const query = declare('query');
/** Changes something and answers when it is done. */
export const command = declare('command');
/** Takes long: answers `{ jobId }` at once, reports progress, can be cancelled, leaves nothing half done. */
export const job = declare('job');

export interface Feature<Name extends string = string, Operations extends Record<string, Operation> = Record<string, Operation>> {
  name: Name;
  operations: Operations;
}

export function defineFeature<const Name extends string, const Operations extends Record<string, Operation>>(
  name: Name,
  operations: Operations,
): Feature<Name, Operations> {
  return { name, operations };
}

export const jobStarted = z.object({ jobId: z.string() });
export const nothing = z.object({}).strict();
export const done = z.object({ done: z.literal(true) });

/** A file that came in through the host (dialog, upload, path): a token, never a path. */
export const incomingFile = z.object({ token: z.string(), name: z.string(), bytes: z.int() });
export type IncomingFile = z.infer<typeof incomingFile>;
/** A file the program made, ready to be saved, opened or printed by the host under this name. */
export const outgoingFile = z.object({ token: z.string(), name: z.string(), bytes: z.int(), mediaType: z.string() });
export type OutgoingFile = z.infer<typeof outgoingFile>;

export type Outcome<Data> =
  | { ok: true; data: Data }
  | { ok: false; error: { code: string; message: string; details: Record<string, unknown> } };

/** Progress of a job, as the job tray shows it. */
export const jobState = z.object({
  id: z.string(),
  operation: z.string(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  /** What is being done now, in Chinese. */
  step: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.enum(['件', '人', '頁', '位元組', '項']),
  startedAt: z.string(),
  /** Since when `done` counts towards this total; what came before, files fetched or rows of another kind, went at a pace of its own. */
  countedSince: z.string(),
  finishedAt: z.string().nullable(),
  result: z.unknown(),
  error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) }).nullable(),
});
export type JobState = z.infer<typeof jobState>;

/** What the job tray says of a job that the program did not live to finish. Jobs leave nothing half done, so it can simply be done again. */
export const interruption = {
  code: 'job.interrupted',
  message: '作業中斷：程式在作業完成前結束，沒有留下未完成的資料，可以重新執行。',
  details: {},
} as const;

/** What the backend tells its windows without being asked. */
export type ApplicationEvent =
  | { event: 'job'; job: JobState }
  /** Tables that changed, so that screens showing them ask again. */
  | { event: 'changed'; topics: readonly string[] }
  | { event: 'signedOut'; reason: string };
