import type { Entry } from 'yauzl';
import type { ArchiveBytes } from './archive-bytes.ts';
import { type ArchiveEnd, readPart } from './archive-end.ts';
import { damaged, headerMismatch, junkAround, overlappingEntries, truncated } from './archive-errors.ts';
import { decodeEntryName, type ExtraField, sameNameKey } from './archive-names.ts';

/**
 * What stands in front of each entry's content, held against the directory: a program that reads the directory and one
 * that reads along the file must find the same entries, with nothing hidden between them.
 */

const signature = 0x04034b50;
const headerBytes = 30;
/** Most names and extra fields fit; longer ones are read again. */
const usualBytes = 512;
const descriptorSignature = 0x08074b50;
const encrypted = 1;
const descriptorFlag = 8;
const strongEncryption = 0x40;
const maskedHeader = 0x2000;
const zip64Field = 0x0001;
const aesField = 0x9901;
const aesMethod = 99;
const allOnes = 0xffffffff;

interface LocalHeader {
  flags: number;
  method: number;
  crc32: number;
  compressedBytes: number;
  bytes: number;
  name: Buffer;
  extraFields: ExtraField[];
  dataAt: number;
}

/** Fields that do not fit their block end the list: writers pad with a stray byte or two. */
export function extraFieldsOf(block: Buffer): ExtraField[] {
  const fields: ExtraField[] = [];
  for (let at = 0; at + 4 <= block.byteLength; ) {
    const end = at + 4 + block.readUInt16LE(at + 2);
    if (end > block.byteLength) break;
    fields.push({ id: block.readUInt16LE(at), data: block.subarray(at + 4, end) });
    at = end;
  }
  return fields;
}

const fieldOf = (fields: readonly ExtraField[], id: number) => fields.find((field) => field.id === id)?.data;

/** Sizes of 0xffffffff stand in the ZIP64 field, each only where it is needed. */
function longSizes(header: Buffer, extraFields: readonly ExtraField[]): { bytes: number; compressedBytes: number } {
  let bytes = header.readUInt32LE(22);
  let compressedBytes = header.readUInt32LE(18);
  const field = fieldOf(extraFields, zip64Field);
  let at = 0;
  const next = (): number => {
    at += 8;
    return field && field.byteLength >= at ? Number(Buffer.from(field).readBigUInt64LE(at - 8)) : allOnes;
  };
  if (bytes === allOnes) bytes = next();
  if (compressedBytes === allOnes) compressedBytes = next();
  return { bytes, compressedBytes };
}

function localHeader(archive: ArchiveBytes, at: number): LocalHeader {
  let part = readPart(archive, at, headerBytes + usualBytes);
  if (part.byteLength < headerBytes) throw truncated('local header');
  if (part.readUInt32LE(0) !== signature) throw damaged({ reason: 'local header' });
  const nameBytes = part.readUInt16LE(26);
  const length = headerBytes + nameBytes + part.readUInt16LE(28);
  if (length > part.byteLength) part = readPart(archive, at, length);
  if (part.byteLength < length) throw truncated('local header');
  const extraFields = extraFieldsOf(part.subarray(headerBytes + nameBytes, length));
  return {
    flags: part.readUInt16LE(6),
    method: part.readUInt16LE(8),
    crc32: part.readUInt32LE(14),
    ...longSizes(part, extraFields),
    name: part.subarray(headerBytes, headerBytes + nameBytes),
    extraFields,
    dataAt: at + length,
  };
}

/** Names may be written in two ways (with the UTF-8 flag and without), but mean one. */
function sameName(local: LocalHeader, entry: Entry, name: string): boolean {
  if (local.name.equals(entry.fileNameRaw)) return true;
  const read = decodeEntryName(local.name, local.flags, local.extraFields);
  return read !== undefined && sameNameKey(read) === sameNameKey(name);
}

/** Where the sizes come after the content, the header says nothing of them, or the same. */
function sameValues(local: LocalHeader, entry: Entry): boolean {
  const later = (local.flags & descriptorFlag) !== 0;
  const same = (here: number, there: number) => here === there || (later && (here === 0 || here === allOnes));
  // Info-ZIP keeps the time in the place of a later CRC. AE-2 leaves it out, and some writers only in one of the two.
  const crc = local.crc32 === entry.crc32 || later || (local.method === aesMethod && (local.crc32 === 0 || entry.crc32 === 0));
  return crc && same(local.compressedBytes, entry.compressedSize) && same(local.bytes, entry.uncompressedSize);
}

function checkHeader(local: LocalHeader, entry: Entry, name: string): void {
  if (!sameName(local, entry, name)) throw headerMismatch('name');
  if (local.method !== entry.compressionMethod) throw headerMismatch('method');
  const kinds = encrypted | strongEncryption | maskedHeader;
  if ((local.flags & kinds) !== (entry.generalPurposeBitFlag & kinds)) throw headerMismatch('encryption');
  if (local.method === aesMethod) {
    const [here, there] = [fieldOf(local.extraFields, aesField), fieldOf(entry.extraFields, aesField)];
    if (!here || !there || !Buffer.from(here).equals(there)) throw headerMismatch('encryption');
  }
  if (!sameValues(local, entry)) throw headerMismatch('sizes');
}

/** CRC and sizes behind the content, with a signature or without, sizes of four bytes or eight. */
function isDescriptor(gap: Buffer, entry: Entry): boolean {
  const sizeBytes = gap.byteLength >= 20 ? 8 : 4;
  const start = gap.byteLength - 4 - 2 * sizeBytes;
  if (start !== 0 && !(start === 4 && gap.readUInt32LE(0) === descriptorSignature)) return false;
  const sizeAt = (at: number) => (sizeBytes === 8 ? Number(gap.readBigUInt64LE(at)) : gap.readUInt32LE(at));
  const crc = gap.readUInt32LE(start);
  const crcSays = crc === entry.crc32 || (entry.compressionMethod === aesMethod && (crc === 0 || entry.crc32 === 0));
  return crcSays && sizeAt(start + 4) === entry.compressedSize && sizeAt(start + 4 + sizeBytes) === entry.uncompressedSize;
}

/** An entry whose content ends where the next begins. */
interface Passed {
  entry: Entry;
  flags: number;
}

/** Between an entry and the next there is nothing but its descriptor, or zeros that align the next. */
function checkGap(archive: ArchiveBytes, from: number, to: number, { entry, flags }: Passed): void {
  if (to === from) return;
  const length = to - from;
  const gap = length <= usualBytes ? readPart(archive, from, length) : Buffer.alloc(0);
  const described = (flags & descriptorFlag) !== 0 && [12, 16, 20, 24].includes(gap.byteLength);
  if (described && isDescriptor(gap, entry)) return;
  if (gap.byteLength === 0 || gap.some((byte) => byte !== 0)) throw described ? headerMismatch('descriptor') : junkAround('between');
}

/**
 * Reads every local header and checks that the entries fill the file from its start to the directory.
 * @returns where each entry's content begins
 * @throws archive.headerMismatch, .overlappingEntries, .junkAround, .damaged, .truncated
 */
export function placeEntries(
  archive: ArchiveBytes,
  entries: readonly { name: string; source: Entry }[],
  { directoryAt }: ArchiveEnd,
): Map<Entry, number> {
  const inOrder = [...entries].sort((a, b) => a.source.relativeOffsetOfLocalHeader - b.source.relativeOffsetOfLocalHeader);
  const places = new Map<Entry, number>();
  let end = 0;
  let before: Passed | undefined;
  for (const { name, source } of inOrder) {
    const at = source.relativeOffsetOfLocalHeader;
    if (at < end) throw overlappingEntries();
    if (at + headerBytes > directoryAt) throw damaged({ reason: 'local header' });
    const local = localHeader(archive, at);
    if (before) checkGap(archive, end, at, before);
    else if (at > 0) throw junkAround('front');
    checkHeader(local, source, name);
    places.set(source, local.dataAt);
    end = local.dataAt + source.compressedSize;
    if (end > directoryAt) throw overlappingEntries();
    before = { entry: source, flags: local.flags | source.generalPurposeBitFlag };
  }
  if (before) checkGap(archive, end, directoryAt, before);
  return places;
}
