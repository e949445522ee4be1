import { taipeiDateTime } from '../../domain/roc-date.ts';
import { macBytes, verifierBytes, zipCryptoHeaderBytes } from './archive-cipher.ts';

/**
 * The records of a ZIP around its contents (APPNOTE 4.3, and WinZip's AES specification): pure functions from what an
 * entry is to its bytes. Sizes are always exact, never told behind the content, so that every reader copes; ZIP64 stands
 * only where a figure needs it.
 */
export type ArchiveEncryption = 'aes256' | 'zipCrypto' | 'none';

/** What the records of an entry tell of it. */
export interface RecordedEntry {
  name: string;
  deflated: boolean;
  encryption: ArchiveEncryption;
  /** Of the content; AES leaves it out (AE-2), since it tells of the content. */
  crc32: number;
  bytes: number;
  /** As it lies in the archive: deflated where it is, and with what encryption puts around it. */
  packedBytes: number;
  modified: DosTime;
}

/** A point in time as ZIP keeps it: local, to two seconds. */
export interface DosTime {
  date: number;
  time: number;
}

/** Taipei's, whatever the machine's time zone. */
export function dosTime(instant: Date): DosTime {
  const [year, month, day, hour, minute, second] = taipeiDateTime(instant).split(/[-: ]/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { date: ((year - 1980) << 9) | (month << 5) | day, time: (hour << 11) | (minute << 5) | (second >> 1) };
}

export const saltBytes = 16;

/** Bytes that encryption adds to a content. */
export const addedBytes: Record<ArchiveEncryption, number> = {
  aes256: saltBytes + verifierBytes + macBytes,
  zipCrypto: zipCryptoHeaderBytes,
  none: 0,
};

const encryptedFlag = 1;
const utf8Flag = 1 << 11;
const largest32 = 0xffffffff;
const largest16 = 0xffff;
const aesMethod = 99;

/** Versions a reader needs: 2.0 for deflated content, 4.5 for ZIP64, 5.1 for AES. */
const version = { plain: 20, zip64: 45, aes: 51 };

/** AE-2, vendor `AE`, 256 bits, and the method that 99 stands in front of. */
function aesField(deflated: boolean): Buffer {
  return Buffer.from([0x01, 0x99, 7, 0, 2, 0, 0x41, 0x45, 3, deflated ? 8 : 0, 0]);
}

/** Figures of eight bytes, in the order the records name them. */
function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + values.length * 8);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(values.length * 8, 2);
  for (const [index, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + index * 8);
  return field;
}

/** The part that local header and central record share: from `version needed` to the lengths of name and extra field. */
function commonFields(entry: RecordedEntry, sizes: { bytes: number; packedBytes: number }, name: Buffer, extra: Buffer): Buffer {
  const aes = entry.encryption === 'aes256';
  const zip64 = entry.packedBytes >= largest32 || entry.bytes >= largest32;
  const method = entry.deflated ? 8 : 0;
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(aes ? version.aes : zip64 ? version.zip64 : version.plain, 0);
  fields.writeUInt16LE(utf8Flag | (entry.encryption === 'none' ? 0 : encryptedFlag), 2);
  fields.writeUInt16LE(aes ? aesMethod : method, 4);
  fields.writeUInt16LE(entry.modified.time, 6);
  fields.writeUInt16LE(entry.modified.date, 8);
  fields.writeUInt32LE(aes ? 0 : entry.crc32, 10);
  fields.writeUInt32LE(sizes.packedBytes, 14);
  fields.writeUInt32LE(sizes.bytes, 18);
  fields.writeUInt16LE(name.byteLength, 22);
  fields.writeUInt16LE(extra.byteLength, 24);
  return fields;
}

const signature = (last: number, first: number) => Buffer.from([0x50, 0x4b, last, first]);

/** What stands in front of an entry's content. */
export function localHeader(entry: RecordedEntry): Buffer {
  const name = Buffer.from(entry.name, 'utf8');
  const large = entry.bytes >= largest32 || entry.packedBytes >= largest32;
  const extra = Buffer.concat([
    // Here both sizes stand in the field where one needs it (APPNOTE 4.5.3).
    large ? zip64Field([entry.bytes, entry.packedBytes]) : Buffer.alloc(0),
    entry.encryption === 'aes256' ? aesField(entry.deflated) : Buffer.alloc(0),
  ]);
  const sizes = large ? { bytes: largest32, packedBytes: largest32 } : entry;
  return Buffer.concat([signature(3, 4), commonFields(entry, sizes, name, extra), name, extra]);
}

/** The entry's line in the listing at the end. @param offset of its local header */
export function centralRecord(entry: RecordedEntry, offset: number): Buffer {
  const name = Buffer.from(entry.name, 'utf8');
  const large = [entry.bytes, entry.packedBytes, offset].filter((value) => value >= largest32);
  const extra = Buffer.concat([
    large.length > 0 ? zip64Field(large) : Buffer.alloc(0),
    entry.encryption === 'aes256' ? aesField(entry.deflated) : Buffer.alloc(0),
  ]);
  const sizes = { bytes: Math.min(entry.bytes, largest32), packedBytes: Math.min(entry.packedBytes, largest32) };
  // Made by 6.3 for MS-DOS: the names are UTF-8 by their flag, and nothing of this machine's rights goes along.
  const madeBy = Buffer.from([63, 0]);
  const ending = Buffer.alloc(14);
  ending.writeUInt32LE(Math.min(offset, largest32), 10);
  return Buffer.concat([signature(1, 2), madeBy, commonFields(entry, sizes, name, extra), ending, name, extra]);
}

/** The end of the archive: where the listing lies, and how long it is. */
export function endRecords(entries: number, listing: { offset: number; bytes: number }): Buffer {
  const large = entries >= largest16 || listing.offset >= largest32 || listing.bytes >= largest32;
  const end = Buffer.alloc(22);
  signature(5, 6).copy(end);
  end.writeUInt16LE(Math.min(entries, largest16), 8);
  end.writeUInt16LE(Math.min(entries, largest16), 10);
  end.writeUInt32LE(Math.min(listing.bytes, largest32), 12);
  end.writeUInt32LE(Math.min(listing.offset, largest32), 16);
  if (!large) return end;
  const end64 = Buffer.alloc(56);
  signature(6, 6).copy(end64);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(version.zip64, 12);
  end64.writeUInt16LE(version.zip64, 14);
  end64.writeBigUInt64LE(BigInt(entries), 24);
  end64.writeBigUInt64LE(BigInt(entries), 32);
  end64.writeBigUInt64LE(BigInt(listing.bytes), 40);
  end64.writeBigUInt64LE(BigInt(listing.offset), 48);
  const locator = Buffer.alloc(20);
  signature(6, 7).copy(locator);
  locator.writeBigUInt64LE(BigInt(listing.offset + listing.bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}
