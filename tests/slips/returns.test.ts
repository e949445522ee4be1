import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gridStatement } from '../../db/grid-query.ts';
import { taipeiDay } from '../../domain/roc-date.ts';
import { defaultRemarks } from '../../domain/slip-remarks.ts';
import { gridQuery } from '../../main/application/grid-contract.ts';
import { qrTextOf, readSerial } from '../../main/application/paper-serial.ts';
import { returnsGrid, slips } from '../../main/features/slips/contract.ts';
import { returnSource } from '../../main/features/slips/returns.ts';
import { slipsHandlers } from '../../main/features/slips/service.ts';
import { reportOf } from '../../main/platform/errors.ts';
import { currentYear, fillSchool, insert, now, openEmptySchool, outcomeRow, type School } from '../students/school.ts';

const term = { academicYear: currentYear, semester: 1 };
const dueDate = '2026-11-28';

describe('what a hand scanner or a clerk types', () => {
  test.each([
    ['999999/1151-7K3QF-9XZ2M', { schoolCode: '999999', serial: '1151-7K3QF-9XZ2M' }],
    ['1151-7K3QF-9XZ2M', { schoolCode: null, serial: '1151-7K3QF-9XZ2M' }],
    [' １１５１－７ｋ３ｑｆ－９ｘｚ２ｍ\n', { schoolCode: null, serial: '1151-7K3QF-9XZ2M' }],
    ['11517k3qf9xz2m', { schoolCode: null, serial: '1151-7K3QF-9XZ2M' }],
    ['1151-OK3QI-LXZ2M', { schoolCode: null, serial: '1151-0K3Q1-1XZ2M' }],
    ['31300A-1151-7K3QF-9XZ2M', { schoolCode: '31300A', serial: '1151-7K3QF-9XZ2M' }],
  ])('%j is a serial', (text, read) => expect(readSerial(text)).toEqual(read));

  test.each(['', '10935107', 'https://example.com/abcdefg', 'ABCD-7K3QF-9XZ2M', 'PREVIEW'])('%j is none', (text) =>
    expect(readSerial(text)).toBeUndefined(),
  );
});

describe('回條登錄: given the slips of two classes that were printed', () => {
  let school: School;
  let handlers: ReturnType<typeof slipsHandlers>;

  beforeEach(async () => {
    school = openEmptySchool();
    fillSchool(school.sqlite, { grades: 2, classes: 2, seats: 3 });
    handlers = slipsHandlers(school.foundation);
    await print();
    // The tests' clock stands still; a reprint is later than what it replaces.
    school.sqlite.prepare('update confirmation_slips set printed_at = ?').run('2026-11-24T02:06:00.000Z');
  });
  afterEach(() => school.close());

  const print = (more: object = {}) =>
    handlers.print(slips.operations.print.input.parse({ grade: 2, dueDate, remarks: defaultRemarks, ...more }), school.context());
  const rows = (filter: Record<string, string> = {}, due: string | null = dueDate) =>
    handlers.returns({ ...gridQuery.parse({ filter }), ...term, ...(due === null ? {} : { dueDate: due }) }, school.context());
  const serials = async () => (await rows()).rows.map((row) => String(row.id));
  const scan = (text: string) => handlers.scanReturn({ text }, school.context());
  const refusal = async (asked: Promise<unknown> | unknown) => {
    const report = reportOf(
      await Promise.resolve(asked).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    return [report.code, report.message] as const;
  };
  const figures = async (due = dueDate) => (await handlers.dueDates(term, school.context())).dueDates.find((date) => date.dueDate === due);

  test('all wait, in the order of classes and seats, with their homeroom teacher', async () => {
    const page = await rows();
    expect(page.total).toBe(6);
    expect(page.rows.map(({ state }) => state)).toEqual(Array(6).fill('waiting'));
    expect(page.rows.map(({ seatNumber }) => seatNumber)).toEqual([1, 2, 3, 1, 2, 3]);
    expect(await figures()).toEqual({ dueDate, slips: 6, returned: 0, overdue: 0 });
  });

  test('a scanned slip is back, with when and by whom; scanned again it says so', async () => {
    const [serial] = (await serials()) as [string];
    const found = await scan(qrTextOf('999999', serial));
    expect(found).toMatchObject({ serial, dueDate, seatNumber: 1 });
    const [row] = (await rows({ state: 'returned' })).rows;
    expect(row).toMatchObject({ id: serial, returnedAt: now, studentNumber: found.studentNumber });
    expect(row!.returnedBy).toBeTruthy();
    const [code, message] = await refusal(scan(serial));
    expect(code).toBe('slips.alreadyReturned');
    expect(message).toContain(`${found.studentNumber} ${found.name} 的確認單已於`);
    expect(await figures()).toMatchObject({ slips: 6, returned: 1 });
  });

  test.each([
    ['什麼都不是', 'slips.unreadable'],
    ['123456/1151-7K3QF-9XZ2M', 'slips.otherSchool'],
    ['1151-7K3QF-9XZ2M', 'slips.unknown'],
  ])('%s is refused as %s', async (text, code) => {
    expect((await refusal(scan(text)))[0]).toBe(code);
    expect(await figures()).toMatchObject({ returned: 0 });
  });

  test('several at once are marked, once, and a mistake is taken back', async () => {
    const [first, second, third] = (await serials()) as [string, string, string];
    expect(await handlers.markReturned({ serials: [first, second] }, school.context())).toMatchObject({ marked: 2 });
    expect(await handlers.markReturned({ serials: [second, third, 'unknown'] }, school.context())).toMatchObject({ marked: 1 });
    expect(await handlers.takeBackReturn({ serials: [first, 'unknown'] }, school.context())).toMatchObject({ marked: 1 });
    expect(await figures()).toMatchObject({ slips: 6, returned: 2 });
    expect((await rows({ state: 'waiting' })).rows.map(({ id }) => id)).toContain(first);
  });

  test('a slip is overdue from the day after its date', async () => {
    const [serial] = (await serials()) as [string];
    await scan(serial);
    school.foundation.clock.now = () => new Date('2026-11-28T15:59:59.999Z');
    expect(await figures()).toMatchObject({ overdue: 0 });
    school.foundation.clock.now = () => new Date('2026-11-28T16:00:00.000Z');
    expect(await figures()).toEqual({ dueDate, slips: 6, returned: 1, overdue: 5 });
    expect((await rows({ state: 'overdue' })).total).toBe(5);
    expect((await rows({ state: 'waiting' })).total).toBe(0);
  });

  test('a reprint with the same figures: what was back stays back, and the slip before counts for the new one', async () => {
    const [first, second] = (await serials()) as [string, string];
    await scan(first);
    expect(await print()).toMatchObject({ slips: 6, signAgain: 0 });
    const page = await rows();
    expect(page.total).toBe(6);
    expect(page.rows.map(({ state }) => state)).toEqual(['returned', ...Array(5).fill('waiting')]);
    expect((await serials()).includes(second)).toBe(false);
    expect((await scan(second)).serial).toBe((await serials())[1]);
    expect(await figures()).toMatchObject({ slips: 6, returned: 2 });
  });

  test('a reprint with other figures has to be signed again, and the old one is refused with what to do', async () => {
    const [first] = (await serials()) as [string];
    const { studentId } = await scan(first);
    insert(school.sqlite, 'learning_outcomes', outcomeRow('one more', studentId, currentYear, 1));
    expect(await print()).toMatchObject({ slips: 6, signAgain: 1 });
    expect(await figures()).toMatchObject({ slips: 6, returned: 0 });
    const [code, message] = await refusal(scan(first));
    expect(code).toBe('slips.replaced');
    expect(message).toContain((await serials())[0]);
    await scan((await serials())[0]!);
    expect(await figures()).toMatchObject({ returned: 1 });
  });

  test('another due date is another collection', async () => {
    const [first] = (await serials()) as [string];
    await scan(first);
    await print({ dueDate: '2026-12-05' });
    expect(await figures()).toMatchObject({ slips: 6, returned: 1 });
    expect(await figures('2026-12-05')).toMatchObject({ slips: 6, returned: 0 });
    expect((await rows({}, null)).total).toBe(12);
  });

  test('匯出 EXCEL lists who has not, by class', async () => {
    const [first] = (await serials()) as [string];
    await scan(first);
    const made = await handlers.exportReturns({ ...gridQuery.parse({ filter: { state: 'waiting' } }), ...term, dueDate }, school.context());
    expect(made.rows).toBe(5);
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(school.foundation.files.outgoingPath(made.file.token));
    const texts = workbook.worksheets[0]!.getSheetValues().flatMap((row) => (Array.isArray(row) ? row.map(String) : []));
    expect(texts).toEqual(expect.arrayContaining(['班級', '座號', '學號', '姓名', '導師', '狀態', '繳交截止日期', '115/11/28', '未繳回']));
    expect(texts).not.toContain('已繳回');
  });

  test('neither list nor counts scan the slips of every term', () => {
    const source = returnSource({ ...term, dueDate }, taipeiDay(new Date(now)));
    const { sql, parameters } = gridStatement(returnsGrid, source, gridQuery.parse({}));
    const plan = school.sqlite.prepare<[object], { detail: string }>(`explain query plan ${sql}`).all(parameters);
    const details = plan.map(({ detail }) => detail);
    expect(details.filter((detail) => /^SCAN (p|n|s)\b/.test(detail))).toEqual([]);
    expect(details.join('\n')).toContain('confirmation_slips_by_due_date');
  });
});
