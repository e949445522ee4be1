import { open } from 'node:fs/promises';
import { checksum } from './archive-cipher.ts';
import { type Digested, digestEntries } from './archive-digest.ts';
import { decryptedParts, type EntryPlace, partBytes, readEntry } from './archive-entry.ts';
import { damaged, sizeMismatch, tooBig, unsupportedMethod } from './archive-errors.ts';
import { type ArchiveEntry, type ArchiveLimits, list, type Placed } from './archive-listing.ts';

export interface ArchiveReader {
  entries: readonly ArchiveEntry[];
  /** Bytes of padding behind the archive. */
  padding: number;
  /** One entry's content, complete and authenticated. @throws archive.passwordWrong, .damaged, .tooBig */
  read: (entry: ArchiveEntry, password: string, atMost: number) => Promise<Buffer>;
  /**
   * Many entries, in the order in which they lie in the file, some at a time: read, authenticated and hashed in a thread of its own while
   * whoever asked works on those before. @throws archive.passwordWrong, .damaged, .tooBig, task.died, and the signal's reason
   */
  readAll: (
    entries: readonly ArchiveEntry[],
    password: string,
    atMost: number,
    signal: AbortSignal,
  ) => AsyncGenerator<Digested<ArchiveEntry>[]>;
  /** Copies a stored entry into a new file, a part at a time. @throws archive.passwordWrong, .damaged, .tooBig, and the signal's reason */
  copyTo: (entry: ArchiveEntry, password: string, path: string, atMost: number, copying?: Copying) => Promise<void>;
  close: () => Promise<void>;
}

export interface Copying {
  signal?: AbortSignal;
  /** @param bytes copied so far */
  onCopied?: (bytes: number) => void;
}

/** @throws archive.tooBig */
function checkSize({ bytes, compressedBytes }: ArchiveEntry, atMost: number): void {
  if (bytes > atMost || compressedBytes > atMost + 1024 * 1024) throw tooBig({ rule: 'entry', bytes });
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

    const placeOf = (entry: ArchiveEntry): EntryPlace => {
      const { dataAt, bytes, compressedBytes, encryption, stored, crcHolds, source } = entry as Placed;
      return {
        dataAt,
        bytes,
        compressedBytes,
        encryption,
        stored,
        crc32: crcHolds ? source.crc32 : undefined,
        zipCryptoCheck: source.generalPurposeBitFlag & 8 ? source.lastModFileTime >>> 8 : source.crc32 >>> 24,
      };
    };
    return {
      entries,
      padding,
      read: async (entry, password, atMost) => {
        checkSize(entry, atMost);
        const content = Buffer.allocUnsafeSlow(entry.bytes);
        readEntry(file.fd, placeOf(entry), password, content);
        return content;
      },
      readAll: async function* (wanted, password, atMost, signal) {
        for (const entry of wanted) checkSize(entry, atMost);
        const placed = wanted.map((entry) => ({ entry, place: placeOf(entry) })).sort((a, b) => a.place.dataAt - b.place.dataAt);
        yield* digestEntries(file.fd, placed, password, signal);
      },
      copyTo: async (entry, password, target, atMost, { signal, onCopied } = {}) => {
        if (!entry.stored) throw unsupportedMethod('compressed inner archive');
        checkSize(entry, atMost);
        const place = placeOf(entry);
        const part = Buffer.allocUnsafeSlow(partBytes);
        const crc = checksum();
        let copied = 0;
        const copy = await open(target, 'wx', 0o600);
        try {
          for (const content of decryptedParts(file.fd, place, password, (_offset, length) => part.subarray(0, length))) {
            signal?.throwIfAborted();
            if (place.crc32 !== undefined) crc.update(content);
            await copy.writeFile(content);
            copied += content.byteLength;
            onCopied?.(copied);
          }
        } finally {
          await copy.close();
        }
        if (copied !== entry.bytes) throw sizeMismatch({ bytes: copied, declared: entry.bytes });
        if (place.crc32 !== undefined && crc.value() !== place.crc32) throw damaged({ reason: 'crc' });
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
