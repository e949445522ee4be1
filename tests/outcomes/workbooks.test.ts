import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { gridStatement } from '../../db/grid-query.ts';
import type { OutgoingFile } from '../../main/application/contract.ts';
import { gridQuery } from '../../main/application/grid-contract.ts';
import { classStatisticsGrid, outcomesGrid, yearByClassGrid, yearByStudentGrid } from '../../main/features/outcomes/contract.ts';
import { classStatisticsSource, outcomesSource, yearByClassSource, yearByStudentSource } from '../../main/features/outcomes/queries.ts';
import { openTrial, type Trial } from '../support/trial.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** The workbooks of 3.5, 3.8 and 3.12 as a spreadsheet reads them, made of a trial school. */

const term = { academicYear: 115, semester: 1 };
let trial: Trial;
let oddName: string;

beforeAll(async () => {
  trial = await openTrial();
  const { sqlite } = trial.application.foundation.connection;
  oddName = sqlite
    .prepare<[], string>(
      `select s.id from students s join enrollments e on e.student_id = s.id
       where e.academic_year = 115 and e.semester = 1 and s.status = 'enrolled' order by s.student_number`,
    )
    .pluck()
    .get()!;
  sqlite.prepare("update students set name = '=1+1' where id = ?").run(oddName);
});
afterAll(() => trial.close());

async function sheetOf(file: OutgoingFile): Promise<ExcelJS.Worksheet> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(trial.application.files.outgoingPath(file.token));
  return workbook.worksheets[0]!;
}

const texts = (sheet: ExcelJS.Worksheet, row: number) => {
  const values: string[] = [];
  sheet.getRow(row).eachCell((cell) => values.push(String(cell.value)));
  return values;
};

const counted = ['已上傳數量', '未送出認證件數', '待認證件數', '已認證件數(通過)', '已認證件數(不通過)'];
const ticked = [0, 1, 2, 3, 4, 5, 6].map((count) => `已勾選數(${count}件)`);

describe('the workbooks', () => {
  test('學生名單 has what is filtered, 學號 as text, a name that begins with = as text, counts as numbers', async () => {
    const { file, rows } = await trial.runJob('outcomes.exportWorkbook', { ...term, filter: { name: '=1+1' } });
    const sheet = await sheetOf(file);
    expect(rows).toBe(1);
    expect(sheet.rowCount).toBe(3);
    expect(file.name).toBe('測試高中_1151_學生學習成果勾選情形_1151124.xlsx');
    expect(sheet.getCell('A1').value).toBe('測試高中　學生學習成果勾選情形　1151　製表時間 115/11/24 09:00:00');
    expect(texts(sheet, 2)).toEqual(['班級', '座號', '學號', '姓名', '已上傳', '未送出', '待認證', '通過', '不通過', '勾選數量']);
    expect(sheet.getCell('C3').type).toBe(ExcelJS.ValueType.String);
    expect(sheet.getCell('D3').value).toBe('=1+1');
    expect(sheet.getCell('D3').type).toBe(ExcelJS.ValueType.String);
    for (const column of ['B', 'E', 'F', 'G', 'H', 'I', 'J']) expect(sheet.getCell(`${column}3`).type).toBe(ExcelJS.ValueType.Number);
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 2 });
    expect(sheet.autoFilter).toBe('A2:J3');
    expect(sheet.pageSetup).toMatchObject({ orientation: 'landscape', paperSize: 9 });
    expect(sheet.getColumn(1).width).toBeGreaterThan(8);
  });

  test('學年期統計 has the columns of the manual and a row a class', async () => {
    const { file, rows } = await trial.runJob('outcomes.exportClassStatistics', term);
    const sheet = await sheetOf(file);
    expect(texts(sheet, 2)).toEqual(['學年期', '年級', '班級', '班級人數', ...counted, ...ticked]);
    expect(rows).toBeGreaterThan(2);
    expect(sheet.getCell('A3').value).toBe('1151');
    expect(sheet.getCell('D3').type).toBe(ExcelJS.ValueType.Number);
    for (let row = 3; row < rows + 3; row += 1) {
      const values = (sheet.getRow(row).values as (number | string)[]).slice(1);
      expect(Number(values[5]) + Number(values[6]) + Number(values[7]) + Number(values[8])).toBe(values[4]);
      expect(values.slice(9).reduce<number>((sum, value) => sum + Number(value), 0)).toBe(values[3]);
    }
  });

  test('學年度統計 has 統計學年期 1141, 1142, 114合計, by class and by student', async () => {
    const byClass = await trial.runJob('outcomes.exportYearByClass', { ...term, statisticsYear: 114 });
    const classes = await sheetOf(byClass.file);
    expect(byClass.file.name).toBe('測試高中_1151 統計114學年度_學習成果學年度統計(班級)_1151124.xlsx');
    expect(texts(classes, 2)).toEqual(['學年期', '年級', '班級', '統計學年期', '班級人數', ...counted, ...ticked]);
    expect([3, 4, 5].map((row) => classes.getCell(`D${row}`).value)).toEqual(['1141', '1142', '114合計']);
    expect(byClass.rows % 3).toBe(0);

    const byStudent = await trial.runJob('outcomes.exportYearByStudent', { ...term, statisticsYear: 114 });
    const students = await sheetOf(byStudent.file);
    expect(texts(students, 2)).toEqual(['學年期', '班級', '座號', '學號', '姓名', '統計學年期', ...counted, '已勾選件數']);
    expect(students.rowCount).toBe(byStudent.rows + 2);
    expect(students.getCell('D3').type).toBe(ExcelJS.ValueType.String);
    expect(new Set(students.getColumn(6).values.slice(3))).toEqual(new Set(['1141', '1142', '114合計']));
  });

  test('多元表現 is of the year, 使用人數 of every term', async () => {
    const performances = await trial.runJob('performances.exportWorkbook', { academicYear: 115 });
    expect(performances.file.name).toBe('測試高中_115_學生多元表現勾選情形_1151124.xlsx');
    expect(texts(await sheetOf(performances.file), 2)).toEqual(['班級', '座號', '學號', '姓名', '總上傳件數', '勾選數量']);

    const usage = await trial.runJob('usage.exportWorkbook', {});
    const sheet = await sheetOf(usage.file);
    expect(texts(sheet, 2)).toEqual([
      '學校代碼',
      '學校名稱',
      '學年度',
      '學期',
      '上傳檔案學生人數',
      '送出認證學生人數',
      '認證成果教師數',
      '勾選成果學生人數',
    ]);
    expect(texts(sheet, 3).slice(0, 4)).toEqual(['999999', '測試高中', '115', '1']);
    expect(sheet.getCell('A3').type).toBe(ExcelJS.ValueType.String);
    expect(sheet.getCell('G3').value).toBeGreaterThan(0);
    expect(sheet.rowCount).toBe(usage.rows + 2);
  });
});

describe('the pages', () => {
  test('given three terms of records, when pages of the list are turned, then no student is on two of them and none is missing', async () => {
    const all = await trial.call('outcomes.list', { ...term, pageSize: 1000 });
    for (const sort of [undefined, { key: 'ticked', descending: true }, { key: 'uploaded' }, { key: 'name' }]) {
      const seen: unknown[] = [];
      for (let page = 1; page <= Math.ceil(all.total / 10); page += 1) {
        seen.push(...(await trial.call('outcomes.list', { ...term, sort, page, pageSize: 10 })).rows.map(({ id }) => id));
      }
      expect(seen).toHaveLength(all.total);
      expect(new Set(seen)).toEqual(new Set(all.rows.map(({ id }) => id)));
    }
    expect(all.rows.every(({ className }) => typeof className === 'string' && className !== '')).toBe(true);
  });

  test('given a page behind the last, when it is asked for, then it is empty and the total stands', async () => {
    const { total } = await trial.call('outcomes.classStatistics', term);
    expect(total).toBeGreaterThan(0);
    expect(await trial.call('outcomes.classStatistics', { ...term, page: 9 })).toEqual({ rows: [], total });
    expect(await trial.call('outcomes.classStatistics', { ...term, filter: { className: '沒有這一班' } })).toEqual({ rows: [], total: 0 });
  });

  test('given the statements, when SQLite plans them, then outcomes are read from their index and no large table is read through', () => {
    const { sqlite } = trial.application.foundation.connection;
    const year = { ...term, statisticsYear: 114 };
    for (const [grid, source] of [
      [outcomesGrid, outcomesSource(term)],
      [classStatisticsGrid, classStatisticsSource(term)],
      [yearByClassGrid, yearByClassSource(year)],
      [yearByStudentGrid, yearByStudentSource(year)],
    ] as const) {
      const { sql, parameters } = gridStatement(grid, source, gridQuery.parse({}));
      const plan = (sqlite.prepare(`explain query plan ${sql}`).all(parameters) as { detail: string }[]).map(({ detail }) => detail);
      expect(plan.join('\n')).toContain('COVERING INDEX learning_outcomes_by_student');
      expect(plan.filter((line) => /^SCAN (o|s|e|c|past)\b/.test(line))).toEqual([]);
    }
  });
});
