import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { type Entry, fromFdPromise } from 'yauzl';
import { checksum, damaged, type EntryDecipher, plainText, winZipAes, zipCrypto } from './archive-cipher.ts';
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

export interface ArchiveReader {
  entries: readonly ArchiveEntry[];
  /** One entry's content, complete and authenticated. @throws archive.passwordWrong, .damaged, .tooBig */
  read: (entry: ArchiveEntry, password: string, atMost: number) => Promise<Buffer>;
  /** Streams a stored entry into a new file. @throws archive.passwordWrong, .damaged, .tooBig */
  copyTo: (entry: ArchiveEntry, password: string, path: string, atMost: number) => Promise<void>;
  close: () => Promise<void>;
}

interface Placed extends ArchiveEntry {
  source: Entry;
  crcHolds: boolean;
}

const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);
const aesField = 0x9901;
const aesMethod = 99;
const readBytes = 1024 * 1024;
const localHeaderBytes = 30;

const unsafe = (name: string, fault: string) =>
  new ApplicationError('archive.unsafeEntry', `壓縮檔內有不安全的項目（${fault}），已拒絕開啟。請向對方學校重新索取檔案。`, {
    fault,
    length: name.length,
  });
const unsupported = (reason: string) =>
  new ApplicationError('archive.unsupported', '壓縮檔使用本程式不支援的壓縮或加密方式，請對方學校改以 ZIP（AES-256）重新產生。', {
    reason,
  });
const tooBig = (details: Record<string, unknown>) =>
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

async function list(
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

function decipherFor({ encryption, source }: Placed, password: string): EntryDecipher {
  switch (encryption) {
    case 'none':
      return plainText();
    case 'ZipCrypto':
      return zipCrypto(password, source.generalPurposeBitFlag & 8 ? source.lastModFileTime >>> 8 : source.crc32 >>> 24);
    default:
      return winZipAes(password, ({ 'AES-128': 1, 'AES-192': 2, 'AES-256': 3 } as const)[encryption]);
  }
}

async function readFully(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) throw damaged({ reason: 'cut off' });
    filled += bytesRead;
  }
  return buffer;
}

/**
 * Opens a ZIP for reading, nothing else: its whole listing is checked before any content is touched. Names that could
 * leave a folder or fall together, links, overlapping entries and unknown methods are refused.
 * @throws archive.notZip, .damaged, .unsafeEntry, .unsupported, .tooBig
 */
export async function openArchive(path: string, limits: ArchiveLimits): Promise<ArchiveReader> {
  const file = await open(path, 'r');
  try {
    const { entries, dataStart } = await list(file, limits);

    async function* decrypted(entry: Placed, password: string): AsyncGenerator<Buffer> {
      const decipher = decipherFor(entry, password);
      const contentBytes = entry.compressedBytes - decipher.headerBytes - decipher.trailerBytes;
      if (contentBytes < 0) throw damaged({ reason: 'entry too short' });
      let position = await dataStart(entry);
      if (decipher.headerBytes > 0) decipher.begin(await readFully(file, decipher.headerBytes, position));
      position += decipher.headerBytes;
      for (let left = contentBytes; left > 0; ) {
        const chunk = await readFully(file, Math.min(readBytes, left), position);
        position += chunk.byteLength;
        left -= chunk.byteLength;
        yield decipher.update(chunk);
      }
      decipher.finish(await readFully(file, decipher.trailerBytes, position));
    }

    const check = (entry: Placed, bytes: number, crc: number) => {
      if (bytes !== entry.bytes) throw damaged({ reason: 'size' });
      if (entry.crcHolds && crc !== entry.source.crc32) throw damaged({ reason: 'crc' });
    };

    return {
      entries,
      read: async (given, password, atMost) => {
        const entry = given as Placed;
        if (entry.bytes > atMost || entry.compressedBytes > atMost + 1024 * 1024) throw tooBig({ rule: 'entry', bytes: entry.bytes });
        const parts: Buffer[] = [];
        for await (const chunk of decrypted(entry, password)) parts.push(chunk);
        const raw = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
        let content = raw;
        if (!entry.stored) {
          try {
            content = await inflate(raw, { maxOutputLength: Math.max(1, entry.bytes) });
          } catch (error) {
            throw damaged({ reason: (error as NodeJS.ErrnoException).code ?? 'inflate' });
          }
        }
        const crc = checksum();
        if (entry.crcHolds) crc.update(content);
        check(entry, content.byteLength, crc.value());
        return content;
      },
      copyTo: async (given, password, target, atMost) => {
        const entry = given as Placed;
        if (!entry.stored) throw unsupported('compressed inner archive');
        if (entry.bytes > atMost) throw tooBig({ rule: 'entry', bytes: entry.bytes });
        const crc = checksum();
        let bytes = 0;
        await pipeline(
          async function* () {
            for await (const chunk of decrypted(entry, password)) {
              bytes += chunk.byteLength;
              if (entry.crcHolds) crc.update(chunk);
              yield chunk;
            }
          },
          createWriteStream(target, { flags: 'wx', mode: 0o600 }),
        );
        check(entry, bytes, crc.value());
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
