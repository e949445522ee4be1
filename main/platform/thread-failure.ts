import { ApplicationError, type ErrorReport, errorFrom, reportOf } from './errors.ts';

/** How a helping thread tells the one it helps that it failed: one's own errors whole, the disk's by their code. */
export type ThreadFailure = { state: 'failed'; error: ErrorReport } | { state: 'diskFailed'; code: string };

export function failureOf(error: unknown): ThreadFailure {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (!(error instanceof ApplicationError) && code !== undefined) return { state: 'diskFailed', code };
  return { state: 'failed', error: reportOf(error) };
}

export function errorOf(failure: ThreadFailure): Error {
  return failure.state === 'failed' ? errorFrom(failure.error) : Object.assign(new Error(failure.code), { code: failure.code });
}

/** A thread that ended before it had answered. @param cause its error or its exit code */
export function threadDied(task: string, cause: unknown): ApplicationError {
  const details = { task, cause: (cause as Error | null)?.name ?? cause };
  return new ApplicationError('task.died', '背景作業意外中斷，資料沒有變動。請再試一次。', details, { cause });
}
