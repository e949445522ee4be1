import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { weekdayOf } from '../../domain/roc-date.ts';
import { defaultRemarks } from '../../domain/slip-remarks.ts';
import { slips } from '../../main/features/slips/contract.ts';
import { readSlips, slipParameters, slipStatements } from '../../main/features/slips/queries.ts';
import { slipsHandlers } from '../../main/features/slips/service.ts';
import { fillSchool, insert, now, openEmptySchool, outcomeRow, performanceRow, type School } from '../students/school.ts';
import { type PdfPage, readPdf } from './pdf-text.ts';

let school: School;
afterEach(() => school.close());

function given(size = { grades: 2, classes: 2, seats: 3 }) {
  school = openEmptySchool();
  fillSchool(school.sqlite, size);
  return slipsHandlers(school.foundation);
}

const selection = (more: Record<string, unknown> = {}) =>
  slips.operations.print.input.parse({ grade: 2, dueDate: '2026-11-28', remarks: defaultRemarks, ...more });

async function printed(more: Record<string, unknown> = {}) {
  const handlers = slipsHandlers(school.foundation);
  const result = await handlers.print(selection(more), school.context());
  return { ...result, pdf: await readPdf(school.foundation.files.outgoingPath(result.file.token)) };
}

interface Row {
  number: string;
  name: string;
  class_id: string;
  id: string;
}

/** The figures of a page between two pieces of it, in reading order. */
const numbersAfter = (page: PdfPage, label: string) => {
  const start = page.pieces.findIndex((piece) => piece.text === label);
  const figures: string[] = [];
  for (const piece of page.pieces.slice(start + 1)) {
    if (!/^\d{1,2}$/.test(piece.text)) {
      if (figures.length > 0) break;
      continue;
    }
    figures.push(piece.text);
  }
  return figures.map(Number);
};

describe('學生上傳及勾選情形確認單', () => {
  test('given two classes of a grade, when printed, then each student has a page whose figures are those of the tables', async () => {
    given();
    const { sqlite } = school;
    const { pdf, slips: count, pages, missingCharacters } = await printed();
    expect({ count, pages, missingCharacters, read: pdf.pages.length }).toEqual({ count: 6, pages: 6, missingCharacters: [], read: 6 });

    const students = sqlite
      .prepare(
        'select student_number as number, name, id, current_class_id as class_id from students where current_grade = 2 order by current_class_sort_key, current_seat_number',
      )
      .all() as Row[];
    const records = (sql: string, ...values: unknown[]) => sqlite.prepare(`${sql} and deleted_at is null`).all(...values).length;
    for (const [index, student] of students.entries()) {
      const page = pdf.pages[index]!;
      const className = sqlite.prepare('select name from class_sections where id = ?').pluck().get(student.class_id) as string;
      const teacher = sqlite
        .prepare('select t.name from class_sections c join teachers t on t.id = c.homeroom_teacher_id where c.id = ?')
        .pluck()
        .get(student.class_id) as string;
      expect(page.text).toContain(`班級：${className}學號：${student.number}姓名：${student.name}導師：${teacher}`);
      const figures = (year: number, tickedShown: boolean) => {
        const outcomes = (term: number, more = '') =>
          records(
            `select 1 from learning_outcomes where student_id = ? and academic_year = ? and semester = ? ${more}`,
            student.id,
            year,
            term,
          );
        const ticked = (table: string) =>
          records(`select 1 from ${table} where student_id = ? and academic_year = ? and ticked_at is not null`, student.id, year);
        const uploaded = records('select 1 from diverse_performances where student_id = ? and academic_year = ?', student.id, year);
        return [
          outcomes(1),
          outcomes(1, "and state = 'approved'"),
          outcomes(2),
          outcomes(2, "and state = 'approved'"),
          ...(tickedShown ? [ticked('learning_outcomes')] : []),
          uploaded,
          ...(tickedShown ? [ticked('diverse_performances')] : []),
        ];
      };
      const [thisYear, lastYear] = [figures(115, false), figures(114, true)];
      expect(numbersAfter(page, '115學年')).toEqual(thisYear);
      expect(numbersAfter(page, '114學年')).toEqual(lastYear);
      const totals = lastYear.map((figure, column) => figure + ([...thisYear.slice(0, 4), 0, thisYear[4]!, 0][column] ?? 0));
      expect(numbersAfter(page, '合計數量')).toEqual(totals);
    }
  });

  test('given the sample of the manual, when a slip is printed, then its text stands in the order of the sample', async () => {
    given();
    const { pdf, file } = await printed({ numberFrom: '11400007', numberTo: '11400007' });
    expect(file).toMatchObject({ name: '市立測試高中_1151_學生上傳及勾選情形確認單_1151124.pdf', mediaType: 'application/pdf' });
    const page = pdf.pages[0]!;
    const expected = [
      '市立測試高中 115 學年度「學習歷程檔案」',
      '學生上傳學習成果/多元表現 情形通知單',
      '班級：二年一班',
      '學號：11400007',
      '截至 115/11/24 11:06 統計，該生上傳學習歷程檔案數據情況如下：',
      '年度',
      '班級',
      '學習成果',
      '多元表現',
      '115學年',
      '二年一班',
      '114學年',
      '一年一班',
      '合計數量',
      '【備註說明】：',
      '學生確認簽章：',
      '監護人確認簽章：',
      '中華民國',
      `※本通知單請於 115/11/28(${weekdayOf('2026-11-28')}) 前完成簽章確認。※`,
    ];
    let from = 0;
    for (const text of expected) {
      const found = page.text.indexOf(text, from);
      expect(found, text).toBeGreaterThanOrEqual(from);
      from = found + text.length;
    }
    expect(weekdayOf('2026-11-28')).toBe('六');
    expect(page.text).toContain(defaultRemarks.replaceAll('\n', '').slice(0, 30));
    expect(page.text.replace(/\s/g, '')).toContain(defaultRemarks.replace(/\s/g, ''));
    const serial = school.sqlite.prepare('select serial from confirmation_slips').pluck().get() as string;
    expect(serial).toMatch(/^1151-[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    expect(page.text.endsWith(serial)).toBe(true);
  });

  test('given A4 and fonts of our own, when a slip is printed, then it is A4, its fonts are embedded and nothing names the student outside the page', async () => {
    given();
    const { pdf } = await printed({ numberFrom: '11400007', numberTo: '11400007' });
    expect([pdf.pages[0]!.width, pdf.pages[0]!.height].map(Math.round)).toEqual([595, 842]);
    expect(pdf.fonts.map((font) => font.slice(7)).sort()).toEqual(['NotoSansTC-Bold', 'NotoSansTC-Regular']);
    expect(pdf.title).toBe('學生上傳及勾選情形確認單 1151');
    const name = school.sqlite.prepare("select name from students where student_number = '11400007'").pluck().get() as string;
    expect(pdf.metadata).not.toContain(name);
    expect(pdf.metadata).not.toContain('11400007');
  });

  test('given 本學年度 否, when printed, then this year has no row, and one without history says so', async () => {
    given();
    const { pdf } = await printed({ currentYear: false });
    expect(pdf.pages[0]!.pieces.map((piece) => piece.text)).not.toContain('115學年');
    expect(pdf.pages[0]!.pieces.map((piece) => piece.text)).toContain('114學年');
    const firstGrade = await printed({ grade: 1, currentYear: false });
    expect(firstGrade.slips).toBe(6);
    expect(firstGrade.pdf.pages[0]!.text).toContain('無歷史學年');
  });

  test('given ranges of classes and numbers, when counted and printed, then both ends belong to them; leavers and the suspended do not', async () => {
    const handlers = given({ grades: 2, classes: 3, seats: 3 });
    const count = async (more: Record<string, unknown>) => (await handlers.count(selection(more), school.context())).slips;
    expect(await count({})).toBe(9);
    expect(await count({ classFrom: '202' })).toBe(6);
    expect(await count({ classFrom: '202', classTo: '202' })).toBe(3);
    expect(await count({ numberFrom: '11400011', numberTo: '11400013' })).toBe(3);
    school.sqlite.prepare("update students set status = 'transferredOut' where id = 's10'").run();
    school.sqlite.prepare("update students set status = 'suspended' where id = 's11'").run();
    school.sqlite.prepare("update students set status = 'transferredIn' where id = 's12'").run();
    expect(await count({})).toBe(7);
    expect((await printed({ classFrom: '201', classTo: '201' })).pages).toBe(1);
    await expect(handlers.print(selection({ grade: 3 }), school.context())).rejects.toMatchObject({ code: 'slips.none' });
  });

  test("given the school's ticking window, when it has opened, then this year's ticked counts are shown, and empty before", async () => {
    given({ grades: 1, classes: 1, seats: 1 });
    const { sqlite } = school;
    insert(sqlite, 'learning_outcomes', outcomeRow('tick', 's1', 115, 1, { ticked_at: now }));
    insert(sqlite, 'diverse_performances', performanceRow('tick', 's1', 115, { ticked_at: now }));
    const ticked = () => {
      const [year] = readSlips(sqlite, selection({ grade: 1 }), { academicYear: 115, semester: 1 }, new Date(now))[0]!.years;
      return [year!.tickedOutcomes === null, year!.tickedPerformances === null];
    };
    const window = { version: 1, academic_year: 115, semester: 0, ends_on: '2027-07-31', end_hour: 17 };
    expect(ticked()).toEqual([true, true]);
    insert(sqlite, 'operation_windows', { ...window, id: 'w1', item: 'tickOutcomes', starts_on: '2026-11-24', start_hour: 11 });
    expect(ticked()).toEqual([false, true]);
    insert(sqlite, 'operation_windows', { ...window, id: 'w2', item: 'tickPerformances', starts_on: '2026-11-24', start_hour: 12 });
    expect(ticked()).toEqual([false, true]);
    sqlite.prepare("update operation_windows set start_hour = 8 where id = 'w2'").run();
    expect(ticked()).toEqual([false, false]);
    const { pdf } = await printed({ grade: 1 });
    expect(numbersAfter(pdf.pages[0]!, '115學年')).toHaveLength(7);
  });

  test("given only the city's window, then no student can tick yet: this year's counts are empty, the past year's shown", () => {
    given({ grades: 2, classes: 1, seats: 1 });
    const window = { version: 1, purpose: 'operation', semester: 0, ends_on: '2027-10-31' };
    insert(school.sqlite, 'city_windows', { ...window, id: 'y1', kind: 'outcomes', academic_year: 114, starts_on: '2026-11-25' });
    insert(school.sqlite, 'city_windows', { ...window, id: 'y2', kind: 'performances', academic_year: 115, starts_on: '2026-11-24' });
    const slip = readSlips(school.sqlite, selection(), { academicYear: 115, semester: 1 }, new Date(now))[0]!;
    expect(slip.years.map((year) => [year.academicYear, year.tickedOutcomes === null, year.tickedPerformances === null])).toEqual([
      [115, true, true],
      [114, false, false],
    ]);
  });

  test('given six years and 28 lines of 45 characters, when printed, then it is one page and the last line keeps to its margins', async () => {
    given({ grades: 1, classes: 1, seats: 1 });
    const { sqlite } = school;
    for (let back = 1; back <= 5; back += 1) {
      const id = `old${back}`;
      insert(sqlite, 'class_sections', {
        id,
        version: 1,
        academic_year: 115 - back,
        semester: 2,
        grade: 1,
        code: '101',
        name: '一年一班',
        sort_key: '',
        homeroom_teacher_id: null,
      });
      insert(sqlite, 'enrollments', { student_id: 's1', academic_year: 115 - back, semester: 2, class_section_id: id, seat_number: 1 });
    }
    const remarks = Array.from({ length: 28 }, (_, line) => `${String(line + 1).padStart(2, '0')}${'滿'.repeat(44)}`).join('\n');
    const { pdf } = await printed({ grade: 1, remarks });
    expect(pdf.pages).toHaveLength(1);
    const { pieces, text } = pdf.pages[0]!;
    expect(text.indexOf('110學年')).toBeGreaterThan(text.indexOf('115學年'));
    expect(text).toContain(`28${'滿'.repeat(44)}`);
    const margin = (20 / 25.4) * 72;
    const notice = pieces.find((piece) => piece.text.startsWith('※'))!;
    const signature = pieces.find((piece) => piece.text.startsWith('學生確認簽章'))!;
    const lastRemark = pieces.find((piece) => piece.text.startsWith('28'))!;
    expect(notice.y).toBeGreaterThan(margin);
    expect(signature.y).toBeLessThan(lastRemark.y - 10);
    await expect(printed({ grade: 1, remarks: `${remarks}\n再一行` })).rejects.toMatchObject({
      code: 'slips.remarksTooLong',
      details: { lines: 29 },
    });
  });

  test('given rare characters, when printed, then the second font has them, and those none has are marked and reported', async () => {
    given({ grades: 1, classes: 1, seats: 3 });
    school.sqlite.prepare("update students set name = '陳𠮷淸' where id = 's1'").run();
    school.sqlite.prepare("update students set name = '林\u{f0000}明\ue123' where id = 's2'").run();
    const { pdf, missingCharacters } = await printed({ grade: 1 });
    expect(pdf.pages[0]!.text).toContain('姓名：陳𠮷淸');
    expect(pdf.fonts.some((font) => font.includes('Chocolate'))).toBe(true);
    expect(missingCharacters).toEqual([{ studentNumber: '11500002', characters: '\u{f0000}\ue123' }]);
    expect(pdf.pages[1]!.text).toContain('姓名：林〓明〓');
    const remarks = await printed({ grade: 1, numberTo: '11500001', remarks: '備註\ue123' });
    expect(remarks.missingCharacters).toEqual([{ studentNumber: '全部', characters: '\ue123' }]);
  });

  test('given a preview, when it is made, then it has so many pages, says it is none, and keeps no serial', async () => {
    const handlers = given();
    const result = await handlers.preview(slips.operations.preview.input.parse({ ...selection(), pages: 2 }), school.context());
    expect(result).toMatchObject({ slips: 6, pages: 2 });
    const { pages } = await readPdf(school.foundation.files.outgoingPath(result.file.token));
    expect(pages.map((page) => page.text.endsWith('預覽，未編號'))).toEqual([true, true]);
    expect(school.sqlite.prepare('select count(*) from confirmation_slips').pluck().get()).toBe(0);
  });

  test('given a printing, when it is done, then every slip is kept with its own serial, who printed and until when', async () => {
    given();
    await printed();
    await printed();
    const kept = school.sqlite.prepare('select distinct serial, printed_by, due_date, academic_year from confirmation_slips').all();
    expect(kept).toHaveLength(12);
    expect(kept[0]).toMatchObject({ printed_by: '999999adm', due_date: '2026-11-28', academic_year: 115 });
  });

  test('given a printing that is cancelled, when it stops, then neither file nor serial is left', async () => {
    const handlers = given({ grades: 1, classes: 6, seats: 40 });
    const abort = new AbortController();
    const context = { ...school.context(abort.signal), report: () => abort.abort() };
    await expect(handlers.print(selection({ grade: 1 }), context)).rejects.toMatchObject({ code: 'job.cancelled' });
    const work = join(school.foundation.directory.root, 'work');
    expect(existsSync(work) ? readdirSync(work) : []).toEqual([]);
    expect(school.sqlite.prepare('select count(*) from confirmation_slips').pluck().get()).toBe(0);
  });

  test('given remarks of its own, when the office saves them, then the form has them; null goes back to the manual', async () => {
    const handlers = given();
    const form = () => handlers.form({}, school.context());
    expect(await form()).toMatchObject({ grades: [1, 2], remarks: defaultRemarks, term: { academicYear: 115, semester: 1 } });
    expect((await form()).classes[0]).toEqual({ code: '101', name: '一年一班', grade: 1, students: 3 });
    await handlers.saveRemarks({ remarks: '一行' }, school.context());
    expect((await form()).remarks).toBe('一行');
    await expect(handlers.saveRemarks({ remarks: '行\n'.repeat(28) + '完' }, school.context())).rejects.toMatchObject({
      code: 'slips.remarksTooLong',
    });
    await handlers.saveRemarks({ remarks: null }, school.context());
    expect((await form()).remarks).toBe(defaultRemarks);
  });

  test('given the statements of the slips, when SQLite plans them, then students are found by class and records by student', () => {
    given();
    const parameters = { ...slipParameters(selection(), { academicYear: 115, semester: 1 }), latestYear: 115 };
    for (const [name, sql] of Object.entries(slipStatements)) {
      const plan = (school.sqlite.prepare(`explain query plan ${sql}`).all(parameters) as { detail: string }[])
        .map((row) => row.detail)
        .join('\n');
      expect(plan, name).toContain('class_sections_by_');
      expect(plan, name).not.toMatch(/SCAN (s|e|c|o|d|learning_outcomes|diverse_performances|students|enrollments)\b/);
      if (name === 'outcomes') expect(plan).toContain('USING COVERING INDEX learning_outcomes_by_student');
      if (name === 'performances') expect(plan).toContain('USING COVERING INDEX diverse_performances_by_student');
    }
  });
});
