import type { Sqlite } from '../../db/sqlite.ts';
import { ChainWalk, type Checkpoint, entryHash, genesisHash, type Head, type KeptEntry, type Verification } from './audit-chain.ts';

/** The rows of the audit log: appended, read, verified. On any connection: the backend's, a task's, a command's. */

/** What is to be told of a call; the log gives it its place, its time and its hash. */
export interface EntryDraft {
  accountName: string;
  operation: string;
  action: string;
  module: string | null;
  summary: string;
  studentIds: readonly string[];
  studentCount: number;
  outcome: string;
}

/** Student ids kept with an entry; `studentCount` counts all. */
export const mostStudentIds = 100;

/** A call that may change something, kept from its beginning: see `beginCall`. */
export interface OpenCall {
  id: string;
  startedAt: string;
  processId: number;
  accountName: string;
  operation: string;
  action: string;
  module: string | null;
  summary: string;
}

export interface AuditLog {
  head: () => Head | null;
  /** Appends an entry. Only inside a transaction. @param at UTC, ISO */
  append: (draft: EntryDraft, at: string) => Head;
  /** Keeps that a call has begun, so that a kill before its entry does not lose it. */
  beginCall: (call: OpenCall) => void;
  /** Forgets it, in the transaction of its entry. */
  endCall: (id: string) => void;
  openCalls: () => OpenCall[];
}

export function auditLog(sqlite: Sqlite): AuditLog {
  const last = sqlite.prepare<[], Head>('select sequence, hash from audit_entries order by sequence desc limit 1');
  const insert = sqlite.prepare(
    `insert into audit_entries (sequence, at, account_name, operation, action, module, summary, student_ids, student_count, outcome, previous_hash, hash)
     values (@sequence, @at, @accountName, @operation, @action, @module, @summary, @studentIds, @studentCount, @outcome, @previousHash, @hash)`,
  );
  const insertSubject = sqlite.prepare('insert or ignore into audit_subjects (student_id, sequence) values (?, ?)');
  const insertCall = sqlite.prepare(
    `insert into audited_calls (id, started_at, process_id, account_name, operation, action, module, summary)
     values (@id, @startedAt, @processId, @accountName, @operation, @action, @module, @summary)`,
  );
  const removeCall = sqlite.prepare('delete from audited_calls where id = ?');
  const head = () => last.get() ?? null;
  return {
    head,
    append: ({ studentIds, ...draft }, at) => {
      if (!sqlite.inTransaction) throw new Error('an audit entry is appended in a transaction');
      const before = head();
      const kept = studentIds.slice(0, mostStudentIds);
      const entry = {
        ...draft,
        sequence: (before?.sequence ?? 0) + 1,
        at,
        studentIds: JSON.stringify(kept),
        previousHash: before?.hash ?? genesisHash,
      };
      const hash = entryHash(entry);
      insert.run({ ...entry, hash });
      for (const studentId of kept) insertSubject.run(studentId, entry.sequence);
      return { sequence: entry.sequence, hash };
    },
    beginCall: (call) => {
      insertCall.run(call);
    },
    endCall: (id) => {
      removeCall.run(id);
    },
    openCalls: () =>
      sqlite
        .prepare<[], OpenCall>(
          `select id, started_at as startedAt, process_id as processId, account_name as accountName, operation, action, module, summary
           from audited_calls order by started_at, id`,
        )
        .all(),
  };
}

const entryColumns = `sequence, at, account_name as accountName, operation, action, module, summary, student_ids as studentIds,
  student_count as studentCount, outcome, previous_hash as previousHash, hash`;

export function auditEntry(sqlite: Sqlite, sequence: number): KeptEntry | undefined {
  return sqlite.prepare<[number], KeptEntry>(`select ${entryColumns} from audit_entries where sequence = ?`).get(sequence);
}

export function auditCheckpoints(sqlite: Sqlite): Checkpoint[] {
  return sqlite
    .prepare<[], Checkpoint>(
      `select through_sequence as throughSequence, from_sequence as fromSequence, entry_count as entryCount, first_at as firstAt,
         last_at as lastAt, last_hash as lastHash, created_at as createdAt, created_by as createdBy, previous_hash as previousHash, hash
       from audit_checkpoints order by through_sequence`,
    )
    .all();
}

/** Whether a log still has been where it is known to have been. Cheap: three rows. */
export function anchorFault(sqlite: Sqlite, anchor: (Head & { forged: boolean }) | null, anchored: boolean) {
  const newest = auditLog(sqlite).head();
  const sequence = newest?.sequence ?? 0;
  if (anchor === null) {
    return anchored
      ? { sequence, kind: 'anchor' as const, message: '記錄稽核紀錄最後一筆的檔案 audit.head 不見了，無法證明最後幾筆沒有被刪除。' }
      : null;
  }
  if (anchor.forged) {
    return { sequence, kind: 'anchor' as const, message: '記錄稽核紀錄最後一筆的檔案 audit.head 被更改過，無法證明最後幾筆沒有被刪除。' };
  }
  if (sequence < anchor.sequence) {
    return {
      sequence,
      kind: 'tail' as const,
      message: `應該有到第 ${anchor.sequence} 筆，現在只到第 ${sequence} 筆，最後的 ${anchor.sequence - sequence} 筆不見了。`,
    };
  }
  const there = auditEntry(sqlite, anchor.sequence);
  // Purged meanwhile: then a checkpoint vouches for it.
  if (!there || there.hash === anchor.hash) return null;
  return { sequence: anchor.sequence, kind: 'tail' as const, message: `第 ${anchor.sequence} 筆不是原來的那一筆，從這裡起被換過。` };
}

export interface VerifyOptions {
  anchor: (Head & { forged: boolean }) | null;
  /** Whether the log was ever anchored: then a missing anchor is a fault. */
  anchored: boolean;
  /** Called now and then with the entries looked at. @throws to stop */
  onProgress?: (done: number, total: number) => void;
}

const progressEvery = 10_000;

/** Reads the whole log as it is at this moment, while others append to it. 0.6 s for 200,000 entries (docs/security.md). */
export function verifyAuditLog(sqlite: Sqlite, { anchor, anchored, onProgress }: VerifyOptions): Verification {
  return sqlite.transaction(() => {
    const total = sqlite.prepare<[], number>('select count(*) from audit_entries').pluck().get()!;
    const walk = new ChainWalk(auditCheckpoints(sqlite));
    let done = 0;
    for (const entry of sqlite.prepare<[], KeptEntry>(`select ${entryColumns} from audit_entries order by sequence`).iterate()) {
      walk.step(entry);
      done += 1;
      if (done % progressEvery === 0) onProgress?.(done, total);
    }
    const fault = anchorFault(sqlite, anchor, anchored);
    if (fault) walk.fault(fault.sequence, fault.kind, fault.message);
    return walk.end();
  })();
}
