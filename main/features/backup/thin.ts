import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backupsToRemove } from '../../../domain/backup-thinning.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { openBackup } from './backup-reader.ts';
import { packEnding, packFolder } from './names.ts';
import { backupFilesOf } from './place.ts';

/** A pack that no backup points into may belong to one that is just being made. */
const youngPack = 60 * 60_000;

/** Packs that some backup of the folder points into; null where one of them does not tell. */
function packsInUse(folder: string, masterKey: Uint8Array): Set<string> | null {
  const used = new Set<string>();
  for (const { path } of backupFilesOf(folder)) {
    try {
      const { manifest, close } = openBackup(path, { masterKey });
      close();
      for (const { fileName } of manifest.packs) used.add(fileName);
    } catch (error) {
      if (error instanceof ApplicationError) return null;
      throw error;
    }
  }
  return used;
}

/**
 * Removes backups of a folder that are not to be kept (domain/backup-thinning.ts), then packs that nothing points into any more. Where a
 * backup cannot say which packs it needs, no pack is removed.
 * @param verified whether a backup counts; of a folder without records, all of them were verified when they were put there
 * @returns ids of what was removed
 */
export function thinFolder(
  folder: string,
  masterKey: Uint8Array,
  schoolCode: string,
  verified: (id: string) => boolean = () => true,
): string[] {
  const backups = backupFilesOf(folder).filter(({ header }) => header.schoolCode === schoolCode);
  const going = new Set(
    backupsToRemove(backups.map(({ header: { id, madeAt, reason } }) => ({ id, madeAt, reason, verified: verified(id) }))),
  );
  for (const { path, header } of backups) if (going.has(header.id)) rmSync(path, { force: true });
  const packs = join(folder, packFolder);
  const used = existsSync(packs) ? packsInUse(folder, masterKey) : null;
  if (used) {
    for (const name of readdirSync(packs)) {
      const path = join(packs, name);
      if (name.endsWith(packEnding) && !used.has(name) && Date.now() - statSync(path).mtimeMs > youngPack) rmSync(path, { force: true });
    }
  }
  return [...going];
}
