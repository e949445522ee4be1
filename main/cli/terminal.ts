import { cancelled, type ErrorReport } from '../platform/errors.ts';
import type { Progress } from '../platform/task-pool.ts';
import { UsageError } from './arguments.ts';

/** Environment variables that carry secrets; taken out of the environment when read, so that no child process inherits them. */
export type SecretName = 'PORTFOLIO_PASSWORD' | 'PORTFOLIO_ZIP_PASSWORD' | 'PORTFOLIO_DEVICE_KEY' | 'PORTFOLIO_RECOVERY_KEY';

/** Where a command speaks: its answer on stdout, everything else on stderr. */
export interface Terminal {
  /** A line on stdout before the command ends, for what is ready while it goes on (`central serve`). */
  announce: (json: object, text: string) => void;
  note: (line: string) => void;
  progress: (progress: Progress) => void;
  secret: (name: SecretName) => string | undefined;
  /** The account's password: `--password-stdin`, otherwise PORTFOLIO_PASSWORD. */
  password: () => Promise<string | undefined>;
  /**
   * Has `stop` called instead of ending at once when someone presses Ctrl+C or the process is told to end.
   * @returns lets go of it
   */
  onInterrupt: (stop: () => void) => () => void;
  /** Writes the answer and waits until it is out: what a pipe holds when a process exits may be lost. @returns the exit status */
  end: (ending: Ending) => Promise<number>;
}

export interface Ending {
  /** Exit status: 0 done, 1 refused or failed, 2 wrong usage. */
  status: number;
  /** Nothing when the answer was announced before. */
  answer?: { json: object; text: string };
  error?: ErrorReport;
}

export interface TerminalOptions {
  json: boolean;
  passwordFromStdin: boolean;
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

const progressInterval = 2_000;

/** The terminal of this process. Installs its signal handlers: one a process. */
export function processTerminal({ json, passwordFromStdin }: TerminalOptions): Terminal {
  const stops = new Set<() => void>();
  let lastStep = '';
  let lastNoted = 0;
  let overwriting = false;

  const note = (line: string) => {
    process.stderr.write(`${overwriting ? '\r\x1b[K' : ''}${line}\n`);
    overwriting = false;
  };
  const end: Terminal['end'] = ({ status, answer, error }) => {
    if (overwriting) process.stderr.write('\r\x1b[K');
    const problem = error && { code: error.code, message: error.message, details: error.details };
    const lines = json
      ? answer || problem
        ? [JSON.stringify(problem ? { ...answer?.json, error: problem } : (answer?.json ?? {}))]
        : []
      : answer?.text
        ? [answer.text]
        : [];
    if (error) note(`${error.message}（${error.code}）`);
    return new Promise((resolve) => {
      process.stdout.write(lines.map((line) => `${line}\n`).join(''), () => resolve(status));
    });
  };
  const interrupted = () => {
    if (stops.size > 0) {
      for (const stop of stops) stop();
      return;
    }
    void end({ status: 1, error: cancelled() }).then((status) => process.exit(status));
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);

  const secret = (name: SecretName) => {
    const value = process.env[name];
    delete process.env[name];
    return value === '' ? undefined : value;
  };

  return {
    announce: (value, text) => {
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);
    },
    note,
    progress: ({ step, done, total, unit }) => {
      const line = total > 0 ? `${step} ${done.toLocaleString('en')} / ${total.toLocaleString('en')} ${unit}` : step;
      if (process.stderr.isTTY) {
        process.stderr.write(`\r\x1b[K${line}`);
        overwriting = true;
        return;
      }
      const now = performance.now();
      if (step === lastStep && now - lastNoted < progressInterval) return;
      lastStep = step;
      lastNoted = now;
      note(line);
    },
    secret,
    password: async () => {
      const fromEnvironment = secret('PORTFOLIO_PASSWORD');
      if (!passwordFromStdin) return fromEnvironment;
      const typed = await readStdin();
      if (typed === '') throw new UsageError('標準輸入沒有密碼。');
      return typed;
    },
    onInterrupt: (stop) => {
      stops.add(stop);
      return () => stops.delete(stop);
    },
    end,
  };
}
