import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { handoverWays } from '../../../domain/transfer-case.ts';
import { a4 } from '../../platform/pdf-content.ts';
import { type PdfPages, writePdfPages } from '../../platform/pdf-file.ts';

/** What both papers of a transfer file begin with. */
interface OfFile {
  schoolName: string;
  schoolCode: string;
  fileName: string;
  /** UTC instant. */
  createdAt: string;
  createdBy: string;
}

/** What the 交接單 says of a transfer file. The password is not on it: that goes another way. */
export interface HandoverSheet extends OfFile {
  bytes: number;
  /** In the groups the manual shows. */
  md5: string;
  students: readonly HandedOverStudent[];
}

export interface HandedOverStudent {
  studentNumber: string;
  name: string;
  /** `R2****1437`. */
  identity: string;
  /** Where the student goes, as far as it is known: a name, a code, or both. */
  destination: string | null;
  /** Records by section, those that there are: `['課程學習成果', 7]`. */
  counts: readonly (readonly [section: string, count: number])[];
}

/** 密碼通知單: a paper of its own. */
export interface PasswordNotice extends OfFile {
  password: string;
  /** Where the file goes, each school once. */
  destinations: readonly string[];
}

type Printed = Promise<{ pages: number; missingCharacters: string }>;

const left = 57;
const right = a4.width - left;
const rowHeight = 26;
const labelWidth = 92;
/** Below this nothing is written but the page's number. */
const bottom = a4.height - 60;
/** Counts stand beside each other, so that the longest section fits in full size. */
const countColumns = 3;
const countHeight = 16;
/** The advice, the way of handing over, the acknowledgement and the signatures. */
const closingHeight = 280;

/** A page that is written from top to bottom. */
class Paper {
  readonly #pages: PdfPages;
  readonly #schoolName: string;
  y = 0;

  constructor(pages: PdfPages, schoolName: string) {
    this.#pages = pages;
    this.#schoolName = schoolName;
  }

  newPage(title: string): void {
    this.#pages.newPage();
    const center = { align: 'center', maxWidth: right - left } as const;
    this.#pages.write('bold', this.#schoolName, a4.width / 2, 70, 14, center);
    this.#pages.write('bold', title, a4.width / 2, 96, 18, center);
    this.y = 132;
  }

  write(weight: 'regular' | 'bold', text: string, x: number, size: number, maxWidth: number = right - x): void {
    this.#pages.write(weight, text, x, this.y, size, { maxWidth });
  }

  /** A label and its value. */
  line(label: string, value: string, weight: 'regular' | 'bold' = 'regular'): void {
    this.write('regular', label, left, 11, labelWidth - 8);
    this.write(weight, value, left + labelWidth, weight === 'bold' ? 14 : 11);
    this.y += rowHeight;
  }

  rule(width: number, above = 0): void {
    this.#pages.line(left, this.y - above, right, this.y - above, width);
  }

  signature(label: string): void {
    this.write('regular', `${label}簽章：`, left, 12, 120);
    this.#pages.line(left + 110, this.y + 4, left + 300, this.y + 4, 0.8);
    this.write('regular', '日期：　　年　　月　　日', left + 320, 12);
    this.y += 40;
  }
}

/**
 * 交接單: who and what is in the file, its MD5, boxes for how it is handed over and acknowledged, and lines to sign.
 * @returns pages, and characters no font has
 */
export function writeHandoverSheet(path: string, sheet: HandoverSheet, printedAt: Date): Printed {
  const title = '學習歷程檔案交接單';
  const information = { title, author: sheet.schoolName, createdAt: printedAt };
  return writePdfPages(path, information, (pages) => drawSheet(new Paper(pages, sheet.schoolName), title, sheet), { numbered: true });
}

function drawSheet(paper: Paper, title: string, sheet: HandoverSheet): void {
  paper.newPage(title);
  paper.line('交付學校', `${sheet.schoolName}（${sheet.schoolCode}）`);
  const schools = new Set(sheet.students.map(({ destination }) => destination));
  const together = schools.size === 1 ? [...schools][0]! : null;
  if (schools.size === 1) paper.line('接收學校', together ?? '＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿');
  paper.line('檔名', sheet.fileName);
  paper.line('大小', `${sheet.bytes.toLocaleString('en')} 位元組`);
  paper.line('MD5 值', sheet.md5);
  paper.line('產生時間', `${formatRocDateTime(sheet.createdAt)}（${sheet.createdBy}）`);
  paper.line('學生人數', `${sheet.students.length} 人`);
  paper.y += 6;
  paper.rule(0.8, 14);
  for (const { studentNumber, name, identity, destination, counts } of sheet.students) {
    const rows = Math.max(1, Math.ceil(counts.length / countColumns));
    if (paper.y + 18 + rows * countHeight > bottom) paper.newPage(`${title}（續）`);
    const going = schools.size > 1 && destination ? `　接收學校 ${destination}` : '';
    paper.write('bold', `${name}　${identity}　學號 ${studentNumber}${going}`, left, 11);
    paper.y += 18;
    if (counts.length === 0) paper.write('regular', '沒有紀錄', left + 14, 10);
    const columnWidth = (right - left - 14) / countColumns;
    for (let row = 0; row < rows; row += 1) {
      for (const [column, [section, count]] of counts.slice(row * countColumns, (row + 1) * countColumns).entries()) {
        paper.write('regular', `${section} ${count} 筆`, left + 14 + column * columnWidth, 10, columnWidth - 6);
      }
      paper.y += countHeight;
    }
    paper.y -= 6;
    paper.rule(0.2);
    paper.y += 18;
  }
  if (paper.y + closingHeight > bottom) paper.newPage(`${title}（續）`);
  paper.y += 14;
  paper.write('regular', '一、請勿更改檔名或重新壓縮，否則 MD5 值不符，檔案會無法匯入。', left, 11);
  paper.y += 20;
  paper.write('regular', '二、壓縮密碼不在本單上，由交付學校以電話、公文等其他方式另行告知。', left, 11);
  paper.y += 32;
  paper.line(
    '交付方式',
    `${Object.values(handoverWays)
      .map((way) => `□ ${way}`)
      .join('　')}＿＿＿＿＿＿`,
  );
  paper.line('接收確認', '□ 檔案已收到　□ MD5 值相符　□ 以密碼可以開啟');
  paper.y += 18;
  paper.signature('交付人');
  paper.signature('接收人');
  paper.write('regular', '接收學校完成匯入後，請將本單影本或確認訊息回覆交付學校，轉出才算完成。', left, 10);
}

/** 密碼通知單: the password of a file, to go another way than the file and its 交接單. */
export function writePasswordNotice(path: string, notice: PasswordNotice, printedAt: Date): Printed {
  const title = '學習歷程檔案壓縮密碼通知單';
  return writePdfPages(path, { title, author: notice.schoolName, createdAt: printedAt }, (pages) => {
    const paper = new Paper(pages, notice.schoolName);
    paper.newPage(title);
    paper.line('交付學校', `${notice.schoolName}（${notice.schoolCode}）`);
    if (notice.destinations.length > 0) paper.line('接收學校', notice.destinations.join('、'));
    paper.line('檔名', notice.fileName);
    paper.line('產生時間', `${formatRocDateTime(notice.createdAt)}（${notice.createdBy}）`);
    paper.line('壓縮密碼', notice.password, 'bold');
    paper.y += 14;
    paper.write('bold', '本單請與檔案及交接單分開交付；對方學校匯入完成後請銷毀。', left, 12);
  });
}
