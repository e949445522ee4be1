import { type Cipheriv, createCipheriv, createHmac, type Hmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { damaged, passwordWrong } from './archive-errors.ts';

/**
 * Decryption of ZIP entries while they are read: WinZip AES (AE-1, AE-2) on node:crypto's primitives, and the
 * traditional ZipCrypto that older systems still write. 7-Zip reads both too, but only onto a disk: decrypting here
 * keeps a student's files in memory, ends at the first byte too many, and never sees a name, link or path. The tests
 * hold it against 7-Zip's own archives.
 */
export interface EntryDecipher {
  /** Bytes in front of the content: salt and verifier, or ZipCrypto's header. */
  headerBytes: number;
  /** Bytes behind it: the authentication code. */
  trailerBytes: number;
  /** @throws `archive.passwordWrong` when the verifier tells so */
  begin: (header: Buffer) => void;
  /** Decrypts the next part of the content; the result may share its memory with `chunk`. */
  update: (chunk: Buffer) => Buffer;
  /** @throws `archive.damaged` when the authentication code does not fit */
  finish: (trailer: Buffer) => void;
}

/** Bytes of the authentication code behind an AES entry, and of the password's verifier behind its salt. */
export const macBytes = 10;
export const verifierBytes = 2;
const blockBytes = 16;
const blocksAtOnce = 4096;

/** XORs `stream` into `target`, words at a time: eight to a turn, which V8 runs three times as fast as one (measured). */
function xorWords(target: Uint32Array, stream: Uint32Array): void {
  const words = target.length;
  let word = 0;
  for (; word + 8 <= words; word += 8) {
    target[word]! ^= stream[word]!;
    target[word + 1]! ^= stream[word + 1]!;
    target[word + 2]! ^= stream[word + 2]!;
    target[word + 3]! ^= stream[word + 3]!;
    target[word + 4]! ^= stream[word + 4]!;
    target[word + 5]! ^= stream[word + 5]!;
    target[word + 6]! ^= stream[word + 6]!;
    target[word + 7]! ^= stream[word + 7]!;
  }
  for (; word < words; word += 1) target[word]! ^= stream[word]!;
}

/**
 * AES in counter mode as WinZip counts: little-endian, from one. node:crypto's own counts big-endian, so blocks are made
 * here and go through its ECB. The same for both directions.
 */
export class LittleEndianCounterMode {
  readonly #cipher: Cipheriv;
  readonly #counters = new Uint32Array((blocksAtOnce * blockBytes) / 4);
  readonly #counterBytes = Buffer.from(this.#counters.buffer);
  #nextBlock = 1;
  #stream = Buffer.alloc(0);
  #used = 0;

  /** @param key 16, 24 or 32 bytes */
  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv(`aes-${key.byteLength * 8}-ecb`, key, null).setAutoPadding(false);
  }

  #refill(): void {
    for (let block = 0; block < blocksAtOnce; block += 1) this.#counters[block * 4] = this.#nextBlock + block;
    this.#nextBlock += blocksAtOnce;
    this.#stream = this.#cipher.update(this.#counterBytes);
    this.#used = 0;
  }

  /** Goes on at a byte of the content. @param position a multiple of sixteen */
  seek(position: number): void {
    if (position === (this.#nextBlock - 1) * blockBytes - (this.#stream.byteLength - this.#used)) return;
    this.#nextBlock = position / blockBytes + 1;
    this.#used = this.#stream.byteLength;
  }

  /** XORs in place; fast where `data` and what came before it lie on whole words. */
  apply(data: Buffer): void {
    let position = 0;
    while (position < data.byteLength) {
      if (this.#used === this.#stream.byteLength) this.#refill();
      const length = Math.min(data.byteLength - position, this.#stream.byteLength - this.#used);
      const from = data.byteOffset + position;
      const streamFrom = this.#stream.byteOffset + this.#used;
      let done = 0;
      if (from % 4 === 0 && streamFrom % 4 === 0) {
        const words = length >>> 2;
        xorWords(new Uint32Array(data.buffer, from, words), new Uint32Array(this.#stream.buffer, streamFrom, words));
        done = words << 2;
      }
      for (; done < length; done += 1) data[position + done]! ^= this.#stream[this.#used + done]!;
      position += length;
      this.#used += length;
    }
  }
}

/** What WinZip AES derives from a password and an entry's salt: the length of the salt, half the key's, tells the strength. */
export function winZipKeys(password: string, salt: Uint8Array): { encryption: Buffer; authentication: Buffer; verifier: Buffer } {
  const keyBytes = salt.byteLength * 2;
  const keys = pbkdf2Sync(Buffer.from(password, 'utf8'), salt, 1000, keyBytes * 2 + verifierBytes, 'sha1');
  return {
    encryption: keys.subarray(0, keyBytes),
    authentication: keys.subarray(keyBytes, keyBytes * 2),
    verifier: keys.subarray(keyBytes * 2),
  };
}

/** @param strength 1, 2, 3 for AES-128, -192, -256 */
export function winZipAes(password: string, strength: 1 | 2 | 3): EntryDecipher {
  const saltBytes = 4 + strength * 4;
  let counterMode: LittleEndianCounterMode;
  let mac: Hmac;
  return {
    headerBytes: saltBytes + verifierBytes,
    trailerBytes: macBytes,
    begin: (header) => {
      const { encryption, authentication, verifier } = winZipKeys(password, header.subarray(0, saltBytes));
      if (!verifier.equals(header.subarray(saltBytes))) throw passwordWrong();
      counterMode = new LittleEndianCounterMode(encryption);
      mac = createHmac('sha1', authentication);
    },
    update: (chunk) => {
      mac.update(chunk);
      counterMode.apply(chunk);
      return chunk;
    },
    finish: (trailer) => {
      if (!timingSafeEqual(mac.digest().subarray(0, macBytes), trailer)) throw damaged();
    },
  };
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** The traditional stream cipher of PKZIP (APPNOTE 6.1): three keys that every byte of the content turns further. */
export class ZipCryptoStream {
  readonly #keys = Uint32Array.of(0x12345678, 0x23456789, 0x34567890);

  constructor(password: string) {
    this.#turn(Buffer.from(password, 'utf8'), 'none');
  }

  /** In place; returns the same buffer. */
  encrypt(plain: Buffer): Buffer {
    return this.#turn(plain, 'encrypt');
  }

  /** In place; returns the same buffer. */
  decrypt(cipher: Buffer): Buffer {
    return this.#turn(cipher, 'decrypt');
  }

  #turn(bytes: Buffer, change: 'encrypt' | 'decrypt' | 'none'): Buffer {
    let [key0, key1, key2] = this.#keys as unknown as [number, number, number];
    for (let index = 0; index < bytes.byteLength; index += 1) {
      const given = bytes[index]!;
      const mask = (key2 | 2) & 0xffff;
      const changed = change === 'none' ? given : given ^ ((Math.imul(mask, mask ^ 1) >>> 8) & 0xff);
      const plain = change === 'decrypt' ? changed : given;
      bytes[index] = changed;
      key0 = crcTable[(key0 ^ plain) & 0xff]! ^ (key0 >>> 8);
      key1 = (Math.imul((key1 + (key0 & 0xff)) | 0, 0x08088405) + 1) | 0;
      key2 = crcTable[(key2 ^ (key1 >>> 24)) & 0xff]! ^ (key2 >>> 8);
    }
    this.#keys.set([key0, key1, key2]);
    return bytes;
  }
}

/** Bytes in front of a content that is encrypted by `ZipCryptoStream`; the last is a check of the password. */
export const zipCryptoHeaderBytes = 12;

/** @param check the byte its header must end with: the CRC's highest, or the time's where the CRC comes after the content */
export function zipCrypto(password: string, check: number): EntryDecipher {
  const stream = new ZipCryptoStream(password);
  return {
    headerBytes: zipCryptoHeaderBytes,
    trailerBytes: 0,
    begin: (header) => {
      if (stream.decrypt(Buffer.from(header)).at(-1) !== check) throw passwordWrong();
    },
    update: (chunk) => stream.decrypt(chunk),
    finish: () => {},
  };
}

/** For entries that are not encrypted: those of the inner ZIP of our private format. */
export function plainText(): EntryDecipher {
  return { headerBytes: 0, trailerBytes: 0, begin: () => {}, update: (chunk) => chunk, finish: () => {} };
}

/** A running CRC-32. */
export function checksum(): { update: (chunk: Uint8Array) => void; value: () => number } {
  let value = 0;
  return {
    update: (chunk) => {
      value = crc32(chunk, value);
    },
    value: () => value,
  };
}
