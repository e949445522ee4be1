/** One stretch of a file, both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Reads a Range header of one stretch (RFC 9110 §14.2); several stretches and anything not understood mean the whole file.
 * @returns null for the whole file, `outside` where the file has no such byte (416)
 */
export function byteRange(header: string | undefined | null, bytes: number): ByteRange | 'outside' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const last = Number(match[2]);
    return last === 0 ? 'outside' : { start: Math.max(0, bytes - last), end: bytes - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? bytes - 1 : Math.min(Number(match[2]), bytes - 1);
  if (start >= bytes || end < start) return 'outside';
  return { start, end };
}
