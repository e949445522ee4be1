import type { SqliteConnection } from '../../db/sqlite.ts';
import type { RehearsalResult } from '../features/backup/contract.ts';
import type { RecoveryLock } from '../platform/recovery-key.ts';

/**
 * What belongs to the school and lives in its database, one JSON value a key. Keys are declared here so that there is
 * one list of them.
 */
export interface SchoolSettingValues {
  'school.code': string;
  'school.name': string;
  /** True in a trial directory: the embedded city is served by the program itself. */
  'school.trial': boolean;
  /** The trial administrator's first password, shown on the sign-in page until it is changed. */
  'trial.firstPassword': string | null;
  'city.url': string;
  'city.deviceId': string;
  'city.deviceKey': string;
  /** Template of the addresses by which the national database fetches files (`{sha256}`, `{extension}`), as the city last said it. */
  'city.fileLinks': string;
  /** 驗證碼 policy. */
  'signIn.captcha': 'always' | 'afterFailure' | 'never';
  /** Minutes without use until the window locks. */
  'signIn.idleMinutes': number;
  /** The remarks of the confirmation slip as the office keeps them; null for the manual's three. */
  'slips.remarks': string | null;
  /** Opens the audit log's gate up to this sequence, within the transaction of a purge. */
  'audit.purging': number;
  /** True once the file that says where the audit log ends was written (audit-anchor.ts). */
  'audit.anchored': boolean;
  /** Years that entries of the audit log are kept. */
  'audit.keptYears': number;
  /** Academic years that students are kept after the one they left in. */
  'retention.keptYears': number;
  /** Opens the gate of what was handed in, within the transaction of a purge. */
  'retention.purging': true;
  /** What backups are sealed for beside this computer (main/platform/recovery-key.ts). */
  'backup.recovery': RecoveryLock;
  /** Time of the daily backup in Taipei, `12:30`. */
  'backup.time': string;
  /** A folder on another disk, a stick or a share. */
  'backup.secondPlace': string | null;
  'backup.rehearsal': RehearsalResult;
}

export interface SchoolSettings {
  get: <Key extends keyof SchoolSettingValues>(key: Key) => SchoolSettingValues[Key] | undefined;
  /** Call inside `foundation.write`. */
  set: <Key extends keyof SchoolSettingValues>(key: Key, value: SchoolSettingValues[Key]) => void;
}

export function schoolSettings({ sqlite }: SqliteConnection): SchoolSettings {
  const select = sqlite.prepare<[string], { value: string }>('select value from school_settings where key = ?');
  const upsert = sqlite.prepare(
    'insert into school_settings (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
  );
  return {
    get: (key) => {
      const row = select.get(key);
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    set: (key, value) => {
      upsert.run(key, JSON.stringify(value));
    },
  };
}
