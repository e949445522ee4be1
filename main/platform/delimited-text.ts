import { createReadStream } from 'node:fs';

/** Tables as text: comma or tab between cells, quotes as spreadsheets write them, UTF-8, UTF-16 or Big5. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'big5';

async function decodes(path: string, encoding: TextEncoding, signal: AbortSignal | undefined): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of createReadStream(path, { signal })) decoder.decode(chunk as Uint8Array, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** What a text file is written in: the first of UTF-16 (by its mark), UTF-8 and Big5 that reads it whole; undefined for none. */
export async function encodingOf(path: string, start: Uint8Array, signal?: AbortSignal): Promise<TextEncoding | undefined> {
  if (start[0] === 0xff && start[1] === 0xfe) return (await decodes(path, 'utf-16le', signal)) ? 'utf-16le' : undefined;
  if (await decodes(path, 'utf-8', signal)) return 'utf-8';
  return (await decodes(path, 'big5', signal)) ? 'big5' : undefined;
}

/** `="0912"` is how a table keeps a spreadsheet from reading a number into a text. */
const plainCell = (text: string) => /^="([^"]*)"$/.exec(text)?.[1] ?? text;

/**
 * The rows of a text table, piece by piece.
 * @param allowed called with the width of a row and the length of a cell as they grow; throws where they are too large
 */
export async function* delimitedRows(
  path: string,
  encoding: TextEncoding,
  allowed: (columns: number, characters: number) => void,
  signal?: AbortSignal,
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder(encoding);
  let delimiter: string | undefined;
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  /** A quote within quotes: the end, or the first of two that stand for one. */
  let quoteSeen = false;
  let before = '';
  const endCell = () => {
    cells.push(plainCell(cell));
    allowed(cells.length, 0);
    cell = '';
    quoteSeen = false;
  };
  const pieces = async function* () {
    for await (const chunk of createReadStream(path, { signal })) yield decoder.decode(chunk as Uint8Array, { stream: true });
    // The last line may have no line break of its own.
    yield `${decoder.decode()}\n`;
  };
  for await (const piece of pieces()) {
    delimiter ??= /^[^\n]*\t/.test(piece) && !/^[^\n\t]*,/.test(piece) ? '\t' : ',';
    for (const character of piece) {
      if (quoted) {
        if (character === '"') {
          quoted = false;
          quoteSeen = true;
        } else cell += character;
      } else if (character === '"' && quoteSeen) {
        cell += '"';
        quoted = true;
        quoteSeen = false;
      } else if (character === '"' && cell === '') quoted = true;
      else if (character === delimiter) endCell();
      else if (character === '\n' || character === '\r') {
        if (!(character === '\n' && before === '\r')) {
          if (cell !== '' || cells.length > 0 || quoteSeen) endCell();
          if (cells.length > 0) yield cells;
          else yield [];
          cells = [];
        }
      } else cell += character;
      before = character;
      if (cell.length > 1000) allowed(0, cell.length);
    }
  }
}
