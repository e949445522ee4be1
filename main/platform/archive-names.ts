import { crc32 } from 'node:zlib';

/** Names of ZIP entries: how they are read, and which are refused before anything is opened. */

export interface ExtraField {
  id: number;
  data: Uint8Array;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const big5 = new TextDecoder('big5', { fatal: true });
const strictBig5 = { decode: decodeBig5 };
const utf8Flag = 1 << 11;
const unicodePathField = 0x7075;

/** Node's decoder drops stray bytes even when `fatal`: pairs are checked here, and that each became one character. */
function decodeBig5(bytes: Uint8Array): string {
  let characters = 0;
  for (let index = 0; index < bytes.byteLength; index += 1, characters += 1) {
    const lead = bytes[index]!;
    if (lead < 0x80) continue;
    index += 1;
    const trail = bytes[index] ?? 0;
    const paired = lead >= 0x81 && lead <= 0xfe && ((trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe));
    if (!paired) throw new TypeError('not Big5');
  }
  const text = big5.decode(bytes);
  if ([...text].length !== characters || text.includes('\ufffd')) throw new TypeError('not Big5');
  return text;
}

/** The name in UTF-8 that Info-ZIP adds beside one in another encoding; it counts while its check sum is that of the name beside it (APPNOTE 4.6.9). */
function unicodePath(raw: Uint8Array, extraFields: readonly ExtraField[]): Uint8Array | undefined {
  const data = extraFields.find((field) => field.id === unicodePathField)?.data;
  if (!data || data.byteLength < 6 || data[0] !== 1) return undefined;
  const checkSum = new DataView(data.buffer, data.byteOffset).getUint32(1, true);
  return checkSum === crc32(raw) ? data.subarray(5) : undefined;
}

/**
 * A name as its writer meant it: UTF-8 where the entry says so or the bytes are, CP950 (Big5) otherwise, which is what
 * programs on Taiwanese Windows write without saying so. Backslashes of old .NET archives become slashes.
 * @returns undefined when the bytes are neither
 */
export function decodeEntryName(raw: Uint8Array, generalPurposeFlag: number, extraFields: readonly ExtraField[] = []): string | undefined {
  const beside = unicodePath(raw, extraFields);
  const decoders = generalPurposeFlag & utf8Flag || beside ? [strictUtf8] : [strictUtf8, strictBig5];
  for (const decoder of decoders) {
    try {
      return decoder.decode(beside ?? raw).replaceAll('\\', '/');
    } catch {
      // Not in this encoding: the next one.
    }
  }
  return undefined;
}

/** What is wrong with a name. */
export type NameFault = 'empty' | 'tooLong' | 'absolute' | 'drive' | 'parent' | 'control' | 'device' | 'stream' | 'trailing';

/** The format has four; each level of a name costs a reader a folder to remember. */
const mostLevels = 20;
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)$/i;
/** Control characters, and those that turn the direction of what follows. */
const control = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/u;

/** `..`, also as Windows takes it with dots and spaces behind it. */
const isParent = (segment: string) => segment.startsWith('..') && /^[. ]+$/.test(segment);

/** A path that leaves its folder; `undefined` when it stays. */
function escapeOf(name: string): 'absolute' | 'drive' | 'parent' | undefined {
  if (name.startsWith('/')) return 'absolute';
  if (/^[a-z]:/i.test(name)) return 'drive';
  return name.split('/').some(isParent) ? 'parent' : undefined;
}

/** Checks a decoded name, a folder's with its `/` at the end. @returns undefined when it may be used */
export function faultOfEntryName(name: string): NameFault | undefined {
  if (name === '' || name === '/') return 'empty';
  if (name.length > 1000) return 'tooLong';
  const leaves = escapeOf(name);
  if (leaves) return leaves;
  // Full-width dots and slashes, which some programs fold. A full-width colon is at home in Chinese names.
  const folded = escapeOf(
    name
      .normalize('NFKC')
      .replaceAll('\\', '/')
      .replace(/^([a-z]):(?!\/)/i, '$1'),
  );
  if (folded) return folded;
  if (control.test(name)) return 'control';
  if (name.includes(':')) return 'stream';
  const segments = name.replace(/\/$/, '').split('/');
  if (segments.length > mostLevels) return 'tooLong';
  for (const segment of segments) {
    if (segment === '' || segment === '.') return 'empty';
    if (segment.length > 255) return 'tooLong';
    if (/[. ]$/.test(segment)) return 'trailing';
    if (deviceName.test(segment.split('.')[0]!.trimEnd())) return 'device';
  }
  return undefined;
}

/** Two names that one disk or another would take for the same file have the same key. */
export function sameNameKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\/$/, '');
}
