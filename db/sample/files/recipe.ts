import { hash } from 'node:crypto';
import type { FileReference } from '../../../main/central/resources.ts';
import { Random, stream } from '../random.ts';
import { makeJpeg } from './jpeg.ts';
import { makeMp3, makeMp4 } from './media.ts';
import { makePdf } from './pdf.ts';
import { makePng } from './png.ts';

/**
 * A file of the trial school is described by a line of text, its recipe, and made when it is asked for: so a city of
 * a hundred thousand files fits in a few megabytes.
 */
export const fileKinds = ['pdf', 'jpg', 'png', 'mp3', 'mp4'] as const;
export type FileKind = (typeof fileKinds)[number];

export const mediaTypes: Record<FileKind, string> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  png: 'image/png',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
};

/** What is needed to make a file. */
export interface FileDescription {
  kind: FileKind;
  seed: number;
  /** ASCII, tells the file from every other of the same seed. */
  serial: string;
  /** Chinese: title first, then a few lines. */
  lines: readonly string[];
}

/** The recipe of a file, e.g. `pdf|1|lo-0000012d|國語文 學習成果|…`. */
export function recipeOf(description: FileDescription): string {
  return [description.kind, description.seed, description.serial, ...description.lines].join('|');
}

/** A number from a text, the same everywhere (FNV-1a). */
function numberOf(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/**
 * Makes the bytes of a file from its recipe; the same recipe, the same bytes.
 * @throws RangeError when the text is no recipe
 */
export function fileOf(recipe: string): Buffer {
  const [kind, seed, serial, title, ...lines] = recipe.split('|');
  if (!kind || !seed || !serial || !title) throw new RangeError('not the recipe of a sample file');
  const random = new Random(Number(seed), stream.file, numberOf(serial));
  const mark = `${seed}/${serial}`;
  switch (kind) {
    case 'pdf':
      return makePdf(random, mark, [title, ...lines]);
    case 'jpg':
      return makeJpeg(random, `${mark} ${title}`);
    case 'png':
      return makePng(random, `${mark} ${title}`);
    case 'mp3':
      return makeMp3(random, title, mark);
    case 'mp4':
      return makeMp4(random, `${mark} ${title}`);
    default:
      throw new RangeError('not the recipe of a sample file');
  }
}

/** A file beside a record: what the city tells of it, and how to make it. */
export interface SampleFile {
  reference: FileReference;
  recipe: string;
}

/**
 * Makes a file and takes its hashes and size.
 * @param name the name the student gave it, without the extension
 */
export function sampleFile(description: FileDescription, name: string): SampleFile {
  const recipe = recipeOf(description);
  const bytes = fileOf(recipe);
  return {
    recipe,
    reference: {
      sha256: hash('sha256', bytes),
      md5: hash('md5', bytes),
      bytes: bytes.length,
      mediaType: mediaTypes[description.kind],
      name: `${name}.${description.kind}`,
    },
  };
}
