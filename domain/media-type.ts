/** Kinds of files that a learning portfolio holds (作業要點: documents pdf jpg png, audio and video mp3 mp4). Pure. */
export const mediaTypes = {
  'application/pdf': { extension: 'pdf', slot: 'document' },
  'image/jpeg': { extension: 'jpg', slot: 'document' },
  'image/png': { extension: 'png', slot: 'document' },
  'audio/mpeg': { extension: 'mp3', slot: 'media' },
  'video/mp4': { extension: 'mp4', slot: 'media' },
} as const;
export type MediaType = keyof typeof mediaTypes;
export type FileSlot = (typeof mediaTypes)[MediaType]['slot'];

const typesByExtension: Record<string, MediaType> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  m4a: 'video/mp4',
  mov: 'video/mp4',
};

/** By the last part of a name; undefined for what a portfolio does not hold. */
export function mediaTypeOfName(name: string): MediaType | undefined {
  return typesByExtension[/\.([0-9a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''];
}

const begins = (content: Uint8Array, bytes: readonly number[], at = 0) => bytes.every((byte, index) => content[at + index] === byte);

/** By the first bytes of the content; undefined for what a portfolio does not hold. */
export function mediaTypeOfContent(content: Uint8Array): MediaType | undefined {
  if (begins(content, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (begins(content, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (begins(content, [0x66, 0x74, 0x79, 0x70], 4)) return 'video/mp4';
  if (begins(content, [0x49, 0x44, 0x33])) return 'audio/mpeg';
  // A frame of MPEG audio, layer III: eleven bits of synchronisation, no reserved version or rate.
  if (content[0] === 0xff && (content[1]! & 0xe6) === 0xe2 && (content[1]! & 0x18) !== 0x08 && (content[2]! & 0xf0) !== 0xf0)
    return 'audio/mpeg';
  // Readers take a PDF whose mark stands within the first 1024 bytes.
  for (let at = 0; at < Math.min(1020, content.byteLength); at += 1) {
    if (begins(content, [0x25, 0x50, 0x44, 0x46, 0x2d], at)) return 'application/pdf';
  }
  return undefined;
}
