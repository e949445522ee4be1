import { schoolSettings } from '../../application/school-settings.ts';
import { takeRecoveryKey } from '../../platform/recovery-key.ts';
import type { Unlocking } from './backup-format.ts';
import type { BackupContext } from './context.ts';

/** A backup file by its path, as a task is told of it; the recovery key as it was typed. */
export interface GivenBackup {
  path: string;
  recoveryKey?: string | undefined;
}

/** What opens a backup for the school of this directory: the computer's key, and the paper where one was typed. */
export function unlockingOf(context: Pick<BackupContext, 'masterKey' | 'openReader'>, { recoveryKey }: GivenBackup): Unlocking {
  const reader = context.openReader();
  const schoolCode = schoolSettings(reader).get('school.code');
  reader.close();
  return { masterKey: context.masterKey, schoolCode, recoveryKey: recoveryKey ? takeRecoveryKey(recoveryKey) : undefined };
}
