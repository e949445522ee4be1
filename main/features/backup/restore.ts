import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shippedMigrations } from '../../../db/migrate.ts';
import { openSqlite, rekeySqlite } from '../../../db/sqlite.ts';
import { type AttachmentStore, openAttachmentStore } from '../../platform/attachment-store.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { decryptText, deriveKey, encryptText } from '../../platform/secret-store.ts';
import { type BackupHeader, derivedKey, type Manifest, notItself, type Unlocking } from './backup-format.ts';
import { type BackupFile, openBackup } from './backup-reader.ts';
import { type BackupContext, byteProgress, requireSpace, syncFile, syncFolder } from './context.ts';
import { type FileProblem, openFiles, problemOf } from './file-packs.ts';
import { stamp } from './names.ts';
import { freeFolder, preparedIn, writePendingRestore } from './pending-restore.ts';
import { checkDatabase, extract, requireFiles } from './verify.ts';

/**
 * Preparing a restore: the database of a backup is written out beside the one in use, checked there, and attachments that are missing are
 * put into the store. Nothing that is in use changes; the exchange itself is two renames at the next start (pending-restore.ts).
 */

export interface RestoreOrder {
  path: string;
  unlocking: Unlocking;
  /** Goes on without attachments that the backup has lost: the city still has most of them. */
  withoutFiles?: boolean;
  /** True where the database in use is damaged or locked for good: it is kept as such. */
  damaged?: boolean;
  /** True where the database in use holds no school yet: nothing of it is kept. */
  fresh?: boolean;
  /** True where the attachments alone are damaged: the database stays. */
  filesOnly?: boolean;
  /** Who restores, for the audit log. */
  accountName: string;
  /** The last thing before there is no way back: keeps a master key that is new. */
  beforeNote?: () => Promise<void>;
}

export interface PreparedRestore {
  header: BackupHeader;
  manifest: Manifest;
  /** Folder that what is here now goes to; null where there is nothing. */
  keptIn: string | null;
}

/** @throws `backup.newerProgram` */
function requireKnownMigrations({ migrations }: NonNullable<Manifest['database']>, { applicationVersion }: BackupHeader): void {
  const shipped = new Set(shippedMigrations().map(({ id }) => id));
  const unknown = migrations.find((id) => !shipped.has(id));
  if (unknown === undefined) return;
  throw new ApplicationError('backup.newerProgram', `這份備份由較新版本的程式（${applicationVersion}）製作，請先更新程式再還原。`, {
    migration: unknown,
  });
}

/** Passwords of transfer files are encrypted once more inside the database, with a key of the computer they were made on. */
function reencryptPasswords(path: string, databaseKey: Uint8Array, from: Uint8Array, to: Uint8Array): void {
  if (Buffer.from(from).equals(Buffer.from(to))) return;
  const sqlite = openSqlite(path, { key: databaseKey, create: false, writeAheadLog: false });
  try {
    const rows = sqlite.prepare<[], { id: string; text: string }>('select id, encrypted_password as text from transfer_out_files').all();
    const update = sqlite.prepare('update transfer_out_files set encrypted_password = ? where id = ?');
    sqlite.transaction(() => {
      for (const { id, text } of rows) update.run(encryptText(decryptText(text, from), to), id);
    })();
  } finally {
    sqlite.close();
  }
}

/** The attachments that are here, or a new store where the one here cannot be used. */
function openStore({ directory, masterKey }: BackupContext, folder: string): { store: AttachmentStore; replaces: boolean } {
  const key = deriveKey(masterKey, 'attachments');
  try {
    const store = openAttachmentStore(directory.attachments, { key });
    if (store.sqlite.pragma('quick_check', { simple: true }) === 'ok') return { store, replaces: false };
    store.close();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') throw error;
  }
  return { store: openAttachmentStore(join(folder, 'attachments.db'), { key }), replaces: true };
}

/** Whether the store has a file, every byte of it. */
function hasWhole(store: AttachmentStore, sha256: string): boolean {
  if (!store.has(sha256)) return false;
  try {
    store.read(sha256);
    return true;
  } catch (error) {
    if (error instanceof ApplicationError && error.code.startsWith('attachment.')) return false;
    throw error;
  }
}

/** Bytes of attachments put in one transaction. */
const batchBytes = 32 * 1024 * 1024;

/** Puts the backup's attachments into the store. What is there already stays: a file's name is its hash. */
async function putFiles(backup: BackupFile, store: AttachmentStore, context: BackupContext): Promise<FileProblem[]> {
  const problems: FileProblem[] = [];
  const onBytes = byteProgress(
    context,
    '還原附件',
    backup.manifest.files.reduce((sum, [, bytes]) => sum + bytes, 0),
  );
  let batch: { sha256: string; content: Buffer }[] = [];
  let batched = 0;
  const flush = async () => {
    const contents = batch;
    batch = [];
    batched = 0;
    if (contents.length === 0) return;
    const putAll = store.sqlite.transaction(() => {
      for (const { sha256, content } of contents) {
        // What is there under this name is damaged.
        if (store.has(sha256)) store.remove(sha256);
        store.put(content);
      }
    });
    await context.withWriteLease(() => putAll.immediate());
  };
  const files = openFiles(backup);
  try {
    for (const entry of backup.manifest.files) {
      const [sha256, bytes] = entry;
      await onBytes(bytes);
      if (hasWhole(store, sha256)) continue;
      const parts: Buffer[] = [];
      const problem = await problemOf(sha256, gathered(files.read(entry), parts), async () => {});
      if (problem) {
        problems.push(problem);
        continue;
      }
      batch.push({ sha256, content: Buffer.concat(parts) });
      batched += bytes;
      if (batched >= batchBytes) await flush();
    }
  } finally {
    files.close();
  }
  await flush();
  return problems;
}

/** The same parts, kept on the way. */
function* gathered(parts: Iterable<Buffer>, kept: Buffer[]): Generator<Buffer> {
  for (const part of parts) {
    kept.push(part);
    yield part;
  }
}

/** Writes the database of a backup out, encrypted with this computer's key, and checks it as it then is. */
async function prepareDatabase(backup: BackupFile, path: string, context: BackupContext): Promise<void> {
  const { manifest, dataKey } = backup;
  const key = deriveKey(context.masterKey, 'database');
  await extract(backup, manifest.database!, path, context, '讀取備份');
  context.report({ step: '以這台電腦的金鑰加密', done: 0, total: 0, unit: '項' });
  rekeySqlite(path, derivedKey(dataKey, 'database'), key);
  await checkDatabase(path, key, manifest.database!, context);
  if (manifest.filePasswordsKey !== null) {
    reencryptPasswords(path, key, Buffer.from(manifest.filePasswordsKey, 'base64'), deriveKey(context.masterKey, 'filePasswords'));
  }
  syncFile(path);
}

/** A trial school brings its city along; one that is here already goes on as it is, as the real one would. */
async function prepareTrialCity(backup: BackupFile, folder: string, context: BackupContext): Promise<string[]> {
  const { trialCity } = context.directory;
  const place = backup.manifest.trialCity;
  if (!place || existsSync(trialCity)) return [];
  const path = join(folder, 'trial', 'city.db');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await extract(backup, place, path, context, '讀取試用學校的市級系統');
  rekeySqlite(path, derivedKey(backup.dataKey, 'trialCity'), deriveKey(context.masterKey, 'trialCity'));
  syncFile(path);
  return [join('trial', 'city.db')];
}

/**
 * Verifies a backup and prepares all that restoring it needs. The exchange follows at the next start of the program, which the caller
 * brings about; until the note is written at the very end, cancelling leaves no trace.
 * @throws what `openBackup` throws, `backup.newerProgram`, `backup.filesMissing`, `disk.full`, `job.cancelled`
 */
export async function prepareRestore(
  context: BackupContext,
  { path, unlocking, withoutFiles = false, damaged = false, fresh = false, filesOnly = false, accountName, beforeNote }: RestoreOrder,
): Promise<PreparedRestore> {
  const { directory, clock, signal } = context;
  const backup = openBackup(path, unlocking);
  const folder = preparedIn(randomUUID());
  const prepared = join(directory.root, folder);
  try {
    const { header, manifest } = backup;
    if (!manifest.database) throw notItself();
    requireKnownMigrations(manifest.database, header);
    const fileBytes = manifest.files.reduce((sum, [, bytes]) => sum + bytes, 0);
    requireSpace(directory.root, 2 * manifest.database.bytes + (existsSync(directory.attachments) ? 0 : fileBytes));
    mkdirSync(prepared, { recursive: true, mode: 0o700 });
    if (!filesOnly) await prepareDatabase(backup, join(prepared, 'portfolio.db'), context);
    const files = await prepareTrialCity(backup, prepared, context);
    const { store, replaces } = openStore(context, prepared);
    try {
      const problems = await putFiles(backup, store, context);
      if (!withoutFiles) requireFiles(problems);
      // One file, without a log beside it: it is moved.
      if (replaces) store.sqlite.pragma('journal_mode=DELETE');
    } finally {
      store.close();
    }
    if (replaces) files.push('attachments.db');
    for (const name of files) syncFile(join(prepared, name));
    syncFolder(prepared);
    signal.throwIfAborted();
    const keptIn =
      (existsSync(directory.database) && !fresh) || replaces
        ? freeFolder(directory, damaged ? 'damaged' : 'before-restore', stamp(clock.now().toISOString()))
        : null;
    await beforeNote?.();
    const { madeAt, schoolName } = header;
    writePendingRestore(directory, {
      folder,
      keptIn,
      files: filesOnly ? files : [...files, 'portfolio.db'],
      backup: { madeAt, schoolName },
      accountName,
    });
    return { header, manifest, keptIn: keptIn && join(directory.root, keptIn) };
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    throw error;
  } finally {
    backup.close();
  }
}
