import type { Trial } from '../support/trial.ts';
import type { Errand, Told } from './errands.ts';
import type { Secret } from './plaintext.ts';

/** A data directory that was laid for an attempt, and what is to be done there. */
export interface Laid {
  accountName: string;
  /** Asked for anew each time: what is left to do may change. */
  readonly errand: Errand;
  /** Hears what is told of the errand: what was acknowledged must be there afterwards. */
  heard?: (told: Told) => void;
  secrets: readonly Secret[];
  /** What must hold at every start, beside what must hold always. */
  wrongAtStart: (school: Trial) => string[] | Promise<string[]>;
  /** Held against a run without faults, once the errand has been carried out to its end. */
  wrongAtEnd: (school: Trial, result: unknown) => string[] | Promise<string[]>;
  /** How often the errand's end is recorded: as often as it came to it. Not of work that records none. */
  timesDone?: (school: Trial) => number;
  /** Ends what was laid beside the directory: its city. */
  end?: () => Promise<void>;
}
