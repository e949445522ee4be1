import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { privateEntry, type TransferStudent, transferFileName } from '../../../domain/transfer-content.ts';
import { readTransferStudent, TransferContentError } from '../../../domain/transfer-reading.ts';
import type { ArchiveEntry, ArchiveLimits } from '../../platform/archive-listing.ts';
import { type ArchiveContents, type ArchiveReader, openArchive, readArchive } from '../../platform/archive-reader.ts';
import { md5OfFile } from '../../platform/file-hash.ts';
import type { Progress } from '../../platform/task-pool.ts';
import { type Origin, readEntries, type TransferEntries, unknownOrigin } from './entries.ts';
import { asTransferError, jsonWrongType, mixedEncryption, notEncrypted, notTransferFile, otherStudent, repeatedStudent } from './errors.ts';
import { checkMd5, type Md5Check } from './md5-check.ts';
import { readWithDoubt, unsealWithDoubt } from './password-doubt.ts';
import { type Arrival, type CheckedStudent, checkAttachments } from './transfer-attachments.ts';

/** What is known of the archive itself; filled as far as the checks came. */
export interface FileFacts {
  bytes: number;
  md5: string;
  senderSchoolCode: string;
  encryption: string;
  manifest: boolean;
  origin: Origin;
  remarks: string[];
}

export interface TransferFile {
  facts: FileFacts;
  students: readonly CheckedStudent[];
  /** Keys and texts that this version does not know, by their place. */
  unknown: Record<string, unknown>;
}

export interface OpenInput {
  path: string;
  fileName: string;
  password: string;
  md5: Md5Check;
}

/** Without an MD5 to hold it against, the file's own is only told. */
type ReadInput = Omit<OpenInput, 'md5'> & { md5: Md5Check | null };

export interface OpenWork {
  signal: AbortSignal;
  report: (progress: Progress) => void;
  /** What the clerk reads while it is done. */
  step?: string;
  /** Receives the facts as they are found, for an inspection that ends early. */
  facts: FileFacts;
  /** Takes the attachments in as they pass their checks; without one they are only checked. */
  arrival?: Arrival;
}

/**
 * Harm is bounded by the file that really is there, whatever its listing claims, so that a file of two hundred students with gigabytes passes and a
 * bomb does not. What is stored cannot be larger than the file; what is deflated: portfolios hardly shrink and JSON does by twenty, so all together
 * sixteen times the file, and a quarter GiB of JSON in a small one. Beside that one attachment has 10 MiB (domain/limits.ts), all JSON 128 MiB
 * (entries.ts), and no import begins that the disk has no room for (arriving-files.ts). Entries are 250 for each of two hundred students;
 * listing them takes some 200 MB of memory.
 */
const limitsOf = (archiveBytes: number): ArchiveLimits => ({
  entries: 50_000,
  totalBytes: archiveBytes * 16 + 256 * 1024 ** 2,
  ratio: 200,
});

export function noFacts(): FileFacts {
  return { bytes: 0, md5: '', senderSchoolCode: '', encryption: '', manifest: false, origin: unknownOrigin, remarks: [] };
}

/**
 * Two things go through the whole file side by side, its MD5 and the checks of what is inside: one scale for both, in bytes of the file,
 * so that the time left can be told from it.
 */
class FileProgress {
  readonly #report: OpenWork['report'];
  readonly #step: string;
  /** Bytes of the file. */
  readonly total: number;
  #hashed = 0;
  #checked = 0;
  #passes = 1;

  constructor({ report, step = '核對並檢查檔案' }: OpenWork, total: number) {
    this.#report = report;
    this.#step = step;
    this.total = total;
  }

  /** The checks go through the file twice: 隱私格式 is authenticated as a whole before it is read. */
  checksTwice(): void {
    this.#passes = 2;
  }

  hashed(bytes: number): void {
    this.#hashed += bytes;
    this.#tell();
  }

  checked(bytes: number): void {
    this.#checked += bytes / this.#passes;
    this.#tell();
  }

  /** Names, directory and files that no record uses are not read. */
  allChecked(): void {
    this.#checked = this.total;
    this.#tell();
  }

  #tell(): void {
    const done = Math.min(this.total, Math.floor((this.#hashed + this.#checked) / 2));
    this.#report({ step: this.#step, done, total: this.total, unit: '位元組' });
  }
}

/** @returns what to remark @throws transferIn.md5… */
async function checkFileMd5(
  { path, md5: given }: ReadInput,
  { signal, facts }: OpenWork,
  progress: FileProgress,
): Promise<string | undefined> {
  const { md5, bytes } = await md5OfFile(path, { signal, onRead: (read) => progress.hashed(read) });
  Object.assign(facts, { md5, bytes });
  return given ? checkMd5(given, md5) : undefined;
}

function encryptionNames(entries: readonly ArchiveEntry[]): string {
  return [...new Set(entries.filter((entry) => !entry.directory).map((entry) => entry.encryption))].sort().join('、');
}

/** Every file with content is encrypted; writers leave empty ones plain. */
function checkEncryption(files: readonly ArchiveEntry[]): void {
  const plain = files.filter((entry) => entry.encryption === 'none' && entry.bytes > 0).length;
  if (plain === 0) return;
  throw files.some((entry) => entry.encryption !== 'none') ? mixedEncryption(plain) : notEncrypted();
}

/** What is read of an archive, or of the one within it. */
type OpenedArchive = ArchiveContents & Pick<ArchiveReader, 'close'>;

/** Opens the archive, and the inner one where the sender chose 隱私格式. */
async function openLayers(input: ReadInput, work: OpenWork, progress: FileProgress): Promise<OpenedArchive> {
  const outer = await openArchive(input.path, limitsOf(progress.total));
  try {
    const files = outer.entries.filter((entry) => !entry.directory);
    work.facts.encryption = encryptionNames(files);
    if (files.length === 0) throw notTransferFile({ files: 0 }, '壓縮檔是空的');
    checkEncryption(files);
    if (outer.padding > 0) work.facts.remarks.push(`壓縮檔之後有 ${outer.padding} 個沒有內容的位元組，不影響匯入。`);
    if (files.length > 1 || files[0]!.name !== privateEntry) return outer;
    return await openInner(outer, files[0]!, input, work, progress);
  } catch (error) {
    await outer.close();
    throw error;
  }
}

/** The archive within the archive, read where it lies. */
async function openInner(
  outer: ArchiveReader,
  entry: ArchiveEntry,
  { password }: ReadInput,
  { signal, facts }: OpenWork,
  progress: FileProgress,
): Promise<OpenedArchive> {
  progress.checksTwice();
  const onRead = (bytes: number) => progress.checked(bytes);
  const bytes = await unsealWithDoubt(outer, entry, password, { signal, onRead });
  facts.remarks.push('隱私格式：內容包在內層壓縮檔。');
  return { ...(await readArchive(bytes, limitsOf(bytes.place.size))), close: outer.close };
}

function readStudents(entries: TransferEntries, unknown: Record<string, unknown>): TransferStudent[] {
  const fileSchoolCode = transferFileName.exec(entries.contentName)?.[1];
  const students = entries.content.map((value, position) => {
    try {
      const read = readTransferStudent(value, position, fileSchoolCode);
      Object.assign(unknown, read.unknown);
      return read.student;
    } catch (error) {
      if (!(error instanceof TransferContentError)) throw error;
      const where = error.where.replace(/^\[\d+\]\.?/, '');
      throw error.fault === 'otherStudent' ? otherStudent(where) : jsonWrongType(where, position + 1);
    }
  });
  if (new Set(students.map(({ identity }) => identity)).size < students.length) throw repeatedStudent();
  return students;
}

function remarkOn({ fileName }: ReadInput, entries: TransferEntries, read: ReadonlySet<ArchiveEntry>, remarks: string[]): void {
  if (fileName.replace(/\.zip$/i, '') !== entries.contentName) remarks.push('檔名與產生時不同，可能曾改過檔名；已依內容核對，不影響匯入。');
  const surplus = entries.attachments.filter((entry) => !read.has(entry)).length;
  if (surplus > 0) remarks.push(`壓縮檔內有 ${surplus} 個檔案沒有任何紀錄使用，不會匯入。`);
}

/** Everything that is checked of the inside. */
async function readContent(input: ReadInput, work: OpenWork, progress: FileProgress): Promise<TransferFile> {
  const { facts, signal, arrival } = work;
  const archive = await openLayers(input, work, progress);
  try {
    const read = readWithDoubt(archive, input.password);
    const textHashes = new Map<ArchiveEntry, string>();
    const entries = await readEntries(archive, async (entry, atMost) => {
      signal.throwIfAborted();
      const content = await read(entry, atMost);
      textHashes.set(entry, hash('sha256', content));
      return content;
    });
    facts.manifest = entries.manifest !== null;
    facts.origin = entries.origin;
    facts.remarks.push(...entries.remarks);
    const unknown: Record<string, unknown> = { ...entries.otherTexts };
    const students = readStudents(entries, unknown);
    facts.senderSchoolCode = students[0]!.schoolCode;
    const onChecked = (bytes: number) => progress.checked(bytes);
    const checked = await checkAttachments(students, {
      archive,
      entries,
      password: input.password,
      textHashes,
      arrival,
      signal,
      onChecked,
    });
    progress.allChecked();
    remarkOn(input, entries, checked.read, facts.remarks);
    return { facts, students: checked.students, unknown };
  } finally {
    await archive.close();
  }
}

/**
 * Reads a transfer file and makes every check there is before anything may be imported (transfer-format.md, Reading): MD5, listing,
 * password, content, each file's MD5, kind and size, and the manifest. The MD5 of the whole and the checks of the inside go side by side:
 * what passes its own check may go to the arrival before the MD5 is known, but nothing counts until this has returned. Writes nothing
 * itself.
 * @throws transferIn.* (contract.ts), disk.full, job.cancelled
 */
export async function readTransferFile(input: ReadInput, work: OpenWork): Promise<TransferFile> {
  try {
    const progress = new FileProgress(work, (await stat(input.path)).size);
    const stop = new AbortController();
    const both = { ...work, signal: AbortSignal.any([work.signal, stop.signal]) };
    const md5 = checkFileMd5(input, both, progress);
    md5.catch((error) => stop.abort(error));
    try {
      const file = await readContent(input, both, progress);
      const remark = await md5;
      if (remark) work.facts.remarks.unshift(remark);
      return file;
    } catch (error) {
      // A file that is not the one that was sent says more than what is wrong inside it.
      await md5;
      throw error;
    }
  } catch (error) {
    throw asTransferError(error);
  }
}
