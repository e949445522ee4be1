/** Entry of the trial school's city in a worker thread of its own: says where it is, closes when asked. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../platform/clock.ts';
import { reportOf } from '../../platform/errors.ts';
import { startEmbeddedCity } from './city.ts';
import type { CityWorkerData, FromCityWorker } from './worker.ts';

const port = parentPort!;
const { storePath, key, clockShift = 0 } = workerData as CityWorkerData;
const tell = (message: FromCityWorker) => port.postMessage(message);

try {
  const clock = { now: () => new Date(systemClock.now().getTime() + clockShift) };
  const city = await startEmbeddedCity({ storePath, key, clock });
  port.once('message', () => {
    void city.close().then(() => {
      tell({ type: 'closed' });
      port.close();
    });
  });
  tell({ type: 'ready', address: { url: city.url, deviceId: city.deviceId, deviceKey: city.deviceKey } });
} catch (error) {
  tell({ type: 'failed', error: reportOf(error) });
  port.close();
}
