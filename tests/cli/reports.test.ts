import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { reports } from '../../main/cli/reports.ts';
import { operations } from '../../main/features/contract.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import { answerOf, run } from './command-line.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let folder: string;
let trial: Trial;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
  trial = await openTrial();
});
afterAll(async () => {
  await trial.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Jobs that end with a file but are about one record, so that no term alone can make them. */
const ofOneRecord = new Map<string, string>([
  ['receiptStatements.exportComparison', 'a 收訖明細 that was read'],
  ['receiptStatements.exportConfirmations', 'a 收訖明細 that was read'],
  ['submissions.exportRoster', 'a roster, made by the command of its own'],
  ['submissions.exportFindings', 'a check'],
  ['submissions.exportDifferences', 'a check'],
  ['submissions.exportAnswerRows', 'a submission'],
  ['submissions.prepareUpload', 'a check, and hands in'],
]);

describe('the registry of reports', () => {
  test('has every job of the contract that ends with a file and its rows', () => {
    const withFile = [...operations]
      .filter(([, { kind, output }]) => kind === 'job' && output instanceof z.ZodObject && 'file' in output.shape && 'rows' in output.shape)
      .map(([name]) => name);
    const registered = new Set<string>(reports.map(({ operation }) => operation));
    expect(withFile.filter((name) => !registered.has(name) && !ofOneRecord.has(name))).toEqual([]);
    expect([...ofOneRecord.keys()].filter((name) => !withFile.includes(name))).toEqual([]);
  });

  test('names each report once', () => {
    expect(new Set(reports.map(({ name }) => name)).size).toBe(reports.length);
    for (const { name } of reports) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test.each(reports.map((report) => [report.name, report] as const))('%s is made and says how many rows it has', async (_name, report) => {
    const { term } = await trial.call('session.status', {});
    const { file, rows } = (await trial.runJob(report.operation, report.input(term) as never)) as {
      file: { token: string; name: string };
      rows: number;
    };
    const path = trial.application.files.outgoingPath(file.token);
    expect(file.name).toMatch(new RegExp(`^測試高中_.*\\.${report.format}$`));
    if (report.format === 'pdf') {
      expect(readFileSync(path).subarray(0, 5).toString('latin1')).toBe('%PDF-');
      return;
    }
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(path);
    const sheet = workbook.worksheets[0]!;
    // The title, the headings, and the rows.
    expect(sheet.rowCount).toBe(rows + 2);
    expect(String(sheet.getCell('A1').value)).toMatch(/^測試高中　.*製表時間 \d{3}\/\d\d\/\d\d/);
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 2 });
    expect(sheet.autoFilter).toBeTruthy();
    sheet.eachRow((row) => row.eachCell((cell) => expect(cell.type).not.toBe(ExcelJS.ValueType.Formula)));
  });
});

describe('the command', () => {
  test('report list names them without a school, and report writes one', async () => {
    const listed = await answerOf<{ name: string; title: string; format: string }[]>(['report', 'list']);
    expect(listed.map(({ name }) => name)).toEqual(reports.map(({ name }) => name));
    const data = join(folder, 'school');
    await answerOf(['trial', 'create', '--students', '24', '--seed', '5'], { data });
    const out = join(folder, '學生.xlsx');
    const made = await answerOf<{ path: string; rows: number }>(['report', 'students', '--out', out], { data });
    expect(made).toMatchObject({ path: out, rows: 24 });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(out);
    expect(workbook.worksheets[0]!.rowCount).toBe(26);
  });

  test('an unknown name is wrong usage', async () => {
    expect((await run(['report', 'no-such', '--out', join(folder, 'x.xlsx')])).status).toBe(2);
  });
});
