import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { type BackupHeader, derivedKey, endMagic, type Manifest, magic, pieceBytes, trailerBytes } from './backup-format.ts';

/** The nonce of a piece of the body: its number. Each file has a key of its own, so none is ever used twice. */
export function pieceNonce(index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return nonce;
}

/** The readable front of a backup file. */
export function frontOf(header: BackupHeader): Buffer {
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.byteLength);
  return Buffer.concat([magic, length, createHash('sha256').update(text).digest(), text]);
}

/** Writes a backup file from front to end. What is not finished is the caller's to remove, or `abandon`'s. */
export interface BackupWriter {
  /** Bytes of the body so far: where what is written next will stand. */
  position: () => number;
  write: (bytes: Uint8Array) => void;
  /** Writes what tells of the body, and waits until the disk has all of it. @returns bytes of the file */
  finish: (manifest: Omit<Manifest, 'bodyBytes'>) => number;
  /** Removes the unfinished file. */
  abandon: () => void;
}

/** Begins a file that is not there yet, for its owner's eyes only. */
export function createBackupWriter(path: string, header: BackupHeader, dataKey: Uint8Array): BackupWriter {
  const file = openSync(path, 'wx', 0o600);
  const front = frontOf(header);
  const bodyKey = derivedKey(dataKey, 'body');
  const piece = Buffer.allocUnsafe(pieceBytes);
  let filled = 0;
  let pieces = 0;
  let written = 0;
  let open = true;

  const put = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.byteLength; ) done += writeSync(file, bytes, done);
    written += bytes.byteLength;
  };
  const seal = () => {
    const cipher = createCipheriv('aes-256-gcm', bodyKey, pieceNonce(pieces));
    const sealed = cipher.update(piece.subarray(0, filled));
    cipher.final();
    put(sealed);
    put(cipher.getAuthTag());
    pieces += 1;
    filled = 0;
  };
  const close = () => {
    if (open) closeSync(file);
    open = false;
  };
  const position = () => pieces * pieceBytes + filled;

  put(front);
  return {
    position,
    write: (bytes) => {
      for (let start = 0; start < bytes.byteLength; ) {
        const taken = bytes.subarray(start, start + pieceBytes - filled);
        piece.set(taken, filled);
        filled += taken.byteLength;
        start += taken.byteLength;
        if (filled === pieceBytes) seal();
      }
    },
    finish: (manifest) => {
      const bodyBytes = position();
      if (filled > 0) seal();
      const place = written;
      const nonce = randomBytes(12);
      // The whole front is bound to it: a header that was changed opens nothing.
      const cipher = createCipheriv('aes-256-gcm', derivedKey(dataKey, 'manifest'), nonce).setAAD(front);
      const text = deflateRawSync(Buffer.from(JSON.stringify({ ...manifest, bodyBytes } satisfies Manifest), 'utf8'));
      const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
      put(nonce);
      put(cipher.getAuthTag());
      put(sealed);
      const trailer = Buffer.alloc(trailerBytes);
      trailer.writeBigUInt64BE(BigInt(place), 0);
      trailer.writeUInt32BE(written - place, 8);
      trailer.set(endMagic, 12);
      put(trailer);
      fsyncSync(file);
      close();
      return written;
    },
    abandon: () => {
      close();
      rmSync(path, { force: true });
    },
  };
}
