import type { Random } from '../../db/sample/random.ts';
import { type OperationCounts, type OperationKind, operationKinds, type Strike, type StrikeAction } from './operations.ts';

/** How a run without faults went: what instants are chosen within. */
export interface Profile {
  /** From the order to open the data directory to the end of the work. */
  milliseconds: number;
  /** Lines of progress. */
  reports: number;
  operations: OperationCounts;
}

/** When a fault comes. */
export type Instant =
  /** At any moment of the run, all alike. */
  | { at: 'time'; milliseconds: number }
  /** A moment after the program has reported something for the `report`-th time. */
  | { at: 'progress'; report: number; milliseconds: number }
  /** Exactly before or after something it asks of the disk, the database or another program. */
  | { at: 'operation'; strike: Strike };

/** Each kind of operation as often as the others, however rare it is: a run commits ten times and writes a thousand. */
export function randomStrike(
  random: Random,
  { operations }: Profile,
  action: StrikeAction,
  kinds: readonly OperationKind[] = operationKinds,
): Strike {
  const kind = random.pick(kinds.filter((one) => operations[one] > 0));
  return { kind, number: random.between(1, operations[kind]), when: random.chance(0.5) ? 'before' : 'after', action };
}

export function randomInstant(random: Random, profile: Profile): Instant {
  const way = random.pick(['time', 'progress', 'operation', 'operation'] as const);
  if (way === 'time') return { at: 'time', milliseconds: random.fraction() * profile.milliseconds * 1.05 };
  if (way === 'progress')
    return { at: 'progress', report: random.between(1, profile.reports), milliseconds: random.pick([0, 0, random.between(1, 60)]) };
  return { at: 'operation', strike: randomStrike(random, profile, 'kill') };
}

export function describeInstant(instant: Instant): string {
  if (instant.at === 'time') return `${Math.round(instant.milliseconds)} ms after it was started`;
  if (instant.at === 'progress') return `${instant.milliseconds} ms after report ${instant.report}`;
  const { kind, number, when, action } = instant.strike;
  return `${action} ${when} ${kind} ${number}`;
}
