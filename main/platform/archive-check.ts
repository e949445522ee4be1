import { createHash, createHmac } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { LittleEndianCounterMode, macBytes, verifierBytes, winZipKeys, ZipCryptoStream, zipCryptoHeaderBytes } from './archive-cipher.ts';
import { saltBytes } from './archive-records.ts';
import type { ArchivePiece, SealedContent } from './archive-writer.ts';
import { cancelled } from './errors.ts';

/**
 * Checks an archive that was laid out and is being written by another thread: follows behind the writer, reads every
 * byte back from the file, and takes the MD5 of exactly these bytes on the way. Records must be there word for word;
 * every content must be authentic, and decrypt with the password to what should be in it, by SHA-256.
 */
export interface ArchiveCheck {
  path: string;
  password: string;
  pieces: readonly ArchivePiece[];
  progress: SharedArrayBuffer;
}

export interface CheckedArchive {
  bytes: number;
  md5: string;
}

/** What is wrong with a file. `sha256` names the content that is not what it should be; no name tells more of it. */
export class ArchiveFault extends Error {
  readonly reason: 'record' | 'password' | 'authentication' | 'content' | 'size';
  readonly sha256: string | undefined;

  constructor(reason: ArchiveFault['reason'], sha256?: string) {
    super(`the archive is wrong: ${reason}`);
    this.name = 'ArchiveFault';
    this.reason = reason;
    this.sha256 = sha256;
  }
}

/** What writer and checker know of each other, in memory they share. */
export class CheckProgress {
  readonly shared: SharedArrayBuffer;
  readonly #counts: BigInt64Array;

  constructor(shared = new SharedArrayBuffer(24)) {
    this.shared = shared;
    this.#counts = new BigInt64Array(shared);
  }

  /** Bytes that can be read back. */
  get written(): number {
    return Number(Atomics.load(this.#counts, 0));
  }

  set written(bytes: number) {
    Atomics.store(this.#counts, 0, BigInt(bytes));
    Atomics.notify(this.#counts, 0);
  }

  /** Bytes that were read back. */
  get checked(): number {
    return Number(Atomics.load(this.#counts, 1));
  }

  set checked(bytes: number) {
    Atomics.store(this.#counts, 1, BigInt(bytes));
  }

  /** Nothing more will be written, or nobody wants to know any more. */
  stop(): void {
    Atomics.store(this.#counts, 2, 1n);
    Atomics.notify(this.#counts, 0);
  }

  /** Waits, blocking its thread, until so many bytes are written. @throws job.cancelled when they will not be */
  waitFor(bytes: number): void {
    for (;;) {
      const seen = Atomics.load(this.#counts, 0);
      if (Atomics.load(this.#counts, 2) !== 0n) throw cancelled();
      if (seen >= BigInt(bytes)) return;
      // `stop` may have come between the two looks: nothing waits for long.
      Atomics.wait(this.#counts, 0, seen, 200);
    }
  }
}

/** Bytes in their order, each once. */
interface ByteSource {
  take: (length: number) => Buffer;
  /** The next bytes in parts that may be changed; a part holds until the next is asked for. */
  parts: (length: number) => Generator<Buffer>;
}

const partBytes = 256 * 1024;

/** All parts as one. Each is copied before the next is asked for, which comes in the same memory. */
const copied = (parts: Iterable<Buffer>): Buffer => Buffer.concat(Array.from(parts, (part) => Buffer.from(part)));

/** The file from its start, behind the thread that writes it. */
class FollowedFile implements ByteSource {
  readonly #file: number;
  readonly #progress: CheckProgress;
  readonly #md5 = createHash('md5');
  readonly #part = Buffer.allocUnsafeSlow(partBytes);
  #position = 0;

  constructor(file: number, progress: CheckProgress) {
    this.#file = file;
    this.#progress = progress;
  }

  #fill(target: Buffer): Buffer {
    this.#progress.waitFor(this.#position + target.byteLength);
    for (let filled = 0; filled < target.byteLength; ) {
      const read = readSync(this.#file, target, filled, target.byteLength - filled, this.#position + filled);
      if (read === 0) throw new ArchiveFault('size');
      filled += read;
    }
    this.#md5.update(target);
    this.#position += target.byteLength;
    this.#progress.checked = this.#position;
    return target;
  }

  take(length: number): Buffer {
    return this.#fill(Buffer.allocUnsafe(length));
  }

  *parts(length: number): Generator<Buffer> {
    for (let left = length; left > 0; ) {
      const part = this.#fill(this.#part.subarray(0, Math.min(left, partBytes)));
      left -= part.byteLength;
      yield part;
    }
  }

  /** @throws ArchiveFault when the file goes on */
  end(): CheckedArchive {
    if (fstatSync(this.#file).size !== this.#position) throw new ArchiveFault('size');
    return { bytes: this.#position, md5: this.#md5.digest('hex') };
  }
}

/** The archive within the archive, out of the parts of its content. */
class InnerBytes implements ByteSource {
  readonly #parts: Iterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(parts: Iterator<Buffer>) {
    this.#parts = parts;
  }

  take(length: number): Buffer {
    return copied(this.parts(length));
  }

  *parts(length: number): Generator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.#rest.byteLength === 0) {
        const { value, done } = this.#parts.next();
        if (done) throw new ArchiveFault('size');
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.byteLength);
      left -= part.byteLength;
      yield part;
    }
  }
}

function* opened(source: ByteSource, { encryption, packedBytes }: SealedContent, password: string): Generator<Buffer> {
  if (encryption === 'none') yield* source.parts(packedBytes);
  else if (encryption === 'zipCrypto') {
    const stream = new ZipCryptoStream(password);
    stream.decrypt(source.take(zipCryptoHeaderBytes));
    for (const part of source.parts(packedBytes)) yield stream.decrypt(part);
  } else {
    const salt = source.take(saltBytes);
    const keys = winZipKeys(password, salt);
    if (!keys.verifier.equals(source.take(verifierBytes))) throw new ArchiveFault('password');
    const counterMode = new LittleEndianCounterMode(keys.encryption);
    const mac = createHmac('sha1', keys.authentication);
    for (const part of source.parts(packedBytes)) {
      mac.update(part);
      counterMode.apply(part);
      yield part;
    }
    if (!mac.digest().subarray(0, macBytes).equals(source.take(macBytes))) throw new ArchiveFault('authentication');
  }
}

function checkContent(parts: Iterable<Buffer>, { bytes, sha256, deflated }: { bytes: number; sha256: string; deflated: boolean }): void {
  const hash = createHash('sha256');
  if (deflated) {
    const packed = copied(parts);
    try {
      hash.update(inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) }));
    } catch {
      throw new ArchiveFault('content', sha256);
    }
  } else for (const part of parts) hash.update(part);
  if (hash.digest('hex') !== sha256) throw new ArchiveFault('content', sha256);
}

function checkPieces(source: ByteSource, pieces: readonly ArchivePiece[], password: string): void {
  for (const piece of pieces) {
    if (piece.kind === 'record') {
      if (!source.take(piece.bytes.byteLength).equals(piece.bytes)) throw new ArchiveFault('record');
      continue;
    }
    const parts = opened(source, piece, password);
    if ('pieces' in piece.holds) {
      checkPieces(new InnerBytes(parts), piece.holds.pieces, '');
      // What stands behind the last part is the encryption's.
      if (!parts.next().done) throw new ArchiveFault('size');
    } else checkContent(parts, piece.holds);
  }
}

/**
 * Blocks its thread until the whole file is written and checked, the checker being the faster of the two.
 * @throws ArchiveFault, job.cancelled when the writer stopped
 */
export function checkArchive({ path, password, pieces, progress }: ArchiveCheck): CheckedArchive {
  const shared = new CheckProgress(progress);
  shared.waitFor(1);
  const file = openSync(path, 'r');
  try {
    const followed = new FollowedFile(file, shared);
    checkPieces(followed, pieces, password);
    return followed.end();
  } finally {
    closeSync(file);
  }
}
