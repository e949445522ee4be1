import { type MediaType, mediaTypeOfContent } from './media-type.ts';

/**
 * Files that are not what they pass for: a program, page or archive under a document's name, and a document with another
 * file in front of it or behind it, which one program opens as this and another as that. Told from bytes; pure.
 */

const decoder = new TextDecoder('latin1');
const latin = (content: Uint8Array, from: number, to: number) => decoder.decode(content.subarray(Math.max(0, from), Math.max(0, to)));

/** How programs, archives and pictures of other kinds begin: Windows, Linux and macOS, Java, ZIP, RAR, 7z, GIF, old Office, a shortcut. */
const beginnings = [
  'MZ',
  '\x7fELF',
  '\xca\xfe\xba\xbe',
  '\xcf\xfa\xed\xfe',
  '\xce\xfa\xed\xfe',
  'PK\x03\x04',
  'PK\x05\x06',
  'Rar!',
  '7z\xbc\xaf',
  'GIF8',
  '\xd0\xcf\x11\xe0',
  'L\x00\x00\x00\x01\x14\x02',
  '#!',
];
/** A page or a script, after a byte order mark and space. */
const page = /^(ï»¿)?\s*<(!|\?|html|head|body|script|svg)/i;

/** Content that begins as a program, script, page or archive does, and so is no document. */
export function isForeign(content: Uint8Array): boolean {
  const start = latin(content, 0, 512);
  return beginnings.some((beginning) => start.startsWith(beginning)) || page.test(start);
}

const endRecord = 0x06054b50;
const directoryHeader = 0x02014b50;
const endBytes = 22;
const longestComment = 0xffff;

/** A ZIP that ends where the file ends: what Java and 7-Zip would open, whatever stands before it. */
function endsAsZip(content: Uint8Array): boolean {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  for (let at = content.byteLength - endBytes; at >= Math.max(0, content.byteLength - endBytes - longestComment); at -= 1) {
    if (content[at] !== 0x50 || view.getUint32(at, true) !== endRecord) continue;
    const reachesEnd = at + endBytes + view.getUint16(at + 20, true) === content.byteLength;
    const directoryAt = at - view.getUint32(at + 12, true);
    if (reachesEnd && directoryAt >= 0 && directoryAt + 4 <= at && view.getUint32(directoryAt, true) === directoryHeader) return true;
  }
  return false;
}

/** A PDF has objects; a page that begins with its mark has none. */
function isBarePdf(content: Uint8Array): boolean {
  for (let from = 0; from < content.byteLength; from += 60_000) if (/\bobj\b/.test(latin(content, from, from + 60_010))) return false;
  return true;
}

/**
 * What is wrong with a file that is to be a portfolio's, if anything.
 * @returns `disguised`: another kind of file under its name; `polyglot`: it is also another kind of file
 */
export function disguiseOf(content: Uint8Array): 'disguised' | 'polyglot' | undefined {
  const kind: MediaType | undefined = mediaTypeOfContent(content);
  if (kind === undefined) return isForeign(content) ? 'disguised' : undefined;
  if (isForeign(content)) return 'polyglot';
  if (kind === 'application/pdf' && isBarePdf(content)) return 'disguised';
  return endsAsZip(content) ? 'polyglot' : undefined;
}
