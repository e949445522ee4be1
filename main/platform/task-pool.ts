import { Worker } from 'node:worker_threads';
import { sweepThreads } from './data-directory.ts';
import { ApplicationError, cancelled, type ErrorReport, errorFrom } from './errors.ts';
import { workerEntry } from './resources.ts';
import type { WriteGate } from './write-gate.ts';

/** How far a long piece of work is. `total` 0 while it is not known. */
export interface Progress {
  step: string;
  done: number;
  total: number;
  unit: '件' | '人' | '頁' | '位元組' | '項';
}

export interface TaskRun {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** What every task worker is given: where the data lies and its keys. In memory only. */
export interface TaskEnvironment {
  dataDirectory: string;
  masterKey: Uint8Array;
  /** Fixed time for tests, ISO; otherwise the system's. */
  fixedNow?: string;
}

export type ToWorker = { type: 'run'; name: string; input: unknown } | { type: 'granted' } | { type: 'cancel' } | { type: 'end' };
export type FromWorker =
  | { type: 'progress'; progress: Progress }
  | { type: 'acquire' }
  | { type: 'release' }
  | { type: 'mustFinish' }
  | { type: 'done'; result: unknown }
  | { type: 'failed'; error: ErrorReport };

const died = (task: string, cause: unknown) =>
  new ApplicationError(
    'task.died',
    '背景作業意外中斷，沒有留下未完成的資料。請再試一次。',
    { task, cause: (cause as Error)?.name ?? cause },
    { cause },
  );

/** Milliseconds a thread that was told to stop is waited for before it is stopped. */
const patience = 2_000;

/**
 * Runs tasks (main/application/tasks.ts) that burn CPU or disk, each in a worker thread of its own: own read
 * connections, and the write lease asked for when it applies something. Cancelling asks the task first and ends
 * the thread after a grace period; a transaction that was open is rolled back by SQLite.
 */
export class TaskPool {
  readonly #gate: WriteGate;
  readonly #environment: TaskEnvironment;
  readonly #running = new Set<Worker>();
  readonly #keepsSpare: boolean;
  #spare: Worker | undefined;
  /** Threads that have been told to end. */
  readonly #ending = new Set<Promise<void>>();
  /** Threads that have ended, and may have left something. */
  readonly #gone = new Set<number>();
  #closed = false;

  /** @param keepsSpare true where someone waits for the first page: the next task finds a thread that has started already */
  constructor(gate: WriteGate, environment: TaskEnvironment, { keepsSpare = false }: { keepsSpare?: boolean } = {}) {
    this.#gate = gate;
    this.#environment = environment;
    this.#keepsSpare = keepsSpare;
  }

  #start(): Worker {
    const worker = new Worker(workerEntry('main/application/task-worker.ts'), {
      workerData: { environment: this.#environment },
      name: 'task',
    });
    const { threadId } = worker;
    worker.once('exit', () => this.#gone.add(threadId));
    return worker;
  }

  /** Whatever threads that are gone left in their work folders goes too; what cannot be removed now is tried again, at the latest at the next start. */
  async #sweep(): Promise<void> {
    const gone = new Set(this.#gone);
    try {
      await sweepThreads(this.#environment.dataDirectory, gone);
      for (const threadId of gone) this.#gone.delete(threadId);
    } catch {
      // They stay in the set.
    }
  }

  /** Starts the next task's thread while nobody waits. It holds nothing open and ends with the process. */
  readySpare(): void {
    if (!this.#keepsSpare || this.#spare || this.#closed) return;
    const spare = this.#start();
    this.#spare = spare;
    spare.unref();
    // A spare that dies is no one's failure: the next task starts its own thread and tells.
    spare.on('error', this.#spareGone);
    spare.on('exit', this.#spareGone);
  }

  readonly #spareGone = () => {
    this.#spare = undefined;
  };

  #take(): Worker {
    const spare = this.#spare;
    this.#spare = undefined;
    if (!spare) return this.#start();
    spare.off('error', this.#spareGone);
    spare.off('exit', this.#spareGone);
    spare.ref();
    return spare;
  }

  /**
   * Tells a thread to end and lets it: ended from outside while native code runs (SQLite, the cipher, a module being
   * loaded), Node was seen to fall with the whole process, once in some thousand tasks.
   */
  #end(worker: Worker): void {
    // A thread that has ended by itself has the number -1 and tells no more.
    if (worker.threadId === -1) return;
    const ending = new Promise<void>((resolve) => {
      const impatience = setTimeout(() => void worker.terminate(), patience).unref();
      worker.once('exit', () => {
        clearTimeout(impatience);
        void this.#sweep().then(() => {
          this.#ending.delete(ending);
          resolve();
        });
      });
    });
    this.#ending.add(ending);
    worker.postMessage({ type: 'end' } satisfies ToWorker);
  }

  /**
   * @param name a task of main/application/tasks.ts
   * @param input structured-cloneable
   * @returns what the task answers; rejects with its `ApplicationError`, or `job.cancelled`
   */
  run<Result>(name: string, input: unknown, { signal, onProgress }: TaskRun = {}): Promise<Result> {
    if (signal?.aborted) return Promise.reject(cancelled());
    const worker = this.#take();
    this.#running.add(worker);
    worker.postMessage({ type: 'run', name, input } satisfies ToWorker);
    return new Promise<Result>((resolve, reject) => {
      let lease: { release: () => void } | undefined;
      let over = false;
      let heedsCancel = true;
      let graceTimer: NodeJS.Timeout | undefined;
      const finish = (settle: () => void) => {
        over = true;
        clearTimeout(graceTimer);
        signal?.removeEventListener('abort', cancel);
        lease?.release();
        this.#running.delete(worker);
        this.#end(worker);
        settle();
        this.readySpare();
      };
      const cancel = () => {
        worker.postMessage({ type: 'cancel' } satisfies ToWorker);
        graceTimer = setTimeout(() => void worker.terminate(), patience);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      worker.on('message', (message: FromWorker) => {
        if (over) return;
        if (message.type === 'progress') onProgress?.(message.progress);
        else if (message.type === 'done') finish(() => resolve(message.result as Result));
        else if (message.type === 'failed') finish(() => reject(errorFrom(message.error)));
        else if (message.type === 'release') {
          lease?.release();
          lease = undefined;
        } else if (message.type === 'mustFinish') {
          heedsCancel = false;
          clearTimeout(graceTimer);
          signal?.removeEventListener('abort', cancel);
        } else {
          void this.#gate.acquire().then((granted) => {
            if (over) return granted.release();
            lease = granted;
            worker.postMessage({ type: 'granted' } satisfies ToWorker);
          });
        }
      });
      let cause: unknown;
      worker.on('error', (error) => {
        cause = error;
      });
      worker.on('exit', async (exitCode) => {
        if (over) return;
        await this.#sweep();
        finish(() => reject(heedsCancel && signal?.aborted ? cancelled() : died(name, cause ?? exitCode)));
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const spare = this.#spare;
    this.#spare = undefined;
    spare?.off('exit', this.#spareGone);
    if (spare) {
      spare.ref();
      this.#end(spare);
    }
    await Promise.all([...this.#ending, ...[...this.#running].map((worker) => worker.terminate())]);
  }
}
