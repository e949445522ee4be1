import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ErrorReport, errorFrom, reportOf } from '../platform/errors.ts';
import { createLogger } from '../platform/logger.ts';
import { workerEntry } from '../platform/resources.ts';
import type { BackendData, FromBackend, HeldFile, HostRequest, ToBackend } from './backend-protocol.ts';
import type { ApplicationEvent, IncomingFile, Outcome } from './contract.ts';

export interface BackendOptions extends BackendData {
  /** The worker's file; tests give one that can be made to die. */
  entry?: string;
  /** Keeps the master key in this computer's secret store: asked where `keyLost` is given and a backup takes the school's place. */
  keepKey?: (masterKey: Uint8Array) => Promise<void>;
}

/** The backend as a host sees it: everything runs in its worker thread, so that the host's event loop stays free. */
export interface Backend {
  /** Null once it serves; the failure when it could not start (every call then answers the same failure). */
  whenStarted: Promise<ErrorReport | null>;
  /** Whether it could not start, and a backup may take the school's place: the window then offers that (`backup.rescue`). */
  offersRescue: () => boolean;
  /** Calls an operation of the contract. Never rejects: a dead backend answers `backend.died` or `backend.stopped`. */
  call: (connectionId: string, name: string, input: unknown) => Promise<Outcome<unknown>>;
  /** @param accountName whose windows may see the event; null for everyone's */
  onEvent: (listener: (event: ApplicationEvent, accountName: string | null) => void) => () => void;
  /** Name of the account signed in on a connection, as of its latest answer. */
  accountOf: (connectionId: string) => string | null;
  endConnection: (connectionId: string) => void;
  /** Jobs that run now, of all accounts. */
  runningJobs: () => number;
  /** Takes in a file that the clerk chose or that was uploaded. @throws ApplicationError */
  receive: (path: string, name: string, removeAfter: boolean) => Promise<IncomingFile>;
  /** @throws `file.unknown` */
  outgoing: (token: string) => Promise<HeldFile>;
  /** Bytes of an outgoing file that has no path. @throws `file.unknown`, `attachment.missing` */
  readOutgoing: (token: string, start: number, length: number) => Promise<Uint8Array>;
  release: (token: string) => Promise<void>;
  /** A private folder for the host's own work; the host removes it. */
  makeWorkFolder: (purpose: string) => Promise<string>;
  close: () => Promise<void>;
}

const died: ErrorReport = {
  code: 'backend.died',
  message: '程式的背景部分意外停止，已重新啟動。沒有完成的動作沒有寫入，請重新登入後再試一次。',
  details: {},
};
const stopped: ErrorReport = {
  code: 'backend.stopped',
  message: '程式的背景部分無法繼續執行，請關閉程式後重新開啟；若仍發生，請提供記錄檔給維護人員。',
  details: {},
};
const closed: ErrorReport = { code: 'backend.closed', message: '程式正在關閉。', details: {} };

/** How long an orderly close may take (a transaction, a running job's cleaning up) before the thread is ended. */
const closePatience = 15_000;

/** What is answered where the school cannot be opened: what brings it back, and files for it. */
const bringsBack = (request: HostRequest) => request.type !== 'call' || /^backup\.rescue/.test(request.name);

const refusal = (error: ErrorReport): Outcome<never> => ({ ok: false, error: { ...error, details: { ...error.details } } });

/**
 * Starts the backend in a worker thread. A thread that dies rejects what was asked of it and is started once more;
 * a failure to start (data directory, key, newer database) answers everything asked now and later.
 */
export function startBackend({
  entry = workerEntry('main/application/backend-worker.ts'),
  keepKey = async () => {},
  ...data
}: BackendOptions): Backend {
  const pending = new Map<number, (outcome: Outcome<unknown>) => void>();
  const listeners = new Set<(event: ApplicationEvent, accountName: string | null) => void>();
  const accounts = new Map<string, string>();
  const running = new Set<string>();
  let nextId = 1;
  let restartsLeft = 1;
  /** Set when nothing will be answered any more, but what brings the school back. */
  let failure: ErrorReport | null = null;
  let offersRescue = false;
  let started!: (failure: ErrorReport | null) => void;
  const whenStarted = new Promise<ErrorReport | null>((resolve) => {
    started = resolve;
  });
  const send = (message: ToBackend) => worker.postMessage(message);
  const log = (event: string, fields: Record<string, unknown>) => {
    try {
      createLogger(join(data.dataDirectory, 'logs')).error(event, fields);
    } catch (error) {
      // The data directory itself may be what is unusable: then stderr is all there is.
      process.stderr.write(`${event} ${JSON.stringify(fields)} ${reportOf(error).code}\n`);
    }
  };

  const publish = (event: ApplicationEvent, accountName: string | null) => {
    if (event.event === 'job') {
      if (event.job.state === 'running') running.add(event.job.id);
      else running.delete(event.job.id);
    }
    for (const listener of listeners) listener(event, accountName);
  };

  const refuseAll = (error: ErrorReport) => {
    for (const answer of pending.values()) answer(refusal(error));
    pending.clear();
    accounts.clear();
    running.clear();
  };

  const launch = (): Worker => {
    const thread = new Worker(entry, { workerData: data satisfies BackendData, name: 'backend' });
    let cause: unknown = null;
    thread.on('message', (message: FromBackend) => {
      switch (message.type) {
        case 'ready':
          return started(null);
        case 'startFailed':
          failure = message.error;
          offersRescue = message.rescue;
          log('backend did not start', { code: failure.code, ...failure.details });
          started(failure);
          return refuseAll(failure);
        case 'keepKey':
          return void keepKey(data.masterKey).then(
            () => send({ type: 'keyKept', error: null }),
            (error: unknown) => send({ type: 'keyKept', error: reportOf(error) }),
          );
        case 'startsAnew':
          failure = null;
          offersRescue = false;
          // A thread that dies from here on is started again with a key that is kept.
          delete data.keyLost;
          accounts.clear();
          running.clear();
          return publish({ event: 'signedOut', reason: message.reason }, null);
        case 'event':
          return publish(message.event, message.accountName);
        case 'answer': {
          const { account } = message;
          if (account?.name) accounts.set(account.connectionId, account.name);
          else if (account) accounts.delete(account.connectionId);
          pending.get(message.id)?.(message.outcome);
          pending.delete(message.id);
        }
      }
    });
    thread.on('error', (error) => {
      cause = error;
    });
    thread.on('exit', (exitCode) => {
      offersRescue = false;
      if (failure) return refuseAll(failure);
      log('backend died', { exitCode, stack: (cause as Error | null)?.stack ?? null });
      if (restartsLeft === 0) {
        failure = stopped;
        started(failure);
        refuseAll(failure);
      } else {
        restartsLeft -= 1;
        refuseAll(died);
        worker = launch();
      }
      publish({ event: 'signedOut', reason: (failure ?? died).message }, null);
    });
    return thread;
  };
  let worker = launch();

  const ask = (request: HostRequest): Promise<Outcome<unknown>> => {
    if (failure && !(offersRescue && bringsBack(request))) return Promise.resolve(refusal(failure));
    return new Promise((resolve) => {
      const id = nextId++;
      pending.set(id, resolve);
      send({ type: 'request', id, request });
    });
  };
  const demand = async <Data>(request: HostRequest): Promise<Data> => {
    const outcome = await ask(request);
    if (!outcome.ok) throw errorFrom(outcome.error);
    return outcome.data as Data;
  };

  return {
    whenStarted,
    offersRescue: () => offersRescue,
    call: (connectionId, name, input) => ask({ type: 'call', connectionId, name, input }),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    accountOf: (connectionId) => accounts.get(connectionId) ?? null,
    endConnection: (connectionId) => {
      accounts.delete(connectionId);
      if (!failure) send({ type: 'endConnection', connectionId });
    },
    runningJobs: () => running.size,
    receive: (path, name, removeAfter) => demand({ type: 'receive', path, name, removeAfter }),
    outgoing: (token) => demand({ type: 'outgoing', token }),
    readOutgoing: (token, start, length) => demand({ type: 'readOutgoing', token, start, length }),
    release: (token) => demand({ type: 'release', token }),
    makeWorkFolder: (purpose) => demand({ type: 'workFolder', purpose }),
    close: async () => {
      const lastThread = worker;
      const alreadyOver = failure !== null;
      failure = closed;
      if (alreadyOver) {
        await lastThread.terminate();
        return;
      }
      const exited = new Promise<void>((resolve) => lastThread.once('exit', () => resolve()));
      send({ type: 'close' });
      const patience = setTimeout(() => void lastThread.terminate(), closePatience);
      await exited;
      clearTimeout(patience);
    },
  };
}
