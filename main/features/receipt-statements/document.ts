import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatRocDay, parseRocDay, weekdayOf } from '../../../domain/roc-date.ts';
import { type ReceiptComparison, receiptComparisonNames } from '../../../domain/submission.ts';
import { describeTerm } from '../../../domain/term.ts';
import { qrTextOf } from '../../application/paper-serial.ts';
import { a4, addContentPage, PdfContent } from '../../platform/pdf-content.ts';
import { createPdfFile } from '../../platform/pdf-file.ts';
import type { EncodedText } from '../../platform/pdf-typeface.ts';
import { qrCells, qrModules } from '../../platform/qr-code.ts';
import type { RosterSheet } from '../submissions/layouts.ts';
import type { PaperRow, PaperStudent } from './queries.ts';

/** 收訖明細確認單: one student's records as the ministry has them, on A4, to be answered 正確 or 錯誤, signed and brought back. */
export interface PaperHeading {
  schoolName: string;
  schoolCode: string;
  /** `學生課程學習成果名冊`. */
  rosterName: string;
  academicYear: number;
  semester: number;
  confirmFrom: string;
  confirmUntil: string;
  printedAt: Date;
  sheets: readonly RosterSheet[];
}

const rosterShortName = (name: string) => name.replace(/^(進修部)?學生/, '').replace(/名冊$/, '');
/** `114 學年度 課程學習成果 收訖明細確認單`; of a term with its 學期. */
export const paperTitle = ({ rosterName, academicYear, semester }: Pick<PaperHeading, 'rosterName' | 'academicYear' | 'semester'>) =>
  `${describeTerm({ academicYear, semester })} ${rosterShortName(rosterName)} 收訖明細確認單`;

const margin = 48;
const right = a4.width - margin;
const width = right - margin;
const bottom = a4.height - 56;
const sizes = { school: 12.5, title: 15.5, text: 10.5, cell: 9.5, detail: 8.5, foot: 8.5 } as const;
const rowHeight = 18;
const detailHeight = 13;
const sheetGap = 5;
const qrUnit = 2;
const qrSize = qrModules * qrUnit;
/** Room the answer and the signature need together: they are never parted. */
const answerHeight = 158;
/** Left edges of 紀錄, 學期／日期, 簡述, 比對. */
const edges = [margin, margin + 168, margin + 236, right - 52, right] as const;

/** What stands in the list instead of a sign alone. */
const comparisonWords: Record<ReceiptComparison, string> = { ...receiptComparisonNames, same: '' };

type Weight = 'regular' | 'bold';
type Encode = (weight: Weight, text: string) => EncodedText;

/** As much of a text as fits, with … where it goes on. */
function fitted(encode: Encode, text: string, maxWidth: number, size: number): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (encode('regular', plain).width * size <= maxWidth) return plain;
  let shown = '';
  let used = encode('regular', '…').width * size;
  for (const character of plain) {
    used += encode('regular', character).width * size;
    if (used > maxWidth) break;
    shown += character;
  }
  return `${shown}…`;
}

/** What no line begins with. */
const closing = /[，。、；：？！）」』〉》]/;

/** A text in lines of a width, broken anywhere but before what closes, as Chinese is. */
function lines(encode: Encode, text: string, maxWidth: number, size: number): string[] {
  const broken: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    let used = 0;
    for (const character of paragraph) {
      const wide = encode('regular', character).width * size;
      if (used + wide > maxWidth && line !== '' && !closing.test(character)) {
        broken.push(line);
        line = '';
        used = 0;
      }
      line += character;
      used += wide;
    }
    broken.push(line);
  }
  return broken;
}

/** When a record was: the 學期 of a course, else the first day that stands in it. */
function whenOf(sheet: RosterSheet | undefined, cells: Readonly<Record<string, string>>): string {
  const semester = sheet?.columns.find(({ title }) => title === '實際修課學期');
  if (semester && cells[semester.title]) return `第 ${cells[semester.title]} 學期`;
  const year = sheet?.columns.find(({ field }) => field === 'academicYear');
  const term = sheet?.columns.find(({ field }) => field === 'semester');
  if (year && term && cells[year.title]) return `${cells[year.title]}${cells[term.title] ?? ''}`;
  const day = sheet?.columns.find(({ kind }) => kind === 'day');
  const text = day ? (cells[day.title] ?? '') : '';
  return formatRocDay(parseRocDay(text)) || text;
}

const summaryOf = (sheet: RosterSheet | undefined, cells: Readonly<Record<string, string>>) => {
  const column = sheet?.columns.find(({ kind }) => kind === 'summary') ?? sheet?.columns.find(({ field }) => field === 'positionName');
  return column ? (cells[column.title] ?? '') : '';
};

class Paper {
  readonly pages: PdfContent[] = [];
  y = 0;
  readonly #encode: Encode;
  readonly #heading: PaperHeading;
  readonly #student: PaperStudent;

  constructor(encode: Encode, heading: PaperHeading, student: PaperStudent) {
    this.#encode = encode;
    this.#heading = heading;
    this.#student = student;
    this.#newPage();
  }

  get #page(): PdfContent {
    return this.pages.at(-1)!;
  }

  #write(weight: Weight, text: string, x: number, baseline: number, size: number, place?: Parameters<PdfContent['text']>[4]): void {
    this.#page.text(this.#encode(weight, text), x, baseline, size, place);
  }

  #newPage(): void {
    this.pages.push(new PdfContent());
    const { schoolName, schoolCode, confirmFrom, confirmUntil } = this.#heading;
    const { serial, className, seatNumber, studentNumber, name } = this.#student;
    const center = { align: 'center', maxWidth: width - 2 * (qrSize + 10) } as const;
    this.#write('bold', schoolName, a4.width / 2, 58, sizes.school, center);
    this.#write('bold', paperTitle(this.#heading), a4.width / 2, 80, sizes.title, center);
    this.#page.squares(right - qrSize, 42, qrUnit, qrCells(qrTextOf(schoolCode, serial)));
    const seat = seatNumber === null ? '' : `　座號：${String(seatNumber).padStart(2, '0')}`;
    const who = `${className === '' ? '' : `班級：${className}`}${seat}　學號：${studentNumber}　姓名：${name}`.replace(/^　/, '');
    this.#write('regular', who, margin, 112, sizes.text + 0.5, { maxWidth: width });
    const until = `${formatRocDay(confirmFrom)}(${weekdayOf(confirmFrom)}) 至 ${formatRocDay(confirmUntil)}(${weekdayOf(confirmUntil)})`;
    this.#write('regular', `下列是國教署收到的資料。請於 ${until} 核對後，在末頁勾選、簽名並繳回。`, margin, 132, sizes.text, {
      maxWidth: width,
    });
    this.y = 144;
    this.#headings();
  }

  #headings(): void {
    this.#page.line(margin, this.y, right, this.y, 1);
    for (const [index, title] of ['紀錄', '學期／日期', '簡述', '比對'].entries()) {
      this.#write('bold', title, edges[index]! + 3, this.y + 13, sizes.cell);
    }
    this.y += rowHeight;
    this.#page.line(margin, this.y, right, this.y, 0.6);
  }

  #room(height: number): void {
    if (this.y + height > bottom) this.#newPage();
  }

  #records(): void {
    const { rows } = this.#student;
    let sheetName: string | undefined;
    for (const row of rows) {
      const details = row.comparison === 'different' ? lines(this.#encode, row.detail, width - 24, sizes.detail) : [];
      const height = rowHeight + details.length * detailHeight + (details.length > 0 ? 3 : 0);
      if (row.sheet !== sheetName) {
        const count = rows.filter(({ sheet }) => sheet === row.sheet).length;
        this.#room(sheetGap + rowHeight + height);
        if (sheetName !== undefined) this.y += sheetGap;
        this.#write('bold', `${row.sheet}（${count} 筆）`, margin + 3, this.y + 13, sizes.text, { maxWidth: width });
        this.y += rowHeight;
        sheetName = row.sheet;
      }
      this.#room(height);
      this.#record(row, details);
    }
    if (rows.length === 0) {
      this.#write('regular', '沒有任何一筆資料。', margin + 3, this.y + 13, sizes.cell);
      this.y += rowHeight;
    }
    this.#page.line(margin, this.y, right, this.y, 1);
  }

  #record({ sheet: name, title, cells, comparison }: PaperRow, details: readonly string[]): void {
    const sheet = this.#heading.sheets.find((each) => each.name === name);
    const texts = [title, whenOf(sheet, cells), summaryOf(sheet, cells)];
    for (const [index, text] of texts.entries()) {
      const room = edges[index + 1]! - edges[index]! - 8;
      this.#write('regular', fitted(this.#encode, text, room, sizes.cell), edges[index]! + 3, this.y + 13, sizes.cell);
    }
    const word = comparison === null ? '' : comparisonWords[comparison];
    if (word !== '') this.#write('bold', word, edges[3] + 3, this.y + 13, sizes.cell, { maxWidth: right - edges[3] - 4 });
    this.y += rowHeight;
    for (const line of details) {
      this.#write('regular', line, margin + 18, this.y + 8, sizes.detail);
      this.y += detailHeight;
    }
    if (details.length > 0) this.y += 3;
    this.#page.line(margin, this.y, right, this.y, 0.2);
  }

  #answer(): void {
    this.#room(answerHeight);
    const top = this.y + 20;
    // Drawn, not written: an empty box is in no font of the document, and a clerk must see it.
    const box = (x: number, baseline: number) => this.#page.frame(x, baseline - 9.5, 10.5, 10.5, 0.8);
    box(margin, top + 8);
    this.#write('bold', '正確：以上資料與本人提交的相符。', margin + 17, top + 8, sizes.text + 0.5);
    box(margin, top + 34);
    this.#write('bold', '錯誤：', margin + 17, top + 34, sizes.text + 0.5);
    this.#write('regular', '請說明哪一筆、哪裡不對', margin + 52, top + 34, sizes.detail);
    for (const y of [top + 54, top + 76]) this.#page.line(margin + 17, y, right, y, 0.5);
    const signature = top + 112;
    this.#write('regular', '學生簽名：', margin, signature, sizes.text + 0.5);
    this.#page.line(margin + 58, signature + 2, a4.width / 2 - 10, signature + 2, 0.6);
    this.#write('regular', '中華民國　　　　年　　　　月　　　　日', right, signature, sizes.text + 0.5, { align: 'right' });
    this.y += answerHeight;
  }

  /** Draws all of it, and at the foot of each page which of the student's it is. */
  draw(): readonly PdfContent[] {
    this.#records();
    this.#answer();
    for (const [index, page] of this.pages.entries()) {
      const foot = (text: string, x: number, align: 'left' | 'center' | 'right') =>
        page.text(this.#encode('regular', text), x, a4.height - 34, sizes.foot, { align });
      foot(`${this.#student.studentNumber} ${this.#student.name}`, margin, 'left');
      foot(`第 ${index + 1} 頁，共 ${this.pages.length} 頁`, a4.width / 2, 'center');
      foot(this.#student.serial, right, 'right');
    }
    return this.pages;
  }
}

/** Students between two looks at the cancel button and at how far the disk has come. */
const studentsPerTurn = 20;

/**
 * Writes the papers as one PDF; each student begins on a page of his own, and its pages are numbered for him.
 * @returns pages, and characters no font has, 〓 on the page
 * @throws the signal's reason; the file is then unfinished and the caller's to remove
 */
export async function writePapers(
  path: string,
  heading: PaperHeading,
  students: readonly PaperStudent[],
  { signal, onStudent }: { signal?: AbortSignal; onStudent?: (done: number) => void } = {},
): Promise<{ pages: number; missingCharacters: string }> {
  signal?.throwIfAborted();
  const file = createPdfFile(path, { title: paperTitle(heading), author: heading.schoolName, createdAt: heading.printedAt });
  const missing = new Set<string>();
  const encode: Encode = (weight, text) => {
    const encoded = file.typefaces[weight].encode(text);
    for (const character of encoded.missing) missing.add(character);
    return encoded;
  };
  let pages = 0;
  try {
    for (const [index, student] of students.entries()) {
      for (const page of new Paper(encode, heading, student).draw()) {
        addContentPage(file.document, page);
        pages += 1;
      }
      onStudent?.(index + 1);
      if ((index + 1) % studentsPerTurn === 0) {
        await nextTurn();
        signal?.throwIfAborted();
        await file.drained();
      }
    }
    await file.end();
  } catch (error) {
    file.abandon();
    throw error;
  }
  return { pages, missingCharacters: [...missing].join('') };
}
