import type { WorkbookCell, WorkbookLimits } from './workbook-reader.ts';
import { attributesOf, plainText, scanXml } from './xml-events.ts';

/** What the rows of a sheet need of the workbook around them. */
export interface SheetParts {
  texts: readonly string[];
  /** By style: whether a number is a date. */
  dateStyles: readonly boolean[];
  since1904: boolean;
  limits: WorkbookLimits;
  tooLarge: (rule: keyof WorkbookLimits, limit: number) => Error;
}

interface Line {
  row: number;
  cells: WorkbookCell[];
}

/** `BC12` → 54, the column counted from 0; undefined without letters. */
function columnOf(reference: string): number | undefined {
  const letters = /^\$?([A-Z]{1,3})/i.exec(reference)?.[1];
  if (!letters) return undefined;
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** Days since the last of 1899, with Excel's February 29th of 1900 that never was (ECMA-376 §18.17.4). */
function isoDayOf(serial: number, since1904: boolean): string | undefined {
  const days = Math.floor(since1904 ? serial + 1462 : serial);
  if (days < 61 || days > 2_958_465) return undefined;
  return new Date(Date.UTC(1899, 11, 30) + days * 86_400_000).toISOString().slice(0, 10);
}

function cellValue(type: string | undefined, text: string, style: number, { texts, dateStyles, since1904 }: SheetParts): WorkbookCell {
  switch (type) {
    case 's':
      return texts[Number(text)] || null;
    case 'b':
      return text === '1' ? 'TRUE' : 'FALSE';
    case 'd':
      return text.slice(0, 10);
    case 'str':
    case 'inlineStr':
    case 'e':
      return plainText(text) || null;
    default: {
      if (text.trim() === '') return null;
      const number = Number(text);
      if (Number.isNaN(number)) return text;
      return (dateStyles[style] ? isoDayOf(number, since1904) : undefined) ?? number;
    }
  }
}

/** The rows of one sheet, as its XML comes in; rows without a filled cell are left out. @throws Error for what is no sheet */
export async function* sheetRows(pieces: AsyncIterable<string>, parts: SheetParts): AsyncGenerator<Line> {
  const { limits, tooLarge } = parts;
  let ready: Line[] = [];
  let inRows = false;
  let line: Line = { row: 0, cells: [] };
  let cell: { column: number; type: string | undefined; style: number } | undefined;
  let column = 0;
  let text = '';
  let taken = false;
  let phonetic = 0;
  const scanner = scanXml(
    {
      open: (name, attributes) => {
        if (name === 'sheetData') inRows = true;
        if (!inRows) return;
        if (name === 'row') {
          line = { row: Number(attributesOf(attributes).r) || line.row + 1, cells: [] };
          column = 0;
        } else if (name === 'c') {
          const { r, s, t } = attributesOf(attributes);
          column = (r ? columnOf(r) : undefined) ?? column;
          if (column >= limits.columns) throw tooLarge('columns', limits.columns);
          cell = { column, type: t, style: Number(s ?? 0) };
          text = '';
        } else if (name === 'rPh') phonetic += 1;
        // The formula itself, `f`, is passed over.
        taken = cell !== undefined && phonetic === 0 && (name === 'v' || name === 't');
      },
      text: (piece) => {
        if (!taken) return;
        text += piece;
        if (text.length > limits.characters) throw tooLarge('characters', limits.characters);
      },
      close: (name) => {
        taken = false;
        if (name === 'sheetData') inRows = false;
        else if (name === 'rPh') phonetic -= 1;
        else if (name === 'c' && cell) {
          const value = cellValue(cell.type, text, cell.style, parts);
          if (value !== null) {
            while (line.cells.length < cell.column) line.cells.push(null);
            line.cells[cell.column] = value;
          }
          column = cell.column + 1;
          cell = undefined;
        } else if (name === 'row' && inRows && line.cells.length > 0) ready.push(line);
      },
    },
    limits.characters * 8,
  );
  for await (const piece of pieces) {
    scanner.push(piece);
    yield* ready;
    ready = [];
  }
  scanner.end();
}
