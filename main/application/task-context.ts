import type { SqliteConnection } from '../../db/sqlite.ts';
import type { AttachmentStore } from '../platform/attachment-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataDirectory } from '../platform/data-directory.ts';
import type { Logger } from '../platform/logger.ts';
import type { Progress } from '../platform/task-pool.ts';

/** What a task gets in its worker thread. Connections it opened are closed behind it. */
export interface TaskContext {
  directory: DataDirectory;
  masterKey: Uint8Array;
  clock: Clock;
  log: Logger;
  /** Aborted by cancel: check it in loops (`signal.throwIfAborted()`), pass it to what can be aborted. */
  signal: AbortSignal;
  report: (progress: Progress) => void;
  openReader: () => SqliteConnection;
  /** Write only inside `withWriteLease`. */
  openWriter: () => SqliteConnection;
  /** `write`: put only inside `withWriteLease`. */
  openAttachments: (access: 'read' | 'write') => AttachmentStore;
  /** Waits until no one else writes, runs `work`, lets the next one in. */
  withWriteLease: <Result>(work: () => Result | Promise<Result>) => Promise<Result>;
  /**
   * From here on the task runs to its end: no cancellation reaches it any more, and its thread is not ended for being slow.
   * For what must not stop half-way. @throws `job.cancelled` where a cancellation was there before
   */
  mustFinish: () => Promise<void>;
}

/** A task module: `export const run: Task<Input, Result> = async (input, context) => …` */
export type Task<Input, Result> = (input: Input, context: TaskContext) => Promise<Result> | Result;
