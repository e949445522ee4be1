import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { ApplicationError } from './errors.ts';

/** Stands in a directory while its school is being made: one that is killed leaves it, and the next making begins anew. */
export const unfinishedTrial = 'trial.unfinished';

/** The places of a data directory. Owner-only. */
export interface DataDirectory {
  root: string;
  /** What is being made; what dead processes left in it is swept. */
  work: string;
  database: string;
  attachments: string;
  staging: string;
  logs: string;
  /** Transfer files that were made; they stay until the office removes them. */
  transfers: string;
  /** Backups, and the attachments they share; made when the first one is. */
  backups: string;
  /** The embedded city and the sample files of a trial school. */
  trial: string;
  trialCity: string;
  /**
   * A fresh private folder for one piece of work, removed by whoever made it; a dead thread's is swept by its pool, a killed
   * process's at the next start.
   */
  makeWorkFolder: (purpose: string) => string;
}

/** Process, and of a folder the thread, that made it. */
const ownedName = /^(\d+)-(?:(\d+)-)?/;

/** Whether a process still runs; one of another user counts as running. */
export function processLives(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Opens (and makes) a data directory and sweeps the work folders of processes that are gone.
 * @throws `dataDirectory.unusable` naming the path
 */
export function openDataDirectory(root: string): DataDirectory {
  const work = join(root, 'work');
  try {
    if (existsSync(root) && !statSync(root).isDirectory()) throw new Error('not a directory');
    for (const folder of [root, work, join(root, 'transfers'), join(root, 'logs')]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // One that was copied here has whatever mode the copy gave it.
      if (process.platform !== 'win32') chmodSync(folder, 0o700);
    }
    for (const name of readdirSync(work)) {
      const owner = ownedName.exec(name);
      if (!owner || !processLives(Number(owner[1]))) rmSync(join(work, name), { recursive: true, force: true, maxRetries: 5 });
    }
  } catch (error) {
    throw new ApplicationError(
      'dataDirectory.unusable',
      `無法使用資料夾「${root}」，請確認它存在且可以寫入，或改選其他資料夾。`,
      { path: root, cause: (error as NodeJS.ErrnoException).code },
      { cause: error },
    );
  }
  return {
    root,
    work,
    database: join(root, 'portfolio.db'),
    attachments: join(root, 'attachments.db'),
    staging: join(root, 'staging.db'),
    logs: join(root, 'logs'),
    transfers: join(root, 'transfers'),
    backups: join(root, 'backups'),
    trial: join(root, 'trial'),
    trialCity: join(root, 'trial', 'city.db'),
    makeWorkFolder: (purpose) => {
      const folder = join(work, `${process.pid}-${threadId}-${purpose}-${randomUUID()}`);
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    },
  };
}

/** Removes what threads of this process that are gone left in `work`. */
export async function sweepThreads(root: string, gone: ReadonlySet<number>): Promise<void> {
  const work = join(root, 'work');
  const left = readdirSync(work).filter((name) => {
    const owner = ownedName.exec(name);
    return owner?.[2] !== undefined && Number(owner[1]) === process.pid && gone.has(Number(owner[2]));
  });
  await Promise.all(left.map((name) => rm(join(work, name), { recursive: true, force: true, maxRetries: 5 })));
}
