import { createHash } from 'node:crypto';
import type { Operation } from './contract.ts';
import type { Foundation } from './foundation.ts';
import type { CallContext } from './router.ts';
import type { Session } from './sessions.ts';

/** The append-only, hash-chained audit log. Its screen and its purge are main/features/audit's. */
export interface Audit {
  record: (name: string, operation: Operation, context: CallContext, input: unknown, output: unknown, outcome: string) => Promise<void>;
  refused: (name: string, operation: Operation, session: Session | null, input: unknown) => Promise<void>;
}

interface Entry {
  accountName: string;
  operation: string;
  action: string;
  module: string | null;
  summary: string;
  studentIds: readonly string[];
  studentCount: number;
  outcome: string;
}

export const genesisHash = '0'.repeat(64);

/** The hash of an entry: SHA-256 of the hash before it and its own fields, in this order. */
export function auditHash(previousHash: string, fields: readonly (string | number | null)[]): string {
  return createHash('sha256')
    .update(JSON.stringify([previousHash, ...fields]))
    .digest('hex');
}

/** The module an entry stands under: the operation's own, or the one that its input names. */
const moduleOf = ({ access }: Operation, input: unknown): string | null => {
  if (typeof access !== 'object') return null;
  if ('module' in access) return access.module;
  if ('anyOf' in access) return null;
  const named = String((input as Record<string, unknown> | null)?.[access.field]);
  return Object.hasOwn(access.modules, named) ? access.modules[named]! : null;
};

export function createAudit({ connection: { sqlite }, write, clock }: Pick<Foundation, 'connection' | 'write' | 'clock'>): Audit {
  const last = sqlite.prepare<[], { sequence: number; hash: string }>(
    'select sequence, hash from audit_entries order by sequence desc limit 1',
  );
  const insert = sqlite.prepare(
    `insert into audit_entries (sequence, at, account_name, operation, action, module, summary, student_ids, student_count, outcome, previous_hash, hash)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const append = (entry: Entry) =>
    write(() => {
      const before = last.get();
      const sequence = (before?.sequence ?? 0) + 1;
      const previousHash = before?.hash ?? genesisHash;
      const fields = [
        sequence,
        clock.now().toISOString(),
        entry.accountName,
        entry.operation,
        entry.action,
        entry.module,
        entry.summary,
        JSON.stringify(entry.studentIds.slice(0, 100)),
        entry.studentCount,
        entry.outcome,
      ];
      insert.run(...fields, previousHash, auditHash(previousHash, fields));
    });
  return {
    record: async (name, operation, context, input, output, outcome) => {
      const { audit } = operation;
      if (!audit) return;
      const answered = outcome === 'done';
      const studentIds = answered ? (audit.students?.(input as never, output as never) ?? []) : [];
      await append({
        accountName: context.accountName,
        operation: name,
        action: audit.action,
        module: moduleOf(operation, input),
        summary: (answered ? audit.summary?.(input as never, output as never) : undefined) ?? operation.title,
        studentIds,
        studentCount: answered ? (audit.count?.(input as never, output as never) ?? studentIds.length) : 0,
        outcome,
      });
    },
    refused: async (name, operation, session, input) => {
      await append({
        accountName: session?.accountName ?? '-',
        operation: name,
        action: operation.audit?.action ?? 'view',
        module: moduleOf(operation, input),
        summary: operation.title,
        studentIds: [],
        studentCount: 0,
        outcome: 'permission.denied',
      });
    },
  };
}
