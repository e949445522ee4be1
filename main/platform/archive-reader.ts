import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { checksum, type EntryDecipher, plainText, winZipAes, zipCrypto } from './archive-cipher.ts';
import { damaged, sizeMismatch, tooBig, truncated, unsupportedMethod } from './archive-errors.ts';
import { type ArchiveEntry, type ArchiveLimits, list, type Placed } from './archive-listing.ts';

export interface ArchiveReader {
  entries: readonly ArchiveEntry[];
  /** Bytes of padding behind the archive. */
  padding: number;
  /** One entry's content, complete and authenticated. @throws archive.passwordWrong, .damaged, .tooBig */
  read: (entry: ArchiveEntry, password: string, atMost: number) => Promise<Buffer>;
  /** Streams a stored entry into a new file. @throws archive.passwordWrong, .damaged, .tooBig */
  copyTo: (entry: ArchiveEntry, password: string, path: string, atMost: number) => Promise<void>;
  close: () => Promise<void>;
}

const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);
const readBytes = 1024 * 1024;

function decipherFor({ encryption, source }: Placed, password: string): EntryDecipher {
  switch (encryption) {
    case 'none':
      return plainText();
    case 'ZipCrypto':
      return zipCrypto(password, source.generalPurposeBitFlag & 8 ? source.lastModFileTime >>> 8 : source.crc32 >>> 24);
    default:
      return winZipAes(password, ({ 'AES-128': 1, 'AES-192': 2, 'AES-256': 3 } as const)[encryption]);
  }
}

async function readFully(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) throw truncated('content');
    filled += bytesRead;
  }
  return buffer;
}

/**
 * Opens a ZIP for reading, nothing else: its whole listing is checked before any content is touched. Names that could
 * leave a folder or fall together, links, overlapping entries and unknown methods are refused.
 * @throws archive.* of archive-errors.ts
 */
export async function openArchive(path: string, limits: ArchiveLimits): Promise<ArchiveReader> {
  const file = await open(path, 'r');
  try {
    const { entries, padding } = await list(file, limits);

    async function* decrypted(entry: Placed, password: string): AsyncGenerator<Buffer> {
      const decipher = decipherFor(entry, password);
      const contentBytes = entry.compressedBytes - decipher.headerBytes - decipher.trailerBytes;
      if (contentBytes < 0) throw sizeMismatch({ reason: 'entry too short' });
      let position = entry.dataAt;
      if (decipher.headerBytes > 0) decipher.begin(await readFully(file, decipher.headerBytes, position));
      position += decipher.headerBytes;
      for (let left = contentBytes; left > 0; ) {
        const chunk = await readFully(file, Math.min(readBytes, left), position);
        position += chunk.byteLength;
        left -= chunk.byteLength;
        yield decipher.update(chunk);
      }
      decipher.finish(await readFully(file, decipher.trailerBytes, position));
    }

    const check = (entry: Placed, bytes: number, crc: number) => {
      if (bytes !== entry.bytes) throw sizeMismatch({ bytes, declared: entry.bytes });
      if (entry.crcHolds && crc !== entry.source.crc32) throw damaged({ reason: 'crc' });
    };

    return {
      entries,
      padding,
      read: async (given, password, atMost) => {
        const entry = given as Placed;
        if (entry.bytes > atMost || entry.compressedBytes > atMost + 1024 * 1024) throw tooBig({ rule: 'entry', bytes: entry.bytes });
        const parts: Buffer[] = [];
        for await (const chunk of decrypted(entry, password)) parts.push(chunk);
        const raw = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
        let content = raw;
        if (!entry.stored) {
          try {
            content = await inflate(raw, { maxOutputLength: Math.max(1, entry.bytes) });
          } catch (error) {
            const reason = (error as NodeJS.ErrnoException).code ?? 'inflate';
            throw reason === 'ERR_BUFFER_TOO_LARGE' ? sizeMismatch({ declared: entry.bytes }) : damaged({ reason });
          }
        }
        const crc = checksum();
        if (entry.crcHolds) crc.update(content);
        check(entry, content.byteLength, crc.value());
        return content;
      },
      copyTo: async (given, password, target, atMost) => {
        const entry = given as Placed;
        if (!entry.stored) throw unsupportedMethod('compressed inner archive');
        if (entry.bytes > atMost) throw tooBig({ rule: 'entry', bytes: entry.bytes });
        const crc = checksum();
        let bytes = 0;
        await pipeline(
          async function* () {
            for await (const chunk of decrypted(entry, password)) {
              bytes += chunk.byteLength;
              if (entry.crcHolds) crc.update(chunk);
              yield chunk;
            }
          },
          createWriteStream(target, { flags: 'wx', mode: 0o600 }),
        );
        check(entry, bytes, crc.value());
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
