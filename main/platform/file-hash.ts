import { Worker } from 'node:worker_threads';
import { workerEntry } from './resources.ts';
import { errorOf, type ThreadFailure, threadDied } from './thread-failure.ts';

export type ToHasher = { type: 'stop' };
export type FromHasher = { state: 'read'; bytes: number } | { state: 'hashed'; md5: string; bytes: number } | ThreadFailure;

export interface Hashing {
  signal: AbortSignal;
  /** @param bytes read since the last time */
  onRead: (bytes: number) => void;
}

/**
 * MD5 of a file, in a thread of its own: at 800 MB/s it would hold up whoever has other work.
 * @returns 32 lower-case hex digits, and how many bytes there were
 * @throws the disk's error, task.died, and the signal's reason
 */
export async function md5OfFile(path: string, { signal, onRead }: Hashing): Promise<{ md5: string; bytes: number }> {
  signal.throwIfAborted();
  const worker = new Worker(workerEntry('main/platform/file-hash-worker.ts'), { workerData: { path }, name: 'file hash' });
  // Told to stop and not ended from outside: see TaskPool's own threads.
  const stop = () => worker.postMessage({ type: 'stop' } satisfies ToHasher);
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: FromHasher) => {
        if (message.state === 'read') onRead(message.bytes);
        else if (message.state === 'hashed') resolve(message);
        else reject(errorOf(message));
      });
      const died = (cause: unknown) => reject(signal.aborted ? signal.reason : threadDied('file hash', cause));
      worker.on('error', died);
      worker.on('exit', died);
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await ended;
  }
}
