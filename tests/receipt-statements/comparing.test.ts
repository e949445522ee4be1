import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { compareStatement, recordTitle, type SentRow } from '../../main/features/receipt-statements/comparing.ts';
import { comparableCell, readStatement } from '../../main/features/receipt-statements/reading.ts';
import { type RosterColumn, type RosterSheet, rosterOf } from '../../main/features/submissions/layouts.ts';
import { readWorkbook, workbookText } from '../../main/platform/workbook-reader.ts';
import { temporaryFolder } from '../support/directories.ts';
import { scopeOf, type TableSheet, tablesWorkbook } from '../support/sent-roster.ts';

const folder = temporaryFolder('receipt-statements');
afterAll(() => folder.remove());

const roster = rosterOf(scopeOf('performances', 114));
const identities = ['A123456789', 'F800000000', 'A900000007'];

const day = (number: number) => {
  const date = new Date(Date.UTC(2025, 7, 1) + number * 86_400_000).toISOString();
  return `${Number(date.slice(0, 4)) - 1911}${date.slice(5, 7)}${date.slice(8, 10)}`;
};

/** A cell that no other row has, in the form in which the roster writes it. */
function uniqueCell({ kind }: RosterColumn, identity: string, number: number): string | number | null {
  switch (kind) {
    case 'identity':
      return identity;
    case 'birthday':
      return '0990305';
    case 'day':
      return day(number);
    case 'number':
      return number;
    case 'code':
      return String(number).padStart(4, '0');
    case 'link':
    case 'address':
      return `https://example.invalid/${number}`;
    default:
      return `第${number}件，成果`;
  }
}

const rowOf = (sheet: RosterSheet, identity: string, number: number) =>
  Object.fromEntries(sheet.columns.map((column) => [column.title, uniqueCell(column, identity, number)]));

const plan = fc.array(
  fc.record({
    sheet: fc.nat(roster.sheets.length - 1),
    student: fc.nat(identities.length - 1),
    fate: fc.constantFrom('same', 'same', 'dropped', 'changed', 'added'),
    column: fc.nat(20),
  }),
  { minLength: 1, maxLength: 25 },
);

describe('random differences', () => {
  it('are each found and named, and nothing else, whatever the order of sheets and columns', async () => {
    await fc.assert(
      fc.asyncProperty(plan, fc.integer(), fc.boolean(), async (records, seed, withTitle) => {
        const sent: SentRow[] = [];
        const expected: string[] = [];
        const received = new Map<string, Record<string, string | number | null>[]>();
        for (const [index, { sheet: sheetIndex, student, fate, column }] of records.entries()) {
          const sheet = roster.sheets[sheetIndex]!;
          const identity = identities[student]!;
          const before = rowOf(sheet, identity, index + 1);
          const cells = Object.fromEntries(Object.entries(before).map(([title, cell]) => [title, workbookText(cell)]));
          if (fate !== 'added') sent.push({ sheet, studentId: `s${student}`, recordId: `r${index}`, identity, cells });
          let after: Record<string, string | number | null> | undefined = { ...before };
          let detail = '';
          if (fate === 'dropped') after = undefined;
          if (fate === 'changed') {
            const changeable = sheet.columns.filter(({ kind }) => !['identity', 'birthday', 'link'].includes(kind));
            const chosen = changeable[column % changeable.length]!;
            const other = uniqueCell(chosen, identity, index + 500);
            after = { ...before, [chosen.title]: other };
            detail = `${chosen.title}：送出 ${before[chosen.title]}，收訖 ${other}`;
          }
          if (after) received.set(sheet.name, [...(received.get(sheet.name) ?? []), after]);
          const comparison = { same: 'same', dropped: 'missing', changed: 'different', added: 'extra' }[fate];
          expected.push(
            [comparison, sheet.name, identity, fate === 'added' ? '' : `r${index}`, recordTitle(sheet, cells), detail].join('|'),
          );
        }
        // Shuffled by the seed, so that a failing run can be repeated.
        const shuffled = <Item>(items: readonly Item[]) =>
          items
            .map((item, index) => ({ item, key: Math.sin(seed + index) }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const tables: TableSheet[] = shuffled([...received]).map(([name, rows]) => {
          const headings = shuffled(
            roster.sheets
              .find((sheet) => sheet.name === name)!
              .columns.filter(({ kind }) => kind !== 'link')
              .map(({ title }) => title),
          );
          const lines = shuffled(rows).map((row) => ['序', ...headings.map((heading) => row[heading])]);
          return { name, rows: [...(withTitle ? [[`${name}收訖明細`], []] : []), ['項次', ...headings], ...lines] };
        });
        if (tables.length === 0) return;
        const path = join(folder.path, 'random.xlsx');
        writeFileSync(path, await tablesWorkbook(tables));
        const compared = compareStatement(await readStatement(readWorkbook(path), roster, '999999'), sent);
        // A changed name is part of what the record is called only as it was handed in.
        const found = compared.map(({ comparison, sheet, identity, recordId, title, detail }) =>
          [comparison, sheet, identity, recordId ?? '', title, detail].join('|'),
        );
        expect(found.sort()).toEqual(expected.sort());
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

describe('what counts as equal', () => {
  const column = (kind: RosterColumn['kind']): RosterColumn => ({ field: 'x', title: 'x', kind, required: true, known: false });
  it.each([
    [
      'day',
      ['1090701', '109/07/01', '109/7/1', '2020/7/1', '2020-07-01', '20200701', '民國109年7月1日', '2020/7/1 00:00:00', '１０９０７０１'],
    ],
    ['birthday', ['0930102', '930102', '93/01/02', '2004-01-02']],
    ['number', ['3', '3.0', '03', ' ３ ']],
    ['code', ['01', '1', ' 0001 ']],
    ['courseCode', ['108313201h11101a1010101', '108313201H11101A1010101 ']],
    ['summary', ['第一行\r\n第二行', '第一行\n第二行 ', '第一行 第二行']],
  ] as const)('%s', (kind, texts) => {
    expect(new Set(texts.map((text) => comparableCell(column(kind), text))).size).toBe(1);
  });
  it.each([
    ['day', '1090701', '1090702'],
    ['number', '3', '3.5'],
    ['code', 'A01', 'A1'],
    ['text', '競賽', '競赛'],
    ['text', 'ABC', 'ＡＢＣ'],
  ] as const)('and what does not: %s %s, %s', (kind, a, b) => {
    expect(comparableCell(column(kind), a)).not.toBe(comparableCell(column(kind), b));
  });
});

it('two records of a student that have less than half in common are two, not one that was changed', async () => {
  const sheet = roster.sheets.find(({ name }) => name === '作品成果紀錄')!;
  const cells = { 身分證號: identities[0]!, 出生日期: '0990305', 名稱: '短片', 日期: '1140901', 內容簡述: '拍攝與剪接' };
  const sent: SentRow[] = [{ sheet, studentId: 's', recordId: 'r', identity: identities[0]!, cells }];
  const headings = new Map([[sheet.name, new Set(Object.keys(cells))]]);
  const other = { ...cells, 名稱: '海報', 內容簡述: '設計' };
  const compared = compareStatement({ rows: [{ sheet, identity: identities[0]!, cells: other }], headings }, sent);
  expect(compared.map(({ comparison, title }) => [comparison, title])).toEqual([
    ['missing', '短片'],
    ['extra', '海報'],
  ]);
});
