import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Application, createApplication } from '../../main/application/application.ts';
import { createTrialSchool } from '../../main/application/trial.ts';
import type { AnswerOf, InputOf, OperationName, OutputOf } from '../../main/features/contract.ts';
import { errorFrom } from '../../main/platform/errors.ts';
import { programRoot } from '../../main/platform/resources.ts';
import { temporaryFolder, testMasterKey } from './directories.ts';

export interface TrialSetting {
  students?: number;
  years?: number;
  seed?: number;
  withoutPortfolios?: boolean;
  schoolCode?: string;
  /** ISO day of Taipei; the program's clock stands at nine in the morning of it. */
  today?: string;
}

export interface Trial {
  application: Application;
  directory: string;
  connectionId: string;
  /** Calls an operation as the signed-in administrator. @throws the operation's `ApplicationError` */
  call: <Name extends OperationName>(name: Name, input: InputOf<Name>) => Promise<AnswerOf<Name>>;
  /** Runs a job to its end. @throws the job's `ApplicationError` */
  runJob: <Name extends OperationName>(name: Name, input: InputOf<Name>) => Promise<OutputOf<Name>>;
  close: () => Promise<void>;
}

export const trialPassword = '學歷 trial 2026 pass';
export const trialToday = '2026-11-24';

/** Folders whose code decides what a trial directory holds. */
const makers = ['db', 'domain', 'main/application', 'main/central', 'main/features/session', 'main/features/sync', 'main/platform'];

/** One hash of the code that makes a trial school: a template made by other code is not used. */
function makersHash(): string {
  const hash = createHash('sha256');
  for (const folder of makers) {
    for (const name of (readdirSync(join(programRoot, folder), { recursive: true }) as string[]).sort()) {
      if (/\.(ts|sql|json|txt)$/.test(name)) hash.update(name).update(readFileSync(join(programRoot, folder, name)));
    }
  }
  return hash.digest('hex');
}

/** The folder of a made trial school, made at the first call and kept between runs. */
async function template(setting: Required<TrialSetting>): Promise<string> {
  const key = createHash('sha256').update(makersHash()).update(JSON.stringify(setting)).digest('hex').slice(0, 24);
  const templates = join(tmpdir(), 'portfolio-trial-templates');
  const made = join(templates, key);
  if (existsSync(made)) return made;
  mkdirSync(templates, { recursive: true, mode: 0o700 });
  const making = mkdtempSync(join(templates, 'making-'));
  const { today, ...school } = setting;
  try {
    await createTrialSchool({
      ...school,
      schoolName: '測試高中',
      dataDirectory: making,
      masterKey: testMasterKey,
      password: trialPassword,
      clock: clockAt(today),
    });
    renameSync(making, made);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another test file made the same one meanwhile.
    if (!existsSync(made)) throw error;
  }
  return made;
}

const clockAt = (today: string) => {
  const now = new Date(`${today}T09:00:00+08:00`);
  return { now: () => now };
};

const wholeSetting = (setting: TrialSetting): Required<TrialSetting> => ({
  students: 60,
  years: 3,
  seed: 1,
  withoutPortfolios: false,
  schoolCode: '999999',
  today: trialToday,
  ...setting,
});

/** Puts a trial school's data directory at a path, closed. */
export async function layTrial(directory: string, setting: TrialSetting = {}): Promise<void> {
  cpSync(await template(wholeSetting(setting)), directory, { recursive: true });
}

/** A trial school of one's own, signed in as its administrator. */
export async function openTrial(setting: TrialSetting = {}): Promise<Trial> {
  const { schoolCode, today } = wholeSetting(setting);
  const folder = temporaryFolder('trial');
  await layTrial(folder.path, setting);
  const trial = await signInto(folder.path, `${schoolCode}adm`, trialPassword, today);
  return {
    ...trial,
    close: async () => {
      await trial.close();
      folder.remove();
    },
  };
}

/** Opens a data directory whose key is the tests' and signs in; the directory stays when it is closed. */
export async function signInto(directory: string, accountName: string, password: string, today = trialToday): Promise<Trial> {
  const application = await createApplication({
    dataDirectory: directory,
    masterKey: testMasterKey,
    clock: clockAt(today),
    schedule: false,
  });
  const connectionId = randomUUID();
  const signedIn = await application.signIn(connectionId, accountName, password);
  if (!signedIn.ok) {
    await application.close();
    throw errorFrom(signedIn.error);
  }
  const call: Trial['call'] = async (name, input) => {
    const outcome = await application.call({ connectionId }, name, input);
    if (!outcome.ok) throw errorFrom(outcome.error);
    return outcome.data as never;
  };
  return {
    application,
    directory,
    connectionId,
    call,
    runJob: async (name, input) => {
      const { jobId } = (await call(name, input)) as { jobId: string };
      const job = await application.waitForJob(jobId);
      if (job.error) throw errorFrom(job.error);
      return job.result as never;
    },
    close: application.close,
  };
}
