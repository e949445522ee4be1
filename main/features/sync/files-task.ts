import type { Task } from '../../application/task-context.ts';
import { type CityAddress, createCityClient } from '../../central/client.ts';
import { reportOf } from '../../platform/errors.ts';

export interface FetchFilesInput {
  city: CityAddress;
  sha256s: readonly string[];
  /** Goes on past files that the city does not have, or has damaged, and answers them. */
  tolerant: boolean;
}

const downloadsAtOnce = 6;
/** Bytes put into the store in one transaction: enough that syncing the disk costs little, little enough to hold in memory. */
const batchBytes = 16 * 1024 * 1024;

/**
 * Downloads files, several at once, and puts them into the attachment store in batches under the write lease.
 * @returns the SHA-256 of those that the city does not have or has damaged; none unless `tolerant`
 */
export const run: Task<FetchFilesInput, string[]> = async ({ city: address, sha256s, tolerant }, context) => {
  const { clock, report } = context;
  const store = context.openAttachments('write');
  const city = createCityClient(address, { clock });
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const wanted = [...new Set(sha256s)].filter((sha256) => !store.has(sha256));
  const queue = wanted.values();
  let ready: Buffer[] = [];
  let readyBytes = 0;
  let done = 0;
  const lost: string[] = [];
  let storing: Promise<void> = Promise.resolve();

  const putAll = store.sqlite.transaction((batch: readonly Buffer[]) => {
    for (const content of batch) store.put(content);
  });
  const storeReady = () => {
    const batch = ready;
    ready = [];
    readyBytes = 0;
    storing = storing.then(() =>
      context.withWriteLease(() => {
        putAll(batch);
        done += batch.length;
        report({ step: '下載附件', done, total: wanted.length, unit: '件' });
      }),
    );
    return storing;
  };
  const fileOrLost = async (sha256: string): Promise<Buffer | null> => {
    try {
      return await city.file(sha256, signal);
    } catch (error) {
      if (!['sync.notFound', 'attachment.damaged'].includes(reportOf(error).code)) throw error;
      lost.push(sha256);
      return null;
    }
  };
  const download = async () => {
    for (const sha256 of queue) {
      signal.throwIfAborted();
      const content = await (tolerant ? fileOrLost(sha256) : city.file(sha256, signal));
      if (content === null) continue;
      ready.push(content);
      readyBytes += content.byteLength;
      if (readyBytes >= batchBytes) await storeReady();
    }
  };

  report({ step: '下載附件', done: 0, total: wanted.length, unit: '件' });
  const downloads = Array.from({ length: Math.min(downloadsAtOnce, wanted.length) }, download);
  try {
    await Promise.all(downloads);
    await storeReady();
    return lost;
  } finally {
    stop.abort();
    await Promise.allSettled([...downloads, storing]);
    city.close();
  }
};
