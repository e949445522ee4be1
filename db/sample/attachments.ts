import type { FileReference } from '../../main/central/resources.ts';
import { type FileKind, type SampleFile, sampleFile } from './files/recipe.ts';
import type { Random } from './random.ts';

/** The two places of a record for files, and what each was made of. */
export interface RecordFiles {
  document: FileReference | null;
  media: FileReference | null;
  made: readonly SampleFile[];
}

const noFiles: RecordFiles = { document: null, media: null, made: [] };

/** What a file shows, and how it is told from all others. */
export interface FileSubject {
  seed: number;
  /** ASCII, unique in the school. */
  serial: string;
  /** Name the student gave, without extension. */
  name: string;
  /** Title and lines of its page. */
  lines: readonly string[];
}

/**
 * Makes the files of a record: mostly a PDF, sometimes a picture, now and then sound or film.
 * @param documents how often there is a document
 * @param media how often there is sound or film
 */
export function attach(random: Random, subject: FileSubject, documents: number, media: number): RecordFiles {
  const withDocument = random.chance(documents);
  const withMedia = random.chance(media);
  if (!withDocument && !withMedia) return noFiles;
  const make = (kind: FileKind, suffix: 'd' | 'm') =>
    sampleFile({ kind, seed: subject.seed, serial: `${subject.serial}${suffix}`, lines: subject.lines }, subject.name);
  const document = withDocument ? make(random.weighted(documentKinds), 'd') : undefined;
  const film = withMedia ? make(random.chance(0.7) ? 'mp4' : 'mp3', 'm') : undefined;
  return {
    document: document?.reference ?? null,
    media: film?.reference ?? null,
    made: [document, film].filter((file) => file !== undefined),
  };
}

const documentKinds = [
  ['pdf', 78],
  ['jpg', 13],
  ['png', 9],
] as const;
