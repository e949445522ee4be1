import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readWorkbook,
  readWorkbookContent,
  type WorkbookLimits,
  type WorkbookRow,
  workbookLimits,
} from '../../main/platform/workbook-reader.ts';
import { temporaryFolder } from '../support/directories.ts';
import { storedZip } from '../support/stored-zip.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder('workbook-reader');
});
afterEach(() => folder.remove());

const at = (name: string) => join(folder.path, name);

async function all(reading: AsyncIterable<WorkbookRow>): Promise<WorkbookRow[]> {
  const rows: WorkbookRow[] = [];
  for await (const row of reading) rows.push(row);
  return rows;
}
const rowsOf = (path: string, options: { name?: string; limits?: Partial<WorkbookLimits> } = {}) =>
  all(readWorkbook(path, { ...options, limits: { ...workbookLimits, ...options.limits } }));
const cellsOf = async (path: string) => (await rowsOf(path)).map(({ cells }) => cells);
const written = (name: string, content: string | Uint8Array) => {
  writeFileSync(at(name), content);
  return at(name);
};
const code = (error: unknown) => (error as { code?: string }).code;
const refused = (path: string, limits: Partial<WorkbookLimits> = {}) => rowsOf(path, { limits }).then(() => 'read', code);

/** A package as a program other than Excel writes it: its parts named from the root, elements with a prefix, no shared texts. */
function strangePackage(sheetXml: string): Buffer {
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
  return storedZip({
    '_rels/.rels': `<Relationships>${relation('a', 'officeDocument', '/xl/Workbook.xml')}</Relationships>`,
    'xl/Workbook.xml':
      '<?xml version="1.0"?><x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="甲 &amp; 乙" sheetId="9" r:id="R7"/></x:sheets></x:workbook>',
    'xl/_rels/Workbook.xml.rels': `<Relationships>${relation('R7', 'worksheet', '/xl/worksheets/list.xml')}</Relationships>`,
    'xl/worksheets/list.xml': sheetXml,
  });
}

describe('an .xlsx', () => {
  it('is read from memory as from a file, and refused the same', async () => {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('名冊').addRows([['身分證號'], ['A123456789', 3]]);
    await workbook.xlsx.writeFile(at('memory.xlsx'));
    const content = readFileSync(at('memory.xlsx'));
    expect(await all(readWorkbookContent(content))).toEqual(await rowsOf(at('memory.xlsx')));
    for (const broken of [content.subarray(0, content.byteLength / 2), Buffer.from('身分證號,名稱'), Buffer.alloc(0)]) {
      await expect(all(readWorkbookContent(broken))).rejects.toMatchObject({ code: 'workbook.unreadable' });
    }
  });

  it('comes back cell by cell: texts, numbers, days, joined rich text, links as text, formulas as what they came to', async () => {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('封面').addRow(['學校代碼', '學年度']);
    const sheet = workbook.addWorksheet('名冊');
    sheet.getCell('A1').value = 'A123456789';
    sheet.getCell('B1').value = 12.5;
    sheet.getCell('C1').value = new Date('2020-07-01T00:00:00Z');
    sheet.getCell('D1').value = { richText: [{ text: '成果' }, { text: '簡述', font: { bold: true } }] };
    sheet.getCell('E1').value = { text: '連結', hyperlink: 'https://example.invalid/' };
    sheet.getCell('F1').value = { formula: 'B1*2', result: 25 };
    sheet.getCell('H1').value = '<&>"';
    const ofTaiwan = sheet.getCell('A3');
    ofTaiwan.value = new Date('2020-07-01T00:00:00Z');
    ofTaiwan.numFmt = '[$-404]e/m/d';
    await workbook.xlsx.writeFile(at('a.xlsx'));

    expect(await rowsOf(at('a.xlsx'))).toEqual([
      { sheet: '封面', row: 1, cells: ['學校代碼', '學年度'] },
      { sheet: '名冊', row: 1, cells: ['A123456789', 12.5, '2020-07-01', '成果簡述', '連結', 25, null, '<&>"'] },
      { sheet: '名冊', row: 3, cells: ['2020-07-01'] },
    ]);
  });

  it('is read from the streaming writer, and from days since 1904', async () => {
    const streamed = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: at('s.xlsx'), useSharedStrings: false, useStyles: true });
    const sheet = streamed.addWorksheet('表');
    for (let index = 0; index < 3000; index += 1) sheet.addRow([`第${index}列`, index, null, '末']).commit();
    sheet.commit();
    await streamed.commit();
    const rows = await rowsOf(at('s.xlsx'));
    expect(rows).toHaveLength(3000);
    expect(rows[2999]).toEqual({ sheet: '表', row: 3000, cells: ['第2999列', 2999, null, '末'] });

    const old = new ExcelJS.Workbook();
    old.properties.date1904 = true;
    old.addWorksheet('表').addRow([new Date('2020-07-01T00:00:00Z')]);
    await old.xlsx.writeFile(at('1904.xlsx'));
    expect(await cellsOf(at('1904.xlsx'))).toEqual([['2020-07-01']]);
  });

  it('is read whoever wrote it: prefixes, parts named from the root, cells without an address, rich text in the cell, phonetic guides', async () => {
    const sheet = `<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:r><x:t>甲</x:t></x:r><x:r><x:t>&#20057;</x:t></x:r>
      <x:rPh sb="0" eb="1"><x:t>ㄐㄧㄚˇ</x:t></x:rPh></x:is></x:c><x:c><x:v>7</x:v></x:c><x:c r="E1" t="str"><x:f>A1&amp;"&gt;"</x:f><x:v>甲乙_x000D_</x:v></x:c>
      </x:row><!-- > --><x:row r="9"><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>`;
    expect(await rowsOf(written('x.xlsx', strangePackage(sheet)))).toEqual([
      { sheet: '甲 & 乙', row: 1, cells: ['甲乙', 7, null, null, '甲乙\r'] },
      { sheet: '甲 & 乙', row: 9, cells: ['TRUE', '#N/A'] },
    ]);
  });

  it('is refused beyond the limits, without unpacking it all', async () => {
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('一');
    sheet.addRow(['一二三四五六', 2, 3]);
    sheet.addRow([1]);
    workbook.addWorksheet('二').addRow([1]);
    await workbook.xlsx.writeFile(at('l.xlsx'));
    expect(await refused(at('l.xlsx'), { sheets: 1 })).toBe('workbook.tooLarge');
    expect(await refused(at('l.xlsx'), { rows: 2 })).toBe('workbook.tooLarge');
    expect(await refused(at('l.xlsx'), { columns: 2 })).toBe('workbook.tooLarge');
    expect(await refused(at('l.xlsx'), { characters: 5 })).toBe('workbook.tooLarge');
    expect(await refused(at('l.xlsx'), { sheets: 2, rows: 3, columns: 3, characters: 30 })).toBe('read');
  });
});

describe('a table as text', () => {
  const expected = [
    ['身分證號', '簡述', '學分'],
    ['A123456789', '第一行\n第二行，"引號"', '0912'],
    ['測', null, '1'],
  ];
  const text = '身分證號,簡述,學分\r\n"A123456789","第一行\n第二行，""引號""","=""0912"""\r\n\r\n測,,1';

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 of 「Unicode 文字」', Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le')],
    ['tabs', Buffer.from(text.replaceAll(',', '\t'))],
  ])('is read in %s', async (_name, bytes) => {
    const rows = await rowsOf(written('upload', bytes), { name: '收訖明細.csv' });
    expect(rows.map(({ cells }) => cells)).toEqual(expected);
    expect(rows[0]!.sheet).toBe('收訖明細');
  });

  it('is read in Big5', async () => {
    // 姓名,成果 / 許功蓋,好: the second bytes of 許功蓋 are a backslash in ASCII.
    const bytes = Buffer.from('a96da657' + '2c' + 'a6a8aa47' + '0d0a' + 'b35ca55cbb5c' + '2c' + 'a66e', 'hex');
    expect(await cellsOf(written('big5.csv', bytes))).toEqual([
      ['姓名', '成果'],
      ['許功蓋', '好'],
    ]);
  });
});

describe('what is no workbook', () => {
  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['an .xls of before 2007, or one with a password', Buffer.from('d0cf11e0a1b11ae10000', 'hex')],
    ['a picture', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['a PDF', Buffer.from('%PDF-1.7\n%\n1 0 obj')],
    ['a page of the web', Buffer.from('\n<!doctype html><title>請先登入</title>')],
    ['a ZIP of something else', storedZip({ 'word/document.xml': '<w/>' })],
    ['a sheet that is cut off', strangePackage('<worksheet><sheetData><row><c><v>1</v></c></row>')],
    ['a document type in it', strangePackage('<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>')],
    ['bytes in no encoding', Buffer.from('41ff41fe0a', 'hex')],
  ])('is refused: %s', async (_name, bytes) => {
    expect(await refused(written('no.xlsx', bytes))).toBe('workbook.unreadable');
  });

  it('a damaged workbook is refused or read as it was, and never something else', async () => {
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('名冊');
    for (let index = 0; index < 40; index += 1) sheet.addRow([`A1000000${index}`, index * 7.5, '成果簡述']);
    await workbook.xlsx.writeFile(at('whole.xlsx'));
    const whole = readFileSync(at('whole.xlsx'));
    const before = JSON.stringify(await rowsOf(at('whole.xlsx')));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4, max: whole.byteLength - 1 }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (position, change, cut) => {
          const bytes = cut ? whole.subarray(0, position) : Buffer.from(whole);
          if (!cut) bytes[position] = bytes[position]! ^ change;
          const outcome = await rowsOf(written('damaged.xlsx', bytes)).then((rows) => JSON.stringify(rows), code);
          expect([before, 'workbook.unreadable', 'workbook.tooLarge']).toContain(outcome);
        },
      ),
      { numRuns: 150 },
    );
  });
});
