import { createHmac, randomBytes } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { LittleEndianCounterMode, winZipKeys, ZipCryptoStream } from '../../../main/platform/archive-cipher.ts';

/** A ZIP laid down byte by byte, every field of which a test may make right or wrong. */
export interface HandMadeEntry {
  name: string | Buffer;
  content?: Buffer;
  protection?: 'none' | 'zipCrypto' | 'aes128' | 'aes192' | 'aes256';
  aesVersion?: 1 | 2;
  deflate?: boolean;
  /** Sizes behind the content, with a signature or without, of four bytes or of eight. */
  descriptor?: 'signed' | 'bare' | 'signed64' | 'bare64';
  /** Sizes and offset in the ZIP64 field. */
  zip64?: boolean;
  utf8Flag?: boolean;
  /** Extra fields of both headers. */
  extra?: Buffer;
  attributes?: number;
  comment?: Buffer;
  /** Bytes that no entry accounts for, in front of the local header. */
  before?: Buffer;
  /** What is said otherwise than it is. */
  local?: Partial<Header>;
  central?: Partial<Header>;
}

export interface Header {
  name: Buffer;
  flags: number;
  method: number;
  crc32: number;
  compressedBytes: number;
  bytes: number;
  extra: Buffer;
  /** Of the local header; in the directory only. */
  offset: number;
}

export interface HandMadeArchive {
  password?: string;
  comment?: Buffer;
  /** With a ZIP64 end record and locator. */
  zip64?: boolean;
  /** Bytes in front that the offsets know of, or don't. */
  front?: Buffer;
  frontUnknown?: Buffer;
  behind?: Buffer;
  /** Between the directory and the end. */
  beforeEnd?: Buffer;
  end?: Partial<{
    disk: number;
    directoryDisk: number;
    entriesHere: number;
    entries: number;
    directoryBytes: number;
    directoryAt: number;
    commentBytes: number;
  }>;
  zip64End?: Partial<{ recordAt: number; entries: bigint; directoryBytes: bigint; directoryAt: bigint; disks: number }>;
}

/** A part of the archive: where a cut is tried. */
export interface Structure {
  name: string;
  from: number;
  to: number;
}

export const handMadePassword = 'Kp7xWq3nZt5vRm8y';
const aesStrength = { aes128: 1, aes192: 2, aes256: 3 } as const;

const u16 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value & 0xffff, index * 2);
  return bytes;
};
const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, index * 4);
  return bytes;
};
const u64 = (...values: (number | bigint)[]) => {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), index * 8);
  return bytes;
};

/** One extra field. */
export const extraField = (id: number, data: Buffer) => Buffer.concat([u16(id, data.byteLength), data]);

/** Info-ZIP's name in UTF-8 beside one in another encoding. @param crc of the name beside it */
export const unicodePathField = (name: string, crc: number) =>
  extraField(0x7075, Buffer.concat([Buffer.from([1]), u32(crc), Buffer.from(name)]));

/** WinZip's AES as its description has it (salt, verifier, content, authentication code). */
function aes(content: Buffer, password: string, strength: 1 | 2 | 3): Buffer {
  const salt = randomBytes(4 + strength * 4);
  const { encryption, authentication, verifier } = winZipKeys(password, salt);
  const cipher = Buffer.from(content);
  new LittleEndianCounterMode(encryption).apply(cipher);
  const code = createHmac('sha1', authentication).update(cipher).digest().subarray(0, 10);
  return Buffer.concat([salt, verifier, cipher, code]);
}

function zipCrypto(content: Buffer, password: string, check: number): Buffer {
  return new ZipCryptoStream(password).encrypt(Buffer.concat([randomBytes(11), Buffer.from([check]), content]));
}

const time = 0x6c3a;
const date = 0x5d57;

interface Laid {
  bytes: Buffer;
  header: Header;
  structures: Structure[];
}

function protect(entry: HandMadeEntry, plain: Buffer, crc: number, password: string): Buffer {
  const { protection = 'aes256' } = entry;
  if (protection === 'none') return plain;
  if (protection === 'zipCrypto') return zipCrypto(plain, password, entry.descriptor ? time >>> 8 : crc >>> 24);
  return aes(plain, password, aesStrength[protection]);
}

function layEntry(entry: HandMadeEntry, at: number, password: string): Laid {
  const { protection = 'aes256', aesVersion = 2, descriptor } = entry;
  const content = entry.content ?? Buffer.alloc(0);
  const plain = entry.deflate ? deflateRawSync(content) : content;
  const isAes = protection !== 'none' && protection !== 'zipCrypto';
  const realCrc = crc32(content);
  const data = protect(entry, plain, realCrc, password);
  const method = entry.deflate ? 8 : 0;
  const aesField = isAes
    ? extraField(0x9901, Buffer.concat([u16(aesVersion), Buffer.from('AE'), Buffer.from([aesStrength[protection]]), u16(method)]))
    : Buffer.alloc(0);
  const offset = at + (entry.before?.byteLength ?? 0);
  const header: Header = {
    name: Buffer.isBuffer(entry.name) ? entry.name : Buffer.from(entry.name),
    flags: (protection === 'none' ? 0 : 1) | (descriptor ? 8 : 0) | ((entry.utf8Flag ?? true) ? 0x800 : 0),
    method: isAes ? 99 : method,
    crc32: isAes && aesVersion === 2 ? 0 : realCrc,
    compressedBytes: data.byteLength,
    bytes: content.byteLength,
    extra: Buffer.concat([aesField, entry.extra ?? Buffer.alloc(0)]),
    offset,
  };
  const later = descriptor ? { crc32: 0, compressedBytes: 0, bytes: 0 } : {};
  const long = entry.zip64 && !descriptor ? { compressedBytes: 0xffffffff, bytes: 0xffffffff } : {};
  const longField = entry.zip64 && !descriptor ? extraField(1, u64(header.bytes, header.compressedBytes)) : Buffer.alloc(0);
  const local: Header = { ...header, ...later, ...long, extra: Buffer.concat([longField, header.extra]), ...entry.local };
  const localBytes = Buffer.concat([
    Buffer.from('PK\x03\x04', 'latin1'),
    u16(entry.zip64 ? 45 : 20, local.flags, local.method, time, date),
    u32(local.crc32, local.compressedBytes, local.bytes),
    u16(local.name.byteLength, local.extra.byteLength),
    local.name,
    local.extra,
  ]);
  const sizes = descriptor?.endsWith('64') ? u64(header.compressedBytes, header.bytes) : u32(header.compressedBytes, header.bytes);
  const behind = descriptor
    ? Buffer.concat([descriptor.startsWith('signed') ? Buffer.from('PK\x07\x08', 'latin1') : Buffer.alloc(0), u32(header.crc32), sizes])
    : Buffer.alloc(0);
  const parts: [string, Buffer][] = [
    ['before', entry.before ?? Buffer.alloc(0)],
    ['local header', localBytes],
    ['content', data],
    ['descriptor', behind],
  ];
  return { bytes: Buffer.concat(parts.map(([, bytes]) => bytes)), header, structures: structuresOf(parts, at) };
}

function structuresOf(parts: readonly [string, Buffer][], at: number): Structure[] {
  let from = at;
  return parts.flatMap(([name, { byteLength }]) => {
    const structure = { name, from, to: from + byteLength };
    from += byteLength;
    return byteLength > 0 ? [structure] : [];
  });
}

function directoryEntry(entry: HandMadeEntry, header: Header): Buffer {
  const long = entry.zip64 ? { compressedBytes: 0xffffffff, bytes: 0xffffffff, offset: 0xffffffff } : {};
  const longField = entry.zip64 ? extraField(1, u64(header.bytes, header.compressedBytes, header.offset)) : Buffer.alloc(0);
  const central: Header = { ...header, ...long, extra: Buffer.concat([longField, header.extra]), ...entry.central };
  const comment = entry.comment ?? Buffer.alloc(0);
  return Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    u16(0x0314, entry.zip64 ? 45 : 20, central.flags, central.method, time, date),
    u32(central.crc32, central.compressedBytes, central.bytes),
    u16(central.name.byteLength, central.extra.byteLength, comment.byteLength, 0, 0),
    u32(entry.attributes ?? 0, central.offset),
    central.name,
    central.extra,
    comment,
  ]);
}

/** Lays the archive down. @returns its bytes and the places of its parts */
export function handMadeZip(entries: readonly HandMadeEntry[], archive: HandMadeArchive = {}): { bytes: Buffer; structures: Structure[] } {
  const { password = handMadePassword, comment = Buffer.alloc(0), front = Buffer.alloc(0) } = archive;
  let at = front.byteLength;
  const laid = entries.map((entry) => {
    const one = layEntry(entry, at, password);
    at += one.bytes.byteLength;
    return one;
  });
  const directory = Buffer.concat(laid.map(({ header }, index) => directoryEntry(entries[index]!, header)));
  const beforeEnd = archive.beforeEnd ?? Buffer.alloc(0);
  const recordAt = at + directory.byteLength + beforeEnd.byteLength;
  const long = {
    recordAt,
    entries: BigInt(entries.length),
    directoryBytes: BigInt(directory.byteLength),
    directoryAt: BigInt(at),
    disks: 1,
    ...archive.zip64End,
  };
  const zip64Record = archive.zip64
    ? Buffer.concat([
        Buffer.from('PK\x06\x06', 'latin1'),
        u64(44),
        u16(45, 45),
        u32(0, 0),
        u64(long.entries, long.entries, long.directoryBytes, long.directoryAt),
      ])
    : Buffer.alloc(0);
  const locator = archive.zip64
    ? Buffer.concat([Buffer.from('PK\x06\x07', 'latin1'), u32(0), u64(long.recordAt), u32(long.disks)])
    : Buffer.alloc(0);
  const plain = {
    disk: 0,
    directoryDisk: 0,
    entriesHere: archive.zip64 ? 0xffff : entries.length,
    entries: archive.zip64 ? 0xffff : entries.length,
    directoryBytes: archive.zip64 ? 0xffffffff : directory.byteLength,
    directoryAt: archive.zip64 ? 0xffffffff : at,
    commentBytes: comment.byteLength,
    ...archive.end,
  };
  const endRecord = Buffer.concat([
    Buffer.from('PK\x05\x06', 'latin1'),
    u16(plain.disk, plain.directoryDisk, plain.entriesHere, plain.entries),
    u32(plain.directoryBytes, plain.directoryAt),
    u16(plain.commentBytes),
  ]);
  const tail: [string, Buffer][] = [
    ['directory', directory],
    ['before end', beforeEnd],
    ['zip64 end', zip64Record],
    ['zip64 locator', locator],
    ['end', endRecord],
    ['comment', comment],
    ['behind', archive.behind ?? Buffer.alloc(0)],
  ];
  const bytes = Buffer.concat([
    archive.frontUnknown ?? Buffer.alloc(0),
    front,
    ...laid.map((one) => one.bytes),
    ...tail.map(([, part]) => part),
  ]);
  return { bytes, structures: [...laid.flatMap((one) => one.structures), ...structuresOf(tail, at)] };
}

/** An entry that is a link to elsewhere, as Unix writes it. */
export const symbolicLink = (name: string, target: string): HandMadeEntry => ({
  name,
  content: Buffer.from(target),
  attributes: (0o120777 << 16) >>> 0,
});
