import { createHash, randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import type { CityClient } from '../../main/central/client.ts';
import { type SubmissionAnswer, type SubmissionRequest, workbookMediaType } from '../../main/central/protocol.ts';
import type { RecordOf } from '../../main/central/resources.ts';

type Cell = string | number | null;

/** A roster of the small school: 多元表現 of 114, its 服務學習紀錄 and 作品成果紀錄. */
export const rosterCover: Record<string, string> = { 學校代碼: '999999', 學年度: '114', 學期: '0', 名冊別: '25' };
export const serviceHeadings = ['身分證號', '出生日期', '服務名稱', '時數', '內容簡述', '證明文件連結'];
export const workHeadings = ['身分證號', '出生日期', '名稱', '內容簡述', '外部影音連結'];
export const rosterName = '學生自填多元表現名冊';

/** Writes sheets as they are given, with exceljs as the office does. */
export async function workbookOf(sheets: Record<string, readonly (readonly Cell[])[]>): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  for (const [name, rows] of Object.entries(sheets)) workbook.addWorksheet(name).addRows(rows.map((row) => [...row]));
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

export async function rosterWorkbook(
  services: readonly (readonly Cell[])[],
  works: readonly (readonly Cell[])[] = [],
  cover: Record<string, string> = rosterCover,
): Promise<Buffer> {
  return workbookOf({
    封面: [Object.keys(cover), Object.values(cover)],
    服務學習紀錄: [serviceHeadings, ...services],
    作品成果紀錄: [workHeadings, ...works],
  });
}

/** Rows by sheet, headings first, as a workbook has them. */
export async function sheetsOf(content: Buffer): Promise<Record<string, Cell[][]>> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(content as never);
  return Object.fromEntries(
    workbook.worksheets.map((sheet) => {
      const rows: Cell[][] = [];
      sheet.eachRow((row) => rows.push(Array.from({ length: sheet.columnCount }, (_, index) => row.getCell(index + 1).value as Cell)));
      return [sheet.name, rows];
    }),
  );
}

/** Puts a workbook and hands it in. */
export async function handIn(
  client: CityClient,
  content: Buffer,
  rows: number,
  changes: Partial<SubmissionRequest> = {},
): Promise<SubmissionAnswer> {
  const sha256 = createHash('sha256').update(content).digest('hex');
  await client.putFile(sha256, workbookMediaType, content);
  return client.submit({
    idempotencyKey: randomUUID(),
    kind: 'performances',
    academicYear: 114,
    semester: 0,
    batch: 'regular',
    division: 'day',
    rosterCode: '25',
    rosterName,
    rows,
    sha256,
    submittedBy: '999999adm',
    ...changes,
  });
}

/** How a submission stands at the city now. */
export async function resultOf(client: CityClient, submissionFileId: string): Promise<RecordOf<'submission-results'>> {
  const { page } = await client.page('submission-results', '', { limit: 100, count: false });
  return (page.items as RecordOf<'submission-results'>[]).find((item) => item.submissionFileId === submissionFileId)!;
}
