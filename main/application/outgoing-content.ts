import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ByteRange } from '../platform/byte-range.ts';
import type { Backend } from './backend-client.ts';
import type { HeldFile } from './backend-protocol.ts';

/** What the backend's thread is asked for at a time: a chunk of the attachment store. */
const chunkBytes = 256 * 1024;

/** The bytes of a file that a host gives out, from its path or out of the backend's store, never through a file of its own. */
export function outgoingContent(
  backend: Pick<Backend, 'readOutgoing'>,
  token: string,
  { path, bytes }: Pick<HeldFile, 'path' | 'bytes'>,
  { start, end }: ByteRange = { start: 0, end: bytes - 1 },
): Readable {
  if (bytes === 0) return Readable.from([]);
  if (path !== null) return createReadStream(path, { start, end });
  return Readable.from(
    (async function* () {
      for (let at = start; at <= end; at += chunkBytes) {
        yield Buffer.from(await backend.readOutgoing(token, at, Math.min(chunkBytes, end - at + 1)));
      }
    })(),
  );
}
