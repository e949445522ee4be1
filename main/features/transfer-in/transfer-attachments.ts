import { createHash } from 'node:crypto';
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
