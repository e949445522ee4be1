import type { Random } from '../random.ts';

/** UTF-16BE as a PDF hexadecimal string. */
function hexText(text: string): string {
  const bytes = Buffer.from(text, 'utf16le');
  bytes.swap16();
  return bytes.toString('hex');
}

/** A line as wide as the page: 40 characters of 12 points. */
function folded(line: string): string[] {
  const characters = [...line];
  const rows: string[] = [];
  for (let start = 0; start < characters.length; start += 40) rows.push(characters.slice(start, start + 40).join(''));
  return rows;
}

/** Every code is its own character: lets readers without the CJK tables of Adobe take the text out, too. */
const toUnicode = [
  '/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Plain def /CMapType 2 def',
  '1 begincodespacerange <0000> <ffff> endcodespacerange',
  '1 beginbfrange <0000> <ffff> <0000> endbfrange',
  'endcmap CMapName currentdict /CMap defineresource pop end end',
].join('\n');

const fixedObjects = [
  '<</Type/Catalog/Pages 2 0 R>>',
  '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R/L 7 0 R>>>>/Contents 8 0 R>>',
  '<</Type/Font/Subtype/Type0/BaseFont/MSung-Light/Encoding/UniCNS-UTF16-H/DescendantFonts[5 0 R]/ToUnicode 9 0 R>>',
  '<</Type/Font/Subtype/CIDFontType0/BaseFont/MSung-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(CNS1)/Supplement 7>>/FontDescriptor 6 0 R/DW 1000>>',
  '<</Type/FontDescriptor/FontName/MSung-Light/Flags 4/FontBBox[-160 -249 1015 1071]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>',
  '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
];
const prologue = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
const { head, offsets } = (() => {
  let text = prologue;
  const starts: number[] = [];
  for (const [index, object] of fixedObjects.entries()) {
    starts.push(text.length);
    text += `${index + 1} 0 obj${object}endobj\n`;
  }
  return { head: text, offsets: starts };
})();
const map = `9 0 obj<</Length ${toUnicode.length}>>stream\n${toUnicode}\nendstream endobj\n`;

function offsetLine(offset: number): string {
  return `${String(offset).padStart(10, '0')} 00000 n \n`;
}
const fixedOffsets = offsets.map(offsetLine).join('');

/**
 * A PDF of one page: a serial in Helvetica, then lines of Chinese in the reader's own Ming face, so no font is embedded
 * and the file stays under three kilobytes; a chart of the seed's own stands below.
 * @param serial ASCII, tells this file from all others
 * @param lines Chinese; the first is the title
 */
export function makePdf(random: Random, serial: string, lines: readonly string[]): Buffer {
  let page = `BT /L 9 Tf 56 800 Td (${serial.replace(/[()\\]/g, ' ')}) Tj ET\n`;
  const [title = '', ...text] = lines;
  for (const [index, line] of [title, ...text.flatMap(folded)].entries()) {
    page += `BT /F ${index === 0 ? 16 : 12} Tf 56 ${index === 0 ? 756 : 736 - index * 22} Td <${hexText(line)}> Tj ET\n`;
  }
  for (let bar = 0; bar < 6; bar += 1) {
    page += `0.${random.between(2, 8)} 0.${random.between(3, 8)} 0.${random.between(4, 9)} rg ${56 + bar * 70} 80 50 ${random.between(20, 320)} re f\n`;
  }
  const content = `8 0 obj<</Length ${page.length}>>stream\n${page}\nendstream endobj\n`;
  const body = head + content + map;
  const trailer =
    `xref\n0 10\n0000000000 65535 f \n${fixedOffsets}${offsetLine(head.length)}${offsetLine(head.length + content.length)}` +
    `trailer<</Size 10/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body + trailer, 'latin1');
}
