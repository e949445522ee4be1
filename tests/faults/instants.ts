import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../db/sample/random.ts';
import { type OperationCounts, type OperationKind, operationKinds, type Strike, type StrikeAction } from './operations.ts';

/** How a run without faults went: what instants are chosen within. */
export interface Profile {
  milliseconds: number;
  /** Lines that tell of it while it goes on. */
  reports: number;
}

/** What is told while work goes on. */
export const isReport = (told: string): boolean => told === 'progress' || told === 'acknowledged';

/** When a fault comes. */
export type Instant =
  /** At any moment of the run, all alike. */
  | { at: 'time'; milliseconds: number }
  /** A moment after the program has reported something for the `report`-th time. */
  | { at: 'progress'; report: number; milliseconds: number };

export function randomInstant(random: Random, { milliseconds, reports }: Profile): Instant {
  if (reports === 0 || random.chance(0.5)) return { at: 'time', milliseconds: random.fraction() * milliseconds * 1.05 };
  return { at: 'progress', report: random.between(1, reports), milliseconds: random.pick([0, 0, random.between(1, 60)]) };
}

/** Each kind of operation as often as the others, however rare it is: a run commits ten times and writes a thousand. */
export function randomStrike(
  random: Random,
  operations: OperationCounts,
  action: StrikeAction,
  kinds: readonly OperationKind[] = operationKinds,
): Strike {
  const kind = random.pick(kinds.filter((one) => operations[one] > 0));
  return { kind, number: random.between(1, operations[kind]), when: random.chance(0.5) ? 'before' : 'after', action };
}

export const describeStrike = ({ kind, number, when, action }: Strike): string => `${action} ${when} ${kind} ${number}`;

export const describeInstant = (instant: Instant): string =>
  instant.at === 'time'
    ? `${Math.round(instant.milliseconds)} ms after it was started`
    : `${instant.milliseconds} ms after report ${instant.report}`;

/**
 * Waits for an instant of work that is about to be started.
 * @returns `heard` to be called with what is told of the work; `come` resolves at the instant, or never where the work ends before it
 */
export function awaitInstant(instant: Instant): { heard: (line: { told: string }) => void; come: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let reports = 0;
  if (instant.at === 'time') void pause(instant.milliseconds, undefined, { ref: false }).then(resolve);
  return {
    heard: ({ told }) => {
      if (instant.at !== 'progress' || !isReport(told)) return;
      reports += 1;
      if (reports !== instant.report) return;
      if (instant.milliseconds === 0) resolve();
      else void pause(instant.milliseconds, undefined, { ref: false }).then(resolve);
    },
    come: promise,
  };
}
