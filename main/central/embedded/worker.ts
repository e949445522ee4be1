import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ApplicationError, type ErrorReport, errorFrom } from '../../platform/errors.ts';
import { workerEntry } from '../../platform/resources.ts';
import type { CityAddress } from '../client.ts';

export interface CityWorkerData {
  storePath: string;
  key?: Uint8Array;
  /** Milliseconds by which this city's clock is ahead of the computer's: its day is the office's, whose clock may stand. */
  clockShift?: number;
}

export type FromCityWorker =
  | { type: 'ready'; address: Omit<CityAddress, 'schoolCode'> }
  | { type: 'failed'; error: ErrorReport }
  | { type: 'closed' };

export interface CityThread {
  address: Omit<CityAddress, 'schoolCode'>;
  close: () => Promise<void>;
}

/** Starts the embedded city in a worker thread, so that serving a trial school never holds the backend up. */
export async function startCityThread(data: CityWorkerData): Promise<CityThread> {
  const worker = new Worker(workerEntry('main/central/embedded/city-worker.ts'), { workerData: data, name: 'embedded city' });
  const [first] = (await once(worker, 'message')) as [FromCityWorker];
  if (first.type !== 'ready') {
    await worker.terminate();
    if (first.type === 'failed') throw errorFrom(first.error);
    throw new ApplicationError('sync.offline', '試用學校的市級系統無法啟動，請重新開啟程式。');
  }
  // The process may end while the city is up.
  worker.unref();
  return {
    address: first.address,
    close: async () => {
      worker.ref();
      worker.postMessage('close');
      await once(worker, 'exit');
    },
  };
}
