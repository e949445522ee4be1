import type { JobState } from '../../main/application/contract.ts';
import type { Trial } from '../support/trial.ts';
import type { Errand } from './errands.ts';
import type { Secret } from './plaintext.ts';

/** A data directory that was laid for an attempt, and what is to be done there. */
export interface Laid {
  accountName: string;
  errand: Errand;
  secrets: readonly Secret[];
  /** What must hold at every start, beside what must hold always. */
  wrongAtStart: (school: Trial) => string[] | Promise<string[]>;
  /** Held against a run without faults, once the errand has been carried out to its end. */
  wrongAtEnd: (school: Trial, job: JobState) => string[] | Promise<string[]>;
  /** How often the errand's end is recorded: as often as it came to it. */
  timesDone: (school: Trial) => number;
}
