import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { LittleEndianCounterMode, macBytes, winZipKeys, ZipCryptoStream, zipCryptoHeaderBytes } from './archive-cipher.ts';
import {
  type ArchiveEncryption,
  addedBytes,
  centralRecord,
  type DosTime,
  dosTime,
  endRecords,
  localHeader,
  type RecordedEntry,
  saltBytes,
} from './archive-records.ts';
import { cancelled } from './errors.ts';

/**
 * Writing ZIP files. An archive is laid out first, to the byte, and then made as a stream: contents go from where they
 * are kept through the cipher into the file, a piece at a time, so that neither memory nor disk ever holds them plain.
 */

/** A content to be written. */
export interface ArchiveSource {
  name: string;
  bytes: number;
  /** Of the content, hex: what it is held against when the file is checked. */
  sha256: string;
  /** Bytes that `content` gives, where it gives them deflated. */
  deflatedBytes?: number;
  /** Needed where the encryption is not AES. */
  crc32?: number;
  /** The bytes, as often as asked. Each piece is the writer's own: it is encrypted in place. */
  content: () => Iterable<Buffer>;
}

/** An archive within the archive. */
export interface InnerArchive {
  name: string;
  archive: ArchiveImage;
}

/** What lies in an archive, in its order: records word for word, and contents. Structured-cloneable. */
export type ArchivePiece = { kind: 'record'; bytes: Uint8Array } | SealedContent;

export interface SealedContent {
  kind: 'content';
  encryption: ArchiveEncryption;
  /** In the archive, without what encryption adds. */
  packedBytes: number;
  /** What comes out: bytes of this hash, or an archive. */
  holds: { bytes: number; sha256: string; deflated: boolean } | { pieces: readonly ArchivePiece[] };
}

/** An archive laid out: its exact size, what it will hold, and its bytes. */
export interface ArchiveImage {
  bytes: number;
  pieces: readonly ArchivePiece[];
  /** The bytes from first to last; salts are new each time. */
  stream: () => Generator<Buffer>;
}

export interface Sealing {
  encryption: ArchiveEncryption;
  /** Empty where nothing is encrypted. */
  password: string;
  /** Stands at every entry. */
  modified: Date;
}

const blockBytes = 1024 * 1024;
/** So much may lie in the system's memory and not on the disk yet: it bounds how long the last flush takes. */
const flushBytes = 64 * 1024 * 1024;

/** Bytes at hand as a content, as they are. */
export function storedContent(name: string, content: Buffer): ArchiveSource {
  return {
    name,
    bytes: content.byteLength,
    sha256: createHash('sha256').update(content).digest('hex'),
    crc32: crc32(content),
    content: () => [Buffer.from(content)],
  };
}

/** A text as a content, deflated while it is made: it is never in memory as a whole. */
export async function deflatedText(name: string, text: Iterable<string>, signal?: AbortSignal): Promise<ArchiveSource> {
  const hash = createHash('sha256');
  let bytes = 0;
  let checksum = 0;
  const deflated: Buffer[] = [];
  const encoded = function* () {
    for (const part of text) {
      const piece = Buffer.from(part, 'utf8');
      hash.update(piece);
      checksum = crc32(piece, checksum);
      bytes += piece.byteLength;
      yield piece;
    }
  };
  await pipeline(
    Readable.from(encoded()),
    createDeflateRaw(),
    async (packed: AsyncIterable<Buffer>) => {
      for await (const piece of packed) deflated.push(piece);
    },
    { signal },
  );
  return {
    name,
    bytes,
    sha256: hash.digest('hex'),
    deflatedBytes: deflated.reduce((sum, piece) => sum + piece.byteLength, 0),
    crc32: checksum,
    content: () => deflated.map((piece) => Buffer.from(piece)),
  };
}

function* sealedByAes(content: Iterable<Buffer>, password: string): Generator<Buffer> {
  const salt = randomBytes(saltBytes);
  const { encryption, authentication, verifier } = winZipKeys(password, salt);
  yield Buffer.concat([salt, verifier]);
  const counterMode = new LittleEndianCounterMode(encryption);
  const mac = createHmac('sha1', authentication);
  for (const piece of content) {
    counterMode.apply(piece);
    mac.update(piece);
    yield piece;
  }
  yield mac.digest().subarray(0, macBytes);
}

function* sealedByZipCrypto(content: Iterable<Buffer>, password: string, checksum: number): Generator<Buffer> {
  const stream = new ZipCryptoStream(password);
  const header = randomBytes(zipCryptoHeaderBytes);
  header[zipCryptoHeaderBytes - 1] = checksum >>> 24;
  yield stream.encrypt(header);
  for (const piece of content) yield stream.encrypt(piece);
}

function sealed({ encryption, crc32: checksum }: RecordedEntry, content: Iterable<Buffer>, password: string): Iterable<Buffer> {
  if (encryption === 'aes256') return sealedByAes(content, password);
  return encryption === 'zipCrypto' ? sealedByZipCrypto(content, password, checksum) : content;
}

/** Gathers pieces into blocks of one size; two blocks take turns, so one may be written while the next is filled. */
function* inBlocks(pieces: Iterable<Buffer>): Generator<Buffer> {
  let block = Buffer.allocUnsafeSlow(blockBytes);
  let other = Buffer.allocUnsafeSlow(blockBytes);
  let filled = 0;
  for (const piece of pieces) {
    for (let start = 0; start < piece.byteLength; ) {
      const copied = piece.copy(block, filled, start);
      start += copied;
      filled += copied;
      if (filled < blockBytes) continue;
      yield block;
      [block, other] = [other, block];
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

interface Placed {
  entry: RecordedEntry;
  holds: SealedContent['holds'];
  content: () => Iterable<Buffer>;
}

function place(source: ArchiveSource | InnerArchive, encryption: ArchiveEncryption, modified: DosTime): Placed {
  const described = { name: source.name, encryption, modified };
  if ('archive' in source) {
    if (encryption !== 'aes256') throw new Error('an inner archive has no checksum beforehand: it goes into AES only');
    const { bytes, pieces, stream } = source.archive;
    return {
      entry: { ...described, deflated: false, crc32: 0, bytes, packedBytes: bytes + addedBytes[encryption] },
      holds: { pieces },
      content: () => inBlocks(stream()),
    };
  }
  const { bytes, sha256, deflatedBytes, content } = source;
  if (encryption !== 'aes256' && source.crc32 === undefined) throw new Error('a content without its checksum goes into AES only');
  const deflated = deflatedBytes !== undefined;
  return {
    entry: {
      ...described,
      deflated,
      crc32: source.crc32 ?? 0,
      bytes,
      packedBytes: (deflatedBytes ?? bytes) + addedBytes[encryption],
    },
    holds: { bytes, sha256, deflated },
    content,
  };
}

/**
 * Lays an archive out: entries in the order given, texts first where they are given so.
 * @returns the archive as it will be, to the byte, before any content was read
 */
export function layOutArchive(sources: readonly (ArchiveSource | InnerArchive)[], sealing: Sealing): ArchiveImage {
  const pieces: ArchivePiece[] = [];
  const listing: Buffer[] = [];
  const contents: Placed[] = [];
  const modified = dosTime(sealing.modified);
  let offset = 0;
  for (const source of sources) {
    const placed = place(source, sealing.encryption, modified);
    const { entry, holds } = placed;
    const header = localHeader(entry);
    pieces.push({ kind: 'record', bytes: header });
    pieces.push({ kind: 'content', encryption: entry.encryption, packedBytes: entry.packedBytes - addedBytes[entry.encryption], holds });
    contents.push(placed);
    listing.push(centralRecord(entry, offset));
    offset += header.byteLength + entry.packedBytes;
  }
  const records = Buffer.concat(listing);
  const ending = Buffer.concat([records, endRecords(sources.length, { offset, bytes: records.byteLength })]);
  pieces.push({ kind: 'record', bytes: ending });
  return {
    bytes: offset + ending.byteLength,
    pieces,
    stream: function* () {
      let next = 0;
      for (const piece of pieces) {
        if (piece.kind === 'record') yield Buffer.from(piece.bytes);
        else {
          const { entry, content } = contents[next]!;
          next += 1;
          yield* sealed(entry, exactly(content(), piece.packedBytes), sealing.password);
        }
      }
    },
  };
}

/** A content of another length than was laid out would make every offset behind it wrong. */
function* exactly(content: Iterable<Buffer>, bytes: number): Generator<Buffer> {
  let seen = 0;
  for (const piece of content) {
    seen += piece.byteLength;
    yield piece;
  }
  if (seen !== bytes) throw new Error(`a content of ${bytes} bytes gave ${seen}`);
}

async function writeWhole(file: FileHandle, block: Buffer): Promise<void> {
  for (let written = 0; written < block.byteLength; ) {
    written += (await file.write(block, written, block.byteLength - written)).bytesWritten;
  }
}

export interface ArchiveWriting {
  signal?: AbortSignal;
  /** Told of every block that another reader of the file can see. @param bytes from the start */
  onWritten?: (bytes: number) => void;
}

/**
 * Writes a laid-out archive into a new file and onto the disk. Between blocks other work of the thread gets its turn.
 * @param path must not exist; on any failure it is removed
 * @throws disk.full (as ENOSPC), job.cancelled, and what the contents throw
 */
export async function writeArchive(path: string, image: ArchiveImage, { signal, onWritten }: ArchiveWriting = {}): Promise<void> {
  signal?.throwIfAborted();
  const file = await open(path, 'wx', 0o600);
  try {
    let bytes = 0;
    let unflushed = 0;
    let writing = Promise.resolve();
    let flushing = Promise.resolve();
    try {
      for (const block of inBlocks(image.stream())) {
        await writing;
        signal?.throwIfAborted();
        if (bytes > 0) onWritten?.(bytes);
        if (unflushed >= flushBytes) {
          await flushing;
          flushing = file.datasync();
          flushing.catch(() => {});
          unflushed = 0;
        }
        writing = writeWhole(file, block);
        writing.catch(() => {});
        bytes += block.byteLength;
        unflushed += block.byteLength;
      }
    } finally {
      // Nothing may still write when the file is closed.
      await Promise.allSettled([writing, flushing]);
    }
    await writing;
    await flushing;
    onWritten?.(bytes);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw signal?.aborted ? cancelled() : error;
  }
  await file.close();
}
