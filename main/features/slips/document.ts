import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatRocDateTime, formatRocDay, weekdayOf } from '../../../domain/roc-date.ts';
import { layoutRemarks } from '../../../domain/slip-remarks.ts';
import { formatTerm, type Term } from '../../../domain/term.ts';
import { qrTextOf } from '../../application/paper-serial.ts';
import { addContentPage, createForm, PdfContent, type PdfForm } from '../../platform/pdf-content.ts';
import { createPdfFile } from '../../platform/pdf-file.ts';
import { qrCells } from '../../platform/qr-code.ts';
import { drawFoot, drawHead, drawStudent, drawTable } from './drawing.ts';
import { type SlipGeometry, slipGeometry } from './geometry.ts';
import type { Slip } from './slip.ts';

/** What stands on every slip of a printing. */
export interface SlipHeading {
  schoolName: string;
  term: Term;
  /** The instant the counts were taken. */
  countedAt: Date;
  /** 繳交截止日期. */
  dueDate: string;
  remarks: string;
  /** For the QR code. */
  schoolCode: string;
}

/** A student's name, class or teacher holds a character no font has. `全部` for what stands on every slip. */
export interface MissingCharacters {
  studentNumber: string;
  characters: string;
}

interface FixedParts {
  geometry: SlipGeometry;
  table: PdfForm;
  foot: PdfForm;
}

/** Pages between two looks at the cancel button and at how far the disk has come. */
const pagesPerTurn = 25;

/**
 * Writes slips as a PDF, a page each, streamed: A4, fonts embedded as subsets, text that can be searched and copied in
 * reading order. What is the same on every page is stored once.
 * @param serialOf the serial of each slip; null in a preview, whose pages say so instead
 * @throws the signal's reason; the file is then unfinished and the caller's to remove
 */
export async function writeSlips(
  path: string,
  heading: SlipHeading,
  slips: readonly Slip[],
  serialOf: (slip: Slip) => string | null,
  { signal, onPage }: { signal?: AbortSignal; onPage?: (done: number) => void } = {},
): Promise<{ pages: number; missingCharacters: MissingCharacters[] }> {
  signal?.throwIfAborted();
  const file = createPdfFile(path, {
    title: `學生上傳及勾選情形確認單 ${formatTerm(heading.term)}`,
    author: heading.schoolName,
    createdAt: heading.countedAt,
  });
  const { document, typefaces } = file;
  const missingCharacters: MissingCharacters[] = [];
  const commonMissing = new Set<string>();
  const encodeCommon = (weight: 'regular' | 'bold') => (text: string) => {
    const encoded = typefaces[weight].encode(text);
    for (const character of encoded.missing) commonMissing.add(character);
    return encoded;
  };
  const common = { regular: encodeCommon('regular'), bold: encodeCommon('bold') };
  const remarks = layoutRemarks(heading.remarks);
  const texts = {
    title: `${heading.schoolName} ${heading.term.academicYear} 學年度「學習歷程檔案」`,
    asOf: `截至 ${formatRocDateTime(heading.countedAt.toISOString()).slice(0, -3)} 統計，該生上傳學習歷程檔案數據情況如下：`,
    notice: `※本通知單請於 ${formatRocDay(heading.dueDate)}(${weekdayOf(heading.dueDate)}) 前完成簽章確認。※`,
    remarks,
  };

  const form = (name: string, draw: (content: PdfContent) => void): PdfForm => {
    const content = new PdfContent();
    draw(content);
    return createForm(document, name, content);
  };
  const head = form('Head', (content) => drawHead(content, common, texts.title));
  const fixedByRows = new Map<number, FixedParts>();
  const fixedFor = (rows: number): FixedParts => {
    let fixed = fixedByRows.get(rows);
    if (!fixed) {
      const geometry = slipGeometry(rows, remarks.length);
      fixed = {
        geometry,
        table: form(`Table${rows}`, (content) => drawTable(content, common, geometry, texts.asOf)),
        foot: form(`Foot${rows}`, (content) => drawFoot(content, common, geometry, texts)),
      };
      fixedByRows.set(rows, fixed);
    }
    return fixed;
  };

  try {
    for (const [index, slip] of slips.entries()) {
      const { geometry, table, foot } = fixedFor(Math.max(1, slip.years.length));
      const serial = serialOf(slip);
      const content = new PdfContent();
      const missing = new Set<string>();
      const encode = (text: string) => {
        const encoded = typefaces.regular.encode(text);
        for (const character of encoded.missing) missing.add(character);
        return encoded;
      };
      content.form(head);
      drawStudent(content, encode, geometry, {
        slip,
        serial,
        qr: qrCells(serial === null ? 'PREVIEW' : qrTextOf(heading.schoolCode, serial)),
        table,
        foot,
      });
      addContentPage(document, content);
      if (missing.size > 0) missingCharacters.push({ studentNumber: slip.studentNumber, characters: [...missing].join('') });
      onPage?.(index + 1);
      if ((index + 1) % pagesPerTurn === 0) {
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
  if (commonMissing.size > 0) missingCharacters.unshift({ studentNumber: '全部', characters: [...commonMissing].join('') });
  return { pages: slips.length, missingCharacters };
}
