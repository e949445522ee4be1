import { inflateRawSync } from 'node:zlib';
import { type ArchiveBytes, readUpTo } from './archive-bytes.ts';
import { checksum, type EntryDecipher, plainText, winZipAes, zipCrypto } from './archive-cipher.ts';
import { damaged, sizeMismatch, truncated } from './archive-errors.ts';
import type { EntryEncryption } from './archive-listing.ts';

/** One entry's content out of an open archive, decrypted, authenticated and of its declared size. Blocks its thread. */

/** Where an entry's content lies and what it is: all that another thread needs of it. */
export interface EntryPlace {
  /** In the archive: of the salt, the header or the content itself. */
  dataAt: number;
  compressedBytes: number;
  /** Declared; held to. */
  bytes: number;
  encryption: EntryEncryption;
  stored: boolean;
  /** Where the archive has one that counts: AE-2 leaves it out, its authentication code stands for it. */
  crc32: number | undefined;
  /** What ZipCrypto's header must end with. */
  zipCryptoCheck: number;
}

/** Stays in the processor's cache while it is decrypted, authenticated and hashed. */
export const partBytes = 256 * 1024;

function decipherFor({ encryption, zipCryptoCheck }: EntryPlace, password: string): EntryDecipher {
  switch (encryption) {
    case 'none':
      return plainText();
    case 'ZipCrypto':
      return zipCrypto(password, zipCryptoCheck);
    default:
      return winZipAes(password, ({ 'AES-128': 1, 'AES-192': 2, 'AES-256': 3 } as const)[encryption]);
  }
}

function readFully(archive: ArchiveBytes, target: Buffer, position: number): Buffer {
  if (readUpTo(archive, target, position).byteLength < target.byteLength) throw truncated('content');
  return target;
}

/**
 * The content as it is packed, decrypted part by part. It is authentic when the generator has ended, not before.
 * @param partAt memory for `length` bytes at an offset of the packed content; a part holds until the next is asked for, or longer
 * @throws archive.passwordWrong, .damaged, .truncated, .sizeMismatch
 */
export function* decryptedParts(
  archive: ArchiveBytes,
  place: EntryPlace,
  password: string,
  partAt: (offset: number, length: number) => Buffer,
): Generator<Buffer> {
  const decipher = decipherFor(place, password);
  const { headerBytes, trailerBytes } = decipher;
  const packedBytes = place.compressedBytes - headerBytes - trailerBytes;
  if (packedBytes < 0) throw sizeMismatch({ reason: 'entry too short' });
  const packedAt = place.dataAt + headerBytes;
  if (headerBytes > 0) decipher.begin(readFully(archive, Buffer.alloc(headerBytes), place.dataAt));
  for (let offset = 0; offset < packedBytes; offset += partBytes) {
    yield decipher.update(readFully(archive, partAt(offset, Math.min(partBytes, packedBytes - offset)), packedAt + offset));
  }
  decipher.finish(readFully(archive, Buffer.alloc(trailerBytes), packedAt + packedBytes));
}

function inflated(archive: ArchiveBytes, place: EntryPlace, password: string): Buffer {
  const packed = Buffer.allocUnsafeSlow(place.compressedBytes);
  let bytes = 0;
  for (const part of decryptedParts(archive, place, password, (offset, length) => packed.subarray(offset, offset + length)))
    bytes += part.byteLength;
  try {
    return inflateRawSync(packed.subarray(0, bytes), { maxOutputLength: Math.max(1, place.bytes) });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'inflate';
    throw reason === 'ERR_BUFFER_TOO_LARGE' ? sizeMismatch({ declared: place.bytes }) : damaged({ reason });
  }
}

/**
 * Reads an entry whole.
 * @param target as long as the entry is declared
 * @param look is shown the content in order, each part when it has just been made
 * @throws archive.passwordWrong, .damaged, .truncated, .sizeMismatch: then nothing that was shown counts
 */
export function readEntry(
  archive: ArchiveBytes,
  place: EntryPlace,
  password: string,
  target: Buffer,
  look: (part: Buffer) => void = () => {},
): void {
  const crc = checksum();
  let bytes = 0;
  const take = (part: Buffer) => {
    bytes += part.byteLength;
    if (bytes > place.bytes) throw sizeMismatch({ declared: place.bytes });
    if (place.crc32 !== undefined) crc.update(part);
    look(part);
  };
  if (place.stored) {
    const partAt = (offset: number, length: number) => {
      if (offset + length > target.byteLength) throw sizeMismatch({ declared: place.bytes });
      return target.subarray(offset, offset + length);
    };
    for (const part of decryptedParts(archive, place, password, partAt)) take(part);
  } else {
    const content = inflated(archive, place, password);
    content.copy(target);
    take(content);
  }
  if (bytes !== place.bytes) throw sizeMismatch({ declared: place.bytes });
  if (place.crc32 !== undefined && crc.value() !== place.crc32) throw damaged({ reason: 'crc' });
}
