import { schoolSettings } from '../../application/school-settings.ts';
import type { Task } from '../../application/task-context.ts';
import { reportOf } from '../../platform/errors.ts';
import { copyToSecondPlace } from './second-place.ts';
import { thinFolder } from './thin.ts';

export interface FollowInput {
  /** The backup that was just made. */
  path: string;
  secondPlace: string | null;
}

export interface Followed {
  /** Null where there is no second place. `problem`: why it is not there, in Chinese. */
  second: { verifiedAt: string } | { problem: string } | null;
  /** Ids of backups that were thinned out. */
  removed: string[];
}

/** What follows on a backup: the copy in the second place, and thinning in both. A second place that fails does not fail the backup. */
export const run: Task<FollowInput, Followed> = async ({ path, secondPlace }, context) => {
  const { directory, masterKey, clock, log, signal } = context;
  const reader = context.openReader();
  const schoolCode = schoolSettings(reader).get('school.code') ?? '';
  const verified = reader.sqlite.prepare<[string], number>('select 1 from backups where id = ? and verified_at is not null').pluck();
  let second: Followed['second'] = null;
  if (secondPlace !== null) {
    try {
      const folder = await copyToSecondPlace(context, path, secondPlace);
      second = { verifiedAt: clock.now().toISOString() };
      thinFolder(folder, masterKey, schoolCode);
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = reportOf(error);
      log.warn('backup is not in the second place', { code });
      second = { problem: message };
    }
  }
  return { second, removed: thinFolder(directory.backups, masterKey, schoolCode, (id) => verified.get(id) !== undefined) };
};
