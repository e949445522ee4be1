import { formatRocDay, taipeiDateTime } from '../../../domain/roc-date.ts';
import { a4 } from '../../platform/pdf-content.ts';
import { writePdfPages } from '../../platform/pdf-file.ts';
import type { ReportRow } from './queries.ts';

export interface ReportHeading {
  schoolName: string;
  /** `1091`. */
  term: string;
  printedAt: Date;
}

const margin = 57;
const right = a4.width - margin;
const bottom = a4.height - 62;
const rowHeight = 20;
const headingHeight = 30;
/** Left edges of 班級 座號 姓名 科目. */
const columns = [margin + 14, margin + 118, margin + 178, margin + 290] as const;

interface Block {
  heading: string;
  rows: ReportRow[];
}

function blocksOf(rows: readonly ReportRow[]): Block[] {
  const blocks: Block[] = [];
  let teacherId: string | null | undefined;
  for (const row of rows) {
    if (blocks.length === 0 || row.teacherId !== teacherId) {
      teacherId = row.teacherId;
      blocks.push({ heading: row.teacherName === null ? '未指定教師' : `${row.teacherName} 教師`, rows: [] });
    }
    blocks.at(-1)!.rows.push(row);
  }
  return blocks;
}

/**
 * 1091 未認證教師狀況表 as the manual prints it (§3.11): by teacher, with date and time of printing. A teacher's heading never stands
 * alone at the foot of a page; where his rows go on, it is repeated with （續）.
 * @returns pages, and characters no font has
 */
export function writeReport(
  path: string,
  { schoolName, term, printedAt }: ReportHeading,
  rows: readonly ReportRow[],
  signal?: AbortSignal,
): Promise<{ pages: number; missingCharacters: string }> {
  const title = `${term} 未認證教師狀況表`;
  const information = { title, author: schoolName, createdAt: printedAt };
  return writePdfPages(
    path,
    information,
    (pages) => {
      const { write, line } = pages;
      let y = 0;
      const newPage = () => {
        pages.newPage();
        const [, time] = taipeiDateTime(printedAt).split(/[ T]/);
        const center = { align: 'center', maxWidth: right - margin } as const;
        write('bold', schoolName, a4.width / 2, 62, 13, center);
        write('bold', title, a4.width / 2, 84, 16, center);
        write('regular', `印列日期：${formatRocDay(taipeiDateTime(printedAt).slice(0, 10))}`, right, 104, 10, { align: 'right' });
        write('regular', `印列時間：${time!.slice(0, 8)}`, right, 118, 10, { align: 'right' });
        y = 136;
      };
      const heading = (text: string) => {
        write('bold', text, margin, y + 18, 11.5, { maxWidth: right - margin });
        line(margin, y + headingHeight - 6, right, y + headingHeight - 6, 0.8);
        y += headingHeight;
      };

      newPage();
      for (const { heading: name, rows: ofTeacher } of blocksOf(rows)) {
        signal?.throwIfAborted();
        if (y + headingHeight + rowHeight > bottom) newPage();
        heading(`${name} 未認證件數:${ofTeacher.length}`);
        for (const { className, seatNumber, studentName, subjectName } of ofTeacher) {
          if (y + rowHeight > bottom) {
            newPage();
            heading(`${name}（續）`);
          }
          const texts = [className ?? '', seatNumber === null ? '' : String(seatNumber).padStart(2, '0'), studentName, subjectName];
          texts.forEach((text, index) => {
            const until = columns[index + 1] ?? right;
            write('regular', text, columns[index]!, y + 14, 10.5, { maxWidth: until - columns[index]! - 8 });
          });
          line(margin, y + rowHeight, right, y + rowHeight, 0.2);
          y += rowHeight;
        }
        y += 10;
      }
    },
    { numbered: true },
  );
}
