import type { z } from 'zod';
import { ApplicationError, reportOf } from '../platform/errors.ts';
import type { Progress } from '../platform/task-pool.ts';
import type { Audit } from './audit.ts';
import type { Feature, Operation, Outcome } from './contract.ts';
import { unkeepableText } from './input-text.ts';
import type { Jobs } from './jobs.ts';
import { mayCall, type Session, type Sessions } from './sessions.ts';

/** What a handler knows of the call beside its input. */
export interface CallContext {
  connectionId: string;
  /** Of the account that calls; null only in `public` operations. */
  session: Session | null;
  /** Name of the account, for records; `-` before sign-in, until signing in sets the account that it is about. */
  accountName: string;
  /** Aborted when a job is cancelled. */
  signal: AbortSignal;
  /** Tells a job's progress; does nothing elsewhere. */
  report: (progress: Progress) => void;
  /** Of a call that may change something: by which whoever writes its audit entry ends it (`withChange`). Null of a query. */
  callId: string | null;
}

/** One handler for each operation of a feature; a missing or surplus one does not compile. */
export type Handlers<Declared extends Feature> = {
  [Name in keyof Declared['operations']]: (
    input: z.output<Declared['operations'][Name]['input']>,
    context: CallContext,
  ) => z.input<Declared['operations'][Name]['output']> | Promise<z.input<Declared['operations'][Name]['output']>>;
};

export interface Route {
  operation: Operation;
  handle: (input: unknown, context: CallContext) => unknown;
}

export interface Caller {
  connectionId: string;
}

export interface Router {
  call: (caller: Caller, name: string, input: unknown) => Promise<Outcome<unknown>>;
  names: () => string[];
}

export interface RouterOptions {
  sessions: Sessions;
  jobs: Jobs;
  audit: Audit;
  /** Operations that may be called while the first password must be changed or the window is locked. */
  alwaysAllowed: ReadonlySet<string>;
  log: {
    warn: (event: string, fields?: Record<string, unknown>) => void;
    error: (event: string, fields?: Record<string, unknown>) => void;
  };
}

/** Binds a feature's handlers to its declaration. */
export function route<Declared extends Feature>(feature: Declared, handlers: Handlers<Declared>): [string, Route][] {
  return Object.entries(feature.operations).map(([name, operation]) => [
    `${feature.name}.${name}`,
    { operation, handle: (handlers as Record<string, Route['handle']>)[name]! },
  ]);
}

/**
 * The one way in: name → permission → schema → handler → schema → audit. Refusals and failures are values with a
 * code; nothing thrown leaves here.
 * @throws at start when two features claim a name
 */
export function createRouter(routes: [string, Route][], { sessions, jobs, audit, alwaysAllowed, log }: RouterOptions): Router {
  const table = new Map<string, Route>();
  for (const [name, entry] of routes) {
    if (table.has(name)) throw new Error(`two handlers for ${name}`);
    table.set(name, entry);
  }

  const answer = async (
    { operation, handle }: Route,
    name: string,
    input: unknown,
    given: Omit<CallContext, 'callId'>,
  ): Promise<unknown> => {
    const context: CallContext = { ...given, callId: null };
    if (!operation.audit) return operation.output.parse(await handle(input, context));
    // A query's entry is there before its answer; a change is there before its entry, so it is announced first.
    if (operation.kind !== 'query') context.callId = await audit.begin(name, operation, context);
    let output: unknown;
    try {
      output = operation.output.parse(await handle(input, context));
    } catch (error) {
      await audit.record(name, operation, context, input, null, reportOf(error).code);
      throw error;
    }
    await audit.record(name, operation, context, input, output, 'done');
    return output;
  };

  const call = async ({ connectionId }: Caller, name: string, rawInput: unknown): Promise<unknown> => {
    const entry = table.get(name);
    if (!entry) throw new ApplicationError('call.unknown', '程式版本不一致，請重新啟動程式。', { operation: name });
    const session = sessions.get(connectionId);
    const { access, kind, title } = entry.operation;
    if (!session && access !== 'public') throw new ApplicationError('session.required', '請先登入。');
    if (session && !alwaysAllowed.has(name)) {
      if (session.locked) throw new ApplicationError('session.locked', '畫面已鎖定，請輸入密碼解除鎖定。');
      if (session.mustChangePassword) throw new ApplicationError('session.mustChangePassword', '第一次登入請先變更密碼。');
    }
    if (!mayCall(session, access, rawInput)) {
      await audit.refused(name, entry.operation, session, rawInput);
      throw new ApplicationError('permission.denied', '您的帳號沒有使用這項功能的權限，請洽學校管理者設定角色權限。', { operation: name });
    }
    const parsed = entry.operation.input.safeParse(rawInput ?? {});
    if (!parsed.success) {
      const fields = parsed.error.issues
        .slice(0, 20)
        .map((issue) => ({ field: issue.path.join('.'), rule: issue.code, message: issue.message }));
      throw new ApplicationError('input.invalid', '輸入的內容不正確，請檢查標示的欄位。', { fields });
    }
    const unkeepable = unkeepableText(parsed.data);
    if (unkeepable !== null) {
      const fields = [{ field: unkeepable, rule: 'text', message: '含有不完整或無法儲存的字元，請刪除後重新輸入' }];
      throw new ApplicationError('input.invalid', '輸入的內容含有不完整或無法儲存的字元，請重新輸入標示的欄位。', { fields });
    }
    const accountName = session?.accountName ?? '-';
    if (kind === 'job') {
      const jobId = jobs.start(name, title, accountName, ({ signal, report }) =>
        answer(entry, name, parsed.data, { connectionId, session, accountName, signal, report }),
      );
      return { jobId };
    }
    return answer(entry, name, parsed.data, { connectionId, session, accountName, signal: new AbortController().signal, report: () => {} });
  };

  return {
    names: () => [...table.keys()],
    call: async (caller, name, input) => {
      try {
        return { ok: true, data: await call(caller, name, input) };
      } catch (error) {
        const report = reportOf(error);
        // What is no operation's name is anyone's text.
        const operation = table.has(name) ? name : 'unknown';
        if (report.code === 'internal') log.error('operation failed', { operation, stack: (error as Error)?.stack });
        else if (report.code !== 'input.invalid') log.warn('operation refused', { operation, code: report.code });
        return { ok: false, error: { ...report, details: { ...report.details } } };
      }
    },
  };
}
