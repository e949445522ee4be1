import { readSync } from 'node:fs';
import { LittleEndianCounterMode } from './archive-cipher.ts';

/** Where an archive's bytes lie in an open file: all of it, or what one AES entry of another archive holds. Can be given to another thread. */
export interface BytesPlace {
  /** Descriptor; threads of a process share them. */
  file: number;
  at: number;
  size: number;
  /** AES key of the entry; null where the bytes lie plain. */
  key: Uint8Array | null;
}

/** Bytes by their position, decrypted where they are asked for: an archive within an archive is read where it lies, and never plain on a disk. */
export interface ArchiveBytes {
  place: BytesPlace;
  /** Fills `target` as far as there are bytes; answers how many. Blocks its thread. */
  read: (target: Buffer, position: number) => number;
}

/** Reads until `target` is full or the bytes end. @returns the filled part */
export function readUpTo({ read }: ArchiveBytes, target: Buffer, position: number): Buffer {
  let filled = 0;
  while (filled < target.byteLength) {
    const bytes = read(target.subarray(filled), position + filled);
    if (bytes === 0) break;
    filled += bytes;
  }
  return target.subarray(0, filled);
}

export function bytesAt(place: BytesPlace): ArchiveBytes {
  const plain = (target: Buffer, position: number) => {
    const length = Math.min(target.byteLength, place.size - position);
    return length <= 0 ? 0 : readSync(place.file, target, 0, length, place.at + position);
  };
  return { place, read: place.key === null ? plain : decrypting(plain, place.key) };
}

const blockBytes = 16;
/** What is usually asked for at once, wherever in a block it begins. */
const windowBytes = 256 * 1024 + blockBytes;

/** By way of a window that begins on a whole block, where the cipher is fast. */
function decrypting(read: ArchiveBytes['read'], key: Uint8Array): ArchiveBytes['read'] {
  const window = Buffer.allocUnsafeSlow(windowBytes);
  const counterMode = new LittleEndianCounterMode(key);
  return (target, position) => {
    const from = position - (position % blockBytes);
    const ahead = position - from;
    const sealed = window.subarray(0, read(window.subarray(0, ahead + target.byteLength), from));
    if (sealed.byteLength <= ahead) return 0;
    counterMode.seek(from);
    counterMode.apply(sealed);
    return sealed.copy(target, 0, ahead);
  };
}
