import { type MediaType, mediaTypeOfName, mediaTypes } from './media-type.ts';

/** What the city's records and a disk take. */
const longestName = 255;
/** Control characters, and those that turn the direction of what follows. */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** At most so many UTF-16 units, no character cut in two. */
function shortened(text: string, units: number): string {
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > units) break;
    kept += character;
  }
  return kept;
}

/**
 * The name under which an attachment from elsewhere is kept: without folders and what cannot be seen, of a length that
 * is taken everywhere, and never with the extension of another kind (`報告.docx` that is a PDF, `x.exe`): then the
 * content's own is put behind. Pure.
 * @param given as the sender has it; may be empty
 * @param entryName of the file in the archive, where there is no other
 */
export function attachmentName(given: string, entryName: string, mediaType: MediaType): string {
  const clean = (name: string) => (name.replaceAll('\\', '/').split('/').at(-1) ?? '').replace(unseen, '').trim();
  const name = clean(given) || clean(entryName) || '附件';
  const extension = /\.[0-9a-z]{1,5}$/i.exec(name)?.[0] ?? '';
  const fits = extension === '' || mediaTypeOfName(name) === mediaType;
  const end = fits ? extension : `${extension}.${mediaTypes[mediaType].extension}`;
  return shortened(name.slice(0, name.length - extension.length), longestName - end.length) + end;
}
