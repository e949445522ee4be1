import type { Task } from '../../application/task-context.ts';
import type { BackupContents } from './contract.ts';
import { prepareRestore } from './restore.ts';
import { type GivenBackup, unlockingOf } from './unlocking.ts';
import { contentsOf } from './verify.ts';

export interface RestoreInput extends GivenBackup {
  withoutFiles: boolean;
  accountName: string;
  /** True where damage was found while the program ran. */
  damaged: boolean;
}

export interface Restored extends BackupContents {
  schoolName: string;
  /** Null where there was nothing. */
  keptIn: string | null;
}

/** Prepares 還原; the exchange follows when the program starts anew. */
export const run: Task<RestoreInput, Restored> = async (input, context) => {
  const { withoutFiles, accountName, damaged, path } = input;
  const unlocking = unlockingOf(context, input);
  const { keptIn, ...prepared } = await prepareRestore(context, {
    path,
    unlocking,
    withoutFiles,
    damaged,
    fresh: unlocking.schoolCode === undefined,
    accountName,
  });
  return { ...contentsOf(prepared), schoolName: prepared.header.schoolName, keptIn };
};
