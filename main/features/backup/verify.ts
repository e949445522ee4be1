import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openSqlite } from '../../../db/sqlite.ts';
import { ApplicationError } from '../../platform/errors.ts';
import {
  type BackupHeader,
  damaged,
  derivedKey,
  type FileEntry,
  type Manifest,
  notItself,
  type Place,
  type Unlocking,
} from './backup-format.ts';
import { type BackupFile, openBackup } from './backup-reader.ts';
import { byteProgress, type Watch } from './context.ts';
import type { BackupContents } from './contract.ts';
import { type FileProblem, openFiles, problemOf } from './file-packs.ts';
import { packFolder } from './names.ts';
import { tableContents } from './table-content.ts';

/** What a verified backup holds. */
export interface Verified {
  header: BackupHeader;
  manifest: Manifest;
  /** Bytes of the file itself. */
  bytes: number;
}

/** The same in figures, as it is told. */
export function contentsOf({ header, manifest }: Pick<Verified, 'header' | 'manifest'>): BackupContents {
  return {
    ok: true,
    madeAt: header.madeAt,
    schoolCode: header.schoolCode,
    tables: Object.fromEntries(Object.entries(manifest.database?.tables ?? {}).map(([table, { rows }]) => [table, rows])),
    files: manifest.files.length,
  };
}

/** Writes a part of a backup out as a file of its own, for its owner's eyes only. */
export async function extract(file: BackupFile, place: Place, target: string, watch: Watch, step: string): Promise<void> {
  const onBytes = byteProgress(watch, step, place.bytes);
  const handle = openSync(target, 'wx', 0o600);
  try {
    for (const part of file.read(place)) {
      for (let done = 0; done < part.byteLength; ) done += writeSync(handle, part, done);
      await onBytes(part.byteLength);
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Opens a copy of the office's database and holds it against what the original held: SQLite's own integrity check, references, rows and a
 * hash of every table.
 * @throws `backup.damaged` naming what differs
 */
export async function checkDatabase(
  path: string,
  key: Uint8Array,
  { tables }: NonNullable<Manifest['database']>,
  watch: Watch,
): Promise<void> {
  const sqlite = openSqlite(path, { key, readonly: true });
  try {
    watch.report({ step: '檢查資料庫', done: 0, total: 0, unit: '項' });
    if (sqlite.pragma('integrity_check', { simple: true }) !== 'ok') throw damaged({ part: 'database', check: 'integrity' });
    if ((sqlite.pragma('foreign_key_check') as unknown[]).length > 0) throw damaged({ part: 'database', check: 'references' });
    const total = Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
    let rows = 0;
    const found = await tableContents(sqlite, {
      signal: watch.signal,
      onProgress: (more) => {
        rows += more;
        watch.report({ step: '核對資料表', done: rows, total, unit: '項' });
      },
    });
    const names = new Set([...Object.keys(tables), ...Object.keys(found)]);
    for (const table of names) {
      const [wanted, got] = [tables[table], found[table]];
      if (wanted?.rows !== got?.rows || wanted?.hash !== got?.hash) throw damaged({ part: 'database', table });
    }
  } finally {
    sqlite.close();
  }
}

const totalBytes = (files: readonly FileEntry[]) => files.reduce((sum, [, bytes]) => sum + bytes, 0);

/** Reads every file of a backup. @returns what is wrong, one for each file that is not there or not as it was */
export async function checkFiles(backup: BackupFile, watch: Watch, folder?: string): Promise<FileProblem[]> {
  const onBytes = byteProgress(watch, '核對附件', totalBytes(backup.manifest.files));
  const problems: FileProblem[] = [];
  const files = openFiles(backup, folder);
  try {
    for (const entry of backup.manifest.files) {
      const problem = await problemOf(entry[0], files.read(entry), onBytes);
      if (problem) problems.push(problem);
    }
  } finally {
    files.close();
  }
  return problems;
}

/** @throws `backup.filesMissing`, or `backup.damaged` where bytes are wrong */
export function requireFiles(problems: readonly FileProblem[]): void {
  if (problems.length === 0) return;
  const missing = problems.filter((problem) => problem === 'missing').length;
  if (missing < problems.length) throw damaged({ part: 'files', files: problems.length });
  throw new ApplicationError(
    'backup.filesMissing',
    `這份備份的 ${missing} 個附件不在它旁邊的「${packFolder}」資料夾。請把整個備份資料夾一起帶來，或改用「下載」取得的單一檔案。`,
    { files: missing },
  );
}

export interface VerifyOptions {
  /** Where the packs lie, when not beside it. */
  packsIn?: string;
  /** True where every file was read and held against its hash a moment ago. */
  filesChecked?: boolean;
}

/**
 * Opens a backup from the disk and checks all of it: authentic, the database whole with the rows and hashes it had, every file as it was.
 * Only a backup that came through this counts.
 * @param work a private folder of the caller
 * @throws what `openBackup` throws, `backup.damaged`, `backup.filesMissing`
 */
export async function verifyBackup(
  path: string,
  unlocking: Unlocking,
  work: string,
  watch: Watch,
  { packsIn, filesChecked = false }: VerifyOptions = {},
): Promise<Verified> {
  const backup = openBackup(path, unlocking);
  const folder = mkdtempSync(join(work, 'verify-'));
  try {
    const { header, manifest, bytes, dataKey } = backup;
    if (!manifest.database) throw notItself();
    const database = join(folder, 'database');
    await extract(backup, manifest.database, database, watch, '讀取備份');
    await checkDatabase(database, derivedKey(dataKey, 'database'), manifest.database, watch);
    rmSync(database);
    if (manifest.trialCity) await checkTrialCity(backup, manifest.trialCity, join(folder, 'city'), watch);
    if (!filesChecked) requireFiles(await checkFiles(backup, watch, packsIn));
    return { header, manifest, bytes };
  } finally {
    backup.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkTrialCity(backup: BackupFile, place: Place, path: string, watch: Watch): Promise<void> {
  await extract(backup, place, path, watch, '讀取試用學校的市級系統');
  const sqlite = openSqlite(path, { key: derivedKey(backup.dataKey, 'trialCity'), readonly: true });
  try {
    if (sqlite.pragma('integrity_check', { simple: true }) !== 'ok') throw damaged({ part: 'trialCity' });
  } finally {
    sqlite.close();
  }
}
