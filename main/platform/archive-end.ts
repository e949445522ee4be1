import { type ArchiveBytes, readUpTo } from './archive-bytes.ts';
import { damaged, headerMismatch, junkAround, notZip, splitArchive, truncated } from './archive-errors.ts';

/** Where a ZIP's directory lies, from the record at its end. */
export interface ArchiveEnd {
  directoryAt: number;
  directoryBytes: number;
  entries: number;
  /** Behind the end record and its comment. */
  end: number;
  /** Zero bytes and line ends behind that: what some systems leave of a buffer or a mail. */
  padding: number;
}

const endRecord = 0x06054b50;
const endBytes = 22;
const longestComment = 0xffff;
const zip64Record = 0x06064b50;
const zip64Bytes = 56;
const zip64Locator = 0x07064b50;
const locatorBytes = 20;
const directoryHeader = 0x02014b50;
const localHeader = 0x04034b50;
/** Of a split archive's first part. */
const splitMark = 0x08074b50;

/** An end record with more than this behind it is not looked for. */
const furthest = 1024 * 1024;
const chunkBytes = 1024 * 1024;

const isPadding = (byte: number) => byte === 0 || byte === 0x0a || byte === 0x0d;

/** A part of the archive; shorter where it ends. */
export function readPart(bytes: ArchiveBytes, from: number, length: number): Buffer {
  return readUpTo(bytes, Buffer.alloc(Math.max(0, length)), from);
}

/** Bytes up to the last one that is no padding. Reads only as far as there is padding. */
function withoutPadding(archive: ArchiveBytes, size: number): number {
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - chunkBytes);
    const part = readPart(archive, from, end - from);
    for (let index = part.byteLength - 1; index >= 0; index -= 1) if (!isPadding(part[index]!)) return from + index + 1;
    end = from;
  }
  return 0;
}

function positionsOf(signature: number, part: Buffer): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  const positions: number[] = [];
  for (let at = part.indexOf(bytes); at >= 0; at = part.indexOf(bytes, at + 1)) positions.push(at);
  return positions;
}

/** The one end record that reaches to the end of the file, but for padding. @returns its place */
function endRecordAt(window: Buffer, from: number, used: number, size: number, first: number): number {
  const found = positionsOf(endRecord, window).filter((at) => at + endBytes <= window.byteLength);
  const endOf = (at: number) => from + at + endBytes + window.readUInt16LE(at + 20);
  const whole = found.filter((at) => endOf(at) >= used && endOf(at) <= size);
  if (whole.length === 0) {
    // With something behind it, an end record counts only where its directory stands before it.
    const behind = found.some((at) => endOf(at) < used && hasDirectory(window, at));
    if (behind && first === localHeader) throw junkAround('behind');
    if (first === localHeader || first === endRecord) throw truncated('no end');
    throw first === splitMark ? splitArchive() : notZip(size);
  }
  // A second end inside the comment of the first: two programs would read two different archives.
  if (found.at(-1)! > whole[0]!) throw junkAround('behind');
  return from + whole[0]!;
}

function hasDirectory(window: Buffer, at: number): boolean {
  const start = at - window.readUInt32LE(at + 12);
  return start >= 0 && start + 4 <= window.byteLength && window.readUInt32LE(start) === directoryHeader;
}

interface Directory {
  at: number;
  bytes: number;
  entries: number;
}

/** What the ZIP64 record says, held against the plain one: a field of that is the same or full of ones. */
function zip64Directory(archive: ArchiveBytes, locatorAt: number, locator: Buffer, plain: Directory): Directory & { end: number } {
  const recordAt = Number(locator.readBigUInt64LE(8));
  if (locator.readUInt32LE(4) !== 0 || locator.readUInt32LE(16) > 1) throw splitArchive();
  const record = recordAt + zip64Bytes <= locatorAt ? readPart(archive, recordAt, zip64Bytes) : Buffer.alloc(0);
  if (record.byteLength < zip64Bytes || record.readUInt32LE(0) !== zip64Record) {
    const moved = readPart(archive, Math.max(0, locatorAt - zip64Bytes), 4);
    throw moved.byteLength === 4 && moved.readUInt32LE(0) === zip64Record ? junkAround('front') : damaged({ reason: 'zip64 end' });
  }
  if (BigInt(recordAt) + 12n + record.readBigUInt64LE(4) !== BigInt(locatorAt)) throw headerMismatch('zip64 end');
  if (record.readUInt32LE(16) !== 0 || record.readUInt32LE(20) !== 0) throw splitArchive();
  const onDisk = record.readBigUInt64LE(24);
  const all = record.readBigUInt64LE(32);
  if (onDisk !== all) throw splitArchive();
  const directory = { entries: Number(all), bytes: Number(record.readBigUInt64LE(40)), at: Number(record.readBigUInt64LE(48)) };
  if (plain.entries !== 0xffff && plain.entries !== directory.entries) throw headerMismatch('entries');
  if (plain.bytes !== 0xffffffff && plain.bytes !== directory.bytes) throw headerMismatch('directory');
  if (plain.at !== 0xffffffff && plain.at !== directory.at) throw headerMismatch('directory');
  return { ...directory, end: recordAt };
}

/** The directory ends where the end record begins, and an archive begins with its file. */
function checkPlace(archive: ArchiveBytes, { at, bytes, entries }: Directory, directoryEnd: number, first: number): void {
  if (at + bytes === directoryEnd) {
    if (entries > 0 && first !== localHeader) throw first === splitMark ? splitArchive() : junkAround('front');
    return;
  }
  if (at + bytes > directoryEnd) throw damaged({ reason: 'directory' });
  const startsAt = (place: number) => {
    const start = readPart(archive, place, 4);
    return start.byteLength === 4 && start.readUInt32LE(0) === directoryHeader;
  };
  if (entries > 0 && startsAt(at)) throw junkAround('between');
  if (startsAt(directoryEnd - bytes)) throw junkAround('front');
  if (entries === 0 && bytes === 0) throw junkAround('front');
  throw damaged({ reason: 'directory' });
}

/**
 * Finds the end record of a ZIP, and the directory by it. An archive is the whole file: a comment and padding may
 * follow, nothing else, so that no two programs find two archives in it.
 * @throws archive.notZip, .truncated, .damaged, .junkAround, .splitArchive, .headerMismatch
 */
export function findEnd(archive: ArchiveBytes): ArchiveEnd {
  const { size } = archive.place;
  const start = readPart(archive, 0, 4);
  if (start.byteLength < 4) throw notZip(size);
  const first = start.readUInt32LE(0);
  const used = withoutPadding(archive, size);
  const from = Math.max(0, used - endBytes - longestComment - furthest);
  const window = readPart(archive, from, Math.min(size, used + endBytes + longestComment) - from);
  const at = endRecordAt(window, from, used, size, first);
  const record = window.subarray(at - from, at - from + endBytes);
  const plain: Directory = { entries: record.readUInt16LE(10), bytes: record.readUInt32LE(12), at: record.readUInt32LE(16) };
  const locatorAt = at - locatorBytes;
  const locator = locatorAt >= 0 ? readPart(archive, locatorAt, locatorBytes) : Buffer.alloc(0);
  let directory = plain;
  let directoryEnd = at;
  if (locator.byteLength === locatorBytes && locator.readUInt32LE(0) === zip64Locator) {
    const { end, ...long } = zip64Directory(archive, locatorAt, locator, plain);
    directory = long;
    directoryEnd = end;
  } else {
    const disks = [record.readUInt16LE(4), record.readUInt16LE(6)];
    if (disks.some((disk) => disk !== 0) || record.readUInt16LE(8) !== plain.entries) throw splitArchive();
  }
  checkPlace(archive, directory, directoryEnd, first);
  const end = at + endBytes + record.readUInt16LE(20);
  return { directoryAt: directory.at, directoryBytes: directory.bytes, entries: directory.entries, end, padding: size - end };
}
