import type { FileHandle } from 'node:fs/promises';
import { type Entry, fromFdPromise } from 'yauzl';
import { damaged } from './archive-cipher.ts';
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
  /** Uncompressed ÷ compressed of one entry, where it is larger than 1 MiB. */
  ratio: number;
}

/** An entry with its place in the file. */
export interface Placed extends ArchiveEntry {
  source: Entry;
  crcHolds: boolean;
}

const aesField = 0x9901;
const aesMethod = 99;
const localHeaderBytes = 30;

const unsafe = (name: string, fault: string) =>
  new ApplicationError('archive.unsafeEntry', `壓縮檔內有不安全的項目（${fault}），已拒絕開啟。請向對方學校重新索取檔案。`, {
    fault,
    length: name.length,
  });
export const unsupported = (reason: string) =>
  new ApplicationError('archive.unsupported', '壓縮檔使用本程式不支援的壓縮或加密方式，請對方學校改以 ZIP（AES-256）重新產生。', {
    reason,
  });
export const tooBig = (details: Record<string, unknown>) =>
  new ApplicationError('archive.tooBig', '壓縮檔的內容超過允許的大小或數量，已拒絕開啟。請向對方學校確認檔案。', details);

function encryptionOf(entry: Entry): { encryption: EntryEncryption; method: number; crcHolds: boolean } {
  if (!entry.isEncrypted()) return { encryption: 'none', method: entry.compressionMethod, crcHolds: true };
  if (entry.generalPurposeBitFlag & 0x40) throw unsupported('strong encryption');
  if (entry.compressionMethod !== aesMethod) return { encryption: 'ZipCrypto', method: entry.compressionMethod, crcHolds: true };
  const field = entry.extraFields.find(({ id }) => id === aesField)?.data;
  if (!field || field.byteLength < 7) throw damaged({ reason: 'AES field' });
  const encryption = ({ 1: 'AES-128', 2: 'AES-192', 3: 'AES-256' } as const)[field.readUInt8(4)];
  if (!encryption) throw unsupported('AES strength');
  // AE-2 leaves the CRC out, since it tells of the content; the authentication code stands for it.
  return { encryption, method: field.readUInt16LE(5), crcHolds: field.readUInt16LE(0) === 1 };
}

/** Anything but a file or a folder: links above all. */
function isSpecial(entry: Entry): boolean {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  const reparsePoint = 0x400;
  return (type !== 0 && type !== 0o100000 && type !== 0o040000) || (entry.externalFileAttributes & reparsePoint) !== 0;
}

function place(entry: Entry): Placed {
  const name = decodeEntryName(entry.fileNameRaw, entry.generalPurposeBitFlag, entry.extraFields);
  if (name === undefined) throw unsafe('', 'encoding');
  const fault = faultOfEntryName(name) ?? (isSpecial(entry) ? 'link' : undefined);
  if (fault) throw unsafe(name, fault);
  const { encryption, method, crcHolds } = encryptionOf(entry);
  if (method !== 0 && method !== 8) throw unsupported(`method ${method}`);
  return {
    name,
    directory: name.endsWith('/'),
    bytes: entry.uncompressedSize,
    compressedBytes: entry.compressedSize,
    encryption,
    stored: method === 0,
    source: entry,
    crcHolds,
  };
}

function checkTogether(entries: readonly Placed[], limits: ArchiveLimits, archiveBytes: number): void {
  const files = new Set<string>();
  const folders = new Set<string>();
  let total = 0;
  for (const { name, directory, bytes, compressedBytes } of entries) {
    const key = sameNameKey(name);
    if (!directory && files.has(key)) throw unsafe(name, 'duplicate');
    if (directory) folders.add(key);
    else files.add(key);
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) folders.add(key.slice(0, end));
    total += bytes;
    if (bytes > 1024 * 1024 && bytes > compressedBytes * limits.ratio) throw tooBig({ rule: 'ratio' });
  }
  for (const key of files) if (folders.has(key)) throw unsafe(key, 'duplicate');
  if (total > limits.totalBytes) throw tooBig({ rule: 'totalBytes', bytes: total });
  const placed = entries
    .filter(({ compressedBytes }) => compressedBytes > 0)
    .sort((a, b) => a.source.relativeOffsetOfLocalHeader - b.source.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const { name, source, compressedBytes } of placed) {
    if (source.relativeOffsetOfLocalHeader < end) throw unsafe(name, 'overlap');
    end = source.relativeOffsetOfLocalHeader + localHeaderBytes + source.fileNameLength + compressedBytes;
  }
  if (end > archiveBytes) throw damaged({ reason: 'cut off' });
}

/**
 * The listing of a ZIP, checked whole before any content is touched.
 * @throws archive.notZip, .damaged, .unsafeEntry, .unsupported, .tooBig
 */
export async function list(
  file: FileHandle,
  limits: ArchiveLimits,
): Promise<{ entries: Placed[]; dataStart: (entry: Placed) => Promise<number> }> {
  const { size } = await file.stat();
  const start = Buffer.alloc(4);
  await file.read(start, 0, 4, 0);
  // By its first bytes and never by trying formats one after another, as 7-Zip would.
  if (size < 22 || (start.readUInt32LE(0) !== 0x04034b50 && start.readUInt32LE(0) !== 0x06054b50)) {
    throw new ApplicationError('archive.notZip', '這不是 ZIP 壓縮檔，請確認選擇的是對方學校提供的轉學檔案。', { bytes: size });
  }
  try {
    const zip = await fromFdPromise(file.fd, { autoClose: false, lazyEntries: true, decodeStrings: false });
    if (zip.entryCount > limits.entries) throw tooBig({ rule: 'entries', entries: zip.entryCount });
    const entries: Placed[] = [];
    for await (const entry of zip.eachEntry()) entries.push(place(entry));
    checkTogether(entries, limits, size);
    return {
      entries,
      dataStart: async ({ source }) => (await zip.readLocalFileHeaderPromise(source, { minimal: true })).fileDataStart,
    };
  } catch (error) {
    if (error instanceof ApplicationError || (error as NodeJS.ErrnoException).code) throw error;
    // yauzl's errors are of the structure: no end of the central directory, a field out of range …
    throw damaged({ reason: (error as Error).message });
  }
}
