import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { privateEntry, type TransferStudent, transferFileName } from '../../../domain/transfer-content.ts';
import { readTransferStudent, TransferContentError } from '../../../domain/transfer-reading.ts';
import type { ArchiveEntry, ArchiveLimits } from '../../platform/archive-listing.ts';
import { type ArchiveReader, openArchive } from '../../platform/archive-reader.ts';
import type { Progress } from '../../platform/task-pool.ts';
import { readEntries, type TransferEntries } from './entries.ts';
import { asTransferError, jsonWrongType, mixedEncryption, notEncrypted, notTransferFile, otherStudent, repeatedStudent } from './errors.ts';
import { checkMd5, type Md5Check } from './md5-check.ts';
import { copyWithDoubt, readWithDoubt } from './password-doubt.ts';
import { Attachments, type CheckedFile, type CheckedStudent, checkStudents } from './transfer-attachments.ts';

/** What is known of the archive itself; filled as far as the checks came. */
export interface FileFacts {
  bytes: number;
  md5: string;
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
export function noFacts(): FileFacts {
  return { bytes: 0, md5: '', senderSchoolCode: '', encryption: '', manifest: false, remarks: [] };
}

async function hashFile({ path }: OpenInput, { signal, facts, report }: OpenWork): Promise<void> {
  const md5 = createHash('md5');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
    md5.update(chunk);
    facts.bytes += (chunk as Buffer).byteLength;
    report({ step: '核對 MD5', done: facts.bytes, total: 0, unit: '位元組' });
  }
  facts.md5 = md5.digest('hex');
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

/** Opens the archive, and the inner one where the sender chose 隱私格式. */
async function openLayers(input: OpenInput, work: OpenWork): Promise<ArchiveReader> {
  const outer = await openArchive(input.path, limits);
  try {
    const files = outer.entries.filter((entry) => !entry.directory);
    work.facts.encryption = encryptionNames(files);
    if (files.length === 0) throw notTransferFile({ files: 0 }, '壓縮檔是空的');
    checkEncryption(files);
    if (outer.padding > 0) work.facts.remarks.push(`壓縮檔之後有 ${outer.padding} 個沒有內容的位元組，不影響匯入。`);
    if (files.length > 1 || files[0]!.name !== privateEntry) return outer;
    const path = join(work.folder, privateEntry);
    await copyWithDoubt(outer, files[0]!, input.password, path, limits.totalBytes);
    work.facts.remarks.push('隱私格式：內容包在內層壓縮檔。');
    await outer.close();
    return await openArchive(path, limits);
  } catch (error) {
    await outer.close();
    throw error;
  }
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
    const read = readWithDoubt(opened, input.password);
    const entries = await readEntries(opened, async (entry, atMost) => {
      work.signal.throwIfAborted();
      const content = await read(entry, atMost);
      texts.set(entry, content);
      return content;
    });
    facts.manifest = entries.manifest !== null;
    facts.remarks.push(...entries.remarks);
    const unknown: Record<string, unknown> = { ...entries.otherTexts };
    const students = readStudents(entries, unknown);
    facts.senderSchoolCode = students[0]!.schoolCode;
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
