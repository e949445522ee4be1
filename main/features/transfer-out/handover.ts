import { formatRocDateTime } from '../../../domain/roc-date.ts';
import { a4 } from '../../platform/pdf-content.ts';
import { type PdfPages, writePdfPages } from '../../platform/pdf-file.ts';

/** What the 交接單 says of a transfer file. */
export interface Handover {
  schoolName: string;
  schoolCode: string;
  fileName: string;
  bytes: number;
  /** In the groups the manual shows. */
  md5: string;
  password: string;
  /** UTC instant. */
  createdAt: string;
  createdBy: string;
  students: readonly {
    studentNumber: string;
    name: string;
    /** `R2****1437`. */
    identity: string;
    /** Where the student goes, as far as it is known. */
    otherSchoolCode: string | null;
    /** `課程學習成果 7、幹部經歷暨事蹟紀錄 3 …`. */
    contents: string;
  }[];
}

const title = '學習歷程檔案交接單';
const left = 57;
const right = a4.width - left;
const rowHeight = 26;
const labelWidth = 92;
/** Below this nothing is written but the page's number. */
const bottom = a4.height - 60;

/**
 * 交接單: who and what is in the file, with its MD5 and lines to sign; the password on a page of its own, so that it can go another way
 * than the file.
 * @returns pages, and characters no font has
 */
export function writeHandover(path: string, handover: Handover, printedAt: Date): Promise<{ pages: number; missingCharacters: string }> {
  const information = { title, author: handover.schoolName, createdAt: printedAt };
  return writePdfPages(path, information, (pages) => drawHandover(pages, handover), { numbered: true });
}

function drawHandover(pages: PdfPages, handover: Handover): void {
  let y = 0;
  const write = (weight: 'regular' | 'bold', text: string, x: number, size: number, maxWidth: number) =>
    pages.write(weight, text, x, y, size, { maxWidth });
  const newPage = (title: string) => {
    pages.newPage();
    const center = { align: 'center', maxWidth: right - left } as const;
    pages.write('bold', handover.schoolName, a4.width / 2, 70, 14, center);
    pages.write('bold', title, a4.width / 2, 96, 18, center);
    y = 132;
  };
  const line = (label: string, value: string, weight: 'regular' | 'bold' = 'regular') => {
    write('regular', label, left, 11, labelWidth - 8);
    write(weight, value, left + labelWidth, weight === 'bold' ? 14 : 11, right - left - labelWidth);
    y += rowHeight;
  };
  const signature = (label: string) => {
    write('regular', `${label}簽章：`, left, 12, 120);
    pages.line(left + 110, y + 4, left + 300, y + 4, 0.8);
    write('regular', '日期：　　年　　月　　日', left + 320, 12, right - left - 320);
    y += 40;
  };

  newPage(title);
  line('交付學校', `${handover.schoolName}（${handover.schoolCode}）`);
  line('檔名', handover.fileName);
  line('大小', `${handover.bytes.toLocaleString('en')} 位元組`);
  line('MD5 值', handover.md5);
  line('產生時間', `${formatRocDateTime(handover.createdAt)}（${handover.createdBy}）`);
  line('學生人數', `${handover.students.length} 人`);
  y += 6;
  pages.line(left, y - 14, right, y - 14, 0.8);
  for (const { studentNumber, name, identity, otherSchoolCode, contents } of handover.students) {
    if (y + 2 * 20 > bottom) newPage(`${title}（續）`);
    write(
      'bold',
      `${name}　${identity}　學號 ${studentNumber}${otherSchoolCode ? `　轉入學校 ${otherSchoolCode}` : ''}`,
      left,
      11,
      right - left,
    );
    y += 18;
    write('regular', contents, left + 14, 10, right - left - 14);
    y += 8;
    pages.line(left, y, right, y, 0.2);
    y += 18;
  }
  if (y + 200 > bottom) newPage(`${title}（續）`);
  y += 14;
  write('regular', '一、請勿更改檔名或重新壓縮，否則 MD5 值不符，檔案會無法匯入。', left, 11, right - left);
  y += 20;
  write('regular', '二、壓縮密碼另頁列印，請以電話、公文等其他方式告知，不要與檔案放在一起。', left, 11, right - left);
  y += 44;
  signature('交付人');
  signature('接收人');

  newPage('學習歷程檔案壓縮密碼');
  line('檔名', handover.fileName);
  line('壓縮密碼', handover.password, 'bold');
  y += 14;
  write('bold', '本頁請與檔案分開交付；對方學校匯入完成後請銷毀。', left, 12, right - left);
}
