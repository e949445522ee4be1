import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { fileLimit, largestFile } from '../../../domain/limits.ts';
import { md5Means } from '../../../domain/md5-text.ts';
import { type FileSlot, type MediaType, mediaTypeOfContent, mediaTypeOfName, mediaTypes } from '../../../domain/media-type.ts';
import { parseTerm } from '../../../domain/term.ts';
import {
  privateEntry,
  type TransferLink,
  type TransferStudent,
  transferFileName,
  transferManifest,
} from '../../../domain/transfer-content.ts';
import { readTransferStudent, TransferContentError } from '../../../domain/transfer-reading.ts';
import { type ArchiveEntry, type ArchiveLimits, type ArchiveReader, openArchive } from '../../platform/archive-reader.ts';
import type { Progress } from '../../platform/task-pool.ts';
import { readEntries, type TransferEntries } from './entries.ts';
import { asTransferError, fileMismatch, fileTooBig, notEncrypted, notTransferFile } from './errors.ts';
import { checkMd5, type Md5Check } from './md5-check.ts';

/** A file of a record, checked: what is known of it and how to get its bytes again. */
export interface CheckedFile {
  sha256: string;
  md5: string;
  bytes: number;
  mediaType: MediaType;
  name: string;
}

export interface CheckedStudent {
  student: TransferStudent;
  /** By the link's path. */
  files: ReadonlyMap<string, CheckedFile>;
}

/** What is known of the archive itself; filled as far as the checks came. */
export interface FileFacts {
  bytes: number;
  md5: string;
  sha256: string;
  senderSchoolCode: string;
  encryption: string;
  manifest: boolean;
  remarks: string[];
}

export interface TransferFile {
  facts: FileFacts;
  students: readonly CheckedStudent[];
  /** Keys and texts that this version does not know, by their place. */
  unknown: Record<string, unknown>;
  /** A checked file's bytes, read again where they were not kept, and held against its hash again. */
  content: (file: CheckedFile) => Promise<Buffer>;
  close: () => Promise<void>;
}

export interface OpenInput {
  path: string;
  fileName: string;
  password: string;
  md5: Md5Check;
}

export interface OpenWork {
  /** A private, empty folder for the inner ZIP of the private format; whoever made it removes it. */
  folder: string;
  signal: AbortSignal;
  report: (progress: Progress) => void;
  /** Receives the facts as they are found, for an inspection that ends early. */
  facts: FileFacts;
}

const limits: ArchiveLimits = { entries: 50_000, totalBytes: 8 * 1024 ** 3, ratio: 200 };
/** Content of attachments kept between checking and importing, so that most imports decrypt once. */
const keptBytes = 96 * 1024 * 1024;

export function noFacts(): FileFacts {
  return { bytes: 0, md5: '', sha256: '', senderSchoolCode: '', encryption: '', manifest: false, remarks: [] };
}

async function hashFile({ path }: OpenInput, { signal, facts, report }: OpenWork): Promise<void> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
    md5.update(chunk);
    sha256.update(chunk);
    facts.bytes += (chunk as Buffer).byteLength;
    report({ step: '核對 MD5', done: facts.bytes, total: 0, unit: '位元組' });
  }
  facts.md5 = md5.digest('hex');
  facts.sha256 = sha256.digest('hex');
}

function encryptionNames(entries: readonly ArchiveEntry[]): string {
  return [...new Set(entries.filter((entry) => !entry.directory).map((entry) => entry.encryption))].sort().join('、');
}

/** Opens the archive, and the inner one where the sender chose 隱私格式. */
async function openLayers(input: OpenInput, work: OpenWork): Promise<ArchiveReader> {
  const outer = await openArchive(input.path, limits);
  try {
    const files = outer.entries.filter((entry) => !entry.directory);
    work.facts.encryption = encryptionNames(files);
    if (files.length === 0) throw notTransferFile({ files: 0 }, '壓縮檔是空的');
    if (files.some((entry) => entry.encryption === 'none')) throw notEncrypted();
    if (files.length > 1 || files[0]!.name !== privateEntry) return outer;
    const path = join(work.folder, privateEntry);
    await outer.copyTo(files[0]!, input.password, path, limits.totalBytes);
    work.facts.remarks.push('隱私格式：內容包在內層壓縮檔。');
    await outer.close();
    return await openArchive(path, limits);
  } catch (error) {
    await outer.close();
    throw error;
  }
}

function readStudents(entries: TransferEntries, unknown: Record<string, unknown>): TransferStudent[] {
  const students = entries.content.map((value, position) => {
    try {
      const read = readTransferStudent(value, position);
      Object.assign(unknown, read.unknown);
      return read.student;
    } catch (error) {
      if (!(error instanceof TransferContentError)) throw error;
      throw notTransferFile({ where: error.where }, `第 ${position + 1} 位學生的資料在「${error.where.replace(/^\[\d+\]\.?/, '')}」看不懂`);
    }
  });
  if (new Set(students.map(({ identity }) => identity)).size < students.length)
    throw notTransferFile({ where: 'identity' }, '同一位學生出現不只一次');
  return students;
}

/** The checks of attachments: presence, owner, size of its year, MD5, manifest, kind. Each entry is read once. */
class Attachments {
  readonly #entries: TransferEntries;
  readonly #archive: ArchiveReader;
  readonly #password: string;
  readonly #known = new Map<ArchiveEntry, CheckedFile>();
  readonly #kept = new Map<string, Buffer>();
  readonly #bySha256 = new Map<string, ArchiveEntry>();
  #room = keptBytes;

  constructor(entries: TransferEntries, archive: ArchiveReader, password: string) {
    this.#entries = entries;
    this.#archive = archive;
    this.#password = password;
  }

  get checked(): ReadonlySet<ArchiveEntry> {
    return new Set(this.#known.keys());
  }

  /** @param others identities of the file's other students, whose folders this one's links must not enter */
  async check(link: TransferLink, slot: FileSlot, uploadedTerm: string, others: ReadonlySet<string>): Promise<CheckedFile> {
    const entry = this.#entries.find(link.path);
    if (!entry || entry.directory) throw fileMismatch(link.path, 'missing');
    const relative = this.#entries.relative(entry);
    if (relative.split('/').some((segment) => others.has(segment.toUpperCase()))) throw fileMismatch(link.path, 'owner');
    const limit = fileLimit(slot, parseTerm(uploadedTerm)?.academicYear ?? Number.POSITIVE_INFINITY);
    if (entry.bytes > limit) throw fileTooBig(link.path, entry.bytes, limit);
    const file = this.#known.get(entry) ?? (await this.#read(entry, relative));
    if (link.md5 !== '' && !md5Means(link.md5, file.md5)) throw fileMismatch(link.path, 'md5');
    if (mediaTypes[file.mediaType].slot !== slot) throw fileMismatch(link.path, 'type');
    return file;
  }

  async #read(entry: ArchiveEntry, relative: string): Promise<CheckedFile> {
    const content = await this.#archive.read(entry, this.#password, largestFile);
    const mediaType = mediaTypeOfContent(content);
    const named = mediaTypeOfName(entry.name);
    if (!mediaType || (named && named !== mediaType)) throw fileMismatch(relative, 'type');
    const file: CheckedFile = {
      sha256: createHash('sha256').update(content).digest('hex'),
      md5: createHash('md5').update(content).digest('hex'),
      bytes: content.byteLength,
      mediaType,
      name: this.#entries.originalName(entry),
    };
    this.#known.set(entry, file);
    this.#bySha256.set(file.sha256, entry);
    if (content.byteLength <= this.#room) {
      this.#room -= content.byteLength;
      this.#kept.set(file.sha256, content);
    }
    return file;
  }

  /** Against the manifest, where there is one: nothing absent, nothing more, every byte as listed. */
  async checkManifest(readText: (entry: ArchiveEntry) => Buffer | undefined): Promise<void> {
    const { manifest, relative } = this.#entries;
    if (!manifest) return;
    const left = new Map(manifest);
    for (const entry of this.#archive.entries) {
      const path = relative(entry);
      if (entry.directory || path === transferManifest) continue;
      const listed = left.get(path);
      if (!listed) throw fileMismatch(path, 'extra');
      left.delete(path);
      if (listed.bytes !== entry.bytes) throw fileMismatch(path, 'bytes');
      const text = readText(entry);
      const sha256 = text
        ? createHash('sha256').update(text).digest('hex')
        : (this.#known.get(entry) ?? (await this.#read(entry, path))).sha256;
      if (sha256 !== listed.sha256) throw fileMismatch(path, 'sha256');
    }
    for (const path of left.keys()) throw fileMismatch(path, 'missing');
  }

  async content({ sha256 }: CheckedFile): Promise<Buffer> {
    const kept = this.#kept.get(sha256);
    if (kept) return kept;
    const entry = this.#bySha256.get(sha256)!;
    const content = await this.#archive.read(entry, this.#password, largestFile);
    // The clerk's file may have changed since it was checked.
    if (createHash('sha256').update(content).digest('hex') !== sha256) throw fileMismatch(entry.name, 'sha256');
    return content;
  }
}

async function checkStudents(
  students: readonly TransferStudent[],
  attachments: Attachments,
  { signal, report }: OpenWork,
): Promise<CheckedStudent[]> {
  const identities = new Set(students.map(({ identity }) => identity));
  const linksOf = ({ outcomes, performances }: TransferStudent) =>
    [...outcomes, ...performances].flatMap(({ document, media, uploadedTerm }) => [
      ...(document ? [{ link: document, slot: 'document' as const, uploadedTerm }] : []),
      ...(media ? [{ link: media, slot: 'media' as const, uploadedTerm }] : []),
    ]);
  const total = students.reduce((sum, student) => sum + linksOf(student).length, 0);
  const checked: CheckedStudent[] = [];
  let done = 0;
  for (const student of students) {
    const others = new Set(identities);
    others.delete(student.identity);
    const files = new Map<string, CheckedFile>();
    for (const { link, slot, uploadedTerm } of linksOf(student)) {
      signal.throwIfAborted();
      files.set(link.path, await attachments.check(link, slot, uploadedTerm, others));
      done += 1;
      report({ step: '檢查附件', done, total, unit: '件' });
    }
    checked.push({ student, files });
  }
  return checked;
}

function remarkOn({ fileName }: OpenInput, entries: TransferEntries, attachments: Attachments, remarks: string[]): void {
  if (fileName.replace(/\.zip$/i, '') !== entries.contentName) remarks.push('檔名與產生時不同，可能曾改過檔名；已依內容核對，不影響匯入。');
  const surplus = entries.attachments.filter((entry) => !attachments.checked.has(entry)).length;
  if (surplus > 0) remarks.push(`壓縮檔內有 ${surplus} 個檔案沒有任何紀錄使用，不會匯入。`);
}

/**
 * Opens a transfer file and makes every check there is before anything may be imported (transfer-format.md, Reading):
 * MD5, listing, password, content, each file's MD5, kind and size, and the manifest. Writes nothing but the inner ZIP
 * of the private format into the work folder.
 * @throws transferIn.* (contract.ts), disk.full, job.cancelled
 */
export async function openTransferFile(input: OpenInput, work: OpenWork): Promise<TransferFile> {
  const { facts } = work;
  let archive: ArchiveReader | undefined;
  try {
    await hashFile(input, work);
    const remark = checkMd5(input.md5, facts.md5);
    if (remark) facts.remarks.push(remark);
    archive = await openLayers(input, work);
    const opened = archive;
    const texts = new Map<ArchiveEntry, Buffer>();
    const entries = await readEntries(opened, async (entry, atMost) => {
      work.signal.throwIfAborted();
      const content = await opened.read(entry, input.password, atMost);
      texts.set(entry, content);
      return content;
    });
    facts.manifest = entries.manifest !== null;
    const unknown: Record<string, unknown> = { ...entries.otherTexts };
    const students = readStudents(entries, unknown);
    facts.senderSchoolCode = students[0]!.schoolCode || (transferFileName.exec(entries.contentName)?.[1] ?? '');
    const attachments = new Attachments(entries, opened, input.password);
    const checked = await checkStudents(students, attachments, work);
    await attachments.checkManifest((entry) => texts.get(entry));
    remarkOn(input, entries, attachments, facts.remarks);
    return { facts, students: checked, unknown, content: (file) => attachments.content(file), close: () => opened.close() };
  } catch (error) {
    await archive?.close();
    throw asTransferError(error);
  }
}
