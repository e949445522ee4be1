import type { ReceiptComparison } from '../../../domain/submission.ts';
import type { RosterColumn, RosterSheet } from '../submissions/layouts.ts';
import { comparableCell, identityKey, type ReceivedRow, type Statement } from './reading.ts';

/** Holds what the ministry has against what was handed in, record by record. */

/** A row as it was handed in. */
export interface SentRow {
  sheet: RosterSheet;
  studentId: string;
  recordId: string;
  identity: string;
  cells: Readonly<Record<string, string>>;
}

export interface ComparedRow {
  sheet: string;
  comparison: ReceiptComparison;
  /** Of what was handed in; where only the ministry has it, the caller finds the student by `identity`. */
  studentId: string | null;
  recordId: string | null;
  identity: string;
  received: Readonly<Record<string, string>> | null;
  sent: Readonly<Record<string, string>> | null;
  title: string;
  /** `成果簡述：送出 甲，收訖 乙`, a line each. */
  detail: string;
}

/** Rows of one student and sheet that are tried against each other at most; more is no student's portfolio. */
const mostPairs = 300;

/** What a record is called: its name, or its code where it has none (證照). */
export function recordTitle(sheet: RosterSheet, cells: Readonly<Record<string, string>>): string {
  const named = [/課程名稱|科目名稱/, /名稱$/].map((pattern) =>
    sheet.columns.find(({ kind, title }) => kind === 'text' && pattern.test(title)),
  );
  const texts = sheet.columns.filter(({ kind, required }) => kind === 'text' && required);
  const codes = sheet.columns.filter(({ kind, required }) => kind === 'code' && required);
  const column = named.find((each) => each !== undefined) ?? texts[0] ?? codes[0];
  const second = sheet.columns.find(({ title }) => title === '擔任職務' || title === '獎項' || title === '證照字號');
  return [column, second]
    .map((each) => (each ? (cells[each.title] ?? '') : ''))
    .filter((text) => text !== '')
    .join(' ');
}

/** The columns that can be compared: those the workbook has, without what the row was found by. */
const comparedColumns = (sheet: RosterSheet, headings: ReadonlySet<string>) =>
  sheet.columns.filter(({ kind, title }) => kind !== 'identity' && headings.has(title));

const values = (columns: readonly RosterColumn[], cells: Readonly<Record<string, string>>) =>
  columns.map((column) => comparableCell(column, cells[column.title] ?? ''));

const shown = (text: string) => (text === '' ? '（空白）' : text.replace(/\s+/g, ' '));

interface Candidate<Row> {
  row: Row;
  values: string[];
}

/** Cells that are filled on either side, and how many of those are equal. Who it is and where its files lie tells no record from another. */
function likeness(columns: readonly RosterColumn[], a: readonly string[], b: readonly string[]): { equal: number; filled: number } {
  let equal = 0;
  let filled = 0;
  for (const [index, { kind }] of columns.entries()) {
    if (kind === 'birthday' || kind === 'link' || (a[index] === '' && b[index] === '')) continue;
    filled += 1;
    if (a[index] === b[index]) equal += 1;
  }
  return { equal, filled };
}

/** Pairs of the most equal first; of a pair at least half the filled cells are equal, else they are two records. */
function pairs(
  columns: readonly RosterColumn[],
  sent: readonly Candidate<SentRow>[],
  received: readonly Candidate<ReceivedRow>[],
): [Candidate<SentRow>, Candidate<ReceivedRow>][] {
  const tried: { equal: number; sent: Candidate<SentRow>; received: Candidate<ReceivedRow> }[] = [];
  for (const one of sent.slice(0, mostPairs)) {
    for (const other of received.slice(0, mostPairs)) {
      const { equal, filled } = likeness(columns, one.values, other.values);
      if (equal * 2 >= filled) tried.push({ equal, sent: one, received: other });
    }
  }
  const found: [Candidate<SentRow>, Candidate<ReceivedRow>][] = [];
  const taken = new Set<Candidate<unknown>>();
  for (const pair of tried.sort((a, b) => b.equal - a.equal)) {
    if (taken.has(pair.sent) || taken.has(pair.received)) continue;
    taken.add(pair.sent).add(pair.received);
    found.push([pair.sent, pair.received]);
  }
  return found;
}

function groupBy<Row extends { sheet: RosterSheet; identity: string }>(rows: Iterable<Row>): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.sheet.name}\n${identityKey(row.identity)}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** The rows of one student in one sheet. */
function compareGroup(columns: readonly RosterColumn[], sentRows: readonly SentRow[], receivedRows: readonly ReceivedRow[]): ComparedRow[] {
  const compared: ComparedRow[] = [];
  const add = (comparison: ReceiptComparison, sent: SentRow | null, received: ReceivedRow | null, detail = '') => {
    const { sheet, identity, cells } = (sent ?? received)!;
    compared.push({
      sheet: sheet.name,
      comparison,
      studentId: sent?.studentId ?? null,
      recordId: sent?.recordId ?? null,
      identity,
      received: received?.cells ?? null,
      sent: sent?.cells ?? null,
      title: recordTitle(sheet, cells),
      detail,
    });
  };
  const waiting = new Map<string, SentRow[]>();
  for (const sent of sentRows) {
    const key = JSON.stringify(values(columns, sent.cells));
    waiting.set(key, [...(waiting.get(key) ?? []), sent]);
  }
  const leftReceived: Candidate<ReceivedRow>[] = [];
  for (const received of receivedRows) {
    const own = values(columns, received.cells);
    const same = waiting.get(JSON.stringify(own))?.shift();
    if (same) add('same', same, received);
    else leftReceived.push({ row: received, values: own });
  }
  const leftSent = [...waiting.values()].flat().map((row) => ({ row, values: values(columns, row.cells) }));
  const paired = pairs(columns, leftSent, leftReceived);
  const done = new Set<unknown>(paired.flat());
  for (const [sent, received] of paired) {
    const lines = columns.flatMap(({ title }, index) =>
      sent.values[index] === received.values[index]
        ? []
        : [`${title}：送出 ${shown(sent.row.cells[title] ?? '')}，收訖 ${shown(received.row.cells[title] ?? '')}`],
    );
    add('different', sent.row, received.row, lines.join('\n'));
  }
  for (const sent of leftSent) if (!done.has(sent)) add('missing', sent.row, null);
  for (const received of leftReceived) if (!done.has(received)) add('extra', null, received.row);
  return compared;
}

/**
 * Every record of either side once, in the order of the sheets and of what was handed in.
 * @param sent null where nothing was handed in from here: then there is nothing to compare with, and everything is as it is
 */
export function compareStatement({ rows, headings }: Statement, sent: Iterable<SentRow> | null): ComparedRow[] {
  if (sent === null) {
    return rows.map(({ sheet, identity, cells }) => ({
      sheet: sheet.name,
      comparison: 'same',
      studentId: null,
      recordId: null,
      identity,
      received: cells,
      sent: null,
      title: recordTitle(sheet, cells),
      detail: '',
    }));
  }
  const receivedGroups = groupBy(rows);
  const compared: ComparedRow[] = [];
  for (const [key, sentRows] of groupBy(sent)) {
    const { sheet } = sentRows[0]!;
    const columns = comparedColumns(sheet, headings.get(sheet.name) ?? new Set());
    compared.push(...compareGroup(columns, sentRows, receivedGroups.get(key) ?? []));
    receivedGroups.delete(key);
  }
  for (const group of receivedGroups.values()) compared.push(...compareGroup([], [], group));
  return compared;
}
