import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type ArchiveCheck, ArchiveFault, type CheckedArchive } from './archive-check.ts';
import { ApplicationError, type ErrorReport, errorFrom } from './errors.ts';
import { workerEntry } from './resources.ts';

export type ToChecker = { type: 'check'; check: ArchiveCheck } | { type: 'end' };
export type FromChecker =
  | { state: 'right'; archive: CheckedArchive }
  | { state: 'wrong'; fault: ArchiveFault['reason']; sha256: string | undefined }
  | { state: 'failed'; error: ErrorReport };

/** A thread of its own that checks archives, one after another, while this thread writes them. */
export interface ArchiveChecker {
  /**
   * Give it before or while the file is written; whoever gives up stops it by the check's progress.
   * @throws ArchiveFault, job.cancelled, archive.checkerDied
   */
  check: (check: ArchiveCheck) => Promise<CheckedArchive>;
  /** Every check must have ended or been stopped. */
  close: () => Promise<void>;
}

const died = (cause: unknown) =>
  new ApplicationError('archive.checkerDied', '檢查檔案的作業意外中斷，沒有產生檔案。請再試一次。', {
    cause: (cause as Error)?.name ?? cause,
  });

export function startArchiveChecker(): ArchiveChecker {
  const worker = new Worker(workerEntry('main/platform/archive-check-worker.ts'), { name: 'archive check' });
  const waiting: PromiseWithResolvers<CheckedArchive>[] = [];
  let gone: ApplicationError | undefined;
  worker.on('message', (answer: FromChecker) => {
    const { resolve, reject } = waiting.shift()!;
    if (answer.state === 'right') resolve(answer.archive);
    else reject(answer.state === 'wrong' ? new ArchiveFault(answer.fault, answer.sha256) : errorFrom(answer.error));
  });
  const fail = (cause: unknown) => {
    gone ??= died(cause);
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  worker.on('error', fail);
  worker.on('exit', fail);
  return {
    check: (check) => {
      if (gone) return Promise.reject(gone);
      const answer = Promise.withResolvers<CheckedArchive>();
      waiting.push(answer);
      worker.postMessage({ type: 'check', check } satisfies ToChecker);
      return answer.promise;
    },
    close: async () => {
      if (gone) return;
      const exit = once(worker, 'exit');
      // Told to end and not ended from outside: see TaskPool's own threads.
      worker.postMessage({ type: 'end' } satisfies ToChecker);
      await exit;
    },
  };
}
