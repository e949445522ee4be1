import { createHmac, timingSafeEqual } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type ArchiveBytes, bytesAt } from './archive-bytes.ts';
import { macBytes, verifierBytes, winZipKeys } from './archive-cipher.ts';
import { type Digested, digestEntries } from './archive-digest.ts';
import { type EntryPlace, readEntry } from './archive-entry.ts';
import { damaged, passwordWrong, sizeMismatch, tooBig, truncated, unsupportedMethod } from './archive-errors.ts';
import { type ArchiveEntry, type ArchiveLimits, list, type Placed } from './archive-listing.ts';

/** What an archive lists and holds. */
export interface ArchiveContents {
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
}

export interface ArchiveReader extends ArchiveContents {
  /**
   * What a stored AES entry of a file holds, to be read where it lies (`readArchive`) while this archive is open. It is authenticated whole
   * before. @throws archive.passwordWrong, .damaged, .unsupportedMethod, and the signal's reason
   */
  unseal: (entry: ArchiveEntry, password: string, unsealing: Unsealing) => Promise<ArchiveBytes>;
  close: () => Promise<void>;
}

export interface Unsealing {
  signal: AbortSignal;
  /** @param bytes authenticated since the last time */
  onRead: (bytes: number) => void;
}

const strengths = { 'AES-128': 1, 'AES-192': 2, 'AES-256': 3 } as const;
const blockBytes = 1024 * 1024;

/** @throws archive.tooBig */
function checkSize({ bytes, compressedBytes }: ArchiveEntry, atMost: number): void {
  if (bytes > atMost || compressedBytes > atMost + 1024 * 1024) throw tooBig({ rule: 'entry', bytes });
}

function placeOf(entry: ArchiveEntry): EntryPlace {
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
}

async function readFully(file: FileHandle, target: Buffer, position: number): Promise<Buffer> {
  for (let filled = 0; filled < target.byteLength; ) {
    const { bytesRead } = await file.read(target, filled, target.byteLength - filled, position + filled);
    if (bytesRead === 0) throw truncated('content');
    filled += bytesRead;
  }
  return target;
}

/** Other work of the thread gets its turn after each block. */
async function unseal(file: FileHandle, place: EntryPlace, password: string, { signal, onRead }: Unsealing): Promise<ArchiveBytes> {
  const { dataAt, compressedBytes, bytes, encryption, stored } = place;
  if (!stored || encryption === 'none' || encryption === 'ZipCrypto') throw unsupportedMethod('inner archive');
  const saltBytes = 4 + strengths[encryption] * 4;
  const headerBytes = saltBytes + verifierBytes;
  if (compressedBytes !== headerBytes + bytes + macBytes) throw sizeMismatch({ declared: bytes });
  const header = await readFully(file, Buffer.alloc(headerBytes), dataAt);
  const keys = winZipKeys(password, header.subarray(0, saltBytes));
  if (!keys.verifier.equals(header.subarray(saltBytes))) throw passwordWrong();
  const at = dataAt + headerBytes;
  const mac = createHmac('sha1', keys.authentication);
  const block = Buffer.allocUnsafeSlow(blockBytes);
  for (let read = 0; read < bytes; read += blockBytes) {
    signal.throwIfAborted();
    const part = await readFully(file, block.subarray(0, Math.min(blockBytes, bytes - read)), at + read);
    mac.update(part);
    onRead(part.byteLength);
  }
  const code = await readFully(file, Buffer.alloc(macBytes), at + bytes);
  if (!timingSafeEqual(mac.digest().subarray(0, macBytes), code)) throw damaged();
  return bytesAt({ file: file.fd, at, size: bytes, key: keys.encryption });
}

/** Reads archives whose bytes are at hand already; they stay whoever opened them's to close. */
export async function readArchive(bytes: ArchiveBytes, limits: ArchiveLimits): Promise<ArchiveContents> {
  const { entries, padding } = await list(bytes, limits);
  return {
    entries,
    padding,
    read: async (entry, password, atMost) => {
      checkSize(entry, atMost);
      const content = Buffer.allocUnsafeSlow(entry.bytes);
      readEntry(bytes, placeOf(entry), password, content);
      return content;
    },
    readAll: async function* (wanted, password, atMost, signal) {
      for (const entry of wanted) checkSize(entry, atMost);
      const placed = wanted.map((entry) => ({ entry, place: placeOf(entry) })).sort((a, b) => a.place.dataAt - b.place.dataAt);
      yield* digestEntries(bytes.place, placed, password, signal);
    },
  };
}

/**
 * Opens a ZIP for reading, nothing else: its whole listing is checked before any content is touched. Names that could
 * leave a folder or fall together, links, overlapping entries and unknown methods are refused.
 * @throws archive.* of archive-errors.ts
 */
export async function openArchive(path: string, limits: ArchiveLimits): Promise<ArchiveReader> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return {
      ...(await readArchive(bytesAt({ file: file.fd, at: 0, size, key: null }), limits)),
      unseal: (entry, password, unsealing) => unseal(file, placeOf(entry), password, unsealing),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
