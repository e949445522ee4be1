import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openDatabase } from '../../db/connection.ts';
import { programRoot } from '../../main/platform/resources.ts';
import { deriveKey, keyFileStore, loadMasterKey } from '../../main/platform/secret-store.ts';

export const password = '測試用-阿勃勒-7716';

export interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
  /** The one JSON value of stdout; fails the test when there is another number of them. */
  json: <Answer = Record<string, unknown>>() => Answer;
}

export interface RunOptions {
  data?: string;
  env?: Record<string, string>;
  stdin?: string;
  /** False leaves `--json` out. */
  json?: boolean;
}

/** Starts the real command in a process of its own. */
export function start(args: readonly string[], { data, env = {}, json = true }: Omit<RunOptions, 'stdin'> = {}): ChildProcess {
  const all = [...args, ...(data === undefined ? [] : ['--data', data]), ...(json ? ['--json'] : [])];
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(programRoot, 'main/cli/cli.ts'), ...all], {
    env: { ...process.env, PORTFOLIO_PASSWORD: password, ...env },
  });
}

/** Waits for a started command to end. */
export async function ended(child: ChildProcess): Promise<Run> {
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]!.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return {
    ...texts,
    status,
    json: <Answer>() => {
      const lines = texts.stdout.trimEnd().split('\n');
      if (lines.length !== 1) throw new Error(`stdout holds ${lines.length} lines; stderr: ${texts.stderr}`);
      return JSON.parse(lines[0]!) as Answer;
    },
  };
}

export async function run(args: readonly string[], { stdin, ...options }: RunOptions = {}): Promise<Run> {
  const child = start(args, options);
  child.stdin!.end(stdin ?? '');
  return ended(child);
}

/** Runs a command that must succeed. @returns its JSON answer */
export async function answerOf<Answer = Record<string, unknown>>(args: readonly string[], options: RunOptions = {}): Promise<Answer> {
  const result = await run(args, options);
  if (result.status !== 0) throw new Error(`${args.join(' ')}: exit ${result.status}\n${result.stdout}\n${result.stderr}`);
  return result.json<Answer>();
}

/** Runs a command that must be refused. @returns its error */
export async function refusalOf(args: readonly string[], options: RunOptions = {}) {
  const result = await run(args, options);
  if (result.status !== 1) throw new Error(`${args.join(' ')}: exit ${result.status} instead of 1\n${result.stdout}\n${result.stderr}`);
  return result.json<{ error: { code: string; message: string; details: Record<string, unknown> } }>().error;
}

/** Looks into a data directory beside the program. */
export async function inDatabase<Result>(
  data: string,
  look: (connection: ReturnType<typeof openDatabase>) => Result,
): Promise<Awaited<Result>> {
  const masterKey = await loadMasterKey(keyFileStore(data), data);
  const connection = openDatabase(join(data, 'portfolio.db'), { key: deriveKey(masterKey, 'database'), create: false });
  try {
    return await look(connection);
  } finally {
    connection.close();
  }
}
