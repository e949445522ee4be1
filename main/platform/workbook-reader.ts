import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl';
import { delimitedRows, encodingOf } from './delimited-text.ts';
import { ApplicationError } from './errors.ts';
import { sheetRows } from './worksheet-reader.ts';
import { attributesOf, plainText, scanXml } from './xml-events.ts';

/** A cell as it is shown: text, a number, an ISO day of a cell that is formatted as a date; null where it is empty. */
export type WorkbookCell = string | number | null;

export interface WorkbookRow {
  sheet: string;
  /** From 1, as the spreadsheet numbers it; rows without a cell do not come. */
  row: number;
  /** Cells that are missing at the end are left off. */
  cells: WorkbookCell[];
}

/** What a workbook may hold at most. Enforced while reading, not by what it says of itself. */
export interface WorkbookLimits {
  sheets: number;
  /** Of all sheets together. */
  rows: number;
  columns: number;
  /** Of one cell. */
  characters: number;
}

export const workbookLimits: WorkbookLimits = { sheets: 60, rows: 300_000, columns: 200, characters: 40_000 };

/** Parts of a workbook's ZIP, and bytes of one part and of all texts held at once: a small file must not unpack into a full disk or memory. */
const packageLimits = { entries: 5_000, partBytes: 2 * 1024 ** 3, sharedCharacters: 100_000_000 };

const howToSave = '請用 Excel 開啟這個檔案，另存成「Excel 活頁簿 (.xlsx)」，再選擇一次。';
const unreadable = (reason: string) => new ApplicationError('workbook.unreadable', `這個檔案讀不出表格。${howToSave}`, { reason });
const tooLarge = (rule: keyof WorkbookLimits | 'bytes', limit: number) =>
  new ApplicationError('workbook.tooLarge', '這個檔案的工作表、列數或內容超過可以讀取的大小，請確認選擇的是正確的檔案。', { rule, limit });

/** Text of a cell for comparing and showing: a number as it is typed, nothing as ''. */
export function workbookText(cell: WorkbookCell | undefined): string {
  return cell === null || cell === undefined ? '' : String(cell).trim();
}

interface Relation {
  id: string;
  type: string;
  target: string;
}

/** The open package: its parts by path, each read as a stream of decoded text. */
class WorkbookPackage {
  readonly #zip: ZipFile;
  readonly #parts: ReadonlyMap<string, Entry>;
  readonly #limits: WorkbookLimits;
  readonly #signal: AbortSignal | undefined;

  constructor(zip: ZipFile, parts: ReadonlyMap<string, Entry>, limits: WorkbookLimits, signal: AbortSignal | undefined) {
    this.#zip = zip;
    this.#parts = parts;
    this.#limits = limits;
    this.#signal = signal;
  }

  has(path: string): boolean {
    return this.#parts.has(path.toLowerCase());
  }

  /** A part's text in pieces. */
  async *text(path: string): AsyncGenerator<string> {
    const entry = this.#parts.get(path.toLowerCase());
    if (!entry) throw new Error(`no part ${path.slice(0, 80)}`);
    const stream: Readable = await this.#zip.openReadStreamPromise(entry);
    let decoder: TextDecoder | undefined;
    let bytes = 0;
    let checksum = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        this.#signal?.throwIfAborted();
        bytes += chunk.byteLength;
        if (bytes > packageLimits.partBytes) throw tooLarge('bytes', packageLimits.partBytes);
        checksum = crc32(chunk, checksum);
        decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : 'utf-8');
        yield decoder.decode(chunk, { stream: true });
      }
      if (checksum !== entry.crc32) throw new Error('checksum');
    } finally {
      stream.destroy();
    }
  }

  /** Reads a small part whole, element by element. */
  async scan(path: string, handlers: Partial<Parameters<typeof scanXml>[0]>): Promise<void> {
    const nothing = () => {};
    const scanner = scanXml({ open: nothing, text: nothing, close: nothing, ...handlers }, this.#limits.characters * 8);
    for await (const piece of this.text(path)) scanner.push(piece);
    scanner.end();
  }

  async relations(of: string): Promise<Relation[]> {
    const slash = of.lastIndexOf('/');
    const folder = of.slice(0, slash + 1);
    const path = `${folder}_rels/${of.slice(slash + 1)}.rels`;
    const found: Relation[] = [];
    if (!this.has(path)) return found;
    await this.scan(path, {
      open: (name, text) => {
        if (name !== 'Relationship') return;
        const { Id = '', Type = '', Target = '', TargetMode } = attributesOf(text);
        if (TargetMode === 'External') return;
        // Some writers name parts from the package's root, others from the folder of the part that names them.
        const target = Target.startsWith('/') ? Target.slice(1) : new URL(Target, `file:///${folder}`).pathname.slice(1);
        found.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), target: decodeURIComponent(target) });
      },
    });
    return found;
  }

  /** The texts that cells point at; phonetic guides are left out. */
  async sharedTexts(path: string): Promise<string[]> {
    const texts: string[] = [];
    let text = '';
    let inText = false;
    let phonetic = 0;
    let total = 0;
    await this.scan(path, {
      open: (name) => {
        if (name === 'si') text = '';
        if (name === 'rPh') phonetic += 1;
        inText = name === 't' && phonetic === 0;
      },
      text: (piece) => {
        if (!inText) return;
        text += piece;
        if (text.length > this.#limits.characters) throw tooLarge('characters', this.#limits.characters);
      },
      close: (name) => {
        inText = false;
        if (name === 'rPh') phonetic -= 1;
        if (name !== 'si') return;
        total += text.length;
        if (total > packageLimits.sharedCharacters) throw tooLarge('bytes', packageLimits.sharedCharacters);
        texts.push(plainText(text));
      },
    });
    return texts;
  }

  /** The number format of each cell style: which styles show a number as a date. */
  async dateStyles(path: string): Promise<boolean[]> {
    const formats = new Map<number, string>();
    const styles: boolean[] = [];
    let inCellStyles = false;
    await this.scan(path, {
      open: (name, text) => {
        if (name === 'cellXfs') inCellStyles = true;
        if (name === 'numFmt') {
          const { numFmtId, formatCode = '' } = attributesOf(text);
          formats.set(Number(numFmtId), formatCode);
        }
        if (name === 'xf' && inCellStyles) {
          const id = Number(attributesOf(text).numFmtId ?? 0);
          styles.push(showsDate(id, formats.get(id)));
        }
      },
      close: (name) => {
        if (name === 'cellXfs') inCellStyles = false;
      },
    });
    return styles;
  }
}

/** Built-in formats of days, and of those only Chinese Excel has (ECMA-376 §18.8.30). */
const builtInDates = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);

function showsDate(id: number, code: string | undefined): boolean {
  if (code === undefined) return builtInDates.has(id);
  const plain = code.replace(/"[^"]*"|\\.|_.|\[[^\]]*\]/g, '').replace(/general|e[+-]/gi, '');
  return /[yedg]/i.test(plain);
}

async function openPackage(source: string | Buffer, limits: WorkbookLimits, signal: AbortSignal | undefined) {
  const options = { autoClose: false, lazyEntries: true };
  const zip = await (typeof source === 'string' ? openPromise(source, options) : fromBufferPromise(source, options));
  try {
    if (zip.entryCount > packageLimits.entries) throw tooLarge('bytes', packageLimits.entries);
    const parts = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw new Error('encrypted');
      parts.set(entry.fileName.toLowerCase(), entry);
    }
    return { zip, content: new WorkbookPackage(zip, parts, limits, signal) };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function* packageRows(source: string | Buffer, limits: WorkbookLimits, signal: AbortSignal | undefined): AsyncGenerator<WorkbookRow> {
  const { zip, content } = await openPackage(source, limits, signal);
  try {
    const main = (await content.relations('')).find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml';
    const relations = await content.relations(main);
    const partOf = (type: string) => relations.find((relation) => relation.type === type)?.target;
    const sheets: { name: string; target: string }[] = [];
    let since1904 = false;
    await content.scan(main, {
      open: (element, text) => {
        const { name = '', id, date1904 } = attributesOf(text);
        if (element === 'workbookPr') since1904 = date1904 === '1' || date1904 === 'true';
        const relation = element === 'sheet' ? relations.find((each) => each.id === id) : undefined;
        // Sheets of charts and macros hold no rows.
        if (relation?.type === 'worksheet') sheets.push({ name, target: relation.target });
      },
    });
    if (sheets.length === 0) throw new Error('no sheet');
    if (sheets.length > limits.sheets) throw tooLarge('sheets', limits.sheets);
    const textsPart = partOf('sharedStrings');
    const stylesPart = partOf('styles');
    const parts = {
      texts: textsPart ? await content.sharedTexts(textsPart) : [],
      dateStyles: stylesPart ? await content.dateStyles(stylesPart) : [],
      since1904,
      limits,
      tooLarge,
    };
    let rows = 0;
    for (const { name, target } of sheets) {
      for await (const line of sheetRows(content.text(target), parts)) {
        rows += 1;
        if (rows > limits.rows) throw tooLarge('rows', limits.rows);
        yield { sheet: name, ...line };
      }
    }
  } finally {
    zip.close();
  }
}

async function* textRows(
  path: string,
  sheet: string,
  start: Uint8Array,
  limits: WorkbookLimits,
  signal: AbortSignal | undefined,
): AsyncGenerator<WorkbookRow> {
  const encoding = await encodingOf(path, start, signal);
  if (!encoding) throw unreadable('encoding');
  let row = 0;
  const allowed = (columns: number, characters: number) => {
    if (columns > limits.columns) throw tooLarge('columns', limits.columns);
    if (characters > limits.characters) throw tooLarge('characters', limits.characters);
  };
  for await (const cells of delimitedRows(path, encoding, allowed, signal)) {
    row += 1;
    if (row > limits.rows) throw tooLarge('rows', limits.rows);
    if (cells.some((cell) => cell.trim() !== '')) yield { sheet, row, cells: cells.map((cell) => (cell === '' ? null : cell)) };
  }
}

/**
 * Reads a workbook row by row, without holding it: .xlsx of whatever program wrote it, or a table as text (.csv, .txt) as its one sheet.
 * Nothing in it is run: of a formula the result that was saved with it is taken. Rich text is joined, a link is its text, a date is its ISO day.
 * An own reader, since exceljs's loses the names of sheets that are addressed from the package's root and the pieces of rich text in cells, and
 * unpacks sheets into temporary files, where names and identities would lie in the clear.
 * @param name its name where the path is not it (an upload); names the sheet of a text file
 * @throws `workbook.unreadable` for what is no workbook, or is cut off or encrypted; `workbook.tooLarge`; the signal's reason
 */
export async function* readWorkbook(
  path: string,
  { name = basename(path), limits = workbookLimits, signal }: { name?: string; limits?: WorkbookLimits; signal?: AbortSignal } = {},
): AsyncGenerator<WorkbookRow> {
  const file = await open(path, 'r');
  const start = Buffer.alloc(64 * 1024);
  let length: number;
  try {
    length = (await file.read(start, 0, start.byteLength, 0)).bytesRead;
  } finally {
    await file.close();
  }
  const first = start.subarray(0, length);
  try {
    if (length >= 4 && first.readUInt32LE(0) === 0x04034b50) yield* packageRows(path, limits, signal);
    else {
      // A compound file (before 2007, or with a password on it), a picture, … has bytes that no text has, or says what it is.
      const unicode = first[0] === 0xff && first[1] === 0xfe;
      const text = first.subarray(0, 16).toString('latin1').trimStart();
      if (length === 0 || (!unicode && first.some((byte) => byte < 9 || (byte > 13 && byte < 32))) || /^(%PDF|<)/.test(text))
        throw unreadable('format');
      yield* textRows(path, basename(name, extname(name)), first, limits, signal);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApplicationError || (error as NodeJS.ErrnoException).syscall) throw error;
    throw unreadable((error as Error).message);
  }
}

/** The same of an .xlsx that is in memory, as it lies in a store. */
export async function* readWorkbookContent(
  content: Buffer,
  { limits = workbookLimits, signal }: { limits?: WorkbookLimits; signal?: AbortSignal } = {},
): AsyncGenerator<WorkbookRow> {
  try {
    yield* packageRows(content, limits, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApplicationError) throw error;
    throw unreadable((error as Error).message);
  }
}
