/**
 * The MD5 as schools pass it on: 32 hex digits in 8-4-4-4-12 groups (manual §3.15), typed or pasted in any form. Some
 * systems print it through .NET's `Guid`, which swaps the bytes of the first three groups. Pure.
 */
const hexadecimal = /^[0-9a-f]{32}$/;

/** What was typed, as 32 lower-case hex digits: full-width forms, hyphens, spaces and braces taken away; undefined for anything else. */
export function parseMd5(typed: string): string | undefined {
  const plain = typed
    .normalize('NFKC')
    .replace(/[\s{}"'\p{Pd}\p{Cf}]/gu, '')
    .toLowerCase();
  return hexadecimal.test(plain) ? plain : undefined;
}

/** `4ae6d463-8b85-4ada-bd0f-a79a8a0ee4d6`, the form the manual shows. */
export function groupMd5(md5: string): string {
  return md5.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const swapBytes = (hex: string) => (hex.match(/../g) ?? []).reverse().join('');

/** The same sixteen bytes as .NET's `Guid` prints them. */
export function guidOrder(md5: string): string {
  return swapBytes(md5.slice(0, 8)) + swapBytes(md5.slice(8, 12)) + swapBytes(md5.slice(12, 16)) + md5.slice(16);
}

/** Whether what was typed means this file. @param actual 32 lower-case hex digits */
export function md5Means(typed: string, actual: string): boolean {
  const parsed = parseMd5(typed);
  return parsed !== undefined && (parsed === actual || parsed === guidOrder(actual));
}

/**
 * Whether what was typed has the form of a version-4 UUID, as the manual's own sample has: an identifier that a sender
 * may have given in place of an MD5. Of true MD5s one in 64 looks like that.
 */
export function looksLikeUuid4(typed: string): boolean {
  return /^.{12}4.{3}[89ab]/.test(parseMd5(typed) ?? '');
}
