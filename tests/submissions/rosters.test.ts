import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Sqlite } from '../../db/connection.ts';
import { classSortKey } from '../../domain/class-order.ts';
import type { InputOf } from '../../main/features/contract.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import {
  type ExpectedSheet,
  expectedCadres,
  expectedOutcomes,
  expectedPerformances,
  type RosterWanted,
  rocDigits,
} from './expected-rosters.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** The rosters of 114 as the national database reads them, against the trial school's whole tables (expected-rosters.ts). */
const academicYear = 114;
const classOrder = ['一年一班', '一年二班', '一年三班', '一年十班', '二年一班'];
type Scope = InputOf<'submissions.check'>;

let trial: Trial;
let sqlite: Sqlite;
let wanted: RosterWanted;

beforeAll(async () => {
  trial = await openTrial({ students: 120 });
  sqlite = trial.application.foundation.connection.sqlite;
  sqlite.transaction(() => {
    splitFirstGrade();
    mixOutcomes();
    mixOthers();
  })();
  wanted = {
    academicYear,
    grades: [1, 2],
    fileLinks: trial.application.foundation.settings.get('city.fileLinks')!,
    classOrder,
  };
});
afterAll(() => trial.close());

const run = (sql: string, ...parameters: (string | number | null)[]) => sqlite.prepare<unknown[]>(sql).run(...parameters).changes;
const idsOf = (sql: string) => sqlite.prepare<[], string>(sql).pluck().all();

/** 一年一班 is cut into itself, 一年二班, 一年三班 (which stands before 二 in Unicode) and, of 進修部, 一年十班. */
function splitFirstGrade() {
  for (const semester of [1, 2]) {
    const [from] = idsOf(`select id from class_sections where academic_year = ${academicYear} and semester = ${semester} and grade = 1`);
    for (const [name, rest] of [
      ['一年十班', 1],
      ['一年二班', 2],
      ['一年三班', 3],
    ] as const) {
      const id = `${semester}/${name}`;
      run(
        `insert into class_sections (id, version, academic_year, semester, grade, code, name, sort_key, homeroom_teacher_id, division)
         select ?, version, academic_year, semester, grade, ?, ?, ?, homeroom_teacher_id, ? from class_sections where id = ?`,
        id,
        `1${rest}`,
        name,
        classSortKey(name),
        name === '一年十班' ? 'continuing' : 'day',
        from!,
      );
      run('update enrollments set class_section_id = ? where class_section_id = ? and seat_number % 4 = ?', id, from!, rest);
    }
  }
}

/** Ticked outcomes of every kind and of other years, deleted ones, and texts that a spreadsheet could take for something else. */
function mixOutcomes() {
  const ticked = idsOf(
    `select id from learning_outcomes where academic_year = ${academicYear} and ticked_at is not null and retake = 0 and repeat = 0
     order by id`,
  );
  let next = 0;
  const change = (count: number, set: string) => {
    for (const id of ticked.slice(next, next + count)) run(`update learning_outcomes set ${set} where id = ?`, id);
    next += count;
  };
  change(6, `retake = 1, retake_term = '1142', retake_method = '1', academic_year = 113, semester = 1`);
  change(4, `retake = 1, retake_term = '1151', retake_method = '2'`);
  change(5, `makeup = 1, makeup_term = '1141', makeup_method = '01', semester = 2`);
  change(2, `makeup = 1, makeup_term = '1132', makeup_method = '01'`);
  change(5, `repeat = 1, repeat_term = '1142', semester = 1`);
  change(5, `before_transfer = 1, source_school_code = '000B00', credits = 0.5`);
  change(5, `exchange = 1, source_school_code = '353301'`);
  change(2, `before_transfer = 1, exchange = 1, retake = 1, retake_term = '1142', source_school_code = '353301'`);
  change(3, `deleted_at = '2026-11-01T00:00:00.000Z'`);
  change(3, 'ticked_at = null');
  change(1, `subject_name = '=SUM(A1:A9)', summary = '+886 第一行' || char(10) || '第二行 <&>"'`);
  change(1, `subject_name = '0012', summary = '@名稱'`);
  change(1, `document_sha256 = null, document_name = null`);
  // Somebody who came in 115 and ticked what he did elsewhere in 114: in no class of ours.
  const [newcomer] = idsOf(
    `select student_id from enrollments where academic_year = 115 and student_id not in (select student_id from enrollments where academic_year = ${academicYear})`,
  );
  change(1, `before_transfer = 1, source_school_code = '353301', student_id = '${newcomer}'`);
  run(
    `update students set deleted_at = '2026-11-01T00:00:00.000Z' where id = (select student_id from learning_outcomes where id = ?)`,
    ticked[next]!,
  );
}

function mixOthers() {
  run(`update diverse_performances set deleted_at = '2026-11-01T00:00:00.000Z' where rowid in
    (select rowid from diverse_performances where academic_year = ${academicYear} and ticked_at is not null limit 3)`);
  run(
    `update diverse_performances set details = json_set(details, '$.score', -1, '$.certificateNumber', '000123') where category = 3 and academic_year = ${academicYear} and rowid % 2`,
  );
  run(
    `update diverse_performances set details = json_set(details, '$.hours', 7.5, '$.startsOn', '2025-09-01') where category = 4 and academic_year = ${academicYear} and rowid % 3 = 0`,
  );
  run(
    `update diverse_performances set external_link = 'https://video.example.org/?a=1&b=2' where academic_year = ${academicYear} and rowid % 4 = 0`,
  );
  // 大學先修 stays empty: its sheet is there all the same.
  run(`update diverse_performances set ticked_at = null where category = 9`);
  run(`update cadres set source_school_code = '353301' where academic_year = ${academicYear} and rowid % 7 = 0`);
  run(`update cadres set deleted_at = '2026-11-01T00:00:00.000Z' where academic_year = ${academicYear} and rowid % 11 = 0`);
}

async function exported(scope: Scope) {
  const { file, rows, students } = await trial.runJob('submissions.exportRoster', { ...scope, evenWithErrors: true });
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(trial.application.files.outgoingPath(file.token));
  return { name: file.name, rows, students, workbook };
}
type Exported = Awaited<ReturnType<typeof exported>>;

const { Null, Number: NumberValue, String: StringValue } = ExcelJS.ValueType;

/** Every cell of every sheet, and nothing beside them. */
function expectSheets(workbook: ExcelJS.Workbook, sheets: Map<string, ExpectedSheet>) {
  expect(workbook.worksheets.map(({ name }) => name)).toEqual(['封面', ...sheets.keys()]);
  for (const [name, { headings, kinds, rows }] of sheets) {
    const sheet = workbook.getWorksheet(name)!;
    expect((sheet.getRow(1).values as unknown[]).slice(1)).toEqual(headings);
    expect(sheet.rowCount).toBe(rows.length + 1);
    expect(sheet.columnCount).toBe(headings.length);
    rows.forEach(({ cells, recordId }, index) => {
      const line = sheet.getRow(index + 2);
      expect([name, recordId, headings.map((_, column) => line.getCell(column + 1).value)]).toEqual([name, recordId, cells]);
      cells.forEach((cell, column) => {
        const { type, numFmt } = line.getCell(column + 1);
        if (cell === null) expect(type).toBe(Null);
        else if (kinds[column] === 'number') expect(type).toBe(NumberValue);
        // Text by its format too: Excel makes no number of it when somebody steps into the cell.
        else expect([type, numFmt]).toEqual([StringValue, '@']);
      });
    });
  }
}

function expectCover(workbook: ExcelJS.Workbook, values: string[]) {
  const cover = workbook.getWorksheet('封面')!;
  expect(cover.rowCount).toBe(2);
  expect((cover.getRow(1).values as unknown[]).slice(1)).toEqual(['學校代碼', '學年度', '學期', '名冊別']);
  expect((cover.getRow(2).values as unknown[]).slice(1)).toEqual(values);
  for (let column = 1; column <= 4; column += 1) expect(cover.getRow(2).getCell(column).type).toBe(StringValue);
}

const rowsOf = (sheets: Map<string, ExpectedSheet>) => [...sheets.values()].flatMap(({ rows }) => rows);
const studentsIn = (sheets: Map<string, ExpectedSheet>) => new Set(rowsOf(sheets).map(({ studentId }) => studentId)).size;

/** The screen's figures and pages say the same as the workbook. */
async function expectScreen(scope: Scope, sheets: Map<string, ExpectedSheet>) {
  const overview = await trial.call('submissions.overview', scope);
  expect(overview.sheets).toEqual([...sheets].map(([name, { rows }]) => ({ name, rows: rows.length })));
  expect([overview.rows, overview.students]).toEqual([rowsOf(sheets).length, studentsIn(sheets)]);
  for (const [name, { headings, kinds, rows }] of sheets) {
    const { columns } = await trial.call('submissions.sheet', { ...scope, sheet: name });
    expect(columns.map(({ key, title }) => [key, title])).toEqual(headings.map((title, index) => [`c${index}`, title]));
    const page = await trial.call('submissions.roster', { ...scope, sheet: name, pageSize: 1000 });
    expect(page.total).toBe(rows.length);
    const shown = page.rows.map((row) => [
      row.id,
      row.className,
      row.seatNumber,
      ...headings.map((_, index) => {
        const value = row[`c${index}`];
        return kinds[index] === 'day' && value ? rocDigits(String(value)) : value === '' ? null : value;
      }),
    ]);
    const masked = (identity: unknown) => `${String(identity).slice(0, 2)}****${String(identity).slice(-4)}`;
    expect(shown).toEqual(
      rows.map(({ recordId, className, seatNumber, cells: [identity, ...cells] }) => [
        recordId,
        className,
        seatNumber,
        masked(identity),
        ...cells,
      ]),
    );
  }
}

describe('課程學習成果 (26)', () => {
  const scope: Scope = { kind: 'outcomes', academicYear, semester: 0 };
  let sheets: Map<string, ExpectedSheet>;
  let made: Exported;
  beforeAll(async () => {
    sheets = expectedOutcomes(sqlite, { ...wanted, division: 'day' });
    made = await exported(scope);
  });

  test('given outcomes of every kind, then the school that is tested has a row on each sheet, in classes of two digits too', () => {
    for (const [name, { rows }] of sheets) expect([name, rows.length > 0]).toEqual([name, true]);
    expect(new Set(rowsOf(sheets).map(({ className }) => className))).toEqual(
      new Set([null, '一年一班', '一年二班', '一年三班', '二年一班']),
    );
  });

  test('when the workbook is read back, then 封面, sheets, headings and every cell are those of the database', () => {
    expect(made.name).toBe('26_學生課程學習成果名冊_999999_1140.xlsx');
    expectCover(made.workbook, ['999999', '114', '0', '26']);
    expectSheets(made.workbook, sheets);
    expect([made.rows, made.students]).toEqual([rowsOf(sheets).length, studentsIn(sheets)]);
  });

  test('then 查看現有名冊 shows the same figures and rows, identities masked', () => expectScreen(scope, sheets));

  test('then every link ends as its file is, and files of each kind are among them', () => {
    const links = rowsOf(sheets).flatMap(({ cells }) => cells.filter((cell) => typeof cell === 'string' && cell.startsWith('https://')));
    const found = new Set(links.map((link) => /\/[0-9a-f]{64}\.(\w+)$/.exec(String(link))?.[1]));
    expect(found).toEqual(new Set(['pdf', 'jpg', 'png', 'mp3', 'mp4']));
  });

  test('when a retake of 113 happened in 114, then it is in the roster of 114 with its own year, and not in that of 113', async () => {
    const [, , year, semester, actual] = sheets.get('重修課程學習成果')!.rows.find(({ cells }) => cells[2] === 113)!.cells;
    expect([year, semester, actual]).toEqual([113, 1, 2]);
    const before = await trial.call('submissions.overview', { ...scope, academicYear: 113 });
    expect(before.sheets.find(({ name }) => name === '重修課程學習成果')!.rows).toBe(0);
    let later = 0;
    for (const [batch, grades] of [
      ['regular', [1, 2]],
      ['senior1', [3, 4]],
    ] as const) {
      const after = await trial.call('submissions.overview', { ...scope, academicYear: 115, batch });
      const own = expectedOutcomes(sqlite, { ...wanted, academicYear: 115, grades, regular: batch === 'regular', division: 'day' });
      expect(after.sheets.map(({ rows }) => rows)).toEqual([...own.values()].map(({ rows }) => rows.length));
      later += own.get('重修課程學習成果')!.rows.length;
    }
    expect(later).toBe(4);
  });
});

describe('進修部課程學習成果 (28)', () => {
  const scope: Scope = { kind: 'outcomes', academicYear, semester: 0, division: 'continuing' };

  test('given a class of 進修部, then its outcomes are in 28 under 節數, and in no 26', async () => {
    const sheets = expectedOutcomes(sqlite, { ...wanted, division: 'continuing', regular: false });
    expect(new Set(rowsOf(sheets).map(({ className }) => className))).toEqual(new Set(['一年十班']));
    const { workbook, name } = await exported(scope);
    expect(name).toBe('28_進修部學生課程學習成果名冊_999999_1140.xlsx');
    expectCover(workbook, ['999999', '114', '0', '28']);
    expectSheets(workbook, sheets);
    await expectScreen(scope, sheets);
  });

  test('then 部別 is offered for the year in which there is such a class, and for outcomes alone', async () => {
    const divisions = async (kind: Scope['kind']) =>
      (await trial.call('submissions.choices', { kind })).rosters.map(({ academicYear: year, divisions }) => [year, divisions]);
    expect(await divisions('outcomes')).toEqual([
      [115, ['day']],
      [114, ['day', 'continuing']],
      [113, ['day']],
    ]);
    expect(await divisions('performances')).toEqual([115, 114, 113].map((year) => [year, ['day']]));
  });
});

describe('多元表現 (25)', () => {
  const scope: Scope = { kind: 'performances', academicYear, semester: 0 };

  test('when the workbook is read back, then its ten sheets are the database, cell by cell, the empty one too', async () => {
    const sheets = expectedPerformances(sqlite, wanted);
    expect([...sheets].filter(([, { rows }]) => rows.length === 0).map(([name]) => name)).toEqual(['大學及技專校院先修課程紀錄']);
    const { workbook, name, rows, students } = await exported(scope);
    expect(name).toBe('25_學生自填多元表現名冊_999999_1140.xlsx');
    expectCover(workbook, ['999999', '114', '0', '25']);
    expectSheets(workbook, sheets);
    expect([rows, students]).toEqual([rowsOf(sheets).length, studentsIn(sheets)]);
    const classes = [...new Set(sheets.get('服務學習紀錄')!.rows.map(({ className }) => className))];
    expect(classes).toEqual(classOrder);
    await expectScreen(scope, sheets);
  });
});

describe('校內幹部經歷 (24)', () => {
  test.each([1, 2] as const)('of semester %i holds the cadres of that term that our own office kept', async (semester) => {
    const scope: Scope = { kind: 'cadres', academicYear, semester };
    const sheets = expectedCadres(sqlite, { ...wanted, semester });
    expect(rowsOf(sheets).length).toBeGreaterThan(5);
    const { workbook, name } = await exported(scope);
    expect(name).toBe(`24_校內幹部經歷名冊_999999_114${semester}.xlsx`);
    expectCover(workbook, ['999999', '114', String(semester), '24']);
    expectSheets(workbook, sheets);
    await expectScreen(scope, sheets);
  });
});

describe('查看現有名冊', () => {
  const scope: Scope = { kind: 'performances', academicYear, semester: 0 };
  const sheet = '服務學習紀錄';
  const hours = 'c6';
  const list = (more: object) => trial.call('submissions.roster', { ...scope, sheet, pageSize: 1000, ...more });
  const whole = () => expectedPerformances(sqlite, wanted).get(sheet)!.rows;

  test('an identity is found by its whole and by a part of it that the screen does not show', async () => {
    const [identity] = whole()[0]!.cells as [string];
    const own = whole().filter(({ cells }) => cells[0] === identity);
    expect((await list({ filter: { c0: identity } })).rows.map(({ id }) => id)).toEqual(own.map(({ recordId }) => recordId));
    expect((await list({ filter: { c0: identity.slice(0, 8) } })).rows.map(({ id }) => id)).toEqual(
      expect.arrayContaining(own.map(({ recordId }) => recordId)),
    );
    expect((await list({ filter: { c0: '****' } })).total).toBe(0);
  });

  test('a column of numbers filters and sorts by value, a day by 民國, a class by its name', async () => {
    const long = whole().filter(({ cells }) => Number(cells[6]) >= 20);
    const sorted = await list({ filter: { [hours]: '≥ 20' }, sort: { key: hours, descending: true } });
    expect(sorted.rows.map((row) => row[hours])).toEqual(long.map(({ cells }) => Number(cells[6])).sort((a, b) => b - a));
    const day = await list({ filter: { c4: '114/9/1' } });
    expect(day.total).toBe(whole().filter(({ cells }) => cells[4] === '1140901').length);
    expect(day.total).toBeGreaterThan(0);
    const byClass = await list({ filter: { className: '一年十班' } });
    expect(byClass.rows.map(({ id }) => id)).toEqual(
      whole().flatMap(({ className, recordId }) => (className === '一年十班' ? [recordId] : [])),
    );
  });

  test('its pages hold each row once, in the order of the workbook, sorted either way', async () => {
    for (const sort of [undefined, { key: 'className', descending: true }, { key: 'c2', descending: false }]) {
      const ids: unknown[] = [];
      for (let page = 1; page <= Math.ceil(whole().length / 20); page += 1) {
        ids.push(...(await list({ page, pageSize: 20, ...(sort ? { sort } : {}) })).rows.map(({ id }) => id));
      }
      expect(new Set(ids).size).toBe(whole().length);
      if (!sort) expect(ids).toEqual(whole().map(({ recordId }) => recordId));
    }
  });

  test('a sheet, a 梯次 or a year that is none is refused in words', async () => {
    await expect(list({ sheet: '不存在' })).rejects.toMatchObject({ code: 'submissions.noSheet' });
    await expect(trial.call('submissions.overview', { ...scope, academicYear: 109, batch: 'senior1' })).rejects.toMatchObject({
      code: 'submissions.noRoster',
    });
    const checks = () => trial.application.foundation.connection.sqlite.prepare('select * from prechecks order by id').all();
    const before = checks();
    await expect(trial.runJob('submissions.check', { ...scope, academicYear: 130 })).rejects.toMatchObject({ code: 'submissions.empty' });
    expect(checks()).toEqual(before);
  });

  test('學年期 of 校內幹部經歷 are terms, of the others years, newest first, and the one to begin with is open', async () => {
    const terms = sqlite
      .prepare<[], { academicYear: number; semester: number }>(
        'select distinct academic_year as academicYear, semester from class_sections order by 1 desc, 2 desc',
      )
      .all();
    const cadres = await trial.call('submissions.choices', { kind: 'cadres' });
    expect(cadres.rosters.map(({ academicYear: year, semester }) => ({ academicYear: year, semester }))).toEqual(terms);
    const outcomes = await trial.call('submissions.choices', { kind: 'outcomes' });
    expect(outcomes.rosters.map(({ academicYear: year, semester }) => [year, semester])).toEqual([
      [115, 0],
      [114, 0],
      [113, 0],
    ]);
    for (const { current } of [cadres, outcomes]) {
      expect((await trial.call('submissions.overview', current!)).window!.state).toBe('open');
    }
  });
});
