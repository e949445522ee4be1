import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationError } from '../../platform/errors.ts';
import type { BackupHeader } from './backup-format.ts';
import { readBackupHeader } from './backup-reader.ts';
import { backupEnding } from './names.ts';

/** A folder of backups, as the files in it tell. */
export interface BackupInPlace {
  fileName: string;
  path: string;
  bytes: number;
  header: BackupHeader;
}

/** The backups in a folder, newest first; what is damaged at its very front is left out. Nothing is opened: the keys are not asked for. */
export function backupFilesOf(folder: string): BackupInPlace[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(backupEnding) && !name.startsWith('.'))
    .flatMap((fileName): BackupInPlace[] => {
      const path = join(folder, fileName);
      try {
        return [{ fileName, path, ...readBackupHeader(path) }];
      } catch (error) {
        if (error instanceof ApplicationError) return [];
        throw error;
      }
    })
    .sort((a, b) => (a.header.madeAt < b.header.madeAt ? 1 : -1));
}

/** Bytes of everything in a folder. */
export function bytesOfFolder(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
