/**
 * Loaded before everything else of a program that is to meet a fault (`node --import`), in each of its threads: counts what the
 * program asks of the disk, the database and other programs, and strikes at the operation it was told to. So a fault can come
 * exactly between a rename and the commit that belongs to it, which no clock would hit in a day.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { faultMemory, type OperationKind, operationKinds, strikeActions } from './operations.ts';

/** One piece of memory for all threads of the process; a thread that starts finds it with its environment. */
const inherited = getEnvironmentData(faultMemory) as SharedArrayBuffer | undefined;
const memory = inherited ?? new SharedArrayBuffer(4 * (operationKinds.length + 4));
if (!inherited) setEnvironmentData(faultMemory, memory);
const cells = new Int32Array(memory);
const [kindCell, numberCell, afterCell, actionCell] = [0, 1, 2, 3].map((index) => operationKinds.length + index) as [
  number,
  number,
  number,
  number,
];

class InjectedError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`${code}: injected`);
    this.code = code;
  }
}

function strike(): void {
  const action = strikeActions[Atomics.load(cells, actionCell) - 1];
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (action === 'endThread') {
    // The main thread is the program itself; the next operation of a worker is struck in its place.
    if (isMainThread) Atomics.add(cells, numberCell, 1);
    else process.exit(9);
  } else if (action) throw new InjectedError(action);
}

/** @returns whether this very operation is to be struck */
function counted(kind: OperationKind): 'before' | 'after' | null {
  const index = operationKinds.indexOf(kind);
  const number = Atomics.add(cells, index, 1) + 1;
  if (Atomics.load(cells, kindCell) !== index + 1 || Atomics.load(cells, numberCell) !== number) return null;
  return Atomics.load(cells, afterCell) === 1 ? 'after' : 'before';
}

type Operation = (this: unknown, ...parameters: unknown[]) => unknown;
type Callback = (error: unknown, ...values: unknown[]) => void;

/** An operation with a callback must not throw: the callback is told what failed. */
function struckWithCallback(original: Operation, self: unknown, parameters: unknown[], when: 'before' | 'after'): unknown {
  const callback = parameters.at(-1) as Callback;
  const injected = (): InjectedError | null => {
    try {
      strike();
      return null;
    } catch (error) {
      return error as InjectedError;
    }
  };
  if (when === 'after') {
    return original.apply(self, [
      ...parameters.slice(0, -1),
      (error: unknown, ...values: unknown[]) => callback(injected() ?? error, ...values),
    ]);
  }
  const error = injected();
  return error === null ? original.apply(self, parameters) : void process.nextTick(callback, error);
}

function watched(original: Operation, kindOf: OperationKind | ((self: unknown, parameters: unknown[]) => OperationKind | null)): Operation {
  return function (this: unknown, ...parameters: unknown[]) {
    const kind = typeof kindOf === 'string' ? kindOf : kindOf(this, parameters);
    const when = kind === null ? null : counted(kind);
    if (when !== null && typeof parameters.at(-1) === 'function') {
      return struckWithCallback(original, this, parameters, when);
    }
    if (when === 'before') strike();
    const result = original.apply(this, parameters);
    if (when !== 'after') return result;
    if (!(result instanceof Promise)) {
      strike();
      return result;
    }
    return result.then((value) => {
      strike();
      return value;
    });
  };
}

function watch(owner: object, names: readonly string[], kind: Parameters<typeof watched>[1]): void {
  const methods = owner as Record<string, Operation>;
  for (const name of names) if (typeof methods[name] === 'function') methods[name] = watched(methods[name], kind);
}

/** Opening to read changes nothing. */
const openingToWrite = (_self: unknown, [, flags]: unknown[]): OperationKind | null =>
  flags === undefined || flags === 'r' || typeof flags === 'function' ? null : 'open';

const writing = ['write', 'writev', 'writeFile', 'appendFile', 'truncate', 'ftruncate'];
const flushing = ['fsync', 'fdatasync'];
for (const files of [fs, fs.promises]) {
  const both = (...names: string[]) => names.flatMap((name) => [name, `${name}Sync`]);
  watch(files, both('open'), openingToWrite);
  watch(files, both(...writing), 'write');
  watch(files, both(...flushing), 'flush');
  watch(files, both('rename', 'link'), 'rename');
  watch(files, both('rm', 'unlink', 'rmdir'), 'remove');
  watch(files, both('mkdir', 'mkdtemp'), 'folder');
  watch(files, both('copyFile', 'cp'), 'copy');
}
watch(childProcess, ['spawn'], 'spawn');

const handle = await fs.promises.open(process.execPath, 'r');
const handles = Object.getPrototypeOf(handle) as object;
await handle.close();
watch(handles, writing, 'write');
watch(handles, ['sync', 'datasync'], 'flush');
syncBuiltinESMExports();

const database = new Database(':memory:');
const statements = Object.getPrototypeOf(database.prepare('select 1')) as object;
database.close();
watch(statements, ['run'], (self) => {
  const { source } = self as Database.Statement;
  if (/^commit/i.test(source)) return 'commit';
  return /^(begin|rollback)/i.test(source) ? 'begin' : 'row';
});
watch(Database.prototype, ['exec'], (_self, [source]) => (/^commit/i.test(String(source)) ? 'commit' : 'begin'));
