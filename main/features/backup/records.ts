import { join } from 'node:path';
import type { GridSource } from '../../../db/grid-query.ts';
import type { Sqlite } from '../../../db/sqlite.ts';
import type { DataDirectory } from '../../platform/data-directory.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { BackupHeader } from './backup-format.ts';
import type { MadeBackup } from './making.ts';
import { backupFilesOf } from './place.ts';

/** The list of backups: what the database knows of the files that lie in the folder, and of whole ones that were put elsewhere. */

export const backupsSource: GridSource = {
  from: 'backups b',
  columns: {
    id: 'b.id',
    createdAt: 'b.created_at',
    reason: 'b.reason',
    bytes: 'b.bytes',
    fileCount: 'b.file_count',
    state: `case when b.problem is not null then 'damaged' when b.missing_at is not null then 'missing'
      when b.verified_at is null then 'unverified' else 'verified' end`,
    verifiedAt: 'b.verified_at',
    place: 'coalesce(b.saved_as, b.file_name)',
    second: `case when b.second_verified_at is not null then 'copied' when b.second_problem is not null then 'failed' else 'none' end`,
    createdBy: 'b.created_by',
    here: "b.content = 'database' and b.missing_at is null",
  },
  tieBreaker: 'b.id',
};

/**
 * Where a backup of the list lies.
 * @throws `backup.unknown`, `backup.gone` of one that was downloaded
 */
export function backupPath(sqlite: Sqlite, { backups }: Pick<DataDirectory, 'backups'>, id: string): string {
  const record = sqlite
    .prepare<[string], { fileName: string; content: 'database' | 'whole'; savedAs: string | null }>(
      'select file_name as fileName, content, saved_as as savedAs from backups where id = ?',
    )
    .get(id);
  if (!record) throw new ApplicationError('backup.unknown', '找不到這份備份的紀錄，請重新整理後再選。', { id });
  if (record.content === 'database') return join(backups, record.fileName);
  if (record.savedAs !== null) return record.savedAs;
  throw new ApplicationError('backup.gone', '這份備份存到其他地方了，請選擇檔案還原。', { id });
}

/** Keeps what a verification found. Call in a transaction. */
export function noteVerification(sqlite: Sqlite, id: string, { at, files, problem }: { at: Date; files?: number; problem?: string }): void {
  if (problem === undefined) {
    sqlite
      .prepare('update backups set verified_at = ?, problem = null, missing_at = null, file_count = coalesce(?, file_count) where id = ?')
      .run(at.toISOString(), files ?? null, id);
  } else if (problem === 'backup.gone') {
    sqlite.prepare('update backups set missing_at = coalesce(missing_at, ?) where id = ?').run(at.toISOString(), id);
  } else if (problem === 'backup.damaged' || problem === 'backup.filesMissing' || problem === 'backup.notBackup') {
    sqlite.prepare('update backups set verified_at = null, problem = ? where id = ?').run(problem, id);
  }
}

const insertion = `insert or ignore into backups
  (id, created_at, created_by, reason, content, file_name, saved_as, bytes, file_count, file_bytes, recovery_key_id, verified_at)
  values (@id, @madeAt, @madeBy, @reason, @content, @fileName, @savedAs, @bytes, @files, @fileBytes, @recoveryKeyId, @verifiedAt)`;

/** Notes a backup that was made and verified. Call in a transaction. */
export function recordBackup(sqlite: Sqlite, made: MadeBackup, savedAs: string | null = null): void {
  const { id, madeAt, madeBy, reason, content, fileName, bytes, files, fileBytes, recoveryKeyId, verifiedAt } = made;
  const fields = { id, madeAt, madeBy, reason, content, fileName, bytes, files, fileBytes, recoveryKeyId, verifiedAt };
  sqlite.prepare(insertion).run({ ...fields, savedAs });
}

/** Records as a database that was replaced had them, among those of the restored one. Columns of another version are left out. */
export function takeOverRecords(sqlite: Sqlite, records: readonly Record<string, unknown>[]): void {
  const known = sqlite.prepare<[], string>("select name from pragma_table_info('backups')").pluck().all();
  for (const record of records) {
    if (typeof record.content !== 'string') continue; // From before there was such a list.
    const names = Object.keys(record).filter((name) => known.includes(name));
    sqlite
      .prepare(`insert or ignore into backups (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`)
      .run(...names.map((name) => record[name]));
  }
}

/** Holds the list against the folder: files that it does not know come in as not verified, records whose file is gone say so. */
export function reconcileRecords(sqlite: Sqlite, folder: string, now: Date): void {
  const schoolCode = sqlite
    .prepare<[], string>("select json_extract(value, '$') from school_settings where key = 'school.code'")
    .pluck()
    .get();
  const files = backupFilesOf(folder).filter(({ header }) => header.schoolCode === schoolCode && header.content === 'database');
  const insert = sqlite.prepare(insertion);
  for (const { fileName, bytes, header } of files) {
    const { id, madeAt, madeBy, reason, keys }: BackupHeader = header;
    insert.run({
      id,
      madeAt,
      madeBy,
      reason,
      content: 'database',
      fileName,
      savedAs: null,
      bytes,
      files: 0,
      fileBytes: 0,
      recoveryKeyId: keys.recovery?.keyId ?? null,
      verifiedAt: null,
    });
  }
  const there = JSON.stringify(files.map(({ header }) => header.id));
  sqlite
    .prepare(
      `update backups set missing_at = case when id in (select value from json_each(?)) then null else coalesce(missing_at, ?) end
       where content = 'database'`,
    )
    .run(there, now.toISOString());
}
