import { posix } from 'node:path';
import { fileNameMapping, transferFormatVersion, transferManifest } from '../../../domain/transfer-content.ts';
import { isTransferContent } from '../../../domain/transfer-reading.ts';
import type { ArchiveEntry } from '../../platform/archive-listing.ts';
import { sameNameKey } from '../../platform/archive-names.ts';
import type { ArchiveReader } from '../../platform/archive-reader.ts';
import { newerFormat, notTransferFile } from './errors.ts';

/** Where things lie in an opened transfer file: its student list, manifest, file names and attachments. */

/** Of a JSON: a school's whole third grade is far below. */
const largestText = 64 * 1024 * 1024;

export interface ManifestEntry {
  path: string;
  bytes: number;
  sha256: string;
}

export interface TransferEntries {
  /** The student list as parsed. */
  content: Record<string, unknown>[];
  /** Name of the JSON without `.json`: what the ZIP was called when it was made. */
  contentName: string;
  /** With a manifest of this application: what it lists, by path from the root. */
  manifest: Map<string, ManifestEntry> | null;
  /** An entry by a link of the content. */
  find: (link: string) => ArchiveEntry | undefined;
  /** Path of an entry from the root of the content. */
  relative: (entry: ArchiveEntry) => string;
  /** The name the student gave a file. */
  originalName: (entry: ArchiveEntry) => string;
  /** JSON that is neither list, manifest nor names: 課程諮詢.json and what else a sender adds. */
  otherTexts: Record<string, unknown>;
  /** Entries that hold files, not folders and not JSON. */
  attachments: readonly ArchiveEntry[];
}

export type ReadEntry = (entry: ArchiveEntry, atMost: number) => Promise<Buffer>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined for what is no JSON in UTF-8; a byte order mark is taken away by the decoder. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

const baseName = (entry: ArchiveEntry) => posix.basename(entry.name);
const depth = (entry: ArchiveEntry) => entry.name.split('/').length - 1;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function manifestOf(value: unknown): Map<string, ManifestEntry> | null {
  if (!isObject(value) || typeof value.formatVersion !== 'number' || !Array.isArray(value.entries)) return null;
  if (value.formatVersion > transferFormatVersion) throw newerFormat(value.formatVersion);
  const listed = new Map<string, ManifestEntry>();
  for (const item of value.entries) {
    const { path, bytes, sha256 } = isObject(item) ? item : {};
    if (typeof path !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string')
      throw notTransferFile({ where: transferManifest }, '清單格式不正確');
    listed.set(path, { path, bytes, sha256 });
  }
  return listed;
}

/**
 * Finds the student list by what it is, whatever its name, at the top or in one folder below it, and what belongs to it.
 * @throws transferIn.notTransferFile, .newerFormat, and what `read` throws
 */
export async function readEntries(archive: ArchiveReader, read: ReadEntry): Promise<TransferEntries> {
  const files = archive.entries.filter((entry) => !entry.directory);
  const texts = files.filter((entry) => /\.json$/i.test(entry.name));
  const parsed = new Map<ArchiveEntry, unknown>();
  // Smallest first: with a wrong password the answer comes at once.
  for (const entry of [...texts].sort((a, b) => a.bytes - b.bytes)) parsed.set(entry, parseJson(await read(entry, largestText)));
  // Before anything else: a newer format may look like none to this version.
  const manifestEntry = texts.filter((entry) => baseName(entry) === transferManifest).sort((a, b) => depth(a) - depth(b))[0];
  const manifest = manifestEntry ? manifestOf(parsed.get(manifestEntry)) : null;
  const lists = texts.filter((entry) => depth(entry) <= 1 && isTransferContent(parsed.get(entry)));
  const list = lists.find((entry) => depth(entry) === 0) ?? lists[0];
  if (!list) throw notTransferFile({ texts: texts.length, files: files.length });
  if (lists.length > 1) throw notTransferFile({ lists: lists.length }, '有不只一份學生資料');

  const root = list.name.slice(0, list.name.length - baseName(list).length);
  const relative = (entry: ArchiveEntry) => (entry.name.startsWith(root) ? entry.name.slice(root.length) : entry.name);
  const byKey = new Map(files.map((entry) => [sameNameKey(entry.name), entry]));
  const names = new Map<string, string>();
  const otherTexts: Record<string, unknown> = {};
  for (const entry of texts) {
    const value = parsed.get(entry);
    if (entry === list || entry === manifestEntry) continue;
    if (baseName(entry) === fileNameMapping) {
      const folder = posix.dirname(entry.name);
      for (const [name, original] of Object.entries(isObject(value) ? value : {})) {
        if (typeof original === 'string') names.set(sameNameKey(`${folder}/${posix.basename(name)}`), original);
      }
    } else if (value !== undefined) otherTexts[relative(entry)] = value;
  }
  return {
    content: parsed.get(list) as Record<string, unknown>[],
    contentName: baseName(list).replace(/\.json$/i, ''),
    manifest,
    relative,
    find: (link) => byKey.get(sameNameKey(root + link)) ?? byKey.get(sameNameKey(link)),
    originalName: (entry) => cleanName(names.get(sameNameKey(entry.name)) ?? '') || baseName(entry),
    otherTexts,
    attachments: files.filter((entry) => !texts.includes(entry)),
  };
}

/** A file name without folders or control characters, at most 255 characters. */
function cleanName(name: string): string {
  const last = name.replaceAll('\\', '/').split('/').at(-1) ?? '';
  return [...last.replace(/\p{Cc}/gu, '').trim()].slice(-255).join('');
}
