import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accounts, roleGroupModules, roleGroups, roleMembers } from '../../db/schema/index.ts';
import { hashPassword } from '../../main/features/session/password.ts';
import { answerOf, inDatabase, password, refusalOf, run } from './command-line.ts';

/** `roster KIND` as cli.md has it. Each test starts several processes; on a busy machine that takes its time. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

interface Problem {
  severity: string;
  student: string | null;
  field: string | null;
  code: string;
  message: string;
}
interface Answer {
  rows: number;
  students: number;
  problems: Problem[];
  path?: string;
  bytes?: number;
  error?: { code: string; message: string; details: { errors: number; warnings: number } };
}

let folder: string;
let data: string;
let files = 0;
const nextFile = () => join(folder, `roster-${++files}.xlsx`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-roster-'));
  data = join(folder, 'school');
  await answerOf(['trial', 'create', '--students', '24', '--years', '3', '--seed', '5'], { data });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const roster = (...args: string[]) => run(['roster', ...args], { data });
const errorsOf = ({ problems }: Answer) => problems.filter(({ severity }) => severity === 'error');

async function sheetsOf(path: string): Promise<Map<string, unknown[][]>> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  return new Map(
    workbook.worksheets.map((sheet) => [
      sheet.name,
      Array.from({ length: sheet.rowCount }, (_, index) => (sheet.getRow(index + 1).values as unknown[]).slice(1)),
    ]),
  );
}

/** A ticked record of 114, its student's number, and how many there are. */
const aTicked = (table: 'learning_outcomes' | 'diverse_performances') =>
  inDatabase(data, ({ sqlite }) => {
    const where = 'r.academic_year = 114 and r.ticked_at is not null and r.deleted_at is null';
    return {
      ...(sqlite
        .prepare(
          `select r.id, r.summary, s.student_number as studentNumber from ${table} r join students s on s.id = r.student_id where ${where} order by r.id`,
        )
        .get() as { id: string; summary: string; studentNumber: string }),
      rows: sqlite.prepare(`select count(*) from ${table} r where ${where}`).pluck().get() as number,
    };
  });
const setSummary = (id: string, summary: string) =>
  inDatabase(data, ({ sqlite }) => sqlite.prepare('update learning_outcomes set summary = ? where id = ?').run(summary, id).changes);

describe('a roster without errors', () => {
  test('of outcomes is written, with its rows, and the command ends with 0', async () => {
    const out = nextFile();
    const result = await roster('outcomes', '--year', '114', '--out', out);
    expect(result.stderr).not.toContain('Error');
    expect(result.status).toBe(0);
    const answer = result.json<Answer>();
    expect(answer.error).toBeUndefined();
    expect(errorsOf(answer)).toEqual([]);
    expect(answer.rows).toBe((await aTicked('learning_outcomes')).rows);
    const sheets = await sheetsOf(out);
    expect(sheets.get('封面')).toEqual([
      ['學校代碼', '學年度', '學期', '名冊別'],
      ['999999', '114', '0', '26'],
    ]);
    const rows = [...sheets].filter(([name]) => name !== '封面').reduce((sum, [, lines]) => sum + lines.length - 1, 0);
    expect(rows).toBe(answer.rows);
  });

  test('of performances and of the cadres of a term likewise', async () => {
    for (const [kind, code, semester] of [
      ['performances', '25', '0'],
      ['cadres', '24', '2'],
    ] as const) {
      const out = nextFile();
      const answer = await answerOf<Answer>(
        ['roster', kind, '--year', '114', ...(semester === '0' ? [] : ['--semester', semester]), '--batch', 'regular', '--out', out],
        { data },
      );
      expect(answer.rows).toBeGreaterThan(0);
      expect((await sheetsOf(out)).get('封面')![1]).toEqual(['999999', '114', semester, code]);
    }
  });

  test('read by a person, ends with the rows, and 高三 has its own', async () => {
    const out = nextFile();
    const result = await run(['roster', 'cadres', '--year', '115', '--semester', '1', '--batch', 'senior1', '--out', out], {
      data,
      json: false,
    });
    expect(result.status).toBe(0);
    expect(result.stdout).toContain(`${out}：`);
    expect(result.stdout).toMatch(/\d+ 列，\d+ 人/);
    expect((await sheetsOf(out)).get('封面')![1]).toEqual(['999999', '115', '1', '34']);
  });
});

describe('a roster with an error', () => {
  let planted: Awaited<ReturnType<typeof aTicked>>;
  beforeAll(async () => {
    planted = await aTicked('learning_outcomes');
    expect(await setSummary(planted.id, '成果'.repeat(51))).toBe(1);
  });
  afterAll(() => setSummary(planted.id, planted.summary));

  test('is not written; the error, the rows and every problem are told, and the command ends with 1', async () => {
    const out = nextFile();
    const result = await roster('outcomes', '--year', '114', '--out', out);
    expect(result.status).toBe(1);
    const answer = result.json<Answer>();
    expect(answer.error).toMatchObject({ code: 'submissions.findings', details: { errors: 1 } });
    expect(answer.rows).toBe(planted.rows);
    expect(errorsOf(answer)).toEqual([
      expect.objectContaining({
        student: planted.studentNumber,
        field: '成果簡述',
        code: 'summary.tooLong',
        message: '「成果簡述」102 字，超過 100 字',
      }),
    ]);
    expect(answer.path).toBeUndefined();
    expect(existsSync(out)).toBe(false);
  });

  test('is written with --even-with-errors, and the command ends with 1 all the same', async () => {
    const out = nextFile();
    const result = await roster('outcomes', '--year', '114', '--out', out, '--even-with-errors');
    expect(result.status).toBe(1);
    const answer = result.json<Answer>();
    expect(answer.error).toMatchObject({ code: 'submissions.findings' });
    expect(answer.path).toBe(out);
    const summaries = [...(await sheetsOf(out)).values()].flat(2);
    expect(summaries).toContain('成果'.repeat(51));
  });

  test('leaves a file of the same name as it was', async () => {
    const out = nextFile();
    await answerOf(['roster', 'cadres', '--year', '114', '--semester', '1', '--out', out], { data });
    const before = await sheetsOf(out);
    expect((await roster('outcomes', '--year', '114', '--out', out)).status).toBe(1);
    expect(await sheetsOf(out)).toEqual(before);
  });

  test('read by a person, names student, field and what is wrong', async () => {
    const result = await run(['roster', 'outcomes', '--year', '114', '--out', nextFile()], { data, json: false });
    expect(result.status).toBe(1);
    const text = result.stdout + result.stderr;
    for (const part of ['錯誤', planted.studentNumber, '「成果簡述」102 字，超過 100 字', 'summary.tooLong']) expect(text).toContain(part);
  });
});

describe('a roster of nothing', () => {
  test('of a year without records is refused with 1, and no file', async () => {
    const out = nextFile();
    expect((await refusalOf(['roster', 'performances', '--year', '120', '--out', out], { data })).code).toBe('submissions.empty');
    expect(existsSync(out)).toBe(false);
  });

  test('of a 梯次 that the year does not have is refused with 1', async () => {
    const error = await refusalOf(['roster', 'outcomes', '--year', '109', '--batch', 'senior1', '--out', nextFile()], { data });
    expect(error.code).toBe('submissions.noRoster');
  });
});

describe('wrong usage ends with 2', () => {
  test.each([
    ['a kind that is none', ['grades', '--year', '114', '--out', 'x.xlsx']],
    ['no kind', ['--year', '114', '--out', 'x.xlsx']],
    ['no year', ['outcomes', '--out', 'x.xlsx']],
    ['a year that is none', ['outcomes', '--year', '2025', '--out', 'x.xlsx']],
    ['no file', ['outcomes', '--year', '114']],
    ['a semester of a yearly roster', ['outcomes', '--year', '114', '--semester', '1', '--out', 'x.xlsx']],
    ['a semester of performances', ['performances', '--year', '114', '--semester', '2', '--out', 'x.xlsx']],
    ['no semester of cadres', ['cadres', '--year', '114', '--out', 'x.xlsx']],
    ['the semester 0 of cadres', ['cadres', '--year', '114', '--semester', '0', '--out', 'x.xlsx']],
    ['a batch that is none', ['outcomes', '--year', '114', '--batch', 'senior3', '--out', 'x.xlsx']],
    ['an option that is none', ['outcomes', '--year', '114', '--force', '--out', 'x.xlsx']],
  ])('%s', async (_name, args) => {
    const result = await roster(...args);
    expect(result.status).toBe(2);
    expect(result.stderr + result.stdout).not.toBe('');
    expect(existsSync('x.xlsx')).toBe(false);
  });
});

describe('as an account with one module', () => {
  beforeAll(async () => {
    const passwordHash = await hashPassword(password);
    await inDatabase(data, ({ orm }) => {
      orm
        .insert(accounts)
        .values({ id: 'activities', name: 'activities', displayName: '訓育組', kind: 'teacher', passwordHash, enabled: true })
        .run();
      orm.insert(roleGroups).values({ id: 'submit-performances', code: '902', name: '提交多元表現', enabled: true }).run();
      orm.insert(roleGroupModules).values({ roleGroupId: 'submit-performances', module: 'S0208S' }).run();
      orm.insert(roleMembers).values({ roleGroupId: 'submit-performances', accountId: 'activities' }).run();
    });
  });

  test('its own roster is made, the others are refused, and the audit log has each under its module', async () => {
    const own = await answerOf<Answer>(['roster', 'performances', '--year', '114', '--out', nextFile(), '--account', 'activities'], {
      data,
    });
    expect(own.rows).toBeGreaterThan(0);
    for (const args of [
      ['outcomes', '--year', '114'],
      ['cadres', '--year', '114', '--semester', '1'],
    ]) {
      const out = nextFile();
      const error = await refusalOf(['roster', ...args, '--out', out, '--account', 'activities'], { data });
      expect(error.code).toBe('permission.denied');
      expect(existsSync(out)).toBe(false);
    }
    const entries = await inDatabase(data, ({ sqlite }) =>
      sqlite
        .prepare(
          "select operation, module, outcome from audit_entries where account_name = 'activities' and operation like 'submissions.%' order by sequence",
        )
        .all(),
    );
    expect(entries).toEqual([
      { operation: 'submissions.exportRoster', module: 'S0208S', outcome: 'done' },
      { operation: 'submissions.findings', module: 'S0208S', outcome: 'done' },
      { operation: 'submissions.exportRoster', module: 'S0207S', outcome: 'permission.denied' },
      { operation: 'submissions.exportRoster', module: 'S0218S', outcome: 'permission.denied' },
    ]);
  });
});
