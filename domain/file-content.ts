import { type MediaType, mediaTypeOfContent } from './media-type.ts';

/**
 * Whether a file can be opened by who receives it, told from its bytes: its kind, and that it is whole to its end. No decoder runs; what is cut
 * off, renamed or locked by a password is found.
 */
export const contentProblems = {
  empty: '檔案沒有內容',
  otherKind: '檔案內容與副檔名不符，或不是歷程檔案可用的格式',
  truncated: '檔案不完整，無法開啟',
  locked: '檔案設有密碼，審查者無法開啟',
} as const;
export type ContentProblem = keyof typeof contentProblems;

const decoder = new TextDecoder('latin1');
/** Bytes as characters, one each; what is not ASCII may be another character. */
const latin = (content: Uint8Array, from: number, to: number) =>
  decoder.decode(content.subarray(Math.max(0, from), Math.min(to, content.byteLength)));

/** Readers take the last `%%EOF` within the file's last kilobyte; some writers put a little rubbish behind it. */
const pdfTail = 2048;
/** More than a trailer or the dictionary of a cross-reference stream has. */
const pdfDictionary = 4096;

function pdfProblem(content: Uint8Array): ContentProblem | undefined {
  const tail = latin(content, content.byteLength - pdfTail, content.byteLength);
  if (!tail.includes('%%EOF') && !tail.includes('startxref')) return 'truncated';
  // /Encrypt stands in the trailer, behind a cross-reference table: at the end, and in a linearised file where `startxref` points.
  const trailer = tail.lastIndexOf('trailer');
  if (trailer >= 0 && /\/Encrypt\b/.test(tail.slice(trailer))) return 'locked';
  return /\/Encrypt\b/.test(crossReferences(content, tail)) ? 'locked' : undefined;
}

/** The dictionary of the cross-reference stream (PDF 1.5 and later), or the trailer of the table, that `startxref` points at. */
function crossReferences(content: Uint8Array, tail: string): string {
  const offset = /startxref\s+(\d+)/.exec(tail.slice(Math.max(0, tail.lastIndexOf('startxref'))))?.[1];
  if (offset === undefined) return '';
  // Offsets count from the mark, which may have something before it.
  const at = Number(offset) + Math.max(0, latin(content, 0, 1024).indexOf('%PDF-'));
  const found = latin(content, at, at + pdfDictionary);
  const end = /^\s*\d+\s+\d+\s+obj/.test(found) ? found.search(/\bstream\b/) : -1;
  if (end >= 0) return found.slice(0, end);
  const trailer = found.search(/\btrailer\b/);
  return trailer < 0 ? '' : found.slice(trailer).split('startxref')[0]!;
}

/** The name and the check sum of a PNG's last chunk, always the same. */
const pngEnd = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

function pngProblem(content: Uint8Array): ContentProblem | undefined {
  for (let at = content.byteLength - pngEnd.length; at >= Math.max(0, content.byteLength - 64); at -= 1) {
    if (pngEnd.every((byte, index) => content[at + index] === byte)) return undefined;
  }
  return 'truncated';
}

function jpegProblem(content: Uint8Array): ContentProblem | undefined {
  // The end-of-image marker; cameras pad behind it.
  for (let at = content.byteLength - 2; at >= Math.max(2, content.byteLength - 4096); at -= 1) {
    if (content[at] === 0xff && content[at + 1] === 0xd9) return undefined;
  }
  return 'truncated';
}

/** Walks the boxes of an MP4: each inside the file, and among them the index (`moov`) and what it points into (`mdat`), without which nothing plays. */
function mp4Problem(content: Uint8Array): ContentProblem | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let at = 0;
  const kinds = new Set<string>();
  while (at + 8 <= content.byteLength) {
    const kind = latin(content, at + 4, at + 8);
    let size = view.getUint32(at);
    if (size === 1) size = at + 16 <= content.byteLength ? Number(view.getBigUint64(at + 8)) : 0;
    else if (size === 0) size = content.byteLength - at;
    if (size < 8 || at + size > content.byteLength) return 'truncated';
    kinds.add(kind);
    at += size;
  }
  return kinds.has('moov') && kinds.has('mdat') ? undefined : 'truncated';
}

const problemOf: Record<MediaType, (content: Uint8Array) => ContentProblem | undefined> = {
  'application/pdf': pdfProblem,
  'image/png': pngProblem,
  'image/jpeg': jpegProblem,
  'video/mp4': mp4Problem,
  // A stream of frames has no end of its own: its beginning says what it is.
  'audio/mpeg': () => undefined,
};

/** @param mediaType what the record says it is */
export function contentProblemOf(content: Uint8Array, mediaType: string): ContentProblem | undefined {
  if (content.byteLength === 0) return 'empty';
  const kind = mediaTypeOfContent(content);
  if (kind === undefined || kind !== mediaType) return 'otherKind';
  return problemOf[kind](content);
}
