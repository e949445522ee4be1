import type { InputOf, OperationName, OutputOf } from '../../main/features/contract.ts';
import { ApplicationError, errorFrom } from '../../main/platform/errors.ts';
import { chosen, type HandedOver } from '../support/transfer.ts';
import { signInto, type Trial, trialPassword } from '../support/trial.ts';
import { makeChange } from './office-work.ts';

/** What a program is told to do while faults come: through the contract, as a window would ask for it. */
export type Errand =
  | { work: 'export'; studentIds: string[]; oneFile: boolean; format: 'aes256' | 'zipCrypto' | 'private' }
  | { work: 'import'; file: HandedOver }
  | { work: 'synchronise'; full: boolean }
  /** 復原 of an import. */
  | { work: 'takeBack'; importId: string }
  | { work: 'backUp' }
  /** With the start anew that carries it out. */
  | { work: 'restore'; backupId: string }
  /** Changes of the office one after another, from a number on; each is acknowledged. */
  | { work: 'change'; first: number; count: number }
  /** The start itself, which may have a database to bring up to date. */
  | { work: 'start' };

/** What is told of an errand while it is carried out. */
export type Told =
  | { told: 'begun'; jobId: string; operation: OperationName }
  /** One for each report; `done` of `total`. */
  | { told: 'progress'; step: string; done: number; total: number }
  /** A change of the office whose answer has come. */
  | { told: 'acknowledged'; number: number }
  | { told: 'finished' }
  | { told: 'failed'; code: string };

/** Runs a job as a window does, with its progress. @throws the job's `ApplicationError` */
async function runJob<Name extends OperationName>(
  school: Trial,
  operation: Name,
  input: InputOf<Name>,
  tell: (told: Told) => void,
): Promise<OutputOf<Name>> {
  let jobId = '';
  const stop = school.application.onEvent((event) => {
    if (event.event !== 'job' || event.job.operation !== operation || event.job.state !== 'running') return;
    const { step, done, total } = event.job;
    tell({ told: 'progress', step, done, total });
  });
  try {
    ({ jobId } = (await school.call(operation, input)) as { jobId: string });
    tell({ told: 'begun', jobId, operation });
    const job = await school.application.waitForJob(jobId);
    if (job.error) throw errorFrom(job.error);
    return job.result as OutputOf<Name>;
  } finally {
    stop();
  }
}

/** Carries an errand out to its end, in whatever process the school is open. @returns its job's result. @throws its `ApplicationError` */
export async function carryOut(school: Trial, errand: Errand, tell: (told: Told) => void = () => {}): Promise<unknown> {
  switch (errand.work) {
    case 'export': {
      const { studentIds, oneFile, format } = errand;
      return runJob(school, 'transferOut.produce', { studentIds, oneFile, format }, tell);
    }
    case 'import':
      return runJob(school, 'transferIn.run', chosen(school, errand.file), tell);
    case 'synchronise':
      return runJob(school, 'sync.run', { full: errand.full }, tell);
    case 'takeBack':
      return runJob(school, 'transferIn.undo', { id: errand.importId }, tell);
    case 'backUp':
      return runJob(school, 'backup.create', {}, tell);
    case 'restore':
      return runJob(school, 'backup.restore', { source: { id: errand.backupId } }, tell);
    case 'change':
      for (let number = errand.first; number < errand.first + errand.count; number += 1) {
        await makeChange(school, number);
        tell({ told: 'acknowledged', number });
      }
      return null;
    case 'start':
      return null;
  }
}

/** A restore takes place when the program starts anew, and that belongs to it. @returns the school to go on with */
export async function startedAnew(school: Trial, { work }: Errand, accountName: string): Promise<Trial> {
  if (work !== 'restore') return school;
  await school.close();
  return signInto(school.directory, accountName, trialPassword);
}

/** As `carryOut`, but a failure is an answer. @returns the code it failed with, or null */
export async function failureOf(school: Trial, errand: Errand, tell?: (told: Told) => void): Promise<string | null> {
  try {
    await carryOut(school, errand, tell);
    return null;
  } catch (error) {
    if (error instanceof ApplicationError) return error.code;
    throw error;
  }
}
