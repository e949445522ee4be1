import type { Foundation } from '../../application/foundation.ts';
import { ApplicationError, reportOf } from '../../platform/errors.ts';
import type { TaskRun } from '../../platform/task-pool.ts';
import type { BackupReason } from './contract.ts';
import type { Followed, FollowInput } from './follow-task.ts';
import type { BackupOrder, MadeBackup } from './making.ts';
import { recordBackup } from './records.ts';

/** A backup that was made, and what became of its copy. */
export interface BackedUp extends MadeBackup {
  /** Why it is not in the second place, in Chinese. */
  secondProblem: string | null;
}

/** Making backups, one at a time. */
export interface BackingUp {
  running: () => boolean;
  /**
   * Makes, verifies and records a backup, copies it to the second place, thins.
   * @param waits whether another one that runs is waited for; otherwise it is refused
   * @throws `backup.running`, and what `makeBackup` throws
   */
  backUp: (reason: BackupReason, accountName: string, run?: TaskRun, waits?: boolean) => Promise<BackedUp>;
  /** Runs what may not meet a backup: a restore, a rehearsal. @throws `backup.running` */
  alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

export function createBackingUp(foundation: Foundation): BackingUp {
  const { connection, tasks, write, settings, changed, log } = foundation;
  const { sqlite } = connection;
  let current: Promise<unknown> | null = null;

  const alone = async <Result>(work: () => Promise<Result>, waits: boolean): Promise<Result> => {
    while (waits && current) await current.catch(() => {});
    if (current) throw new ApplicationError('backup.running', '備份或還原正在進行中，請等它完成再試一次。');
    const running = work();
    current = running;
    changed('backup');
    try {
      return await running;
    } finally {
      current = null;
      changed('backup');
    }
  };

  /** The copy and the thinning: what fails there is told beside the backup, which is made. */
  const follow = async ({ id, path }: MadeBackup, run: TaskRun): Promise<string | null> => {
    const secondPlace = settings.get('backup.secondPlace') ?? null;
    let followed: Followed;
    try {
      followed = await tasks.run<Followed>('backup.follow', { path, secondPlace } satisfies FollowInput, run);
    } catch (error) {
      const { code, message } = reportOf(error);
      log.warn('what follows a backup failed', { code });
      followed = { second: secondPlace === null ? null : { problem: message }, removed: [] };
    }
    const { second, removed } = followed;
    const problem = second && 'problem' in second ? second.problem : null;
    await write(() => {
      sqlite
        .prepare('update backups set second_verified_at = ?, second_problem = ? where id = ?')
        .run(second && 'verifiedAt' in second ? second.verifiedAt : null, problem, id);
      const remove = sqlite.prepare('delete from backups where id = ?');
      for (const gone of removed) remove.run(gone);
    });
    return problem;
  };

  return {
    running: () => current !== null,
    alone: (work) => alone(work, false),
    backUp: (reason, accountName, run = {}, waits = false) =>
      alone(async () => {
        const made = await tasks.run<MadeBackup>('backup.make', { reason, accountName } satisfies BackupOrder, run);
        await write(() => recordBackup(sqlite, made));
        const secondProblem = await follow(made, run);
        log.info('backed up', { reason, bytes: made.bytes, files: made.files, second: secondProblem === null });
        return { ...made, secondProblem };
      }, waits),
  };
}
