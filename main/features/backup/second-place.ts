import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ApplicationError, reportOf } from '../../platform/errors.ts';
import { openBackup } from './backup-reader.ts';
import { type BackupContext, byteProgress, piecesOf, requireSpace, syncFolder, type Watch } from './context.ts';
import { packFolder } from './names.ts';
import { verifyBackup } from './verify.ts';

/** The second place of backups: another disk, a stick, a share. Each backup is copied there as it is, and read whole there. */

/** Backups of a school lie in a folder of their own, so that a stick stays tidy. */
export const folderInSecondPlace = (secondPlace: string, schoolCode: string): string => join(secondPlace, `學習歷程備份_${schoolCode}`);

const unusable = (path: string, why: string, cause?: unknown) =>
  new ApplicationError(
    'backup.secondPlaceUnusable',
    `第二個備份位置「${path}」${why}，請確認隨身碟或網路資料夾已連接且可以寫入，或改選其他資料夾。`,
    { path, cause: (cause as NodeJS.ErrnoException | undefined)?.code },
    { cause },
  );

/**
 * Whether backups can be put there.
 * @throws `backup.secondPlaceUnusable`
 */
export function requireSecondPlace(path: string, dataDirectory: string): void {
  if (resolve(path) !== path) throw unusable(path, '不是完整的路徑');
  const inside = relative(dataDirectory, path);
  if (inside === '' || (!inside.startsWith('..') && resolve(inside) !== inside))
    throw unusable(path, '在資料的資料夾裡，同一個磁碟損壞時會一起遺失');
  if (!existsSync(path) || !statSync(path).isDirectory()) throw unusable(path, '找不到');
  const probe = join(path, `.${randomUUID()}.part`);
  try {
    closeSync(openSync(probe, 'wx', 0o600));
    rmSync(probe);
  } catch (error) {
    throw unusable(path, '無法寫入', error);
  }
}

/** A killed copy leaves its beginning behind. */
const staleAfter = 24 * 60 * 60_000;

function sweepUnfinished(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.part') && now - statSync(path).mtimeMs > staleAfter) rmSync(path, { force: true });
  }
}

/** Copies a file whole or not at all. */
async function copyFile(from: string, to: string, watch: Watch): Promise<void> {
  const unfinished = join(dirname(to), `.${basename(to)}.${randomUUID()}.part`);
  const onBytes = byteProgress(watch, '複製到第二個位置', statSync(from).size);
  try {
    const file = openSync(unfinished, 'wx', 0o600);
    try {
      for (const piece of piecesOf(from)) {
        for (let done = 0; done < piece.byteLength; ) done += writeSync(file, piece, done);
        await onBytes(piece.byteLength);
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

const isThere = (from: string, to: string) => existsSync(to) && statSync(to).size === statSync(from).size;

/**
 * Copies a backup and the packs it points into, and verifies it there. Packs that are there already are read with it; where one of them is
 * damaged, all are copied again.
 * @returns the folder it lies in
 * @throws `backup.secondPlaceUnusable`, `disk.full`, `backup.damaged`, `job.cancelled`
 */
export async function copyToSecondPlace(context: BackupContext, path: string, secondPlace: string): Promise<string> {
  requireSecondPlace(secondPlace, context.directory.root);
  const backup = openBackup(path, { masterKey: context.masterKey });
  backup.close();
  const { header, manifest } = backup;
  const folder = folderInSecondPlace(secondPlace, header.schoolCode);
  const work = context.directory.makeWorkFolder('second');
  try {
    mkdirSync(join(folder, packFolder), { recursive: true, mode: 0o700 });
    for (const place of [folder, join(folder, packFolder)]) sweepUnfinished(place, Date.now());
    const packs = manifest.packs.map(({ fileName }) => join(packFolder, fileName));
    const copy = async (names: readonly string[]) => {
      requireSpace(
        folder,
        names.reduce((sum, name) => sum + statSync(join(dirname(path), name)).size, 0),
      );
      for (const name of names) await copyFile(join(dirname(path), name), join(folder, name), context);
    };
    const verify = () => verifyBackup(join(folder, basename(path)), { masterKey: context.masterKey }, work, context);
    await copy([...packs.filter((name) => !isThere(join(dirname(path), name), join(folder, name))), basename(path)]);
    try {
      await verify();
    } catch (error) {
      if (reportOf(error).code !== 'backup.damaged') throw error;
      await copy([...packs, basename(path)]);
      await verify();
    }
    syncFolder(join(folder, packFolder));
    syncFolder(folder);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What the disk says itself; what is ours has its sentence already.
    if (error instanceof ApplicationError || code === 'ENOSPC') throw error;
    throw unusable(secondPlace, '讀寫失敗', error);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
