/** Names of ZIP entries: how they are read, and which are refused before anything is opened. */

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

/**
 * A name as its writer meant it: UTF-8 where the entry says so or the bytes are, CP950 (Big5) otherwise, which is what
 * programs on Taiwanese Windows write without saying so. Backslashes of old .NET archives become slashes.
 * @returns undefined when the bytes are neither
 */
export function decodeEntryName(
  raw: Uint8Array,
  generalPurposeFlag: number,
  extraFields: readonly { id: number; data: Uint8Array }[] = [],
): string | undefined {
  const unicodePath = extraFields.find((field) => field.id === unicodePathField);
  // Version, CRC-32 of the plain name, then the name in UTF-8 (APPNOTE 4.6.9).
  const bytes = unicodePath && unicodePath.data.byteLength > 5 ? unicodePath.data.subarray(5) : raw;
  const decoders = generalPurposeFlag & utf8Flag || bytes !== raw ? [strictUtf8] : [strictUtf8, strictBig5];
  for (const decoder of decoders) {
    try {
      return decoder.decode(bytes).replaceAll('\\', '/');
    } catch {
      // Not in this encoding: the next one.
    }
  }
  return undefined;
}

/** What is wrong with a name. */
export type NameFault = 'empty' | 'tooLong' | 'absolute' | 'drive' | 'parent' | 'control' | 'device' | 'stream' | 'trailing';

const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/i;

/** Checks a decoded name, a folder's with its `/` at the end. @returns undefined when it may be used */
export function faultOfEntryName(name: string): NameFault | undefined {
  if (name === '' || name === '/') return 'empty';
  if (name.length > 1000) return 'tooLong';
  if (name.startsWith('/')) return 'absolute';
  if (/^[a-z]:/i.test(name)) return 'drive';
  if (/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(name)) return 'control';
  if (name.includes(':')) return 'stream';
  for (const segment of name.replace(/\/$/, '').split('/')) {
    if (segment === '' || segment === '.') return 'empty';
    if (segment === '..') return 'parent';
    if (segment.length > 255) return 'tooLong';
    if (/[. ]$/.test(segment)) return 'trailing';
    if (deviceName.test(segment.split('.')[0]!.trimEnd())) return 'device';
  }
  return undefined;
}

/** Two names that one disk or another would take for the same file have the same key. */
export function sameNameKey(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().replace(/\/$/, '');
}
