import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { fileNameMapping, transferFormatVersion, transferManifest } from '../../../domain/transfer-content.ts';
import { writeTransferStudent } from '../../../domain/transfer-writing.ts';
import { type ArchiveSource, deflatedText } from '../../platform/archive-writer.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { PackedFile, PackedStudent } from './content.ts';

/** Whose file it is, as its manifest tells. */
export interface Sender {
  name: string;
  school: { code: string; name: string };
  createdAt: Date;
  applicationVersion: string;
}

export const attachmentDamaged = (sha256: string) =>
  new ApplicationError('attachment.damaged', '本機保存的檔案已毀損，將於下次同步時重新下載。請同步後再試一次。', { sha256 });

/** The entry that tells of the students. @param name of the transfer file */
export const studentList = (name: string) => `${name}.json`;

const indented = (value: unknown) => JSON.stringify(value, null, 2);

/** The JSON of a list, an element at a time, as `JSON.stringify(list, null, 2)` writes it. */
function* jsonOfList(list: Iterable<unknown>): Generator<string> {
  let opening = '[\n  ';
  for (const value of list) {
    // No line break of a text is one of the JSON's: there it stands as \n.
    yield opening + indented(value).replaceAll('\n', '\n  ');
    opening = ',\n  ';
  }
  yield opening.startsWith('[') ? '[]' : '\n]';
}

/** An attachment as it streams from the store. What it holds is checked in the finished file. */
function attachmentSource(attachments: AttachmentStore, { path, file: { sha256 } }: PackedFile): ArchiveSource {
  const bytes = attachments.size(sha256);
  return {
    name: path,
    bytes,
    sha256,
    content: function* () {
      let seen = 0;
      for (const chunk of attachments.chunks(sha256)) {
        seen += chunk.byteLength;
        yield chunk;
      }
      if (seen !== bytes) throw attachmentDamaged(sha256);
    },
  };
}

/**
 * The entries of a transfer file in their order: the students' JSON, the files' names, the manifest, the files.
 * @param students is gone through once, and none of them is kept
 * @throws attachment.missing, job.cancelled
 */
export async function transferEntries(
  sender: Sender,
  students: Iterable<PackedStudent>,
  attachments: AttachmentStore,
  signal: AbortSignal,
): Promise<ArchiveSource[]> {
  const files: PackedFile[] = [];
  const names: [path: string, text: string][] = [];
  const written = function* () {
    for (const { student, files: own, names: folders } of students) {
      files.push(...own);
      for (const [folder, mapping] of Object.entries(folders)) names.push([`${folder}/${fileNameMapping}`, indented(mapping)]);
      yield writeTransferStudent(student);
    }
  };
  const entries = [await deflatedText(studentList(sender.name), jsonOfList(written()), signal)];
  for (const [path, text] of names) entries.push(await deflatedText(path, [text], signal));
  const sources = files.map((file) => attachmentSource(attachments, file));
  const manifest = {
    formatVersion: transferFormatVersion,
    sender: { schoolCode: sender.school.code, schoolName: sender.school.name },
    createdAt: sender.createdAt.toISOString(),
    applicationVersion: sender.applicationVersion,
    entries: [...entries, ...sources].map(({ name: path, bytes, sha256 }) => ({ path, bytes, sha256 })),
  };
  return [...entries, await deflatedText(transferManifest, [indented(manifest)], signal), ...sources];
}

/**
 * Reads the contents through once for their CRC-32: ZipCrypto and the inner ZIP of 隱私格式 name it in front of them.
 * @param onRead bytes read so far
 */
export async function withChecksums(
  entries: readonly ArchiveSource[],
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<ArchiveSource[]> {
  const known: ArchiveSource[] = [];
  let read = 0;
  for (const entry of entries) {
    let checksum = entry.crc32 ?? 0;
    if (entry.crc32 === undefined) {
      for (const piece of entry.content()) {
        checksum = crc32(piece, checksum);
        read += piece.byteLength;
        onRead(read);
        // Lets a cancellation in, which comes as a message to this thread.
        await setImmediate();
        signal.throwIfAborted();
      }
    }
    known.push({ ...entry, crc32: checksum });
  }
  return known;
}
