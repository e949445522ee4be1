import { attachmentName } from '../../../domain/attachment-name.ts';
import { disguiseOf } from '../../../domain/file-disguise.ts';
import { fileLimit, largestFile } from '../../../domain/limits.ts';
import { md5Means } from '../../../domain/md5-text.ts';
import { type FileSlot, type MediaType, mediaTypeOfContent, mediaTypeOfName, mediaTypes } from '../../../domain/media-type.ts';
import { parseTerm } from '../../../domain/term.ts';
import { type TransferLink, type TransferStudent, transferManifest } from '../../../domain/transfer-content.ts';
import type { Digested } from '../../platform/archive-digest.ts';
import type { ArchiveEntry } from '../../platform/archive-listing.ts';
import type { ArchiveContents } from '../../platform/archive-reader.ts';
import type { ArrivingFile } from '../../platform/arrivals.ts';
import type { TransferEntries } from './entries.ts';
import { fileMismatch, fileTooBig } from './errors.ts';

/** A file of a record, checked: what is known of it. */
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

/** Folders are named by identities: national ids and resident certificates, old and new (domain.md §5). */
const identityPattern = /^[A-Z][A-D1289]\d{8}$/;

function isOfAnother(path: string, identity: string, identities: ReadonlySet<string>): boolean {
  const folders = path.normalize('NFKC').toUpperCase().split('/').slice(0, -1);
  return folders.some((folder) => folder !== identity && (identities.has(folder) || identityPattern.test(folder)));
}

/** Pictures go by either name: phones and chat programs call a PNG `.jpg`, and every viewer looks at the content. */
const isPicture = (mediaType: MediaType) => mediaType === 'image/jpeg' || mediaType === 'image/png';

/** Where an import puts files as they are checked, before anything points at them. */
export interface Arrival {
  /** Whether a student's files are wanted; those of one who cannot be imported are only checked. */
  wants: (student: TransferStudent) => boolean;
  /** Told how much may come, before the first. @throws `disk.full` */
  expect: (bytes: number) => Promise<void>;
  /** Their content holds until this resolves. */
  put: (files: readonly ArrivingFile[]) => Promise<void>;
}

/** What is to be read of one entry, and what its content must be. */
interface Expected {
  relative: string;
  links: { link: TransferLink; slot: FileSlot }[];
  /** By the manifest, where there is one. */
  sha256: string | undefined;
  wanted: boolean;
}

export interface AttachmentWork {
  archive: ArchiveContents;
  entries: TransferEntries;
  password: string;
  /** SHA-256 of each JSON that was read. */
  textHashes: ReadonlyMap<ArchiveEntry, string>;
  arrival?: Arrival | undefined;
  signal: AbortSignal;
  /** @param bytes of the archive that were checked since the last time */
  onChecked: (bytes: number) => void;
}

const linksOf = ({ outcomes, performances }: TransferStudent) =>
  [...outcomes, ...performances].flatMap(({ document, media, uploadedTerm }) => [
    ...(document ? [{ link: document, slot: 'document' as const, uploadedTerm }] : []),
    ...(media ? [{ link: media, slot: 'media' as const, uploadedTerm }] : []),
  ]);

/** The entry a link leads to: there, in no other student's folder, and not larger than its year allows. */
function entryOf(
  { entries }: AttachmentWork,
  { link, slot, uploadedTerm }: ReturnType<typeof linksOf>[number],
  owner: string,
  identities: ReadonlySet<string>,
): ArchiveEntry {
  const entry = entries.find(link.path);
  if (!entry || entry.directory) throw fileMismatch(link.path, 'missing');
  if (isOfAnother(entries.relative(entry), owner, identities)) throw fileMismatch(link.path, 'owner');
  if (entry.bytes === 0) throw fileMismatch(link.path, 'empty');
  const limit = fileLimit(slot, parseTerm(uploadedTerm)?.academicYear ?? Number.POSITIVE_INFINITY);
  if (entry.bytes > limit) throw fileTooBig(link.path, entry.bytes, limit);
  return entry;
}

/** Against the manifest, where there is one: nothing absent, nothing more, every size and every text as listed. @returns the hashes of the others */
function checkManifest({ archive, entries: { manifest, relative }, textHashes }: AttachmentWork): Map<ArchiveEntry, string> {
  const hashes = new Map<ArchiveEntry, string>();
  if (!manifest) return hashes;
  const left = new Map(manifest);
  for (const entry of archive.entries) {
    const path = relative(entry);
    if (entry.directory || path === transferManifest) continue;
    const listed = left.get(path);
    if (!listed) throw fileMismatch(path, 'extra');
    left.delete(path);
    if (listed.bytes !== entry.bytes) throw fileMismatch(path, 'bytes');
    const text = textHashes.get(entry);
    if (text === undefined) hashes.set(entry, listed.sha256);
    else if (text !== listed.sha256) throw fileMismatch(path, 'sha256');
  }
  for (const path of left.keys()) throw fileMismatch(path, 'missing');
  return hashes;
}

/** Everything that can be said before a content is read. */
function expectations(students: readonly TransferStudent[], work: AttachmentWork): Map<ArchiveEntry, Expected> {
  const { relative } = work.entries;
  const expected = new Map<ArchiveEntry, Expected>();
  const identities = new Set(students.map(({ identity }) => identity));
  for (const student of students) {
    const wanted = work.arrival?.wants(student) ?? false;
    for (const linked of linksOf(student)) {
      const entry = entryOf(work, linked, student.identity, identities);
      const known = expected.get(entry) ?? { relative: relative(entry), links: [], sha256: undefined, wanted: false };
      expected.set(entry, { ...known, links: [...known.links, linked], wanted: known.wanted || wanted });
    }
  }
  for (const [entry, sha256] of checkManifest(work)) {
    expected.set(entry, { ...(expected.get(entry) ?? { relative: relative(entry), links: [], wanted: false }), sha256 });
  }
  return expected;
}

function checkContent({ entry, content, md5, sha256 }: Digested<ArchiveEntry>, expected: Expected, entries: TransferEntries): CheckedFile {
  const disguise = disguiseOf(content);
  if (disguise) throw fileMismatch(expected.relative, disguise);
  const mediaType = mediaTypeOfContent(content);
  const named = mediaTypeOfName(entry.name);
  const agrees = !named || named === mediaType || (isPicture(named) && mediaType !== undefined && isPicture(mediaType));
  if (!mediaType || !agrees) throw fileMismatch(expected.relative, 'type');
  for (const { link, slot } of expected.links) {
    if (link.md5 !== '' && !md5Means(link.md5, md5)) throw fileMismatch(link.path, 'md5');
    if (mediaTypes[mediaType].slot !== slot) throw fileMismatch(link.path, 'type');
  }
  if (expected.sha256 !== undefined && expected.sha256 !== sha256) throw fileMismatch(expected.relative, 'sha256');
  return { sha256, md5, bytes: content.byteLength, mediaType, name: attachmentName(entries.originalName(entry), entry.name, mediaType) };
}

/**
 * The checks of attachments: presence, owner, size of its year, MD5, manifest, kind. Each entry is read once, and goes to
 * the arrival as soon as it is checked.
 * @returns the students with their files, and the entries that were read
 */
export async function checkAttachments(
  students: readonly TransferStudent[],
  work: AttachmentWork,
): Promise<{ students: CheckedStudent[]; read: ReadonlySet<ArchiveEntry> }> {
  const { archive, entries, password, arrival, signal, onChecked } = work;
  const expected = expectations(students, work);
  const wantedBytes = [...expected].reduce((sum, [entry, { wanted }]) => sum + (wanted ? entry.bytes : 0), 0);
  if (wantedBytes > 0) await arrival?.expect(wantedBytes);
  const files = new Map<ArchiveEntry, CheckedFile>();
  for await (const tray of archive.readAll([...expected.keys()], password, largestFile, signal)) {
    const arriving: ArrivingFile[] = [];
    for (const digested of tray) {
      const { entry, content, md5, sha256 } = digested;
      const expectation = expected.get(entry)!;
      files.set(entry, checkContent(digested, expectation, entries));
      if (expectation.wanted) arriving.push({ sha256, md5, bytes: content.byteLength, content });
    }
    if (arriving.length > 0) await arrival?.put(arriving);
    onChecked(tray.reduce((sum, { entry }) => sum + entry.compressedBytes, 0));
  }
  return {
    students: students.map((student) => ({
      student,
      files: new Map(linksOf(student).map(({ link }) => [link.path, files.get(entries.find(link.path)!)!])),
    })),
    read: new Set(files.keys()),
  };
}
