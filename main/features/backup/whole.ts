import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openSqlite, rekeySqlite } from '../../../db/sqlite.ts';
import { schoolSettings } from '../../application/school-settings.ts';
import { deriveKey } from '../../platform/secret-store.ts';
import { derivedKey, type FileEntry, type Manifest, notItself, type Place } from './backup-format.ts';
import { openBackup } from './backup-reader.ts';
import type { BackupWriter } from './backup-writer.ts';
import { type BackupContext, byteProgress, requireSpace } from './context.ts';
import { appendFile, type FileSource, openFiles } from './file-packs.ts';
import {
  appendFrom,
  type BackupOrder,
  copyOf,
  filePasswordsKey,
  type MadeBackup,
  type Making,
  making,
  type NewFile,
  newFile,
  readBack,
  writeFile,
} from './making.ts';
import { backupName, freeName } from './names.ts';
import { checkFiles, extract, requireFiles } from './verify.ts';

/** Backups with everything in one file, for another place or another computer. */

/** Where the parts of a whole backup come from. */
interface Parts {
  /** A copy in the work folder, encrypted for the file. */
  database: { path: string } & Pick<NonNullable<Manifest['database']>, 'tables' | 'migrations'>;
  filePasswordsKey: string | null;
  files: readonly { sha256: string; bytes: number }[];
  source: FileSource;
}

/** The city of a trial school goes along: on another computer there would be none. */
async function appendTrialCity(writer: BackupWriter, { context, work, trial }: Making, dataKey: Uint8Array): Promise<Place | null> {
  const { trialCity } = context.directory;
  if (!trial || !existsSync(trialCity)) return null;
  const path = join(work, 'city');
  const key = deriveKey(context.masterKey, 'trialCity');
  const city = openSqlite(trialCity, { key, readonly: true });
  try {
    city.prepare('vacuum into ?').run(path);
  } finally {
    city.close();
  }
  rekeySqlite(path, key, derivedKey(dataKey, 'trialCity'));
  const place = await appendFrom(path, writer, context, '寫入試用學校的市級系統');
  rmSync(path);
  return place;
}

/** Writes the file and verifies it where it then lies. */
async function writeWhole(
  making: Making,
  file: NewFile,
  { database, files, source, ...parts }: Parts,
  folder: string,
): Promise<MadeBackup> {
  const { context } = making;
  const fileBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  requireSpace(folder, fileBytes + 2 * statSync(database.path).size);
  const fileName = freeName(folder, backupName(file.header));
  const path = join(folder, fileName);
  let unreadable = 0;
  try {
    await writeFile(path, file, async (writer) => {
      const { path: copy, ...content } = database;
      const place = await appendFrom(copy, writer, context, '寫入資料庫');
      rmSync(copy);
      const trialCity = await appendTrialCity(writer, making, file.dataKey);
      const entries: FileEntry[] = [];
      const onBytes = byteProgress(context, '寫入附件', fileBytes);
      for (const { sha256, bytes } of files) {
        const offset = writer.position();
        if (await appendFile(writer.write, source, sha256, onBytes)) entries.push([sha256, bytes, -1, offset]);
        else unreadable += 1;
      }
      return { database: { ...place, ...content }, filePasswordsKey: parts.filePasswordsKey, trialCity, files: entries, packs: [] };
    });
    return { ...(await readBack(making, path)), fileName, path, unreadable };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/**
 * The school as it is now.
 * @param folder where the file comes to lie, the caller's own
 * @throws `disk.full`, `database.damaged`, `database.busy`, `backup.notWritten`, `job.cancelled`
 */
export function makeWholeBackup(context: BackupContext, order: BackupOrder, folder: string): Promise<MadeBackup> {
  return making(context, order, async (making) => {
    const file = newFile('whole', making);
    const database = await copyOf(making, file.dataKey);
    const store = context.openAttachments('read');
    try {
      const files = database.files.filter(({ sha256 }) => store.has(sha256));
      const { path, tables, migrations } = database;
      const parts = { database: { path, tables, migrations }, filePasswordsKey: filePasswordsKey(context), files, source: store.chunks };
      return await writeWhole(making, file, parts, folder);
    } finally {
      store.close();
    }
  });
}

/**
 * A backup of the list, sealed anew for the recovery key that counts now.
 * @throws as `makeWholeBackup`, and what `openBackup` throws; `backup.filesMissing`, `backup.damaged`
 */
export function exportWhole(context: BackupContext, path: string, folder: string): Promise<MadeBackup> {
  const reader = context.openReader();
  const schoolCode = schoolSettings(reader).get('school.code');
  reader.close();
  const backup = openBackup(path, { masterKey: context.masterKey, schoolCode });
  const { header, manifest } = backup;
  return making(context, { reason: header.reason, accountName: header.madeBy }, async (making) => {
    const { database, filePasswordsKey } = manifest;
    if (!database) throw notItself();
    const { schoolName, madeAt, applicationVersion } = header;
    const ofBackup = { ...making, origin: { ...making.origin, schoolName, madeAt, applicationVersion } };
    const file = newFile('whole', ofBackup);
    const copy = join(making.work, 'database');
    await extract(backup, database, copy, context, '讀取備份');
    rekeySqlite(copy, derivedKey(backup.dataKey, 'database'), derivedKey(file.dataKey, 'database'));
    requireFiles(await checkFiles(backup, context));
    const packed = openFiles(backup);
    try {
      const { tables, migrations } = database;
      const entries = new Map(manifest.files.map((entry) => [entry[0], entry]));
      const files = manifest.files.map(([sha256, bytes]) => ({ sha256, bytes }));
      const source: FileSource = (sha256) => packed.read(entries.get(sha256)!);
      return await writeWhole(ofBackup, file, { database: { path: copy, tables, migrations }, filePasswordsKey, files, source }, folder);
    } finally {
      packed.close();
    }
  }).finally(backup.close);
}
