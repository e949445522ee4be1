import { existsSync } from 'node:fs';
import { pendingMigrations, shippedMigrations } from '../../db/migrate.ts';
import { openSqlite } from '../../db/sqlite.ts';
import { openDataDirectory } from '../platform/data-directory.ts';
import { ApplicationError } from '../platform/errors.ts';
import { deriveKey } from '../platform/secret-store.ts';
import { auditAnchor } from './audit-anchor.ts';
import type { Verification } from './audit-chain.ts';
import { verifyAuditLog } from './audit-log.ts';
import { schoolSettings } from './school-settings.ts';

/**
 * Holds the audit log of a data directory against its chain without changing anything: beside the running program, on a copy, or where
 * nobody can sign in any more.
 * @throws `dataDirectory.empty`, `database.older`, SQLITE_NOTADB …
 */
export function verifyDataDirectory(root: string, masterKey: Uint8Array): Verification {
  const directory = openDataDirectory(root);
  if (!existsSync(directory.database))
    throw new ApplicationError('dataDirectory.empty', `資料夾「${root}」還沒有學校資料。`, { path: root });
  const sqlite = openSqlite(directory.database, { key: deriveKey(masterKey, 'database'), readonly: true });
  try {
    if (pendingMigrations(sqlite, shippedMigrations()).length > 0) {
      throw new ApplicationError('database.older', '資料庫還沒有更新到這個版本，請先開啟程式一次再驗證。');
    }
    return verifyAuditLog(sqlite, {
      anchor: auditAnchor(directory, masterKey).read(),
      anchored: schoolSettings({ sqlite, close: () => {} }).get('audit.anchored') ?? false,
    });
  } finally {
    sqlite.close();
  }
}
