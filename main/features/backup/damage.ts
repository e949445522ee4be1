import { existsSync, statSync } from 'node:fs';
import { type Connection, openDatabase } from '../../../db/connection.ts';
import type { Sqlite } from '../../../db/sqlite.ts';
import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { type AttachmentStore, openAttachmentStore } from '../../platform/attachment-store.ts';
import type { DataDirectory } from '../../platform/data-directory.ts';
import { ApplicationError, reportOf } from '../../platform/errors.ts';
import { deriveKey } from '../../platform/secret-store.ts';
import { backupFilesOf } from './place.ts';

/** Recognising a damaged database. It is never written to, never replaced by an empty one, and kept when a backup takes its place. */

export const databaseDamaged = (details: Record<string, unknown>) =>
  new ApplicationError('database.damaged', '資料庫檔案毀損，已停止寫入。請到「備份與還原」還原最近一次驗證過的備份。', details);

export const isDamage = (error: unknown): boolean => reportOf(error).code === 'database.damaged';

/** Reads the first page of every table and index: some milliseconds, and a file that lost a piece mostly shows. */
function glance(sqlite: Sqlite): void {
  const objects = sqlite
    .prepare<[], { type: string; name: string; table: string }>(
      'select type, name, tbl_name as "table" from sqlite_schema where rootpage > 0 and name not like \'sqlite_stat%\'',
    )
    .all();
  for (const { type, name, table } of objects) {
    const quoted = `"${table.replaceAll('"', '""')}"`;
    // Without being told, SQLite answers from whatever index is smallest.
    const by = type === 'table' ? ' not indexed' : name.startsWith('sqlite_autoindex') ? '' : ` indexed by "${name.replaceAll('"', '""')}"`;
    try {
      sqlite.prepare(`select 1 from ${quoted}${by} limit 1`).get();
    } catch (error) {
      // A partial index answers only its own question.
      if ((error as { code?: string }).code !== 'SQLITE_ERROR') throw error;
    }
  }
}

/** What was there at the end is on the disk; a log that was left means that the program did not end in order. */
function endedInDisorder(database: string): boolean {
  const log = `${database}-wal`;
  return existsSync(log) && statSync(log).size > 0;
}

/** The newest backup, for the sentence that tells of the damage: not yet verified. */
function newestBackup(directory: DataDirectory): { fileName: string; madeAt: string } | null {
  const [newest] = backupFilesOf(directory.backups);
  return newest ? { fileName: newest.fileName, madeAt: newest.header.madeAt } : null;
}

/** What a clerk reads instead of the school: nothing was changed, and this is the way back. */
function damagedAtStart(directory: DataDirectory, part: 'database' | 'attachments', cause: unknown): ApplicationError {
  const found = newestBackup(directory);
  const offer = found
    ? `最近一份備份是 ${formatRocDateTime(found.madeAt)} 的，請在程式的視窗按「還原這份備份」，或以命令 backup restore 還原。`
    : '備份資料夾裡沒有備份；若另有備份檔案，請在程式的視窗選擇它還原。';
  const { details } = reportOf(cause);
  return new ApplicationError(
    'database.damaged',
    `${part === 'database' ? '資料庫' : '附件'}檔案毀損，程式沒有變動它。${offer}`,
    { ...details, part, ...(found ? { backup: found.fileName, backupMadeAt: found.madeAt } : {}) },
    { cause },
  );
}

/** The same of damage that only shows while the program starts; any other failure is left as it is. */
export const namingTheBackup = (directory: DataDirectory, error: unknown): unknown =>
  isDamage(error) ? damagedAtStart(directory, 'database', error) : error;

/**
 * Opens the office's database, or says that it is damaged. What is looked at: that it opens with its key, the first page of every table and
 * index, and all of it (`quick_check`) when the program did not end in order. The rest is read by every backup.
 * @throws `database.damaged` naming the newest backup
 */
export function openOfficeDatabase(directory: DataDirectory, masterKey: Uint8Array): Connection {
  const { database } = directory;
  let connection: Connection | undefined;
  try {
    // SQLite takes an empty file for a new database.
    const emptied = existsSync(database) && statSync(database).size === 0;
    if (emptied && (existsSync(directory.attachments) || newestBackup(directory))) throw databaseDamaged({ check: 'empty' });
    const disorder = endedInDisorder(database);
    connection = openDatabase(database, { key: deriveKey(masterKey, 'database') });
    glance(connection.sqlite);
    if (disorder && connection.sqlite.pragma('quick_check', { simple: true }) !== 'ok') throw databaseDamaged({ check: 'quick' });
    return connection;
  } catch (error) {
    connection?.close();
    throw namingTheBackup(directory, error);
  }
}

/** Opens the attachments likewise. Each file is held against its hash whenever it is read. @throws `database.damaged` */
export function openOfficeAttachments(directory: DataDirectory, masterKey: Uint8Array): AttachmentStore {
  let store: AttachmentStore | undefined;
  try {
    store = openAttachmentStore(directory.attachments, { key: deriveKey(masterKey, 'attachments') });
    glance(store.sqlite);
    return store;
  } catch (error) {
    store?.close();
    throw isDamage(error) ? damagedAtStart(directory, 'attachments', error) : error;
  }
}
