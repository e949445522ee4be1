import { parseRocDay } from '../../../domain/roc-date.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { type WorkbookCell, type WorkbookRow, workbookText } from '../../platform/workbook-reader.ts';
import type { Roster, RosterColumn, RosterSheet } from '../submissions/layouts.ts';

/**
 * Reads 收訖明細: somebody else's workbook, so generously. Sheets are known by their names, columns by their headings wherever they stand; a title
 * above the headings, columns of its own, missing links, a 封面 somewhere or nowhere are all right. What it says of whose it is must agree.
 */

/** A record as the ministry has it. */
export interface ReceivedRow {
  sheet: RosterSheet;
  /** As it is written there, without spaces, in capitals; '' where the row has none. */
  identity: string;
  /** Cells of the columns that the workbook has, by heading of the roster. */
  cells: Readonly<Record<string, string>>;
}

export interface Statement {
  rows: ReceivedRow[];
  /** For each sheet that was read, the headings of the roster that it had. */
  headings: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a heading or sheet's name is known by: full width or not, spaces and the star of required ones aside. */
const known = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/[\s*＊]/g, '')
    .toLowerCase();
/** `出生日期(民國)` is 出生日期 where no column is called just so. */
const withoutRemark = (text: string) => text.replace(/\([^()]*\)$/, '');

const identityHeadings = new Set(['身分證號', '身分證統一編號', '身分證字號', '身份證號', '身份證統一編號', '身份證字號', 'id']);
/** Headings that say whose roster it is: of a 封面 by itself, or before the columns of each row (domain.md §1.1, §2.1). */
const scopeHeadings = {
  schoolCode: ['學校代碼', 'sch_cd'],
  academicYear: ['學年度', '學年', 'sch_year'],
  semester: ['學期', 'semester'],
  rosterCode: ['名冊別', 'book'],
} as const;
type ScopeKey = keyof typeof scopeHeadings;
const sheetHeadings = new Set(['工作表', '工作表名稱', 'sheet_nm']);

/** Rows above the headings: a title, a date, a remark. */
const mostRowsAbove = 20;

export const identityKey = (text: string) => text.normalize('NFKC').replace(/\s/g, '').toUpperCase();

/** A cell as it is kept and shown; days as the ministry's form writes them are left as they are. */
const shownCell = (cell: WorkbookCell | undefined) => workbookText(cell).replace(/\r\n?/g, '\n');

interface Columns {
  identity: number;
  /** Heading of the roster → column. Per sheet of the roster, where the rows themselves name it. */
  of: (sheet: RosterSheet) => ReadonlyMap<string, number>;
  scope: ReadonlyMap<ScopeKey, number>;
  sheetName: number | undefined;
}

function scopeColumns(headings: readonly string[]): Map<ScopeKey, number> {
  const found = new Map<ScopeKey, number>();
  for (const [key, names] of Object.entries(scopeHeadings) as [ScopeKey, readonly string[]][]) {
    const index = headings.findIndex((heading) => names.includes(heading));
    if (index >= 0) found.set(key, index);
  }
  return found;
}

function columnIndex(column: RosterColumn, headings: readonly string[]): number {
  if (column.kind === 'identity') return headings.findIndex((heading) => identityHeadings.has(heading));
  const titles = [column.title, ...Object.values(column.titles ?? {})].map(known);
  const exact = headings.findIndex((heading) => titles.includes(heading));
  return exact >= 0 ? exact : headings.findIndex((heading) => titles.includes(withoutRemark(heading)));
}

function columnsOf(headings: readonly string[]): Columns {
  const perSheet = new Map<string, Map<string, number>>();
  return {
    identity: headings.findIndex((heading) => identityHeadings.has(heading)),
    of: (sheet) => {
      let found = perSheet.get(sheet.name);
      if (!found) {
        found = new Map();
        for (const column of sheet.columns) {
          const index = columnIndex(column, headings);
          if (index >= 0) found.set(column.title, index);
        }
        perSheet.set(sheet.name, found);
      }
      return found;
    },
    scope: scopeColumns(headings),
    sheetName: headings.findIndex((heading) => sheetHeadings.has(heading)),
  };
}

/** The roster's sheet that a worksheet is: by its name, by a part of it, the only one there is, or the only one with such headings. */
function sheetNamed(name: string, roster: Roster): RosterSheet | undefined {
  const wanted = known(name);
  const exact = roster.sheets.find((sheet) => known(sheet.name) === wanted);
  if (exact) return exact;
  const within = roster.sheets.filter((sheet) => wanted.includes(known(sheet.name)));
  return within.sort((a, b) => b.name.length - a.name.length)[0];
}

function sheetByHeadings(columns: Columns, roster: Roster): RosterSheet | undefined {
  if (roster.sheets.length === 1) return roster.sheets[0];
  const complete = roster.sheets.filter((sheet) => {
    const found = columns.of(sheet);
    return sheet.columns.every(({ title, kind, required }) => found.has(title) || !required || kind === 'birthday');
  });
  return complete.length === 1 ? complete[0] : undefined;
}

const scopeNames: Record<ScopeKey, string> = { schoolCode: '學校代碼', academicYear: '學年度', semester: '學期', rosterCode: '名冊別' };

/** @throws `receiptStatements.otherSchool`, `receiptStatements.otherRoster` where the workbook says it is another's */
function checkScope(key: ScopeKey, text: string, roster: Roster, schoolCode: string): void {
  const { academicYear, semester } = roster.scope;
  const said = known(text).toUpperCase();
  if (said === '') return;
  const plain = (value: string) => (/^\d+$/.test(value) ? value.replace(/^0+(?=\d)/, '') : value.toUpperCase());
  if (key === 'schoolCode') {
    if (plain(said) === plain(schoolCode)) return;
    throw new ApplicationError('receiptStatements.otherSchool', `這是學校代碼 ${said.slice(0, 12)} 的收訖明細，不是本校的，沒有匯入。`, {
      schoolCode: said.slice(0, 12),
    });
  }
  const expected = { academicYear, semester, rosterCode: roster.code }[key];
  if (plain(said) === plain(String(expected))) return;
  // A term's roster says its semester; a year's says 0, and some writers leave the records' own semester there.
  if (key === 'semester' && semester === 0) return;
  throw new ApplicationError(
    'receiptStatements.otherRoster',
    `檔案的${scopeNames[key]}是 ${said.slice(0, 12)}，選擇的名冊是 ${expected}（${roster.name}）。請確認選擇的名冊與檔案。`,
    { field: key, said: said.slice(0, 12), expected },
  );
}

/**
 * @param roster as it was handed in, or as it is in force
 * @throws `receiptStatements.unreadable`, `.empty`, `.otherSchool`, `.otherRoster`; of the reader `workbook.unreadable`, `workbook.tooLarge`
 */
export async function readStatement(
  rows: AsyncIterable<WorkbookRow>,
  roster: Roster,
  schoolCode: string,
  onRow: (rows: number) => void = () => {},
): Promise<Statement> {
  const received: ReceivedRow[] = [];
  const headings = new Map<string, Set<string>>();
  let worksheet: string | undefined;
  let above = 0;
  let columns: Columns | undefined;
  let cover: Map<ScopeKey, number> | undefined;
  let byName: RosterSheet | undefined;
  let recognised = false;
  for await (const { sheet, cells } of rows) {
    if (sheet !== worksheet) {
      worksheet = sheet;
      above = 0;
      columns = undefined;
      cover = undefined;
      byName = sheetNamed(sheet, roster);
    }
    if (cover) {
      for (const [key, index] of cover) checkScope(key, workbookText(cells[index]), roster, schoolCode);
      cover = undefined;
      continue;
    }
    if (!columns) {
      if (above > mostRowsAbove) continue;
      above += 1;
      const titles = cells.map((cell) => known(workbookText(cell)));
      const found = columnsOf(titles);
      if (found.identity >= 0) columns = found;
      else if (found.scope.has('rosterCode')) cover = new Map(found.scope);
      continue;
    }
    const identity = identityKey(workbookText(cells[columns.identity]));
    if (identityHeadings.has(identity.toLowerCase())) continue;
    if (
      identity === '' &&
      (cells.every((cell) => workbookText(cell) === '') || cells.some((cell) => /^(合計|總計|小計)/.test(workbookText(cell))))
    )
      continue;
    const own = columns.sheetName === undefined || columns.sheetName < 0 ? '' : workbookText(cells[columns.sheetName]);
    const ofRoster = (own === '' ? undefined : sheetNamed(own, roster)) ?? byName ?? sheetByHeadings(columns, roster);
    if (!ofRoster) continue;
    recognised = true;
    for (const [key, index] of columns.scope) {
      // The roster's own columns may be called 學期, too.
      if (![...columns.of(ofRoster).values()].includes(index)) checkScope(key, workbookText(cells[index]), roster, schoolCode);
    }
    const kept: Record<string, string> = {};
    for (const [title, index] of columns.of(ofRoster)) kept[title] = shownCell(cells[index]);
    const ofSheet = headings.get(ofRoster.name) ?? new Set<string>();
    for (const title of columns.of(ofRoster).keys()) ofSheet.add(title);
    headings.set(ofRoster.name, ofSheet);
    received.push({ sheet: ofRoster, identity, cells: kept });
    onRow(received.length);
  }
  if (!recognised && worksheet !== undefined && !columns) {
    throw new ApplicationError(
      'receiptStatements.unreadable',
      `這個檔案裡找不到「${roster.name}」的工作表與欄位（至少要有「身分證號」一欄）。請確認選擇的是國教署的收訖明細。`,
      { rosterCode: roster.code },
    );
  }
  if (received.length === 0) {
    throw new ApplicationError('receiptStatements.empty', '這個檔案裡沒有任何一筆收訖資料，沒有匯入。請確認選擇的檔案與名冊。', {
      rosterCode: roster.code,
    });
  }
  return { rows: received, headings };
}

/** What a cell is compared by: a day whatever its form, a number whatever its zeros, a text without the spaces of its ends and line breaks. */
export function comparableCell(column: RosterColumn, text: string): string {
  const plain = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (plain === '') return '';
  switch (column.kind) {
    case 'day':
    case 'birthday':
      return parseRocDay(plain.replace(/[T ]\d{1,2}:.*$/, '')) ?? plain;
    case 'number': {
      const number = Number(plain.normalize('NFKC'));
      return Number.isNaN(number) ? plain : String(number);
    }
    case 'identity':
    case 'code':
    case 'courseCode':
    case 'schoolCode': {
      // A spreadsheet makes 01 a 1 unless it was told otherwise.
      const code = identityKey(plain);
      return /^\d+$/.test(code) ? code.replace(/^0+(?=\d)/, '') : code;
    }
    default:
      return plain;
  }
}
