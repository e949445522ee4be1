import type { JobState } from '../../main/application/contract.ts';
import type { InputOf, OperationName } from '../../main/features/contract.ts';
import { ApplicationError, errorFrom } from '../../main/platform/errors.ts';
import { chosen, type HandedOver } from '../support/transfer.ts';
import type { Trial } from '../support/trial.ts';

/** What a program is told to do while faults come: through the contract, as a window would ask for it. */
export type Errand =
  | { work: 'export'; studentIds: string[]; oneFile: boolean; format: 'aes256' | 'zipCrypto' | 'private' }
  | { work: 'import'; file: HandedOver }
  | { work: 'synchronise'; full: boolean };

/** What is told of an errand while it is carried out. */
export type Told =
  | { told: 'begun'; jobId: string; operation: OperationName }
  /** One for each report; `done` of `total`. */
  | { told: 'progress'; step: string; done: number; total: number }
  | { told: 'finished' }
  | { told: 'failed'; code: string };

/** Runs a job as a window does, with its progress. @throws the job's `ApplicationError` */
async function runJob<Name extends OperationName>(
  school: Trial,
  operation: Name,
  input: InputOf<Name>,
  tell: (told: Told) => void,
): Promise<JobState> {
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
    return job;
  } finally {
    stop();
  }
}

/** Carries an errand out to its end, in whatever process the school is open. @throws its `ApplicationError` */
export async function carryOut(school: Trial, errand: Errand, tell: (told: Told) => void = () => {}): Promise<JobState> {
  switch (errand.work) {
    case 'export': {
      const { studentIds, oneFile, format } = errand;
      return runJob(school, 'transferOut.produce', { studentIds, oneFile, format }, tell);
    }
    case 'import':
      return runJob(school, 'transferIn.run', chosen(school, errand.file), tell);
    case 'synchronise':
      return runJob(school, 'sync.run', { full: errand.full }, tell);
  }
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
