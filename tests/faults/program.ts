import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { programRoot } from '../../main/platform/resources.ts';
import type { Errand, Told } from './errands.ts';
import type { OperationCounts, Strike } from './operations.ts';

export type ToProgram =
  /** Counts operations anew, and strikes as told (fault-hook.ts). */
  | { order: 'arm'; strike: Strike | null }
  | { order: 'open'; directory: string; accountName: string }
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
  /** Resolves with the next line of one of these kinds, or null when the program ended without one. */
  next: <Kind extends FromProgram['told']>(...kinds: Kind[]) => Promise<Extract<FromProgram, { told: Kind }> | null>;
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
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, NODE_OPTIONS: '' },
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
  const next: Program['next'] = (...kinds) =>
    new Promise((resolve) => {
      const listener = (line: FromProgram) => {
        if (!(kinds as string[]).includes(line.told)) return;
        listeners.delete(listener);
        resolve(line as Extract<FromProgram, { told: (typeof kinds)[number] }>);
      };
      listeners.add(listener);
      void ended.then(() => resolve(null));
    });
  return {
    processId: child.pid!,
    send: (order) => child.stdin.write(`${JSON.stringify(order)}\n`),
    onTold: (listener) => listeners.add(listener),
    told: async (kind) => {
      type Line = Extract<FromProgram, { told: typeof kind }>;
      return heard.find((line): line is Line => line.told === kind) ?? next(kind);
    },
    next,
    kill: () => child.kill('SIGKILL'),
    letEnd: () => child.stdin.end(),
    ended,
  };
}

/** Starts the next program while the last one's directory is looked at: loading its modules is most of an attempt. */
export class Programs {
  readonly #options: ProgramOptions;
  #spare: Program | null = null;

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  async take(): Promise<Program> {
    const program = this.#spare ?? startProgram(this.#options);
    this.#spare = null;
    if (!(await program.told('loaded'))) throw new Error(`The program did not load. ${(await program.ended).errors}`);
    return program;
  }

  ready(): void {
    this.#spare ??= startProgram(this.#options);
  }

  async close(): Promise<void> {
    this.#spare?.kill();
    await this.#spare?.ended;
  }
}
