import { createCipheriv, createHmac, type Hmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ApplicationError } from './errors.ts';

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

export const passwordWrong = () => new ApplicationError('archive.passwordWrong', '壓縮檔密碼不正確，或檔案已毀損。請確認密碼後再試一次。');
export const damaged = (details: Record<string, unknown> = {}) =>
  new ApplicationError('archive.damaged', '壓縮檔毀損或不完整，請向對方學校重新索取檔案。', details);

const macBytes = 10;
const verifierBytes = 2;
const blockBytes = 16;
const blocksAtOnce = 4096;

/** AES in counter mode as WinZip counts: little-endian, from one. node:crypto's own counts big-endian, so blocks are made here. */
class LittleEndianCounterMode {
  readonly #algorithm: string;
  readonly #key: Buffer;
  readonly #counters = new Uint32Array((blocksAtOnce * blockBytes) / 4);
  #nextBlock = 1;
  #stream = Buffer.alloc(0);
  #used = 0;

  constructor(key: Buffer) {
    this.#key = key;
    this.#algorithm = `aes-${key.byteLength * 8}-ecb`;
  }

  #refill(): void {
    for (let block = 0; block < blocksAtOnce; block += 1) this.#counters[block * 4] = this.#nextBlock + block;
    this.#nextBlock += blocksAtOnce;
    const cipher = createCipheriv(this.#algorithm, this.#key, null).setAutoPadding(false);
    this.#stream = cipher.update(Buffer.from(this.#counters.buffer));
    this.#used = 0;
  }

  /** XORs in place; eight bytes at a time where both sides are aligned. */
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
        const target = new Uint32Array(data.buffer, from, words);
        const stream = new Uint32Array(this.#stream.buffer, streamFrom, words);
        for (let word = 0; word < words; word += 1) target[word]! ^= stream[word]!;
        done = words << 2;
      }
      for (; done < length; done += 1) data[position + done]! ^= this.#stream[this.#used + done]!;
      position += length;
      this.#used += length;
    }
  }
}

/** @param strength 1, 2, 3 for AES-128, -192, -256 */
export function winZipAes(password: string, strength: 1 | 2 | 3): EntryDecipher {
  const keyBytes = 8 + strength * 8;
  const saltBytes = keyBytes / 2;
  let counterMode: LittleEndianCounterMode;
  let mac: Hmac;
  return {
    headerBytes: saltBytes + verifierBytes,
    trailerBytes: macBytes,
    begin: (header) => {
      const keys = pbkdf2Sync(Buffer.from(password, 'utf8'), header.subarray(0, saltBytes), 1000, keyBytes * 2 + verifierBytes, 'sha1');
      if (!keys.subarray(keyBytes * 2).equals(header.subarray(saltBytes))) throw passwordWrong();
      counterMode = new LittleEndianCounterMode(keys.subarray(0, keyBytes));
      mac = createHmac('sha1', keys.subarray(keyBytes, keyBytes * 2));
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

/** @param check the byte its header must end with: the CRC's highest, or the time's where the CRC comes after the content */
export function zipCrypto(password: string, check: number): EntryDecipher {
  let key0 = 0x12345678;
  let key1 = 0x23456789;
  let key2 = 0x34567890;
  const turn = (plain: number) => {
    key0 = crcTable[(key0 ^ plain) & 0xff]! ^ (key0 >>> 8);
    key1 = (Math.imul((key1 + (key0 & 0xff)) | 0, 0x08088405) + 1) | 0;
    key2 = crcTable[(key2 ^ (key1 >>> 24)) & 0xff]! ^ (key2 >>> 8);
  };
  for (const byte of Buffer.from(password, 'utf8')) turn(byte);
  const update = (chunk: Buffer) => {
    for (let index = 0; index < chunk.byteLength; index += 1) {
      const mask = (key2 | 2) & 0xffff;
      const plain = chunk[index]! ^ ((Math.imul(mask, mask ^ 1) >>> 8) & 0xff);
      turn(plain);
      chunk[index] = plain;
    }
    return chunk;
  };
  return {
    headerBytes: 12,
    trailerBytes: 0,
    begin: (header) => {
      if (update(Buffer.from(header))[11] !== check) throw passwordWrong();
    },
    update,
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
