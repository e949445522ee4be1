/** Entry of a task's worker thread: waits for its one task, runs it and reports to the pool (main/platform/task-pool.ts). */
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { type OpenOptions, openSqlite, type SqliteConnection } from '../../db/sqlite.ts';
import { openAttachmentStore } from '../platform/attachment-store.ts';
import { systemClock } from '../platform/clock.ts';
import { openDataDirectory } from '../platform/data-directory.ts';
import { cancelled, reportOf } from '../platform/errors.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { deriveKey } from '../platform/secret-store.ts';
import type { FromWorker, TaskEnvironment, ToWorker } from '../platform/task-pool.ts';
import type { TaskContext } from './task-context.ts';
import { tasks } from './tasks.ts';

const port = parentPort!;
const { environment } = workerData as { environment: TaskEnvironment };
const send = (message: FromWorker) => port.postMessage(message);
const abort = new AbortController();
const closers: (() => void)[] = [];
let granted: (() => void) | undefined;
let mustFinish = false;

port.on('message', (message: ToWorker) => {
  if (message.type === 'run') void run(message.name as keyof typeof tasks, message.input);
  else if (message.type === 'end') port.close();
  else if (message.type === 'granted') granted?.();
  else if (!mustFinish) abort.abort(cancelled());
});

const fixedNow = environment.fixedNow;

function open<Handle extends { close: () => void }>(handle: Handle): Handle {
  closers.push(() => handle.close());
  return handle;
}

/** Opened for the task and not with the thread: what is wrong with the disk then is the task's failure, not a dead thread. */
function openContext(): TaskContext {
  const directory = openDataDirectory(environment.dataDirectory);
  const databaseKey = deriveKey(environment.masterKey, 'database');
  const attachmentKey = deriveKey(environment.masterKey, 'attachments');
  const openConnection = (options: Omit<OpenOptions, 'key'>): SqliteConnection => {
    const sqlite = openSqlite(directory.database, { key: databaseKey, ...options });
    return open({ sqlite, close: () => sqlite.close() });
  };
  return {
    directory,
    log: createLogger(directory.logs),
    clock: fixedNow ? { now: () => new Date(fixedNow) } : systemClock,
    masterKey: environment.masterKey,
    signal: abort.signal,
    report: (progress) => send({ type: 'progress', progress }),
    openReader: () => openConnection({ readonly: true }),
    openWriter: () => openConnection({ create: false }),
    openAttachments: (access) => open(openAttachmentStore(directory.attachments, { key: attachmentKey, readonly: access === 'read' })),
    withWriteLease: async (work) => {
      await new Promise<void>((resolve, reject) => {
        abort.signal.throwIfAborted();
        abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true });
        granted = resolve;
        send({ type: 'acquire' });
      });
      try {
        return await work();
      } finally {
        granted = undefined;
        send({ type: 'release' });
      }
    },
    mustFinish: async () => {
      // A cancellation that has arrived is heard first.
      await setImmediate();
      abort.signal.throwIfAborted();
      mustFinish = true;
      send({ type: 'mustFinish' });
    },
  };
}

/** Everything is closed before the pool hears of the end: from then on it may end the thread. */
async function run(name: keyof typeof tasks, input: unknown): Promise<void> {
  let answer: FromWorker;
  let log: Logger | undefined;
  try {
    const context = openContext();
    log = context.log;
    const task = await tasks[name]();
    const result = await (task.run as (input: unknown, context: TaskContext) => unknown)(input, context);
    answer = { type: 'done', result };
  } catch (error) {
    const report = reportOf(abort.signal.aborted ? cancelled() : error);
    if (report.code === 'internal') log?.error('task failed', { task: name, stack: (error as Error)?.stack });
    answer = { type: 'failed', error: report };
  }
  for (const close of closers.reverse()) {
    try {
      close();
    } catch (error) {
      log?.error('task left something open', { task: name, stack: (error as Error)?.stack });
    }
  }
  send(answer);
}
