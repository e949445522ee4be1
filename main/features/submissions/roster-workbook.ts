import type { Roster } from './layouts.ts';
import type { RosterRow } from './roster-rows.ts';
import type { RosterSchool } from './roster-sources.ts';

/** The 封面's headings (domain.md §2.1); its one row has their values. */
export const coverHeadings = ['學校代碼', '學年度', '學期', '名冊別'] as const;

/** `25_學生自填多元表現名冊_999999_1140.xlsx`: as the national site shows what was uploaded. */
export function rosterFileName({ code, name, scope }: Pick<Roster, 'code' | 'name' | 'scope'>, schoolCode: string): string {
  return `${code}_${name}_${schoolCode}_${scope.academicYear}${scope.semester}.xlsx`;
}

/** Rows between two looks at what was asked meanwhile. */
const progressRows = 500;

const widths: Record<string, number> = {
  identity: 14,
  birthday: 11,
  day: 11,
  number: 10,
  code: 12,
  courseCode: 26,
  summary: 50,
  link: 40,
  address: 30,
};

/**
 * Writes a roster as the national database takes it: 封面 first, then every sheet of the layout, its headings in the first row and nothing above
 * them, empty sheets too. Codes, numbers of documents and days are text; counts are numbers. Streamed.
 * @param rows in the order of the sheets
 * @param onRow what else is to be done with each row on its way
 * @returns rows written
 */
export async function writeRosterWorkbook(
  path: string,
  roster: Roster,
  school: Pick<RosterSchool, 'code'>,
  rows: Iterable<RosterRow>,
  {
    signal,
    onRow,
    onProgress = () => {},
  }: { signal?: AbortSignal; onRow?: (row: RosterRow) => void; onProgress?: (rows: number) => void } = {},
): Promise<number> {
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useStyles: true, useSharedStrings: false });
  const cover = workbook.addWorksheet(roster.coverSheet);
  cover.columns = coverHeadings.map((header) => ({ header, width: 12, style: { numFmt: '@' } }));
  cover.addRow([school.code, String(roster.scope.academicYear), String(roster.scope.semester), roster.code]).commit();
  cover.commit();

  let count = 0;
  const iterator = rows[Symbol.iterator]();
  let next = iterator.next();
  for (const sheet of roster.sheets) {
    const worksheet = workbook.addWorksheet(sheet.name, { views: [{ state: 'frozen', ySplit: 1 }] });
    const styles = sheet.columns.map(({ kind }) => ({ numFmt: kind === 'number' ? 'General' : '@' }));
    worksheet.columns = sheet.columns.map(({ title, kind }, index) => ({
      header: title,
      width: widths[kind] ?? 18,
      style: styles[index]!,
    }));
    while (!next.done && next.value.sheet === sheet) {
      const row = next.value;
      onRow?.(row);
      const line = worksheet.addRow(row.cells);
      // The very object of the column: a style of its own for each cell is half the time.
      line.eachCell((cell, column) => {
        cell.style = styles[column - 1]!;
      });
      line.commit();
      count += 1;
      if (count % progressRows === 0) {
        signal?.throwIfAborted();
        onProgress(count);
        // Lets the thread hear of a cancel between rows.
        await new Promise((resolve) => setImmediate(resolve));
      }
      next = iterator.next();
    }
    worksheet.commit();
  }
  await workbook.commit();
  return count;
}
