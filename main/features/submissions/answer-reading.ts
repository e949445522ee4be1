import type { Sqlite } from '../../../db/connection.ts';
import { isValidIdentity } from '../../../domain/national-id.ts';
import { type ReadStatus, readStatusText } from '../../../domain/submission.ts';
import { type WorkbookCell, type WorkbookRow, workbookText } from '../../platform/workbook-reader.ts';
import type { Roster, RosterSheet } from './layouts.ts';
import type { RosterCell } from './roster-rows.ts';

/** A row of an answer that was refused, and the record it is about where one was found. */
export interface AnswerRow {
  sheet: string;
  studentId: string | null;
  recordId: string | null;
  field: string | null;
  message: string;
  /** Its cells by heading. */
  cells: Record<string, string>;
}

export interface ReadAnswer {
  rows: AnswerRow[];
  /** The last status text that stands anywhere in the file. */
  status: { text: string; read: ReadStatus } | undefined;
}

const plain = (text: string) => text.normalize('NFKC').replace(/\s+/gu, '');

/** Headings under which an answer says what is wrong, and which row of the roster it means. */
const messageHeading = /錯誤|檢核|原因|說明|訊息|備註/;
/** A line of text without a number of anybody that is about something wrong all the same, and no title. */
const refusal = /錯誤|不符|不存在|重複|失敗/;
const rowHeading = /^(列號|行號|序號|資料列|第幾列|rowno|row)$/i;
/** Rows from the top of a sheet among which its headings are looked for. */
const headingRows = 12;

interface SentRow {
  sheet: string;
  rowNumber: number;
  studentId: string;
  recordId: string;
  cells: RosterCell[];
}

interface Headings {
  /** Heading of the layout → where it stands in the answer. */
  columns: Map<string, number>;
  all: string[];
  message: number | undefined;
  rowNumber: number | undefined;
}

/** The headings, when a row has them: 身分證號, and something that says what is wrong. */
function headingsOf(cells: readonly WorkbookCell[], sheet: RosterSheet | undefined): Headings | undefined {
  const all = cells.map((cell) => workbookText(cell));
  const known = new Map(sheet?.columns.map(({ title }) => [plain(title), title]));
  const columns = new Map<string, number>();
  let message: number | undefined;
  let rowNumber: number | undefined;
  for (const [index, text] of all.entries()) {
    const title = known.get(plain(text));
    if (title !== undefined) columns.set(title, index);
    else if (rowHeading.test(plain(text))) rowNumber = index;
    else if (messageHeading.test(text)) message = index;
  }
  const identified = columns.has('身分證號') || rowNumber !== undefined;
  return identified && (message !== undefined || columns.size > 2) ? { columns, all, message, rowNumber } : undefined;
}

/** Sent rows of a roster, found again by what an answer says of them. */
class SentRows {
  readonly #byPlace = new Map<string, SentRow>();
  readonly #byIdentity = new Map<string, SentRow[]>();
  readonly #titles: Map<string, string[]>;

  constructor(sqlite: Sqlite, sentRosterId: string, roster: Roster) {
    this.#titles = new Map(roster.sheets.map(({ name, columns }) => [name, columns.map(({ title }) => title)]));
    const identityAt = new Map(roster.sheets.map(({ name, columns }) => [name, columns.findIndex(({ kind }) => kind === 'identity')]));
    const rows = sqlite
      .prepare<[string], Omit<SentRow, 'cells'> & { cells: string }>(
        'select sheet, row_number as rowNumber, student_id as studentId, record_id as recordId, cells from sent_roster_rows where sent_roster_id = ?',
      )
      .iterate(sentRosterId);
    for (const row of rows) {
      const sent = { ...row, cells: JSON.parse(row.cells) as RosterCell[] };
      this.#byPlace.set(`${sent.sheet} ${sent.rowNumber}`, sent);
      const identity = String(sent.cells[identityAt.get(sent.sheet) ?? -1] ?? '');
      const same = this.#byIdentity.get(identity);
      if (same) same.push(sent);
      else this.#byIdentity.set(identity, [sent]);
    }
  }

  /** How many of the answer's cells a sent row has alike. */
  #alike(row: SentRow, cells: ReadonlyMap<string, string>): number {
    const titles = this.#titles.get(row.sheet) ?? [];
    return titles.filter((title, index) => cells.has(title) && plain(cells.get(title)!) === plain(String(row.cells[index] ?? ''))).length;
  }

  /** The student of an identity, where he stands in the roster at all. */
  student(identity: string): string | undefined {
    return this.#byIdentity.get(identity)?.[0]?.studentId;
  }

  /** By its row number where the identity agrees, else the student's most alike row of the sheet. */
  find(sheet: string, rowNumber: number | undefined, cells: ReadonlyMap<string, string>): SentRow | undefined {
    const identity = cells.get('身分證號') ?? '';
    const own = (this.#byIdentity.get(identity) ?? []).filter((row) => row.sheet === sheet);
    const placed = rowNumber === undefined ? undefined : this.#byPlace.get(`${sheet} ${rowNumber}`);
    if (placed && (identity === '' || own.includes(placed))) return placed;
    return own.map((row) => ({ row, alike: this.#alike(row, cells) })).sort((a, b) => b.alike - a.alike)[0]?.row;
  }
}

/** The heading that a message names: the longest, since 開始日期 stands in no other but 日期 in many. */
function fieldIn(message: string, sheets: readonly RosterSheet[]): string | null {
  const named = sheets
    .flatMap(({ columns }) => columns)
    .filter(({ title }) => message.includes(title))
    .sort((a, b) => b.title.length - a.title.length);
  return named[0]?.title ?? null;
}

const identityIn = (text: string) => /[A-Z][0-9A-D]\d{8}/.exec(text.normalize('NFKC').toUpperCase())?.[0];

/**
 * Reads what the national site answered: a workbook of the refused rows with a column that says why, or lines of text. Rows are matched back to what was
 * handed in; one that matches nothing is kept all the same, for the clerk to see.
 * @param sentRosterId null where nothing was handed in from here
 */
export async function readAnswerRows(
  rows: AsyncIterable<WorkbookRow>,
  sqlite: Sqlite,
  roster: Roster,
  sentRosterId: string | null,
): Promise<ReadAnswer> {
  const sent = sentRosterId === null ? undefined : new SentRows(sqlite, sentRosterId, roster);
  const sheets = new Map(roster.sheets.map((sheet) => [plain(sheet.name), sheet]));
  const onlySheet = roster.sheets.length === 1 ? roster.sheets[0] : undefined;
  const answer: ReadAnswer = { rows: [], status: undefined };
  let current = '';
  let seen = 0;
  let headings: Headings | undefined;

  for await (const { sheet: sheetName, cells } of rows) {
    if (sheetName !== current) {
      current = sheetName;
      seen = 0;
      headings = undefined;
    }
    seen += 1;
    const sheet = sheets.get(plain(sheetName)) ?? onlySheet;
    const texts = cells.map((cell) => workbookText(cell));
    const line = texts.filter(Boolean).join(' ');
    if (line === '' || plain(sheetName) === plain(roster.coverSheet)) continue;
    const said = texts.find((text) => /資料檢核|檢核無誤/.test(text));
    const read = said === undefined ? undefined : readStatusText(said);
    if (read) {
      answer.status = { text: said!, read };
      continue;
    }
    if (!headings && seen <= headingRows) {
      headings = headingsOf(cells, sheet);
      if (headings) continue;
    }
    if (headings) answer.rows.push(tabled(headings, texts, sheet, sheetName, sent));
    else {
      const identity = identityIn(line);
      if (identity === undefined && !refusal.test(line)) continue;
      const studentId = identity && isValidIdentity(identity) ? (sent?.student(identity) ?? null) : null;
      answer.rows.push({
        sheet: sheet?.name ?? sheetName,
        studentId,
        recordId: null,
        field: fieldIn(line, sheet ? [sheet] : roster.sheets),
        message: line.slice(0, 500),
        cells: {},
      });
    }
  }
  return answer;
}

function tabled(
  { columns, all, message, rowNumber }: Headings,
  texts: readonly string[],
  sheet: RosterSheet | undefined,
  sheetName: string,
  sent: SentRows | undefined,
): AnswerRow {
  const cells = new Map([...columns].map(([title, index]) => [title, texts[index] ?? '']));
  const number = rowNumber === undefined ? Number.NaN : Number.parseInt(texts[rowNumber] ?? '', 10);
  const name = sheet?.name ?? sheetName;
  const found = sent?.find(name, Number.isNaN(number) ? undefined : number, cells);
  const said = (message === undefined ? '' : (texts[message] ?? '')) || '檢核錯誤';
  const shown = all.flatMap((heading, index) =>
    heading !== '' && index !== message && texts[index] ? [[heading, texts[index]!] as const] : [],
  );
  return {
    sheet: name,
    studentId: found?.studentId ?? sent?.student(cells.get('身分證號') ?? '') ?? null,
    recordId: found?.recordId ?? null,
    field: fieldIn(said, sheet ? [sheet] : []),
    message: said.slice(0, 500),
    cells: Object.fromEntries(shown),
  };
}
