import { formatRocDateTime, formatRocDay, taipeiDay } from '../../domain/roc-date.ts';
import { type Cell, cellText, type GridColumn, type GridRow } from '../application/grid-contract.ts';

/** What stands above the table: school, report, term and when it was made. */
export interface WorkbookHeading {
  schoolName: string;
  title: string;
  /** `1091`, or empty where the report has no term. */
  term: string;
  madeAt: Date;
}

/** `測試高中_1091_學習成果統計_1090926.xlsx`; characters that Windows forbids in names become `_`. */
export function workbookFileName(heading: WorkbookHeading, extension = 'xlsx'): string {
  const day = formatRocDay(taipeiDay(heading.madeAt)).replaceAll('/', '');
  const parts = [heading.schoolName, heading.term, heading.title, day].filter((part) => part !== '');
  return `${parts.join('_').replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')}.${extension}`;
}

/** A string cell is text to a spreadsheet whatever it begins with; exceljs never writes it as a formula. */
function shown(column: GridColumn, value: Cell): string | number | null {
  if (value === null || value === '') return null;
  const numeric = column.kind === 'number' || column.kind === 'bytes';
  return numeric && typeof value === 'number' ? value : cellText(column, value);
}

const widthOf = (text: string) => [...text].reduce((width, character) => width + (character.charCodeAt(0) > 0xff ? 2 : 1), 0);

/**
 * Writes an .xlsx through exceljs's streaming writer: a title row, frozen and filtered headings, numbers as numbers, codes
 * and ids as text, A4 landscape with the heading repeated and page numbers.
 * @returns the number of rows written
 */
export async function writeWorkbook(
  path: string,
  heading: WorkbookHeading,
  columns: readonly GridColumn[],
  rows: Iterable<GridRow>,
  signal?: AbortSignal,
): Promise<number> {
  const visible = columns.filter((column) => !column.hidden);
  // Loaded where a workbook is written: the backend only needs its name, and starts half a second sooner.
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useStyles: true, useSharedStrings: false });
  workbook.created = heading.madeAt;
  const sheet = workbook.addWorksheet(heading.title.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31), {
    views: [{ state: 'frozen', ySplit: 2 }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: '1:2' },
    headerFooter: { oddFooter: '&C第 &P 頁，共 &N 頁' },
  });
  const styles = visible.map((column) => ({ numFmt: column.kind === 'number' || column.kind === 'bytes' ? 'General' : '@' }));
  sheet.columns = visible.map((column, index) => ({
    key: column.key,
    width: Math.max(widthOf(column.title) + 4, column.width ? Math.round(column.width / 8) : 14),
    style: styles[index]!,
  }));
  const title = [heading.schoolName, heading.title, heading.term, `製表時間 ${formatRocDateTime(heading.madeAt.toISOString())}`]
    .filter(Boolean)
    .join('　');
  const titleRow = sheet.addRow([title]);
  titleRow.font = { bold: true, size: 13 };
  titleRow.commit();
  const headings = sheet.addRow(visible.map((column) => column.title));
  headings.font = { bold: true };
  headings.eachCell((cell) => {
    cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFE6F0F0' } };
    cell.border = { bottom: { style: 'thin', color: { argb: 'FF0F6B6B' } } };
  });
  headings.commit();
  let count = 0;
  for (const row of rows) {
    if (count % 500 === 0) signal?.throwIfAborted();
    const line = sheet.addRow(visible.map((column) => shown(column, row[column.key] ?? null)));
    // The very object of the column: a style of its own for each cell would be written out and looked up once a cell, half the time.
    line.eachCell((cell, column) => {
      cell.style = styles[column - 1]!;
    });
    line.commit();
    count += 1;
  }
  sheet.autoFilter = { from: { row: 2, column: 1 }, to: { row: Math.max(2, count + 2), column: visible.length } };
  sheet.commit();
  await workbook.commit();
  return count;
}
