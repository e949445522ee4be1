import { posix } from 'node:path';
import { mediaTypeOfName } from '../../../domain/media-type.ts';
import { fileNameMapping, transferFileName, transferFormatVersion, transferManifest } from '../../../domain/transfer-content.ts';
import { isTransferContent } from '../../../domain/transfer-reading.ts';
import { readInstant } from '../../../domain/written-date.ts';
import type { ArchiveEntry } from '../../platform/archive-listing.ts';
import { sameNameKey } from '../../platform/archive-names.ts';
import type { ArchiveContents } from '../../platform/archive-reader.ts';
import { JsonFault, type JsonLimits, parseStrictJson } from '../../platform/strict-json.ts';
import { jsonRefused, jsonTooBig, jsonWrongType, newerFormat, notTransferFile, severalLists } from './errors.ts';

/** Where things lie in an opened transfer file: its student list, manifest, file names and attachments. */

const mebibyte = 1024 * 1024;
/** Of one text and of all: a school's whole third grade has about 30 MiB. */
const largestText = 64 * mebibyte;
const largestTexts = 128 * mebibyte;
const jsonLimits: JsonLimits = { depth: 64, values: 2_000_000 };
/** Files without `.json` that are looked into for the list where no JSON is it. */
const mostGuesses = 20;

export interface ManifestEntry {
  path: string;
  bytes: number;
  sha256: string;
}

/** Who made a file and when, as far as it says. */
export interface Origin {
  /** UTC instant. */
  createdAt: string | null;
  schoolName: string | null;
  /** Of this application; null for others'. */
  applicationVersion: string | null;
}

export const unknownOrigin: Origin = { createdAt: null, schoolName: null, applicationVersion: null };

export interface TransferEntries {
  /** The student list as parsed. */
  content: Record<string, unknown>[];
  /** Name of the JSON without `.json`: what the ZIP was called when it was made. */
  contentName: string;
  /** With a manifest of this application: what it lists, by path from the root. */
  manifest: Map<string, ManifestEntry> | null;
  origin: Origin;
  /** An entry by a link of the content. */
  find: (link: string) => ArchiveEntry | undefined;
  /** Path of an entry from the root of the content. */
  relative: (entry: ArchiveEntry) => string;
  /** The name the student gave a file, as the sender has it; empty where it has none. */
  originalName: (entry: ArchiveEntry) => string;
  /** JSON that is neither list, manifest nor names: 課程諮詢.json and what else a sender adds. */
  otherTexts: Record<string, unknown>;
  /** Entries that hold files, not folders and not JSON. */
  attachments: readonly ArchiveEntry[];
  /** What the clerk should know. */
  remarks: readonly string[];
}

export type ReadEntry = (entry: ArchiveEntry, atMost: number) => Promise<Buffer>;

const baseName = (entry: ArchiveEntry) => posix.basename(entry.name);
const depth = (entry: ArchiveEntry) => entry.name.split('/').length - 1;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isJsonName = ({ name }: ArchiveEntry) => /\.json$/i.test(name);
/** What Windows and macOS leave in folders by themselves. */
const isLeftover = ({ name }: ArchiveEntry) => /(^|\/)(__MACOSX\/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(name);
const isBlank = (bytes: Buffer) => /^[\s\ufeff\0]*$/.test(bytes.subarray(0, 64).toString('utf8')) && bytes.byteLength <= 64;

/** The JSON texts of an archive, each parsed or with what is wrong with it. */
class Texts {
  readonly #read: ReadEntry;
  readonly #values = new Map<ArchiveEntry, unknown>();
  readonly #faults = new Map<ArchiveEntry, JsonFault>();
  #bytes = 0;

  constructor(read: ReadEntry) {
    this.#read = read;
  }

  async parse(entry: ArchiveEntry): Promise<unknown> {
    this.#bytes += entry.bytes;
    if (entry.bytes > largestText || this.#bytes > largestTexts) throw jsonTooBig({ bytes: entry.bytes, all: this.#bytes });
    const bytes = await this.#read(entry, largestText);
    try {
      // Some systems leave an empty text where there is nothing to say.
      if (!isBlank(bytes)) this.#values.set(entry, parseStrictJson(bytes, jsonLimits));
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      this.#faults.set(entry, error);
    }
    return this.#values.get(entry);
  }

  /** Undefined for an empty text. @throws transferIn.json… when it is broken */
  value(entry: ArchiveEntry): unknown {
    const fault = this.#faults.get(entry);
    if (fault) throw jsonRefused(entry.name, fault);
    return this.#values.get(entry);
  }

  isBroken(entry: ArchiveEntry): boolean {
    return this.#faults.has(entry);
  }

  isList(entry: ArchiveEntry): boolean {
    return isTransferContent(this.#values.get(entry));
  }
}

function manifestOf(value: unknown): Map<string, ManifestEntry> | null {
  if (!isObject(value) || typeof value.formatVersion !== 'number' || !Array.isArray(value.entries)) return null;
  if (value.formatVersion > transferFormatVersion) throw newerFormat(value.formatVersion);
  const listed = new Map<string, ManifestEntry>();
  for (const item of value.entries) {
    const { path, bytes, sha256 } = isObject(item) ? item : {};
    if (typeof path !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string') throw jsonWrongType(transferManifest);
    listed.set(path, { path, bytes, sha256 });
  }
  return listed;
}

/** By the manifest, or by the name a file of the format is given. */
function originOf(manifest: unknown, contentName: string): Origin {
  const word = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.slice(0, 200) : null);
  const { createdAt, sender, applicationVersion } = isObject(manifest) ? manifest : {};
  const [, , year, month, day, hour, minute, second] = transferFileName.exec(contentName) ?? [];
  const named = year === undefined ? null : readInstant(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
  return {
    createdAt: readInstant(word(createdAt) ?? '') ?? named ?? null,
    schoolName: isObject(sender) ? word(sender.schoolName) : null,
    applicationVersion: word(applicationVersion),
  };
}

/** The one student list, at the top or in one folder below it, by what it is and not by its name. */
async function findList(files: readonly ArchiveEntry[], texts: Texts): Promise<ArchiveEntry> {
  const near = files.filter((entry) => depth(entry) <= 1);
  let lists = near.filter((entry) => texts.isList(entry));
  if (lists.length === 0) {
    // A text that would have been the list, had it been whole.
    const broken = near.filter((entry) => isJsonName(entry) && baseName(entry) !== fileNameMapping && texts.isBroken(entry));
    if (broken.length > 0) texts.value(broken[0]!);
    const guesses = near.filter((entry) => !isJsonName(entry) && !mediaTypeOfName(entry.name) && entry.bytes <= largestText);
    for (const entry of guesses.sort((a, b) => a.bytes - b.bytes).slice(0, mostGuesses)) await texts.parse(entry);
    lists = guesses.filter((entry) => texts.isList(entry));
  }
  if (lists.length > 1) throw severalLists(lists.length);
  if (!lists[0]) throw notTransferFile({ texts: files.filter(isJsonName).length, files: files.length });
  return lists[0];
}

/** Entries by the links of the content: from the list's folder, from the top, and without the one folder that another system puts on top. */
function finder(files: readonly ArchiveEntry[], root: string): TransferEntries['find'] {
  const byKey = new Map(files.map((entry) => [sameNameKey(entry.name), entry]));
  const below = new Map<string, ArchiveEntry | null>();
  for (const [key, entry] of byKey) {
    const rest = key.slice(key.indexOf('/') + 1);
    below.set(rest, below.has(rest) ? null : entry);
  }
  return (link) => {
    const key = sameNameKey(link);
    const shorter = key.includes('/') ? key.slice(key.indexOf('/') + 1) : '';
    return byKey.get(sameNameKey(root + link)) ?? byKey.get(key) ?? below.get(key) ?? byKey.get(sameNameKey(root + shorter));
  };
}

/**
 * Finds the student list and what belongs to it.
 * @throws transferIn.notTransferFile, .severalLists, .newerFormat, .json…, and what `read` throws
 */
export async function readEntries(archive: ArchiveContents, read: ReadEntry): Promise<TransferEntries> {
  const files = archive.entries.filter((entry) => !entry.directory && !isLeftover(entry));
  const jsons = files.filter(isJsonName);
  const texts = new Texts(read);
  // Smallest first: with a wrong password the answer comes at once.
  for (const entry of [...jsons].sort((a, b) => a.bytes - b.bytes)) await texts.parse(entry);
  // Before anything else: a newer format may look like none to this version.
  const manifestEntry = jsons.filter((entry) => baseName(entry) === transferManifest).sort((a, b) => depth(a) - depth(b))[0];
  const manifest = manifestEntry ? manifestOf(texts.value(manifestEntry)) : null;
  const list = await findList(files, texts);

  const contentName = baseName(list).replace(/\.[a-z]{1,5}$/i, '');
  const root = list.name.slice(0, list.name.length - baseName(list).length);
  const relative = (entry: ArchiveEntry) => (entry.name.startsWith(root) ? entry.name.slice(root.length) : entry.name);
  const names = new Map<string, string>();
  const otherTexts: Record<string, unknown> = {};
  const remarks: string[] = [];
  for (const entry of jsons) {
    if (entry === list || entry === manifestEntry) continue;
    if (baseName(entry) === fileNameMapping) {
      const folder = posix.dirname(entry.name);
      const value = texts.value(entry) ?? {};
      if (!isObject(value)) throw jsonWrongType(fileNameMapping);
      for (const [name, original] of Object.entries(value)) {
        const path = name.replaceAll('\\', '/');
        if (typeof original !== 'string') continue;
        for (const place of [path, posix.basename(path)]) names.set(sameNameKey(posix.join(folder, place)), original);
      }
    } else if (texts.isBroken(entry)) {
      remarks.push(`「${baseName(entry)}」不是完整的 JSON，沒有隨匯入紀錄保存。`);
    } else if (texts.value(entry) !== undefined) otherTexts[relative(entry)] = texts.value(entry);
  }
  return {
    content: texts.value(list) as Record<string, unknown>[],
    contentName,
    manifest,
    origin: originOf(manifest && texts.value(manifestEntry!), contentName),
    relative,
    find: finder(files, root),
    originalName: (entry) => names.get(sameNameKey(entry.name)) ?? '',
    otherTexts,
    attachments: files.filter((entry) => entry !== list && !isJsonName(entry)),
    remarks,
  };
}
