import { randomUUID } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { schoolSettings } from '../../application/school-settings.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { RecoveryLock } from '../../platform/recovery-key.ts';
import { deriveKey } from '../../platform/secret-store.ts';
import { type BackupHeader, derivedKey, formatNumber, type Manifest, makeKeys, notWritten, type Place } from './backup-format.ts';
import { type BackupWriter, createBackupWriter } from './backup-writer.ts';
import { type BackupContext, type BackupOrigin, byteProgress, originOf, piecesOf, requireSpace } from './context.ts';
import type { BackupReason } from './contract.ts';
import { copyDatabase, type DatabaseCopy } from './database-copy.ts';
import { type VerifyOptions, verifyBackup } from './verify.ts';

/** What every way of making a backup stands on. */

/** A backup that was made and found whole. */
export interface MadeBackup {
  id: string;
  fileName: string;
  /** Where it lies now. */
  path: string;
  madeAt: string;
  madeBy: string;
  reason: BackupReason;
  content: 'whole' | 'database';
  /** Of the file itself. */
  bytes: number;
  files: number;
  fileBytes: number;
  tables: Record<string, number>;
  recoveryKeyId: string | null;
  verifiedAt: string;
  /** Files of the store that could not be read: the next synchronisation fetches them again. */
  unreadable: number;
}

export interface BackupOrder {
  reason: BackupReason;
  accountName: string;
}

/** Room for the copy, the backup itself and the copy that is verified. */
const copiesOnDisk = 3;

/** What is being made, and with what. */
export interface Making {
  context: BackupContext;
  /** Private, gone afterwards. */
  work: string;
  origin: BackupOrigin;
  recovery: RecoveryLock | null;
  trial: boolean;
}

/** Sets a backup up and clears away after it, however it ends. */
export async function making<Result>(
  context: BackupContext,
  { reason, accountName }: BackupOrder,
  make: (making: Making) => Promise<Result>,
): Promise<Result> {
  const { directory, clock } = context;
  requireSpace(directory.root, statSync(directory.database).size * copiesOnDisk);
  const reader = context.openReader();
  const settings = schoolSettings(reader);
  const origin = originOf(settings, { madeAt: clock.now(), madeBy: accountName, reason });
  const recovery = settings.get('backup.recovery') ?? null;
  const trial = settings.get('school.trial') ?? false;
  reader.close();
  const work = directory.makeWorkFolder('backup');
  try {
    return await make({ context, work, origin, recovery, trial });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export interface NewFile {
  header: BackupHeader;
  dataKey: Uint8Array;
}

/** A file's header and its own key. */
export function newFile(content: 'whole' | 'database', { context: { masterKey }, origin, recovery }: Making): NewFile {
  const id = randomUUID();
  const { dataKey, keys } = makeKeys(id, masterKey, recovery);
  return { header: { format: formatNumber, id, content, ...origin, keys }, dataKey };
}

/** Writes a file from front to end; what does not come to its end is removed. @returns bytes of the file */
export async function writeFile(
  path: string,
  { header, dataKey }: NewFile,
  body: (writer: BackupWriter) => Promise<Omit<Manifest, 'bodyBytes'>>,
): Promise<number> {
  const writer = createBackupWriter(path, header, dataKey);
  try {
    return writer.finish(await body(writer));
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** Appends a file of the disk to the body. @returns where it stands */
export async function appendFrom(path: string, writer: BackupWriter, context: BackupContext, step: string): Promise<Place> {
  const offset = writer.position();
  const { size } = statSync(path);
  const onBytes = byteProgress(context, step, size);
  for (const part of piecesOf(path)) {
    writer.write(part);
    await onBytes(part.byteLength);
  }
  return { offset, bytes: size };
}

export const filePasswordsKey = ({ masterKey }: BackupContext): string =>
  Buffer.from(deriveKey(masterKey, 'filePasswords')).toString('base64');

/** A copy of the database in the work folder, encrypted for this file. */
export async function copyOf({ context, work }: Making, dataKey: Uint8Array): Promise<DatabaseCopy & { path: string }> {
  const path = join(work, 'database');
  context.report({ step: '複製資料庫', done: 0, total: 0, unit: '項' });
  return { path, ...(await copyDatabase(context, path, deriveKey(context.masterKey, 'database'), derivedKey(dataKey, 'database'))) };
}

/** Opens what was just made again from the disk. @throws `backup.notWritten` where it is not what it should be */
export async function readBack(
  { context, work }: Making,
  path: string,
  options: VerifyOptions = {},
): Promise<Omit<MadeBackup, 'path' | 'fileName' | 'unreadable'>> {
  const { header, manifest, bytes } = await verifyBackup(path, { masterKey: context.masterKey }, work, context, options).catch(
    (error: unknown) => {
      if (error instanceof ApplicationError && error.code === 'backup.damaged') throw notWritten({ ...error.details });
      throw error;
    },
  );
  // From here on the backup is there: whoever cancelled while it was read back cancelled all of it.
  context.signal.throwIfAborted();
  const { id, madeAt, madeBy, reason, keys } = header;
  return {
    id,
    madeAt,
    madeBy,
    reason,
    content: header.content as MadeBackup['content'],
    bytes,
    files: manifest.files.length,
    fileBytes: manifest.files.reduce((sum, [, size]) => sum + size, 0),
    tables: Object.fromEntries(Object.entries(manifest.database!.tables).map(([table, { rows }]) => [table, rows])),
    recoveryKeyId: keys.recovery?.keyId ?? null,
    verifiedAt: context.clock.now().toISOString(),
  };
}
