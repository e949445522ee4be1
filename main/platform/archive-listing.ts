import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';
import type { ArchiveBytes } from './archive-bytes.ts';
import { type ArchiveEnd, findEnd, readPart } from './archive-end.ts';
import {
  compressionBomb,
  damaged,
  duplicateEntry,
  headerMismatch,
  linkEntry,
  nameEncoding,
  sizeMismatch,
  tooBig,
  tooManyEntries,
  unsafeName,
  unsafePath,
  unsupportedMethod,
} from './archive-errors.ts';
import { placeEntries } from './archive-local.ts';
import { decodeEntryName, faultOfEntryName, sameNameKey } from './archive-names.ts';
import { ApplicationError } from './errors.ts';

export type EntryEncryption = 'AES-256' | 'AES-192' | 'AES-128' | 'ZipCrypto' | 'none';

export interface ArchiveEntry {
  /** Decoded, with `/` between folders. */
  name: string;
  directory: boolean;
  /** Declared; held to while reading. */
  bytes: number;
  compressedBytes: number;
  encryption: EntryEncryption;
  stored: boolean;
}

/** What a listing may hold at most. Enforced from the listing first and again while reading. */
export interface ArchiveLimits {
  entries: number;
  totalBytes: number;
  /** Uncompressed ÷ compressed: of one entry where it is larger than 1 MiB, and of the whole where that is larger than 64 MiB. */
  ratio: number;
}

/** An entry with its place in the file. */
export interface Placed extends ArchiveEntry {
  source: Entry;
  crcHolds: boolean;
  /** Where its content begins: salt, header or data. */
  dataAt: number;
}

const mebibyte = 1024 * 1024;
const aesField = 0x9901;
const aesMethod = 99;
/** Salt, verifier and authentication code. */
const aesOverhead = { 'AES-128': 20, 'AES-192': 24, 'AES-256': 28 } as const;
/** 50,000 entries with long names have 15 MB. */
const largestDirectory = 32 * mebibyte;
/** How far yauzl looks back for the end record. */
const furthestEnd = 22 + 0xffff + 20;

interface Kind {
  encryption: EntryEncryption;
  method: number;
  crcHolds: boolean;
}

function kindOf(entry: Entry): Kind {
  if (!entry.isEncrypted()) return { encryption: 'none', method: entry.compressionMethod, crcHolds: true };
  if (entry.compressionMethod !== aesMethod) return { encryption: 'ZipCrypto', method: entry.compressionMethod, crcHolds: true };
  const field = entry.extraFields.find(({ id }) => id === aesField)?.data;
  if (!field || field.byteLength < 7) throw damaged({ reason: 'AES field' });
  const encryption = ({ 1: 'AES-128', 2: 'AES-192', 3: 'AES-256' } as const)[field.readUInt8(4)];
  const version = field.readUInt16LE(0);
  if (!encryption || version < 1 || version > 2) throw unsupportedMethod('AES field');
  // AE-2 leaves the CRC out, since it tells of the content; the authentication code stands for it.
  return { encryption, method: field.readUInt16LE(5), crcHolds: version === 1 && entry.crc32 !== 0 };
}

/** Anything but a file or a folder: links above all. */
function isSpecial(entry: Entry): boolean {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  const reparsePoint = 0x400;
  return (type !== 0 && type !== 0o100000 && type !== 0o040000) || (entry.externalFileAttributes & reparsePoint) !== 0;
}

/** By its name, or by its attributes where it is empty: old .NET programs leave the slash off. */
function isDirectory(entry: Entry, name: string): boolean {
  const marked = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o040000 || (entry.externalFileAttributes & 0x10) !== 0;
  return name.endsWith('/') || (marked && entry.uncompressedSize === 0);
}

function checkedName(entry: Entry): string {
  const name = decodeEntryName(entry.fileNameRaw, entry.generalPurposeBitFlag, entry.extraFields);
  if (name === undefined) throw nameEncoding(entry.fileNameLength);
  const fault = faultOfEntryName(name);
  if (fault === 'absolute' || fault === 'drive' || fault === 'parent') throw unsafePath(fault, name.length);
  if (fault) throw unsafeName(fault, name.length);
  return name;
}

function describe(entry: Entry): Omit<Placed, 'dataAt'> {
  const name = checkedName(entry);
  if (isSpecial(entry)) throw linkEntry();
  const { encryption, method, crcHolds } = kindOf(entry);
  if (method !== 0 && method !== 8) throw unsupportedMethod(`method ${method}`);
  const directory = isDirectory(entry, name);
  if (directory && entry.uncompressedSize > 0) throw headerMismatch('folder');
  const isAes = encryption !== 'none' && encryption !== 'ZipCrypto';
  if (isAes && method === 0 && entry.compressedSize !== entry.uncompressedSize + aesOverhead[encryption]) {
    throw sizeMismatch({ bytes: entry.uncompressedSize, compressedBytes: entry.compressedSize });
  }
  return {
    name,
    directory,
    bytes: entry.uncompressedSize,
    compressedBytes: entry.compressedSize,
    encryption,
    stored: method === 0,
    source: entry,
    crcHolds,
  };
}

/** No two entries that a disk would take for one, no file that is a folder of another. */
function checkNames(entries: readonly ArchiveEntry[]): void {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const { name, directory } of entries) {
    const key = sameNameKey(name);
    if (!directory && files.has(key)) throw duplicateEntry('file');
    if (directory) folders.add(key);
    else files.add(key);
    // A folder that is known has its parents known.
    for (let end = key.lastIndexOf('/'); end > 0 && !folders.has(key.slice(0, end)); end = key.lastIndexOf('/', end - 1)) {
      folders.add(key.slice(0, end));
    }
  }
  for (const key of files) if (folders.has(key)) throw duplicateEntry('folder');
}

function checkSizes(entries: readonly ArchiveEntry[], limits: ArchiveLimits, archiveBytes: number): void {
  let total = 0;
  for (const { bytes, compressedBytes } of entries) {
    total += bytes;
    if (bytes > mebibyte && bytes > compressedBytes * limits.ratio) throw compressionBomb('entry');
  }
  if (total > limits.totalBytes) throw tooBig({ rule: 'totalBytes', bytes: total });
  if (total > 64 * mebibyte && total > archiveBytes * limits.ratio) throw compressionBomb('whole');
}

/** Gives yauzl the end of the file from memory: it asks for each header by itself. */
class Tail extends RandomAccessReader {
  readonly #bytes: Buffer;
  readonly #from: number;

  constructor(bytes: Buffer, from: number) {
    super();
    this.#bytes = bytes;
    this.#from = from;
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    const start = position - this.#from;
    const missing = start < 0 || start + length > this.#bytes.byteLength;
    if (!missing) this.#bytes.copy(buffer, offset, start, start + length);
    callback(missing ? new Error('outside the directory') : null);
  }
}

/** The directory's entries by yauzl, which knows ZIP64 and the extra fields; as many as the end record says, no more and no less. */
async function directoryOf(archive: ArchiveBytes, { directoryAt, directoryBytes, entries: count, end }: ArchiveEnd): Promise<Entry[]> {
  const from = Math.max(0, Math.min(directoryAt, end - furthestEnd));
  const tail = new Tail(readPart(archive, from, end - from), from);
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false };
  const entries: Entry[] = [];
  let bytes = 0;
  try {
    const zip = await fromRandomAccessReaderPromise(tail, end, options);
    for await (const entry of zip.eachEntry()) {
      entries.push(entry);
      bytes += 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
      if (bytes > directoryBytes) throw headerMismatch('directory');
    }
  } catch (error) {
    if (error instanceof ApplicationError) throw error;
    const { message } = error as Error;
    // yauzl's errors are texts: two that say more than that the structure is broken.
    if (message.includes('strong encryption')) throw unsupportedMethod('strong encryption');
    if (message.includes('size mismatch')) throw sizeMismatch();
    throw damaged({ reason: message });
  }
  if (bytes !== directoryBytes || entries.length !== count) throw headerMismatch('directory');
  return entries;
}

/**
 * The listing of a ZIP, checked whole before any content is touched.
 * @throws archive.* of archive-errors.ts
 */
export async function list(archive: ArchiveBytes, limits: ArchiveLimits): Promise<{ entries: Placed[]; padding: number }> {
  const end = findEnd(archive);
  if (end.entries > limits.entries || end.directoryBytes > largestDirectory) throw tooManyEntries(limits.entries);
  const described = (await directoryOf(archive, end)).map(describe);
  checkNames(described);
  checkSizes(described, limits, end.end);
  const places = placeEntries(archive, described, end);
  return { entries: described.map((entry) => ({ ...entry, dataAt: places.get(entry.source)! })), padding: end.padding };
}
