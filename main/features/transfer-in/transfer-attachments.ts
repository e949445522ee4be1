import { createHash } from 'node:crypto';
import { disguiseOf } from '../../../domain/file-disguise.ts';
import { fileLimit, largestFile } from '../../../domain/limits.ts';
import { md5Means } from '../../../domain/md5-text.ts';
import { type FileSlot, type MediaType, mediaTypeOfContent, mediaTypeOfName, mediaTypes } from '../../../domain/media-type.ts';
import { parseTerm } from '../../../domain/term.ts';
import { type TransferLink, type TransferStudent, transferManifest } from '../../../domain/transfer-content.ts';
import type { ArchiveEntry } from '../../platform/archive-listing.ts';
import type { ArchiveReader } from '../../platform/archive-reader.ts';
import type { TransferEntries } from './entries.ts';
import { fileMismatch, fileTooBig } from './errors.ts';
import type { OpenWork } from './transfer-file.ts';

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

/** Folders are named by identities: national ids and resident certificates, old and new (domain.md §5). */
const identityPattern = /^[A-Z][A-D1289]\d{8}$/;

function isOfAnother(path: string, identity: string, identities: ReadonlySet<string>): boolean {
  const folders = path.normalize('NFKC').toUpperCase().split('/').slice(0, -1);
  return folders.some((folder) => folder !== identity && (identities.has(folder) || identityPattern.test(folder)));
}

/** Pictures go by either name: phones and chat programs call a PNG `.jpg`, and every viewer looks at the content. */
const isPicture = (mediaType: MediaType) => mediaType === 'image/jpeg' || mediaType === 'image/png';

/** A name whose extension says another kind gets the content's: `報告.docx` that is a PDF, `x.exe`. */
function withExtension(name: string, mediaType: MediaType): string {
  const hasAnother = /\.[0-9a-z]{1,5}$/i.test(name) && mediaTypeOfName(name) !== mediaType;
  return hasAnother ? `${name}.${mediaTypes[mediaType].extension}` : name;
}

/** Content of attachments kept between checking and importing, so that most imports decrypt once. */
const keptBytes = 96 * 1024 * 1024;

/** The checks of attachments: presence, owner, size of its year, MD5, manifest, kind. Each entry is read once. */
export class Attachments {
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

  /**
   * @param identity whose record it is: folders of others must not be entered
   * @param identities of all the file's students
   */
  async check(
    link: TransferLink,
    slot: FileSlot,
    uploadedTerm: string,
    identity: string,
    identities: ReadonlySet<string>,
  ): Promise<CheckedFile> {
    const entry = this.#entries.find(link.path);
    if (!entry || entry.directory) throw fileMismatch(link.path, 'missing');
    const relative = this.#entries.relative(entry);
    if (isOfAnother(relative, identity, identities)) throw fileMismatch(link.path, 'owner');
    if (entry.bytes === 0) throw fileMismatch(link.path, 'empty');
    const limit = fileLimit(slot, parseTerm(uploadedTerm)?.academicYear ?? Number.POSITIVE_INFINITY);
    if (entry.bytes > limit) throw fileTooBig(link.path, entry.bytes, limit);
    const file = this.#known.get(entry) ?? (await this.#read(entry, relative));
    if (link.md5 !== '' && !md5Means(link.md5, file.md5)) throw fileMismatch(link.path, 'md5');
    if (mediaTypes[file.mediaType].slot !== slot) throw fileMismatch(link.path, 'type');
    return file;
  }

  async #read(entry: ArchiveEntry, relative: string): Promise<CheckedFile> {
    const content = await this.#archive.read(entry, this.#password, largestFile);
    const disguise = disguiseOf(content);
    if (disguise) throw fileMismatch(relative, disguise);
    const mediaType = mediaTypeOfContent(content);
    const named = mediaTypeOfName(entry.name);
    const agrees = !named || named === mediaType || (isPicture(named) && mediaType !== undefined && isPicture(mediaType));
    if (!mediaType || !agrees) throw fileMismatch(relative, 'type');
    const file: CheckedFile = {
      sha256: createHash('sha256').update(content).digest('hex'),
      md5: createHash('md5').update(content).digest('hex'),
      bytes: content.byteLength,
      mediaType,
      name: withExtension(this.#entries.originalName(entry), mediaType),
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

export async function checkStudents(
  students: readonly TransferStudent[],
  attachments: Attachments,
  { signal, report }: Pick<OpenWork, 'signal' | 'report'>,
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
    const files = new Map<string, CheckedFile>();
    for (const { link, slot, uploadedTerm } of linksOf(student)) {
      signal.throwIfAborted();
      files.set(link.path, await attachments.check(link, slot, uploadedTerm, student.identity, identities));
      done += 1;
      report({ step: '檢查附件', done, total, unit: '件' });
    }
    checked.push({ student, files });
  }
  return checked;
}
