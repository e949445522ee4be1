import { randomUUID } from 'node:crypto';
import { formatRocDateTime } from '../../domain/roc-date.ts';
import { processLives } from '../platform/data-directory.ts';
import { auditAnchor } from './audit-anchor.ts';
import { type ChainFault, genesisHash, type Head } from './audit-chain.ts';
import { anchorFault, auditLog, type EntryDraft } from './audit-log.ts';
import { struckOut } from './audit-words.ts';
import type { Operation } from './contract.ts';
import type { Foundation } from './foundation.ts';
import type { CallContext } from './router.ts';
import type { Session } from './sessions.ts';

/** The append-only, hash-chained audit log as the router writes it. Its screen, its verification and its purge are main/features/audit's. */
export interface Audit {
  /**
   * Keeps that a call which may change something has begun, so that a program killed before its entry leaves one all the same.
   * @returns the call's id for `context.callId`
   */
  begin: (name: string, operation: Operation, context: CallContext) => Promise<string>;
  record: (name: string, operation: Operation, context: CallContext, input: unknown, output: unknown, outcome: string) => Promise<void>;
  refused: (name: string, operation: Operation, session: Session | null, input: unknown) => Promise<void>;
  /** Turns calls of a killed program into entries. Once, at start. @returns how many */
  settleInterrupted: () => Promise<number>;
  /** What is wrong with the end of the log; null for nothing. Until it is accepted the anchor stays where it was. */
  endFault: () => ChainFault | null;
  /** Tells that entries were appended elsewhere: by a task, in the transaction of what it changed. */
  appended: () => void;
  /**
   * Goes on from the log as it ends now: an entry says why, and where the log had got to as far as that is known.
   * @param callId the call that the entry ends
   */
  acceptEnd: (by: { accountName: string; callId: string | null; reason: string }) => Promise<void>;
  /** What the program did that no call of an operation tells: a restore that took place at the start. */
  note: (entry: Pick<EntryDraft, 'accountName' | 'operation' | 'action' | 'module' | 'summary'>) => Promise<void>;
  close: () => void;
}

/** The module an entry stands under: the operation's own, or the one that its input names. */
const moduleOf = ({ access }: Operation, input: unknown): string | null => {
  if (typeof access !== 'object') return null;
  if ('module' in access) return access.module;
  if ('anyOf' in access) return null;
  const named = String((input as Record<string, unknown> | null)?.[access.field]);
  return Object.hasOwn(access.modules, named) ? access.modules[named]! : null;
};

/** What an operation's declaration says of one call. */
export function draftOf(
  name: string,
  operation: Operation,
  accountName: string,
  input: unknown,
  output: unknown,
  outcome: string,
): EntryDraft {
  const { audit, title } = operation;
  const answered = outcome === 'done' && audit !== undefined;
  const studentIds = answered ? [...new Set(audit.students?.(input as never, output as never) ?? [])] : [];
  return {
    accountName,
    operation: name,
    action: audit?.action ?? 'view',
    module: moduleOf(operation, input),
    summary: (answered ? audit.summary?.(input as never, output as never) : undefined) ?? title,
    studentIds,
    studentCount: answered ? (audit.count?.(input as never, output as never) ?? studentIds.length) : 0,
    outcome,
  };
}

/** Milliseconds until the anchor follows the log: it is synced to the disk, which is not done twice for each page of a grid. */
const anchorPause = 1000;

export function createAudit({
  connection: { sqlite },
  write,
  clock,
  directory,
  masterKey,
  settings,
  log,
}: Pick<Foundation, 'connection' | 'write' | 'clock' | 'directory' | 'masterKey' | 'settings' | 'log'>): Audit {
  const entries = auditLog(sqlite);
  const anchor = auditAnchor(directory, masterKey);
  const now = () => clock.now().toISOString();
  const currentHead = (): Head => entries.head() ?? { sequence: 0, hash: genesisHash };

  let endFault: ChainFault | null = null;
  const checkEnd = () => {
    endFault = anchorFault(sqlite, anchor.read(), settings.get('audit.anchored') ?? false);
    if (endFault) log.error('audit log does not end where it did', { kind: endFault.kind, sequence: endFault.sequence });
  };
  checkEnd();

  let timer: NodeJS.Timeout | undefined;
  const keepAnchor = () => {
    clearTimeout(timer);
    timer = undefined;
    if (endFault) return;
    try {
      // What another program cut off meanwhile must not be covered up.
      checkEnd();
      if (endFault) return;
      anchor.write(currentHead());
    } catch (error) {
      // The log itself is whole; its anchor lags until the next entry.
      log.error('audit anchor could not be written', { code: (error as NodeJS.ErrnoException).code ?? 'internal' });
    }
  };
  const appended = () => {
    if (timer !== undefined) return;
    timer = setTimeout(keepAnchor, anchorPause);
    timer.unref();
  };
  if (!endFault && !settings.get('audit.anchored')) {
    anchor.write(currentHead());
    // After the file: the other way round, a kill in between would look as if it had been taken away.
    settings.set('audit.anchored', true);
  }

  const append = async (draft: EntryDraft, callId: string | null = null) => {
    await write(() => {
      if (callId !== null) entries.endCall(callId);
      entries.append(draft, now());
    });
    appended();
  };

  return {
    begin: async (name, operation, { accountName }) => {
      const { action, module, summary } = draftOf(name, operation, accountName, null, null, 'begun');
      const id = randomUUID();
      const call = { id, startedAt: now(), processId: process.pid, accountName, operation: name, action, module, summary };
      await write(() => entries.beginCall(call));
      return id;
    },
    record: async (name, operation, { accountName, callId }, input, output, outcome) => {
      const draft = draftOf(name, operation, accountName, input, output, outcome);
      if (outcome === 'done' && operation.audit?.unlessNobody && draft.studentCount === 0) return;
      if (outcome === 'done' && operation.audit?.withChange) return appended();
      const summary = draft.summary === operation.title ? draft.summary : struckOut(sqlite, draft.summary, draft.studentIds);
      await append({ ...draft, summary }, callId);
    },
    refused: (name, operation, session, input) =>
      append(draftOf(name, operation, session?.accountName ?? '-', input, null, 'permission.denied')),
    settleInterrupted: async () => {
      const left = entries.openCalls().filter(({ processId }) => processId === process.pid || !processLives(processId));
      if (left.length === 0) return 0;
      await write(() => {
        for (const { id, startedAt, accountName, operation, action, module, summary } of left) {
          entries.endCall(id);
          const told = `${summary}（${formatRocDateTime(startedAt)} 開始，程式中斷，結果不明）`;
          entries.append(
            { accountName, operation, action, module, summary: told, studentIds: [], studentCount: 0, outcome: 'interrupted' },
            now(),
          );
        }
      });
      appended();
      return left.length;
    },
    endFault: () => endFault,
    appended,
    acceptEnd: async ({ accountName, callId, reason }) => {
      const lost = anchor.read();
      const was = lost === null || lost.forged ? '結尾原在何處已無法得知' : `結尾原為第 ${lost.sequence} 筆（${lost.hash}）`;
      const draft: EntryDraft = {
        accountName,
        operation: 'audit.acceptEnd',
        action: 'change',
        module: 'S0223S',
        summary: `${was}，由第 ${currentHead().sequence} 筆續寫：${struckOut(sqlite, reason, [])}`,
        studentIds: [],
        studentCount: 0,
        outcome: 'done',
      };
      await append(draft, callId);
      endFault = null;
      anchor.write(currentHead());
      settings.set('audit.anchored', true);
    },
    close: () => {
      if (timer !== undefined) keepAnchor();
    },
    note: (entry) => append({ ...entry, studentIds: [], studentCount: 0, outcome: 'done' }),
  };
}
