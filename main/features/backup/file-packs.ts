import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { RecoveryLock } from '../../platform/recovery-key.ts';
import { damaged, type FileEntry, formatNumber, makeKeys, notWritten } from './backup-format.ts';
import { type BackupFile, openBackup } from './backup-reader.ts';
import { createBackupWriter } from './backup-writer.ts';
import { type BackupOrigin, byteProgress, type Watch } from './context.ts';
import { freeName, packFolder, packName } from './names.ts';

/**
 * Attachments of a place's backups. Two gigabytes of them are not written again each day: a pack holds those that came since the last one,
 * and a backup of the database points into the packs.
 */

/** Bytes of attachments in one pack: it fits on a stick of the oldest file system, and damage stays small. */
const mostPackBytes = 1024 ** 3;

export interface Pack {
  fileName: string;
  path: string;
  id: string;
  dataKey: Uint8Array;
}

export interface PackedFile {
  bytes: number;
  pack: Pack;
  offset: number;
}

/** The packs of a place that this computer's key opens, oldest first; one that is damaged beyond its list of files is left out. */
function packsOf(place: string, masterKey: Uint8Array): { pack: Pack; files: FileEntry[] }[] {
  const folder = join(place, packFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.portfolio-files'))
    .sort()
    .flatMap((fileName) => {
      const path = join(folder, fileName);
      try {
        const opened = openBackup(path, { masterKey });
        opened.close();
        return [{ pack: { fileName, path, id: opened.header.id, dataKey: opened.dataKey }, files: opened.manifest.files }];
      } catch (error) {
        // What cannot be opened is not counted on: its files are packed again.
        if (error instanceof ApplicationError) return [];
        throw error;
      }
    });
}

export type FileProblem = 'missing' | 'damaged';

/**
 * Reads a file of a backup and holds it against its hash.
 * @returns null where it is as it was; `missing` where what it lies in is not there
 */
export async function problemOf(
  sha256: string,
  parts: Iterable<Uint8Array>,
  onBytes: (bytes: number) => Promise<void>,
): Promise<FileProblem | null> {
  const hash = createHash('sha256');
  try {
    for (const part of parts) {
      hash.update(part);
      await onBytes(part.byteLength);
    }
  } catch (error) {
    if (!(error instanceof ApplicationError)) throw error;
    if (error.code === 'backup.gone') return 'missing';
    if (error.code === 'backup.damaged') return 'damaged';
    throw error;
  }
  return hash.digest('hex') === sha256 ? null : 'damaged';
}

const outOfReach: ReadonlySet<string> = new Set(['backup.gone', 'backup.unreadable']);

/** Reads files of a backup, wherever they lie; packs are opened when they are first needed. Close it. */
export interface PackedFiles {
  /** @throws `backup.gone` where the pack is not there, `backup.damaged` */
  read: (entry: FileEntry) => Generator<Buffer>;
  close: () => void;
}

/** @param folder where the packs lie, beside the backup unless told */
export function openFiles(backup: BackupFile, folder = dirname(backup.path)): PackedFiles {
  const opened = new Map<number, BackupFile>();
  const fileOf = (index: number): BackupFile => {
    if (index < 0) return backup;
    const known = opened.get(index);
    if (known) return known;
    const pack = backup.manifest.packs[index]!;
    try {
      const file = openBackup(join(folder, packFolder, pack.fileName), { dataKey: new Uint8Array(Buffer.from(pack.key, 'base64')) });
      opened.set(index, file);
      return file;
    } catch (error) {
      // Whatever a pack has become, it is no file that somebody chose: its own words would mislead.
      if (error instanceof ApplicationError && !outOfReach.has(error.code)) throw damaged({ part: 'files', pack: pack.fileName });
      throw error;
    }
  };
  return {
    read: function* ([, bytes, pack, offset]) {
      yield* fileOf(pack).read({ offset, bytes });
    },
    close: () => {
      for (const file of opened.values()) file.close();
    },
  };
}

/** Files of the wanted ones that packs of the place hold, each read and found whole just now. */
export async function packedFiles(
  place: string,
  masterKey: Uint8Array,
  wanted: ReadonlySet<string>,
  watch: Watch,
): Promise<Map<string, PackedFile>> {
  const found = new Map<string, PackedFile>();
  const packs = packsOf(place, masterKey);
  const total = packs.reduce((sum, { files }) => sum + files.reduce((bytes, [, size]) => bytes + size, 0), 0);
  const onBytes = byteProgress(watch, '檢查已備份的附件', total);
  for (const { pack, files } of packs) {
    const opened = openBackup(pack.path, { dataKey: pack.dataKey });
    try {
      for (const [sha256, bytes, , offset] of files) {
        if (!wanted.has(sha256) || found.has(sha256)) continue;
        const problem = await problemOf(sha256, opened.read({ offset, bytes }), onBytes);
        if (problem === null) found.set(sha256, { bytes, pack, offset });
      }
    } finally {
      opened.close();
    }
  }
  return found;
}

/** Bytes of an attachment as they come. Throws `attachment.…` where it is not there whole. */
export type FileSource = (sha256: string) => Iterable<Uint8Array>;

/**
 * Appends a file to a body and holds it against its hash on the way.
 * @returns false where the store lost or damaged it: what was written then belongs to nobody and is not listed
 */
export async function appendFile(
  write: (bytes: Uint8Array) => void,
  source: FileSource,
  sha256: string,
  onBytes: (bytes: number) => Promise<void>,
): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    for (const part of source(sha256)) {
      hash.update(part);
      write(part);
      await onBytes(part.byteLength);
    }
  } catch (error) {
    if (error instanceof ApplicationError && error.code.startsWith('attachment.')) return false;
    throw error;
  }
  return hash.digest('hex') === sha256;
}

interface PackOptions {
  /** Where packs are made; the caller moves them to their place. */
  work: string;
  /** Names that are taken stand there. */
  place: string;
  origin: BackupOrigin;
  masterKey: Uint8Array;
  recovery: RecoveryLock | null;
  watch: Watch;
}

/**
 * Packs files of the store, each pack read back and verified.
 * @returns where each file is, and the packs that were made, still in the work folder
 */
export async function packFiles(
  store: AttachmentStore,
  wanted: readonly { sha256: string; bytes: number }[],
  { work, place, origin, masterKey, recovery, watch }: PackOptions,
): Promise<{ files: Map<string, PackedFile>; packs: Pack[]; unreadable: number }> {
  const files = new Map<string, PackedFile>();
  const packs: Pack[] = [];
  let unreadable = 0;
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  const onBytes = byteProgress(watch, '備份附件', total);
  const left = [...wanted];
  mkdirSync(join(work, packFolder), { recursive: true, mode: 0o700 });
  while (left.length > 0) {
    const id = randomUUID();
    const { dataKey, keys } = makeKeys(id, masterKey, recovery);
    const fileName = freeName(join(place, packFolder), packName(origin), (name) => packs.some((made) => made.fileName === name));
    const path = join(work, packFolder, fileName);
    const writer = createBackupWriter(path, { format: formatNumber, id, content: 'files', ...origin, keys }, dataKey);
    const entries: FileEntry[] = [];
    try {
      while (left.length > 0 && writer.position() < mostPackBytes) {
        const { sha256, bytes } = left.shift()!;
        const offset = writer.position();
        if (await appendFile(writer.write, store.chunks, sha256, onBytes)) entries.push([sha256, bytes, -1, offset]);
        else unreadable += 1;
      }
      if (entries.length === 0) {
        writer.abandon();
        continue;
      }
      writer.finish({ database: null, filePasswordsKey: null, trialCity: null, files: entries, packs: [] });
    } catch (error) {
      writer.abandon();
      throw error;
    }
    const pack = { fileName, path, id, dataKey };
    packs.push(pack);
    await requireWhole(pack, entries, watch);
    for (const [sha256, bytes, , offset] of entries) files.set(sha256, { bytes, pack, offset });
  }
  return { files, packs, unreadable };
}

async function requireWhole({ path, dataKey }: Pack, entries: readonly FileEntry[], watch: Watch): Promise<void> {
  const opened = openBackup(path, { dataKey });
  const onBytes = byteProgress(
    watch,
    '驗證附件',
    entries.reduce((sum, [, bytes]) => sum + bytes, 0),
  );
  try {
    for (const [sha256, bytes, , offset] of entries) {
      const problem = await problemOf(sha256, opened.read({ offset, bytes }), onBytes);
      if (problem !== null) throw notWritten({ file: basename(path) });
    }
  } finally {
    opened.close();
  }
}
