import { readWorkbookContent, type WorkbookCell, workbookText } from '../../platform/workbook-reader.ts';

/** A roster's workbook as the national database sees it: a cover sheet, and sheets of headings with rows below. */
export interface RosterContent {
  /** 學校代碼, 學年度, 學期, 名冊別 as text; undefined where there is no cover sheet. */
  cover: Readonly<Record<string, string>> | undefined;
  sheets: readonly RosterContentSheet[];
}

export interface RosterContentSheet {
  name: string;
  headings: readonly string[];
  rows: RosterContentRow[];
}

export interface RosterContentRow {
  /** 列號: from 1, below the headings. */
  number: number;
  cells: readonly WorkbookCell[];
}

export const coverSheet = '封面';
export const coverHeadings = ['學校代碼', '學年度', '學期', '名冊別'] as const;

/** @throws `workbook.unreadable`, `workbook.tooLarge` */
export async function readRosterContent(content: Buffer): Promise<RosterContent> {
  const cover: string[][] = [];
  const sheets: (RosterContentSheet & { firstRow: number })[] = [];
  for await (const { sheet, row, cells } of readWorkbookContent(content)) {
    if (sheet === coverSheet) {
      cover.push(cells.map(workbookText));
      continue;
    }
    const last = sheets.at(-1);
    if (last?.name === sheet) last.rows.push({ number: row - last.firstRow, cells });
    else sheets.push({ name: sheet, headings: cells.map(workbookText), rows: [], firstRow: row });
  }
  const [headings, values] = cover;
  return {
    cover: headings && values && Object.fromEntries(headings.map((heading, index) => [heading, values[index] ?? ''])),
    sheets,
  };
}

/** Writes a workbook of the same shape. */
export async function writeRosterContent(
  cover: Readonly<Record<string, string>>,
  sheets: readonly { name: string; headings: readonly string[]; rows: readonly (readonly WorkbookCell[])[] }[],
): Promise<Buffer> {
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  workbook.addWorksheet(coverSheet).addRows([coverHeadings, coverHeadings.map((heading) => cover[heading] ?? '')]);
  for (const { name, headings, rows } of sheets) workbook.addWorksheet(name).addRows([headings, ...rows]);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}
