import type PDFDocument from 'pdfkit';
import type { EncodedText, PdfFont } from './pdf-typeface.ts';

/**
 * Content of a PDF page, written as its operators: pdfkit's own `text` lays out paragraphs, which costs ten times
 * what a slip's forty short cells need. Points, from the top left corner, as pdfkit turns its pages.
 */
type Document = InstanceType<typeof PDFDocument>;

/** A4 in points. */
export const a4 = { width: 595.28, height: 841.89 } as const;

/** Content that stands on many pages and is stored once (a form XObject). */
export interface PdfForm {
  name: string;
  ref: object;
}

interface PdfReference {
  write: (chunk: string) => void;
  end: (chunk?: string) => void;
}

export type Alignment = 'left' | 'center' | 'right';

const number = (value: number) => String(Math.round(value * 100) / 100);

export class PdfContent {
  readonly #operators: string[] = [];
  readonly fonts = new Map<string, PdfFont>();
  readonly forms = new Map<string, PdfForm>();

  /**
   * One line of text, made smaller where it is wider than `maxWidth`.
   * @param x where it begins, ends or has its middle, as `align` says
   * @param baseline its base line
   */
  text(
    encoded: EncodedText,
    x: number,
    baseline: number,
    size: number,
    { align = 'left', maxWidth }: { align?: Alignment; maxWidth?: number } = {},
  ): void {
    if (encoded.runs.length === 0) return;
    const fitted = maxWidth !== undefined && encoded.width * size > maxWidth ? maxWidth / encoded.width : size;
    const width = encoded.width * fitted;
    const left = align === 'left' ? x : align === 'center' ? x - width / 2 : x - width;
    const shown = encoded.runs.map(({ font, hex }) => {
      this.fonts.set(font.id, font);
      return `/${font.id} ${number(fitted)} Tf <${hex}> Tj`;
    });
    this.#operators.push(`BT 1 0 0 -1 ${number(left)} ${number(baseline)} Tm ${shown.join(' ')} ET`);
  }

  line(fromX: number, fromY: number, toX: number, toY: number, width: number): void {
    this.#operators.push(`${number(width)} w ${number(fromX)} ${number(fromY)} m ${number(toX)} ${number(toY)} l S`);
  }

  frame(x: number, y: number, width: number, height: number, lineWidth: number): void {
    this.#operators.push(`${number(lineWidth)} w ${number(x)} ${number(y)} ${number(width)} ${number(height)} re S`);
  }

  /** Filled squares of a grid: `cells` are runs of a row, in units of `unit` points from (`x`, `y`). */
  squares(x: number, y: number, unit: number, cells: Iterable<{ column: number; row: number; length: number }>): void {
    const rectangles: string[] = [];
    for (const { column, row, length } of cells) rectangles.push(`${column} ${row} ${length} 1 re`);
    this.#operators.push(`q ${number(unit)} 0 0 ${number(unit)} ${number(x)} ${number(y)} cm ${rectangles.join(' ')} f Q`);
  }

  form(form: PdfForm): void {
    this.forms.set(form.name, form);
    this.#operators.push(`/${form.name} Do`);
  }

  toString(): string {
    return this.#operators.join('\n');
  }
}

const fontResources = (content: PdfContent) => Object.fromEntries([...content.fonts].map(([id, font]) => [id, font.ref()]));

/** Stores content once, to be drawn on many pages. */
export function createForm(document: Document, name: string, content: PdfContent): PdfForm {
  const ref = (document as unknown as { ref: (data: object) => PdfReference }).ref({
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, a4.width, a4.height],
    Resources: { Font: fontResources(content) },
  });
  ref.end(content.toString());
  return { name, ref };
}

/** Adds a page with this content. */
export function addContentPage(document: Document, content: PdfContent): void {
  document.addPage();
  const page = document.page as unknown as { fonts: Record<string, object>; xobjects: Record<string, object> };
  Object.assign(page.fonts, fontResources(content));
  for (const form of content.forms.values()) page.xobjects[form.name] = form.ref;
  document.addContent(content.toString());
}
