/** Entry of the thread that reads an archive's entries for another (archive-digest.ts). */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { bytesAt } from './archive-bytes.ts';
import type { FromReader, ReaderData, ToReader } from './archive-digest.ts';
import { type EntryPlace, readEntry } from './archive-entry.ts';
import { failureOf } from './thread-failure.ts';

const port = parentPort!;
const { archive: place, password } = workerData as ReaderData;
const archive = bytesAt(place);

function digest(tray: ArrayBuffer, offset: number, place: EntryPlace): { md5: string; sha256: string } {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  readEntry(archive, place, password, Buffer.from(tray, offset, place.bytes), (part) => {
    md5.update(part);
    sha256.update(part);
  });
  return { md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}

port.on('message', (message: ToReader) => {
  if (message.type === 'end') return port.close();
  const { tray, entries } = message;
  try {
    const digests = entries.map(({ offset, place }) => digest(tray, offset, place));
    port.postMessage({ state: 'filled', tray, digests } satisfies FromReader, [tray]);
  } catch (error) {
    port.postMessage(failureOf(error));
  }
});
