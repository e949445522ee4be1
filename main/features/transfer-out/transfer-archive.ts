import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { privateEntry, transferManifest } from '../../../domain/transfer-content.ts';
import { ArchiveFault, type CheckedArchive, CheckProgress } from '../../platform/archive-check.ts';
import type { ArchiveChecker } from '../../platform/archive-checker.ts';
import type { ArchiveLimits, EntryEncryption } from '../../platform/archive-listing.ts';
import { openArchive } from '../../platform/archive-reader.ts';
import type { ArchiveEncryption } from '../../platform/archive-records.ts';
import { type ArchiveImage, type ArchiveSource, layOutArchive, writeArchive } from '../../platform/archive-writer.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import { ApplicationError, cancelled } from '../../platform/errors.ts';
import { testArchive } from '../../platform/seven-zip.ts';
import type { PackedStudent } from './content.ts';
import type { transferFormats } from './contract.ts';
import { attachmentDamaged, type Sender, studentList, transferEntries, withChecksums } from './entries.ts';
import type { FileProgress } from './production-progress.ts';
import { onAbort, sideBySide } from './side-by-side.ts';

export type TransferFormat = keyof typeof transferFormats;

/** What one transfer file is made of. */
export interface TransferArchiveInput extends Sender {
  students: Iterable<PackedStudent>;
  format: TransferFormat;
  password: string;
}

export interface MadeArchive extends CheckedArchive {
  path: string;
}

export interface ArchiveWork {
  attachments: AttachmentStore;
  checker: ArchiveChecker;
  /** A private folder; whoever made it removes it. */
  folder: string;
  signal: AbortSignal;
  progress: FileProgress;
}

const ownLimits: ArchiveLimits = { entries: 1_000_000, totalBytes: Number.MAX_SAFE_INTEGER, ratio: Number.MAX_SAFE_INTEGER };

const encryptions: Record<TransferFormat, { archive: ArchiveEncryption; entry: EntryEncryption }> = {
  aes256: { archive: 'aes256', entry: 'AES-256' },
  private: { archive: 'aes256', entry: 'AES-256' },
  zipCrypto: { archive: 'zipCrypto', entry: 'ZipCrypto' },
};

const verifyFailed = (details: Record<string, unknown>) =>
  new ApplicationError('transferOut.verifyFailed', '檔案產生後的檢查沒有通過，已刪除。請再試一次。', details);

interface Listed {
  name: string;
  bytes: number;
}

/** That the archive lists what it should and every entry is encrypted as asked, as 匯入 reads it. */
async function checkListing(path: string, expected: readonly Listed[], encryption: EntryEncryption): Promise<void> {
  const archive = await openArchive(path, ownLimits);
  await archive.close();
  const sizes = new Map(archive.entries.map(({ name, bytes }) => [name, bytes]));
  if (
    sizes.size !== expected.length ||
    !expected.every(({ name, bytes }) => sizes.get(name) === bytes) ||
    !archive.entries.every((entry) => entry.encryption === encryption)
  ) {
    throw verifyFailed({ expected: expected.length, listed: sizes.size });
  }
}

/** Whether the store still holds what an attachment's hash says. */
function storeHolds(attachments: AttachmentStore, sha256: string): boolean {
  const hash = createHash('sha256');
  for (const chunk of attachments.chunks(sha256)) hash.update(chunk);
  return hash.digest('hex') === sha256;
}

/** What a check that did not pass means: the store gave something else, or the file is not what was written. */
function failureOf(error: unknown, { attachments, signal }: ArchiveWork): unknown {
  if (signal.aborted) return cancelled();
  if (error instanceof ArchiveFault) {
    const { reason, sha256 } = error;
    if (sha256 !== undefined && attachments.has(sha256) && !storeHolds(attachments, sha256)) return attachmentDamaged(sha256);
    return verifyFailed({ reason });
  }
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'archive.damaged' || code === 'archive.passwordWrong' ? verifyFailed({ reason: code }) : error;
}

function layOut(input: TransferArchiveInput, entries: readonly ArchiveSource[]): { image: ArchiveImage; listed: readonly Listed[] } {
  const sealing = { encryption: encryptions[input.format].archive, password: input.password, modified: input.createdAt };
  if (input.format !== 'private') return { image: layOutArchive(entries, sealing), listed: entries };
  const archive = layOutArchive(entries, { encryption: 'none', password: '', modified: input.createdAt });
  return {
    image: layOutArchive([{ name: privateEntry, archive }], sealing),
    listed: [{ name: privateEntry, bytes: archive.bytes }],
  };
}

/** Entries without an identity in their names, which others could read in the argument list. */
const openedBySevenZip = ({ name, format }: TransferArchiveInput) =>
  format === 'private' ? [privateEntry] : [studentList(name), transferManifest];

async function make(input: TransferArchiveInput, work: ArchiveWork, written: () => void): Promise<MadeArchive> {
  const { attachments, checker, progress } = work;
  const { password, format } = input;
  let entries = await transferEntries(input, input.students, attachments, work.signal);
  if (format !== 'aes256') entries = await withChecksums(entries, work.signal, (bytes) => progress.read(bytes));
  const { image, listed } = layOut(input, entries);
  const path = join(work.folder, `${input.name}.zip`);
  const check = new CheckProgress();
  progress.laidOut(image.bytes, check);
  const [checked] = await sideBySide(
    work.signal,
    (signal) => {
      onAbort(signal, () => check.stop());
      return checker.check({ path, password, pieces: image.pieces, progress: check.shared });
    },
    async (signal) => {
      await writeArchive(path, image, {
        signal,
        onWritten: (bytes) => {
          check.written = bytes;
        },
      });
      written();
      await testArchive(path, password, { signal, onProgress: (part) => progress.tested(part) }, openedBySevenZip(input));
      progress.tested(1);
      await checkListing(path, listed, encryptions[format].entry);
    },
  );
  return { path, ...checked };
}

/**
 * Makes one transfer file in the work folder. Its contents stream from the store through the cipher into the file;
 * another thread reads every byte back right behind (archive-check.ts); when it is whole, 7-Zip opens it as any receiver
 * would, and its listing is compared. Only then is it made.
 * @returns `written` when the writer is free for the next file, `made` when this one passed every check; on any failure
 *   nothing of it is left running
 * @throws attachment.missing, attachment.damaged, archive.*, transferOut.verifyFailed, disk.full, job.cancelled
 */
export function makeTransferArchive(
  input: TransferArchiveInput,
  work: ArchiveWork,
): { written: Promise<void>; made: Promise<MadeArchive> } {
  const written = Promise.withResolvers<void>();
  const made = make(input, work, written.resolve).catch((error: unknown) => {
    throw failureOf(error, work);
  });
  made.catch(written.reject);
  return { written: written.promise, made };
}
