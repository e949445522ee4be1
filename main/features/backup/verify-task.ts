import { rmSync } from 'node:fs';
import type { Task } from '../../application/task-context.ts';
import type { BackupContents } from './contract.ts';
import { type GivenBackup, unlockingOf } from './unlocking.ts';
import { contentsOf, verifyBackup } from './verify.ts';

/** 驗證備份. */
export const run: Task<GivenBackup, BackupContents> = async (given, context) => {
  const unlocking = unlockingOf(context, given);
  const work = context.directory.makeWorkFolder('verify');
  try {
    return contentsOf(await verifyBackup(given.path, unlocking, work, context));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};
