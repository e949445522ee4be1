import { readFileSync } from 'node:fs';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';

export interface PdfPage {
  width: number;
  height: number;
  /** The text of the page in the order it is stored, without spaces between the pieces. */
  text: string;
  pieces: { text: string; x: number /** From the bottom. */; y: number /** Of the letters, in points. */; size: number }[];
}

/** A PDF read back by another program than the one that wrote it. */
export async function readPdf(path: string): Promise<{ pages: PdfPage[]; title: string; metadata: string; fonts: string[] }> {
  const bytes = readFileSync(path);
  const loading = getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 });
  const document = await loading.promise;
  const pages: PdfPage[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const [, , width = 0, height = 0] = page.view;
    const { items } = await page.getTextContent();
    const pieces = (items as TextItem[])
      .filter((item) => item.str.trim() !== '')
      .map((item) => ({ text: item.str, x: item.transform[4] as number, y: item.transform[5] as number, size: item.height }));
    pages.push({ width, height, text: pieces.map((piece) => piece.text).join(''), pieces });
  }
  const { info } = (await document.getMetadata()) as { info: Record<string, unknown> };
  await loading.destroy();
  const fonts = [...bytes.toString('latin1').matchAll(/\/FontName \/([A-Z]{6}\+\S+)/g)].map((match) => match[1]!);
  return { pages, title: String(info.Title), metadata: JSON.stringify(info), fonts };
}
