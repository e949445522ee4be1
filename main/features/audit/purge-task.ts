import type { SqliteConnection } from '../../../db/sqlite.ts';
import { auditAnchor } from '../../application/audit-anchor.ts';
import { brokenLog, type Checkpoint, checkpointHash, genesisHash, purgeOperation } from '../../application/audit-chain.ts';
import { auditCheckpoints, auditEntry, auditLog, verifyAuditLog } from '../../application/audit-log.ts';
import { schoolSettings } from '../../application/school-settings.ts';
import type { Task } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { OutputOf } from '../contract.ts';
import { dueEntries } from './queries.ts';

export interface PurgeInput {
  /** Entries before this instant are due; UTC, ISO. */
  before: string;
  /** As many as the clerk saw and confirmed. */
  entries: number;
  accountName: string;
  callId: string;
}

type Purged = OutputOf<'audit.purge'>;

/**
 * Purges the entries that are due: the checkpoint that stands for them, the entry that says so, and the deletion are one transaction. The log is
 * verified first; one that is broken is left as it is.
 */
export const run: Task<PurgeInput, Purged> = async (input, context) => {
  const { directory, masterKey, clock, report } = context;
  const connection = context.openWriter();
  const verification = verifyAuditLog(connection.sqlite, {
    anchor: auditAnchor(directory, masterKey).read(),
    anchored: schoolSettings(connection).get('audit.anchored') ?? false,
    onProgress: (done, total) => report({ step: '清除前驗證', done, total, unit: '件' }),
  });
  if (!verification.ok) throw new ApplicationError('audit.broken', brokenLog(verification), { sequence: verification.faults[0]!.sequence });
  report({ step: '清除', done: 0, total: input.entries, unit: '件' });
  const purged = await context.withWriteLease(() => {
    // What is deleted is overwritten, not only let go of.
    connection.sqlite.pragma('secure_delete=ON');
    return connection.sqlite.transaction(() => purge(connection, input, clock.now().toISOString())).immediate();
  });
  connection.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  return purged;
};

function purge(connection: SqliteConnection, { before, entries, accountName, callId }: PurgeInput, at: string): Purged {
  const { sqlite } = connection;
  const due = dueEntries(sqlite, before);
  if (due.throughSequence === null) throw new ApplicationError('audit.nothingDue', '沒有超過保存年限的稽核紀錄，不需要清除。');
  if (due.entries !== entries) {
    throw new ApplicationError('audit.dueChanged', `超過保存年限的紀錄現在是 ${due.entries} 筆，請重新確認後再清除。`, {
      due: due.entries,
    });
  }
  const checkpoint = checkpointAt(connection, due.throughSequence, due.entries, accountName, at);
  const { fromSequence, throughSequence, entryCount, hash } = checkpoint;
  sqlite
    .prepare(
      `insert into audit_checkpoints (through_sequence, from_sequence, entry_count, first_at, last_at, last_hash, created_at, created_by, previous_hash, hash)
       values (@throughSequence, @fromSequence, @entryCount, @firstAt, @lastAt, @lastHash, @createdAt, @createdBy, @previousHash, @hash)`,
    )
    .run(checkpoint);
  const log = auditLog(sqlite);
  log.endCall(callId);
  // Before the deletion: the log is never without its last entry.
  log.append(
    {
      accountName,
      operation: purgeOperation,
      action: 'purge',
      module: 'S0223S',
      summary: `清除第 ${fromSequence} 到 ${throughSequence} 筆，共 ${entryCount} 筆，檢查點 ${hash}`,
      studentIds: [],
      studentCount: 0,
      outcome: 'done',
    },
    at,
  );
  schoolSettings(connection).set('audit.purging', throughSequence);
  sqlite.prepare('delete from audit_entries where sequence <= ?').run(throughSequence);
  sqlite.prepare("delete from school_settings where key = 'audit.purging'").run();
  return { entries: entryCount, fromSequence, throughSequence, checkpoint: hash };
}

function checkpointAt(
  { sqlite }: SqliteConnection,
  throughSequence: number,
  entryCount: number,
  createdBy: string,
  createdAt: string,
): Checkpoint {
  const before = auditCheckpoints(sqlite).at(-1);
  const fromSequence = (before?.throughSequence ?? 0) + 1;
  const last = auditEntry(sqlite, throughSequence)!;
  const checkpoint = {
    throughSequence,
    fromSequence,
    entryCount,
    firstAt: auditEntry(sqlite, fromSequence)!.at,
    lastAt: last.at,
    lastHash: last.hash,
    createdAt,
    createdBy,
    previousHash: before?.hash ?? genesisHash,
  };
  return { ...checkpoint, hash: checkpointHash(checkpoint) };
}
