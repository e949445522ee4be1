import { createHash } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import { isIsoDay } from '../../../domain/roc-date.ts';
import type { Roster, RosterColumn, RosterLayout, RosterSheet } from './layouts.ts';
import { type RosterRecord, type RosterSchool, type RosterValue, type SheetSource, sheetRecords, sheetSource } from './roster-sources.ts';

/** What stands in a cell of a roster. */
export type RosterCell = string | number | null;

export interface RosterRow {
  sheet: RosterSheet;
  /** From 1, below the headings. */
  rowNumber: number;
  record: RosterRecord;
  cells: RosterCell[];
}

/** A day as the ministry writes it; what is no day stays as it is, so that the check and the clerk see it. */
export function formatRosterDay(day: string, format: RosterLayout['dayFormat']): string {
  if (!isIsoDay(day)) return day;
  const [year, month, date] = [day.slice(0, 4), day.slice(5, 7), day.slice(8, 10)];
  if (format === 'isoSlashes') return `${year}/${month}/${date}`;
  const roc = String(Number(year) - 1911);
  return format === 'rocSlashes' ? `${roc}/${month}/${date}` : `${roc.padStart(3, '0')}${month}${date}`;
}

function cellOf({ kind }: RosterColumn, value: RosterValue | undefined, dayFormat: RosterLayout['dayFormat']): RosterCell {
  if (value === null || value === undefined || value === '') return null;
  switch (kind) {
    case 'day':
    case 'birthday':
      return formatRosterDay(String(value), dayFormat);
    case 'number':
      return typeof value === 'number' ? value : String(value);
    default:
      return String(value);
  }
}

/** A record's cells in the order of the sheet's columns. */
export function cellsOf(sheet: RosterSheet, record: RosterRecord, dayFormat: RosterLayout['dayFormat']): RosterCell[] {
  return sheet.columns.map((column) => cellOf(column, record[column.field], dayFormat));
}

/** What a row needs to be written and kept: its cells, and whose it is. */
function writtenFields(sheet: RosterSheet, fields: SheetSource['fields']): SheetSource['fields'] {
  const wanted = ['studentId', 'recordId', ...sheet.columns.map(({ field }) => field)];
  return Object.fromEntries(wanted.flatMap((field) => (fields[field] === undefined ? [] : [[field, fields[field]]])));
}

/**
 * Every row of a roster, sheet by sheet. Run inside a read transaction.
 * @param want `written`: of its records only what is written; a check looks at `everything`
 */
export function* rosterRows(
  sqlite: Sqlite,
  roster: Roster,
  school: RosterSchool,
  want: 'everything' | 'written' = 'everything',
): Generator<RosterRow> {
  for (const sheet of roster.sheets) {
    const source = sheetSource(roster, sheet, school);
    const fields = want === 'written' ? writtenFields(sheet, source.fields) : source.fields;
    let rowNumber = 0;
    for (const record of sheetRecords(sqlite, { ...source, fields })) {
      rowNumber += 1;
      yield { sheet, rowNumber, record, cells: cellsOf(sheet, record, roster.dayFormat) };
    }
  }
}

/** Adds rows up to one hash: rosters of the same rows in the same order are the same, whenever their workbook was made. */
export function rosterHash(roster: Pick<Roster, 'code'>): { add: (row: Pick<RosterRow, 'sheet' | 'cells'>) => void; digest: () => string } {
  const hash = createHash('sha256').update(`${roster.code}\n`);
  return {
    add: ({ sheet, cells }) => {
      hash.update(`${sheet.name}${JSON.stringify(cells)}\n`);
    },
    digest: () => hash.digest('hex'),
  };
}
