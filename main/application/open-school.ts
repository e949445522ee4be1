import type { Connection } from '../../db/connection.ts';
import { migrate, pendingMigrations, shippedMigrations } from '../../db/migrate.ts';
import { formatRocDateTime } from '../../domain/roc-date.ts';
import { contextWithoutTask } from '../features/backup/context.ts';
import { databaseDamaged, openOfficeAttachments, openOfficeDatabase } from '../features/backup/damage.ts';
import { makeBackup } from '../features/backup/make.ts';
import type { MadeBackup } from '../features/backup/making.ts';
import { type AppliedRestore, applyPendingRestore, type RestoreOutcome } from '../features/backup/pending-restore.ts';
import type { AttachmentStore } from '../platform/attachment-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataDirectory } from '../platform/data-directory.ts';
import type { Logger } from '../platform/logger.ts';
import type { Audit } from './audit.ts';

export interface OpenedSchool {
  connection: Connection;
  attachments: AttachmentStore;
  /** What became of a restore that was prepared before; null where there was none. */
  restored: RestoreOutcome;
  /** The backup that was made before the database was brought up to date, not recorded yet. */
  backedUp: MadeBackup | null;
}

/**
 * Opens the databases of a data directory: carries out a restore that was prepared, looks whether they are whole, and brings the office's up
 * to date, after a verified backup where it held data already.
 * @throws `database.damaged`, `database.newer`, `database.otherHistory`; what keeps a backup from being made keeps the upgrade from running
 */
export async function openSchool(
  directory: DataDirectory,
  { masterKey, clock, log }: { masterKey: Uint8Array; clock: Clock; log: Logger },
): Promise<OpenedSchool> {
  const restored = await applyPendingRestore(directory, masterKey);
  const connection = openOfficeDatabase(directory, masterKey);
  let attachments: AttachmentStore | undefined;
  try {
    attachments = openOfficeAttachments(directory, masterKey);
    const shipped = shippedMigrations();
    const pending = pendingMigrations(connection.sqlite, shipped).length;
    const context = contextWithoutTask({ directory, masterKey, clock, log });
    const holdsData = pending < shipped.length;
    const backedUp = pending > 0 && holdsData ? await makeBackup(context, { reason: 'migration', accountName: '-' }) : null;
    migrate(connection.sqlite, { shipped, now: clock.now });
    return { connection, attachments, restored, backedUp };
  } catch (error) {
    attachments?.close();
    connection.close();
    throw error;
  }
}

/** How a restore stands in the audit log of the school that came back. */
export function restoreEntry({ backup, keptIn, accountName }: AppliedRestore): Parameters<Audit['note']>[0] {
  const kept = keptIn === null ? '' : `，原資料保存在 ${keptIn}`;
  const summary = `已還原 ${formatRocDateTime(backup.madeAt)} 的備份${kept}`;
  return { accountName, operation: 'backup.restored', action: 'change', module: 'S0224S', summary };
}

/** Damage that is found while the program runs: from then on nothing is written, and every screen says so. */
export function watchDamage() {
  let at: string | null = null;
  return {
    foundAt: () => at,
    note: (now: Date) => {
      at ??= now.toISOString();
    },
    /** @throws `database.damaged` once damage was found */
    watched: <Result>(change: () => Result): Result => {
      if (at !== null) throw databaseDamaged({ foundAt: at });
      return change();
    },
  };
}
