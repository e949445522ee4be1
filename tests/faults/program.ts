import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { programRoot } from '../../main/platform/resources.ts';
import type { Errand, Told } from './errands.ts';
import type { OperationCounts, Strike } from './operations.ts';

export type ToProgram =
  | { order: 'open'; directory: string; accountName: string; strike: Strike | null }
  | { order: 'carryOut'; errand: Errand };
export type FromProgram = Told | { told: 'loaded' } | { told: 'opened' } | { told: 'closed'; operations: OperationCounts };

/** The real program in a process of its own, to have faults come upon it. */
export interface Program {
  processId: number;
  send: (order: ToProgram) => void;
  /** Called with every line it tells. */
  onTold: (listener: (line: FromProgram) => void) => void;
  /** Resolves with the first line of a kind, or null when the program ended without one. */
  told: <Kind extends FromProgram['told']>(kind: Kind) => Promise<Extract<FromProgram, { told: Kind }> | null>;
  /** Ends the process at once, and only it: what it started must see to itself. */
  kill: () => void;
  /** Nothing more is asked of it: it closes and ends. */
  letEnd: () => void;
  ended: Promise<{ killed: boolean; status: number | null; errors: string }>;
}

export interface ProgramOptions {
  /** Where it puts what does not belong into the data directory, if anything. */
  temporary: string;
  /** Another user than this process's; only root may. */
  userId?: number;
}

/** Loading is most of what a program costs that lives a second; what was compiled once is taken from here. */
const compiled = join(tmpdir(), 'portfolio-faults-compiled');

/** Starts a program that has loaded its modules and waits for its data directory. */
export function startProgram({ temporary, userId }: ProgramOptions): Program {
  mkdirSync(temporary, { recursive: true });
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      join(programRoot, 'tests/faults/fault-hook.ts'),
      join(programRoot, 'tests/faults/faulted-program.ts'),
    ],
    {
      cwd: programRoot,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, NODE_OPTIONS: '', NODE_COMPILE_CACHE: compiled },
      ...(userId === undefined ? {} : { uid: userId, gid: userId }),
    },
  );
  const heard: FromProgram[] = [];
  const listeners = new Set<(line: FromProgram) => void>();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = JSON.parse(line) as FromProgram;
    heard.push(told);
    for (const listener of listeners) listener(told);
  });
  const ended = once(child, 'close').then(([status, signal]) => ({
    killed: signal === 'SIGKILL',
    status: status as number | null,
    errors,
  }));
  return {
    processId: child.pid!,
    send: (order) => child.stdin.write(`${JSON.stringify(order)}\n`),
    onTold: (listener) => listeners.add(listener),
    told: (kind) => {
      type Line = Extract<FromProgram, { told: typeof kind }>;
      const before = heard.find((line): line is Line => line.told === kind);
      if (before) return Promise.resolve(before);
      return new Promise((resolve) => {
        listeners.add((line) => {
          if (line.told === kind) resolve(line as Line);
        });
        void ended.then(() => resolve(null));
      });
    },
    kill: () => child.kill('SIGKILL'),
    letEnd: () => child.stdin.end(),
    ended,
  };
}
