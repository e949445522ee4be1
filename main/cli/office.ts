import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Application } from '../application/application.ts';
import type { IncomingFile, Outcome, OutgoingFile } from '../application/contract.ts';
import type { AnswerOf, Contract, InputOf, OperationName, OutputOf } from '../features/contract.ts';
import { unfinishedTrial } from '../platform/data-directory.ts';
import { ApplicationError, errorFrom } from '../platform/errors.ts';
import { loadMasterKey } from '../platform/secret-store.ts';
import { UsageError } from './arguments.ts';
import type { CommandContext } from './command.ts';

export type JobName = { [Name in OperationName]: Contract[Name]['kind'] extends 'job' ? Name : never }[OperationName];

/** The application as a command uses it: refusals are thrown, jobs are waited for. */
export interface Office {
  call: <Name extends OperationName>(name: Name, input: InputOf<Name>) => Promise<AnswerOf<Name>>;
  /** Runs a job to its end with progress on stderr; Ctrl+C cancels it. */
  runJob: <Name extends JobName>(name: Name, input: InputOf<Name>) => Promise<OutputOf<Name>>;
  /** A file of the clerk's goes in. @throws `file.notFound` */
  receive: (path: string) => Promise<IncomingFile>;
  /** A file the program made is put where the clerk wants it, whole or not at all. */
  save: (file: OutgoingFile, path: string) => Promise<void>;
}

function connect(application: Application, connectionId: string, { terminal }: CommandContext): Office {
  const answered = <Data>(outcome: Outcome<unknown>): Data => {
    if (!outcome.ok) throw errorFrom(outcome.error);
    return outcome.data as Data;
  };
  const call: Office['call'] = async (name, input) => answered(await application.call({ connectionId }, name, input));

  return {
    call,
    runJob: async <Name extends JobName>(name: Name, input: InputOf<Name>) => {
      const { jobId } = (await call(name, input)) as { jobId: string };
      const stopWatching = application.onEvent((event) => {
        if (event.event === 'job' && event.job.id === jobId && event.job.state === 'running') terminal.progress(event.job);
      });
      // A job that ended a moment before says so itself; there is nothing left to cancel.
      const letGo = terminal.onInterrupt(() => void application.call({ connectionId }, 'jobs.cancel', { jobId }));
      try {
        const { error, result } = await application.waitForJob(jobId);
        if (error) throw errorFrom(error);
        return result as OutputOf<Name>;
      } finally {
        stopWatching();
        letGo();
      }
    },
    receive: async (path) => {
      const found = await stat(path).catch(() => null);
      if (!found?.isFile()) throw new ApplicationError('file.notFound', `找不到檔案「${path}」，請確認路徑。`);
      return application.files.receive(resolve(path), basename(path), false);
    },
    save: async (file, path) => {
      const target = resolve(path);
      const unfinished = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`);
      await mkdir(dirname(target), { recursive: true });
      try {
        const { path } = application.files.outgoing(file.token);
        if (path === null) await writeFile(unfinished, application.files.readOutgoing(file.token, 0, file.bytes));
        else await copyFile(path, unfinished);
        const written = await open(unfinished, 'r+');
        try {
          await written.sync();
        } finally {
          await written.close();
        }
        await rename(unfinished, target);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      await application.files.release(file.token);
    },
  };
}

/** Opens the data directory for as long as `work` runs, without signing in: what may be asked before that. */
export async function withApplication<Result>(
  context: CommandContext,
  work: (office: Office, application: Application, connectionId: string) => Promise<Result>,
): Promise<Result> {
  const { dataDirectory } = context;
  // Loaded here, so that a line that was not understood is answered at once.
  const { createApplication } = await import('../application/application.ts');
  const masterKey = await loadMasterKey(context.secretStore(dataDirectory), dataDirectory);
  const application = await createApplication({ dataDirectory, masterKey, schedule: false });
  const connectionId = `command-${randomUUID()}`;
  try {
    return await work(connect(application, connectionId, context), application, connectionId);
  } finally {
    await application.close();
  }
}

/** @throws `dataDirectory.empty` where no school was set up */
export function requireSchool(dataDirectory: string): void {
  if (existsSync(join(dataDirectory, unfinishedTrial))) {
    throw new ApplicationError('trial.unfinished', `資料夾「${dataDirectory}」的試用學校沒有建立完成，請再執行一次 trial create。`, {
      path: dataDirectory,
    });
  }
  if (existsSync(join(dataDirectory, 'portfolio.db'))) return;
  throw new ApplicationError(
    'dataDirectory.empty',
    `資料夾「${dataDirectory}」還沒有學校資料，請先執行 trial create 建立試用學校，或執行 connect 連接市級系統。`,
    { path: dataDirectory },
  );
}

/**
 * Opens the data directory and signs in as the account of the command line: same permissions and audit log as a window.
 * @throws `dataDirectory.empty`, `session.wrong`, `session.waiting`, `session.mustChangePassword` …
 */
export async function withOffice<Result>(context: CommandContext, work: (office: Office) => Promise<Result>): Promise<Result> {
  requireSchool(context.dataDirectory);
  const password = await context.terminal.password();
  if (password === undefined) throw new UsageError('缺少密碼：請放在環境變數 PORTFOLIO_PASSWORD，或用 --password-stdin 由標準輸入讀取。');
  return withApplication(context, async (office, application, connectionId) => {
    const accountName = context.accountName ?? (await office.call('session.status', {})).defaultAccountName;
    const signedIn = await application.signIn(connectionId, accountName, password);
    if (!signedIn.ok) throw errorFrom(signedIn.error);
    if (signedIn.data.mustChangePassword) {
      throw new ApplicationError('session.mustChangePassword', '這個帳號第一次登入要先變更密碼，請開啟程式視窗登入並變更後再執行。');
    }
    try {
      return await work(office);
    } finally {
      await office.call('session.signOut', {});
    }
  });
}
