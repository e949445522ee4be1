import type { PdfContent, PdfForm } from '../../platform/pdf-content.ts';
import type { EncodedText } from '../../platform/pdf-typeface.ts';
import { type QrCells, qrModules } from '../../platform/qr-code.ts';
import { columnEdges, frame, type SlipGeometry } from './geometry.ts';
import { type Slip, type SlipTotals, totalsOf } from './slip.ts';

/** Draws the parts of the slip as in the manual's sample, in reading order: what is read back comes in that order. */
type Encode = (text: string) => EncodedText;
export interface Weights {
  regular: Encode;
  bold: Encode;
}

const sizes = { title: 16, fields: 11, asOf: 10.5, heading: 9, cell: 10.5, notice: 11, serial: 8 } as const;
const lines = { outer: 1.1, inner: 0.6 } as const;
/** 0.7 mm a module: three dots of a 100 dpi scan, so that a copied slip still reads. */
const qrUnit = 2;
const qrSize = qrModules * qrUnit;
const center = (frame.left + frame.right) / 2;

/** The text's base line that puts a Chinese line of this size in the middle of a cell. */
const middle = (top: number, bottom: number, size: number) => (top + bottom) / 2 + size * 0.36;
const edge = (column: number) => columnEdges[column]!;

/** Title, two lines; stays clear of the code at the right. */
export function drawHead(content: PdfContent, { bold }: Weights, title: string): void {
  const maxWidth = frame.width - 2 * (qrSize + 8);
  content.text(bold(title), center, frame.top + 15, sizes.title, { align: 'center', maxWidth });
  content.text(bold('學生上傳學習成果/多元表現 情形通知單'), center, frame.top + 39, sizes.title, { align: 'center', maxWidth });
}

/** `截至 …`, and the table's headings and rules. */
export function drawTable(content: PdfContent, { regular }: Weights, geometry: SlipGeometry, asOf: string): void {
  const { tableTop, headingRowHeight, rowsTop, rowHeight, rows, tableBottom } = geometry;
  content.text(regular(asOf), frame.left, geometry.asOfBaseline, sizes.asOf, { maxWidth: frame.width });

  const level = (row: number) => tableTop + row * headingRowHeight;
  /** A heading in the merged cells of some columns and heading rows; two lines where it has two. */
  const heading = (texts: string[], fromColumn: number, toColumn: number, fromRow: number, toRow: number) => {
    const [left, right, top, bottom] = [edge(fromColumn), edge(toColumn), level(fromRow), level(toRow)];
    const lineHeight = sizes.heading * 1.3;
    texts.forEach((text, index) => {
      const shift = (index - (texts.length - 1) / 2) * lineHeight;
      content.text(regular(text), (left + right) / 2, middle(top, bottom, sizes.heading) + shift, sizes.heading, {
        align: 'center',
        maxWidth: right - left - 3,
      });
    });
  };
  heading(['年度'], 0, 1, 0, 3);
  heading(['班級'], 1, 2, 0, 3);
  heading(['學習成果'], 2, 7, 0, 1);
  heading(['多元表現'], 7, 9, 0, 1);
  heading(['第一學期'], 2, 4, 1, 2);
  heading(['第二學期'], 4, 6, 1, 2);
  heading(['已勾選', '件數'], 6, 7, 1, 3);
  heading(['總上傳', '件數'], 7, 8, 1, 3);
  heading(['已勾選', '件數'], 8, 9, 1, 3);
  for (const column of [2, 4]) {
    heading(['已上傳件數'], column, column + 1, 2, 3);
    heading(['已認證件數'], column + 1, column + 2, 2, 3);
  }

  content.line(edge(2), level(1), edge(9), level(1), lines.inner);
  content.line(edge(2), level(2), edge(6), level(2), lines.inner);
  for (let row = 0; row <= rows; row += 1) {
    const y = rowsTop + row * rowHeight;
    content.line(frame.left, y, frame.right, y, row === 0 || row === rows ? lines.outer : lines.inner);
  }
  const totalTop = rowsTop + rows * rowHeight;
  content.line(edge(1), tableTop, edge(1), totalTop, lines.inner);
  for (const [column, fromRow] of [
    [2, 0],
    [3, 2],
    [4, 1],
    [5, 2],
    [6, 1],
    [7, 0],
    [8, 1],
  ] as const) {
    content.line(edge(column), level(fromRow), edge(column), tableBottom, column === 7 || column === 2 ? lines.outer : lines.inner);
  }
  content.frame(frame.left, tableTop, frame.width, tableBottom - tableTop, lines.outer);
}

/** Remarks, signatures, date, and until when the slip comes back. */
export function drawFoot(
  content: PdfContent,
  { regular, bold }: Weights,
  geometry: SlipGeometry,
  { remarks, notice }: { remarks: readonly string[]; notice: string },
): void {
  content.text(bold('【備註說明】：'), frame.left - 3, geometry.remarksTitleBaseline, sizes.fields);
  remarks.forEach((line, index) => {
    const baseline = geometry.firstRemarkBaseline + index * geometry.remarkLeading;
    content.text(regular(line), frame.left, baseline, geometry.remarkSize, { maxWidth: frame.width });
  });

  const { signaturesBaseline } = geometry;
  const signature = (label: string, left: number, right: number) => {
    const text = regular(label);
    content.text(text, left, signaturesBaseline, sizes.fields);
    content.line(left + text.width * sizes.fields, signaturesBaseline + 2, right, signaturesBaseline + 2, lines.inner);
  };
  signature('學生確認簽章：', frame.left, center - 14);
  signature('監護人確認簽章：', center + 6, frame.right);
  content.text(regular('中華民國　　　　年　　　　月　　　　日'), center, geometry.dateBaseline, sizes.fields, { align: 'center' });
  content.text(bold(notice), center, geometry.noticeBaseline, sizes.notice, { align: 'center', maxWidth: frame.width });
}

/** 班級, 學號, 姓名, 導師 on one line, the gaps between them alike; smaller where a long name needs the room. */
function drawFields(content: PdfContent, encode: Encode, baseline: number, slip: Slip): void {
  const fields = [`班級：${slip.className}`, `學號：${slip.studentNumber}`, `姓名：${slip.name}`, `導師：${slip.homeroomTeacher}`].map(
    encode,
  );
  const natural = fields.reduce((sum, field) => sum + field.width, 0);
  const size = Math.min(sizes.fields, (frame.width - 3 * 8) / natural);
  const gap = Math.min(60, (frame.width - natural * size) / (fields.length - 1));
  let x: number = frame.left;
  for (const field of fields) {
    content.text(field, x, baseline, size);
    x += field.width * size + gap;
  }
}

/** What differs from student to student, between the parts that do not. */
export function drawStudent(
  content: PdfContent,
  encode: Encode,
  geometry: SlipGeometry,
  { slip, serial, qr, table, foot }: { slip: Slip; serial: string | null; qr: readonly QrCells[]; table: PdfForm; foot: PdfForm },
): void {
  content.squares(frame.right - qrSize, frame.top - 5, qrUnit, qr);
  drawFields(content, encode, geometry.fieldsBaseline, slip);
  content.form(table);

  const rowTop = (row: number) => geometry.rowsTop + row * geometry.rowHeight;
  const size = Math.min(sizes.cell, geometry.rowHeight * 0.72);
  const cell = (text: string, fromColumn: number, toColumn: number, row: number) => {
    if (text === '') return;
    const [left, right] = [edge(fromColumn), edge(toColumn)];
    content.text(encode(text), (left + right) / 2, middle(rowTop(row), rowTop(row + 1), size), size, {
      align: 'center',
      maxWidth: right - left - 4,
    });
  };
  const counts = ({ uploaded, certified, tickedOutcomes, performances, tickedPerformances }: SlipTotals, row: number) => {
    const values = [uploaded[0], certified[0], uploaded[1], certified[1], tickedOutcomes, performances, tickedPerformances];
    values.forEach((value, index) => {
      cell(value === null ? '' : String(value), index + 2, index + 3, row);
    });
  };
  slip.years.forEach((year, row) => {
    cell(`${year.academicYear}學年`, 0, 1, row);
    cell(year.className, 1, 2, row);
    counts(year, row);
  });
  if (slip.years.length === 0) cell('無歷史學年', 0, 2, 0);
  cell('合計數量', 0, 2, geometry.rows);
  counts(totalsOf(slip.years), geometry.rows);

  content.form(foot);
  content.text(encode(serial ?? '預覽，未編號'), frame.right, frame.bottom + 10, sizes.serial, { align: 'right' });
}
