import { readdirSync } from 'node:fs';
import { type BackupContext, contextWithoutTask } from '../../main/features/backup/context.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { silentLogger } from '../../main/platform/logger.ts';
import { testMasterKey } from '../support/directories.ts';
import type { Trial } from '../support/trial.ts';

/** What a backup is made with outside a task, on a directory of a test. */
export function contextOf(
  directory: string,
  options: Partial<Pick<BackupContext, 'masterKey' | 'signal' | 'report' | 'clock'>> = {},
): BackupContext {
  return contextWithoutTask({
    directory: openDataDirectory(directory),
    masterKey: testMasterKey,
    clock: { now: () => new Date('2026-11-24T01:00:00Z') },
    log: silentLogger,
    ...options,
  });
}

/** Puts attachments of the school's own records into the store, as a fetch does: the first so many by hash. */
export async function fetchSome(trial: Trial, count: number): Promise<string[]> {
  const { connection } = trial.application.foundation;
  const sha256s = connection.sqlite
    .prepare<[number], string>('select sha256 from attachments where at_city = 1 order by sha256 limit ?')
    .pluck()
    .all(count);
  await trial.application.fetchFiles(sha256s, { signal: new AbortController().signal });
  return sha256s;
}

export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
