import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import { type Alignment, a4, addContentPage, PdfContent } from './pdf-content.ts';
import { documentFont, openTypefaces, type PdfTypeface } from './pdf-typeface.ts';

/** What a PDF says of itself. */
export interface PdfInformation {
  title: string;
  /** The school. */
  author: string;
  createdAt: Date;
}

export interface PdfFile {
  document: InstanceType<typeof PDFDocument>;
  typefaces: Record<'regular' | 'bold', PdfTypeface>;
  /** Waits until the disk has taken what was written. Rejects with the disk's failure. */
  drained: () => Promise<void>;
  /** Completes the file. Rejects with the disk's failure. */
  end: () => Promise<void>;
  /** Gives the file up, unfinished: it is the caller's to remove. */
  abandon: () => void;
}

/** Begins a PDF that only this account can read: A4 without margins, streamed, its text searchable, in fonts embedded as subsets. */
export function createPdfFile(path: string, { title, author, createdAt }: PdfInformation): PdfFile {
  const document = new PDFDocument({
    autoFirstPage: false,
    bufferPages: false,
    size: 'A4',
    margin: 0,
    font: documentFont,
    pdfVersion: '1.7',
    lang: 'zh-TW',
    displayTitle: true,
    info: { Title: title, Author: author, Creator: '學習歷程校管理端', CreationDate: createdAt },
  });
  const file = createWriteStream(path, { mode: 0o600 });
  const written = finished(file);
  // Awaited at the end; until then a full disk must not end the process as an unhandled rejection.
  written.catch(() => {});
  let failed: unknown;
  file.once('error', (error) => {
    failed = error;
  });
  document.pipe(file);
  return {
    document,
    typefaces: openTypefaces(document),
    drained: async () => {
      if (failed) throw failed;
      if (file.writableNeedDrain) await Promise.race([once(file, 'drain'), written]);
    },
    end: async () => {
      document.end();
      await written;
    },
    abandon: () => {
      document.unpipe(file);
      file.destroy();
    },
  };
}

/** The pages of a short document, held in memory until all are drawn. Points, from the top left corner. */
export interface PdfPages {
  newPage: () => void;
  /** One line of text on the last page, made smaller where it is wider than `maxWidth`. */
  write: (
    weight: 'regular' | 'bold',
    text: string,
    x: number,
    baseline: number,
    size: number,
    place?: { align?: Alignment; maxWidth?: number },
  ) => void;
  line: PdfContent['line'];
  frame: PdfContent['frame'];
  squares: PdfContent['squares'];
}

/**
 * Writes a document of a few pages.
 * @param draw draws every page, in order; what it throws is thrown, and the file is then unfinished and the caller's to remove
 * @param numbered 第 n 頁，共 m 頁 at the foot of each page
 * @returns pages, and characters no font has, 〓 on the page
 */
export async function writePdfPages(
  path: string,
  information: PdfInformation,
  draw: (pages: PdfPages) => void,
  { numbered = false }: { numbered?: boolean } = {},
): Promise<{ pages: number; missingCharacters: string }> {
  const file = createPdfFile(path, information);
  const missing = new Set<string>();
  const contents: PdfContent[] = [];
  const writeOn =
    (content: PdfContent): PdfPages['write'] =>
    (weight, text, x, baseline, size, place) => {
      const encoded = file.typefaces[weight].encode(text);
      for (const character of encoded.missing) missing.add(character);
      content.text(encoded, x, baseline, size, place);
    };
  try {
    draw({
      newPage: () => contents.push(new PdfContent()),
      write: (...text) => writeOn(contents.at(-1)!)(...text),
      line: (...line) => contents.at(-1)!.line(...line),
      frame: (...frame) => contents.at(-1)!.frame(...frame),
      squares: (...squares) => contents.at(-1)!.squares(...squares),
    });
    for (const [index, content] of contents.entries()) {
      if (numbered)
        writeOn(content)('regular', `第 ${index + 1} 頁，共 ${contents.length} 頁`, a4.width / 2, a4.height - 34, 9, { align: 'center' });
      addContentPage(file.document, content);
    }
    await file.end();
  } catch (error) {
    file.abandon();
    throw error;
  }
  return { pages: contents.length, missingCharacters: [...missing].join('') };
}
