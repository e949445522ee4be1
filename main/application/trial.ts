import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Orm } from '../../db/connection.ts';
import { type SampleOptions, writeSampleTransferFiles } from '../../db/sample/index.ts';
import { sampleRoleGroups } from '../../db/sample/role-groups.ts';
import { roleGroupModules, roleGroups } from '../../db/schema/index.ts';
import { taipeiDay } from '../../domain/roc-date.ts';
import { fillTrialCity } from '../central/embedded/index.ts';
import { createAdministrator } from '../features/session/accounts.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { openDataDirectory, unfinishedTrial } from '../platform/data-directory.ts';
import { ApplicationError } from '../platform/errors.ts';
import { makeOneTimePassword } from '../platform/one-time-password.ts';
import { makeRecoveryKey } from '../platform/recovery-key.ts';
import { deriveKey } from '../platform/secret-store.ts';
import { createApplication } from './application.ts';
import { workOnTransfers } from './trial-transfers.ts';

export interface TrialOptions {
  dataDirectory: string;
  masterKey: Uint8Array;
  /** 1 to 5,000. */
  students: number;
  /** Of school life before today, 1 to 6. */
  years: number;
  seed: number;
  schoolCode: string;
  schoolName: string;
  /** The same register but no portfolio records: a school that receives transfer files. */
  withoutPortfolios?: boolean;
  /** The administrator's; without it one is made, shown on the sign-in page and to be changed at the first sign-in. */
  password?: string;
  clock?: Clock;
}

/** The manual's own example, so that a newcomer sees what a role group is. */
function addSampleRoleGroups(orm: Orm): void {
  for (const { id, code, name, modules } of sampleRoleGroups) {
    orm.insert(roleGroups).values({ id, code, name, enabled: true }).run();
    const granted = modules.map((module) => ({ roleGroupId: id, module, canCreate: true, canUpdate: true, canDelete: true }));
    orm.insert(roleGroupModules).values(granted).run();
  }
}

/**
 * Makes a data directory of an invented school: its city, the sample transfer files of two arrivals, the administrator, the first full
 * synchronisation over real HTTP, and some transfers that its office has worked on. Deterministic for a seed and a day, but for passwords and keys.
 * @returns with the 復原金鑰, which is kept nowhere
 * @throws `trial.exists` when the directory holds a database already; whatever else fails, the directory is as it was
 */
export async function createTrialSchool(
  options: TrialOptions,
): Promise<{ schoolCode: string; students: number; dataDir: string; recoveryKey: string }> {
  const { dataDirectory, masterKey, schoolCode, schoolName, password, clock = systemClock } = options;
  const directory = openDataDirectory(dataDirectory);
  const unfinished = join(dataDirectory, unfinishedTrial);
  if (existsSync(unfinished)) {
    // A making that was killed left it, with the names of what was there before and is not its own.
    const others = new Set([...(JSON.parse(readFileSync(unfinished, 'utf8')) as string[]), unfinishedTrial]);
    for (const name of readdirSync(dataDirectory)) {
      if (!others.has(name)) rmSync(join(dataDirectory, name), { recursive: true, force: true });
    }
    rmSync(unfinished);
    openDataDirectory(dataDirectory);
  }
  if (existsSync(directory.database)) {
    throw new ApplicationError('trial.exists', `資料夾「${dataDirectory}」已經有資料庫，請改選空的資料夾。`, { path: dataDirectory });
  }
  const before = new Set(readdirSync(dataDirectory));
  writeFileSync(unfinished, JSON.stringify([...before]), { mode: 0o600 });
  try {
    const sample: SampleOptions = {
      students: options.students,
      years: options.years,
      seed: options.seed,
      schoolCode,
      schoolName,
      today: taipeiDay(clock.now()),
      withoutPortfolios: options.withoutPortfolios ?? false,
    };
    const students = fillTrialCity(directory.trialCity, sample, deriveKey(masterKey, 'trialCity'));
    await writeSampleTransferFiles(directory.trial, sample);
    const application = await createApplication({ dataDirectory, masterKey, clock: options.clock, schedule: false });
    const recovery = makeRecoveryKey(clock.now());
    try {
      const { foundation } = application;
      const made = password ?? makeOneTimePassword();
      await createAdministrator(foundation, { schoolCode, schoolName, password: made, mustChange: password === undefined });
      await foundation.write(() => {
        foundation.settings.set('school.trial', true);
        foundation.settings.set('backup.recovery', recovery.lock);
        addSampleRoleGroups(foundation.connection.orm);
        if (password === undefined) foundation.settings.set('trial.firstPassword', made);
      });
      await application.synchronise({});
      if (!sample.withoutPortfolios) await workOnTransfers(application, `${schoolCode}adm`);
    } finally {
      await application.close();
    }
    rmSync(unfinished);
    return { schoolCode, students, dataDir: dataDirectory, recoveryKey: recovery.text };
  } catch (error) {
    for (const name of readdirSync(dataDirectory)) {
      if (!before.has(name)) rmSync(join(dataDirectory, name), { recursive: true, force: true });
    }
    throw error;
  }
}
