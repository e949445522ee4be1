import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileNameMapping, privateEntry, transferFormatVersion, transferManifest } from '../../../domain/transfer-content.ts';
import { writeTransferStudent } from '../../../domain/transfer-writing.ts';
import { type ArchiveEncryption, testArchive, writeArchive } from '../../platform/archive.ts';
import type { ArchiveLimits, EntryEncryption } from '../../platform/archive-listing.ts';
import { openArchive } from '../../platform/archive-reader.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { PackedStudent } from './content.ts';
import type { transferFormats } from './contract.ts';

export type TransferFormat = keyof typeof transferFormats;

/** What one transfer file is made of. */
export interface TransferArchiveInput {
  /** Without `.zip`. */
  name: string;
  students: readonly PackedStudent[];
  school: { code: string; name: string };
  createdAt: Date;
  applicationVersion: string;
  format: TransferFormat;
  password: string;
}

export interface MadeArchive {
  path: string;
  bytes: number;
  md5: string;
  sha256: string;
}

export interface ArchiveWork {
  attachments: AttachmentStore;
  /** A private folder, empty; whoever made it removes it. */
  folder: string;
  signal: AbortSignal;
  /** @param part of this file that is done, 0 to 1 */
  onProgress: (part: number, step: string) => void;
}

interface StagedEntry {
  path: string;
  bytes: number;
  sha256: string;
}

const ownLimits: ArchiveLimits = { entries: 1_000_000, totalBytes: Number.MAX_SAFE_INTEGER, ratio: Number.MAX_SAFE_INTEGER };

/** Copies one attachment out of the store, chunk by chunk, and holds it against its hash. */
async function stageAttachment(attachments: AttachmentStore, sha256: string, path: string): Promise<number> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  let bytes = 0;
  try {
    for (const chunk of attachments.chunks(sha256)) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  if (hash.digest('hex') !== sha256) {
    throw new ApplicationError('attachment.damaged', '本機保存的檔案已毀損，將於下次同步時重新下載。請同步後再試一次。', { sha256 });
  }
  return bytes;
}

async function stage(input: TransferArchiveInput, root: string, work: ArchiveWork): Promise<{ texts: string[]; files: string[] }> {
  const texts: string[] = [];
  const files: string[] = [];
  const entries: StagedEntry[] = [];
  const writeText = async (path: string, value: unknown) => {
    const content = Buffer.from(JSON.stringify(value, null, 2), 'utf8');
    await mkdir(dirname(join(root, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(root, path), content, { mode: 0o600, flag: 'wx' });
    texts.push(path);
    entries.push({ path, bytes: content.byteLength, sha256: createHash('sha256').update(content).digest('hex') });
  };
  await writeText(
    `${input.name}.json`,
    input.students.map(({ student }) => writeTransferStudent(student)),
  );
  const total = input.students.reduce((sum, student) => sum + student.files.reduce((bytes, { file }) => bytes + file.bytes, 0), 0);
  let staged = 0;
  for (const student of input.students) {
    for (const [folder, names] of Object.entries(student.names)) await writeText(`${folder}/${fileNameMapping}`, names);
    for (const { path, file } of student.files) {
      // Lets a cancellation in, which comes as a message to this thread.
      await setImmediate();
      work.signal.throwIfAborted();
      const bytes = await stageAttachment(work.attachments, file.sha256, join(root, path));
      files.push(path);
      entries.push({ path, bytes, sha256: file.sha256 });
      staged += bytes;
      work.onProgress(total === 0 ? 1 : staged / total, '準備附件');
    }
  }
  await writeText(transferManifest, {
    formatVersion: transferFormatVersion,
    sender: { schoolCode: input.school.code, schoolName: input.school.name },
    createdAt: input.createdAt.toISOString(),
    applicationVersion: input.applicationVersion,
    entries,
  });
  return { texts, files };
}

/** MD5 and SHA-256 of exactly the bytes on disk, and their number. */
async function hashesOf(path: string, signal: AbortSignal): Promise<{ bytes: number; md5: string; sha256: string }> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
    md5.update(chunk);
    sha256.update(chunk);
    bytes += (chunk as Buffer).byteLength;
  }
  return { bytes, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}

/** That the archive holds what it should and every entry is encrypted as asked, by its own listing. */
async function checkListing(path: string, expected: readonly string[], encryption: EntryEncryption): Promise<void> {
  const archive = await openArchive(path, ownLimits);
  await archive.close();
  const names = new Set(archive.entries.map(({ name }) => name));
  if (
    names.size !== expected.length ||
    !expected.every((name) => names.has(name)) ||
    !archive.entries.every((entry) => entry.encryption === encryption)
  ) {
    throw new ApplicationError('transferOut.verifyFailed', '檔案產生後的檢查沒有通過，已刪除。請再試一次。', {
      expected: expected.length,
      listed: names.size,
    });
  }
}

/** The archive is on the disk before anything says that it is made. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

const encryptions: Record<TransferFormat, { archive: ArchiveEncryption; entry: EntryEncryption }> = {
  aes256: { archive: 'aes256', entry: 'AES-256' },
  private: { archive: 'aes256', entry: 'AES-256' },
  zipCrypto: { archive: 'zipCrypto', entry: 'ZipCrypto' },
};

/**
 * Makes one transfer file in the work folder: stages what goes in, has 7-Zip write it, then reads it back twice (7-Zip's
 * test and our own listing) before it counts as made.
 * @returns the finished file, flushed to disk, still in the work folder
 * @throws attachment.missing, attachment.damaged, archive.*, transferOut.verifyFailed, disk.full, job.cancelled
 */
export async function makeTransferArchive(input: TransferArchiveInput, work: ArchiveWork): Promise<MadeArchive> {
  const staging = join(work.folder, 'staging');
  const path = join(work.folder, `${input.name}.zip`);
  const { archive: encryption, entry } = encryptions[input.format];
  const part = (from: number, to: number, step: string) => (done: number) => work.onProgress(from + (to - from) * done, step);
  await mkdir(staging, { mode: 0o700 });
  try {
    const { texts, files } = await stage(input, staging, { ...work, onProgress: part(0, 0.3, '準備附件') });
    let content = { folder: staging, deflated: texts, stored: files };
    const compressed = part(0.3, 0.7, '壓縮加密');
    if (input.format === 'private') {
      const inner = join(work.folder, 'inner');
      await mkdir(inner, { mode: 0o700 });
      await writeArchive(join(inner, privateEntry), content, 'none', '', { signal: work.signal });
      content = { folder: inner, deflated: [], stored: [privateEntry] };
    }
    await writeArchive(path, content, encryption, input.password, { signal: work.signal, onProgress: compressed });
    const verified = part(0.7, 1, '檢查檔案');
    await flush(path);
    const [hashes] = await Promise.all([
      hashesOf(path, work.signal),
      testArchive(path, input.password, { signal: work.signal, onProgress: verified }),
      checkListing(path, [...content.deflated, ...content.stored], entry),
    ]);
    return { path, ...hashes };
  } finally {
    await Promise.all([staging, join(work.folder, 'inner')].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
