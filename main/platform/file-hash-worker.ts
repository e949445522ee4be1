/** Entry of the thread that hashes a file for another (file-hash.ts). */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromHasher } from './file-hash.ts';
import { failureOf } from './thread-failure.ts';

const port = parentPort!;
const { path } = workerData as { path: string };
const send = (message: FromHasher) => port.postMessage(message);
const stop = new AbortController();
port.on('message', () => stop.abort());

async function hash(): Promise<void> {
  const md5 = createHash('md5');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal: stop.signal })) {
    md5.update(chunk);
    bytes += (chunk as Buffer).byteLength;
    send({ state: 'read', bytes: (chunk as Buffer).byteLength });
  }
  send({ state: 'hashed', md5: md5.digest('hex'), bytes });
}

try {
  await hash();
} catch (error) {
  // Stopped, it answers nothing more.
  if (!stop.signal.aborted) send(failureOf(error));
}
port.close();
