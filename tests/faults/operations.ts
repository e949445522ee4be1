import { getEnvironmentData } from 'node:worker_threads';

/** What a program asks of others, as fault-hook.ts tells it apart. */
export const operationKinds = ['open', 'write', 'flush', 'rename', 'remove', 'folder', 'copy', 'begin', 'commit', 'row', 'spawn'] as const;
export type OperationKind = (typeof operationKinds)[number];
export type OperationCounts = Record<OperationKind, number>;

/** Ends the whole process, ends the worker thread that is at it, or has the operation fail. */
export const strikeActions = ['kill', 'endThread', 'ENOSPC', 'EACCES', 'EIO'] as const;
export type StrikeAction = (typeof strikeActions)[number];

/** One operation of a run: the `number`-th of its kind, counted from 1 over all threads. */
export interface Strike {
  kind: OperationKind;
  number: number;
  when: 'before' | 'after';
  action: StrikeAction;
}

export const faultMemory = 'tests/faults: operations';

const cells = () => new Int32Array(getEnvironmentData(faultMemory) as SharedArrayBuffer);

/** In a process with the hook: what was counted so far. */
export function operationCounts(): OperationCounts {
  const counts = cells();
  return Object.fromEntries(operationKinds.map((kind, index) => [kind, Atomics.load(counts, index)])) as OperationCounts;
}

/** In a process with the hook: counts anew and strikes as told. */
export function armStrike(strike: Strike | null): void {
  const memory = cells();
  memory.fill(0);
  if (!strike) return;
  const rest = [operationKinds.indexOf(strike.kind) + 1, strike.number, strike.when === 'after' ? 1 : 0];
  rest.push(strikeActions.indexOf(strike.action) + 1);
  for (const [index, value] of rest.entries()) Atomics.store(memory, operationKinds.length + index, value);
}
