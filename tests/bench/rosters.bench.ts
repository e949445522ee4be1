import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { openSqlite, type SqliteConnection } from '../../db/sqlite.ts';
import type { TaskContext } from '../../main/application/task-context.ts';
import { run as checkRoster } from '../../main/features/submissions/check-task.ts';
import { type Roster, rosterOf } from '../../main/features/submissions/layouts.ts';
import { type RosterRow, rosterRows } from '../../main/features/submissions/roster-rows.ts';
import type { RosterSchool } from '../../main/features/submissions/roster-sources.ts';
import { writeRosterWorkbook } from '../../main/features/submissions/roster-workbook.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { openTrial, type Trial } from '../support/trial.ts';
import type { BenchRow, Measure } from './row.ts';

/** The year that is handed in: of two grades, the third has its own 梯次. */
const academicYear = 114;

async function secondsOf(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function median(runs: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await secondsOf(work));
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
}

async function inFolder(write: (path: string) => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rosters-'));
  try {
    await write(join(folder, 'roster.xlsx'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A cell of each kind that costs nothing, as long as the real ones are. */
const constants: Record<string, string | number> = {
  number: 4,
  identity: 'A123456789',
  birthday: '0990305',
  day: '1140901',
  code: '1',
  courseCode: '115999999H1100000010101',
  summary: '我在這個學期裡學到了如何整理資料、提出問題並寫成報告，也試著和同學一起修改，最後完成一份完整的作品。',
  link: `https://portfolio.example.edu.tw/national-files/999999/${'0'.repeat(64)}.pdf`,
};

/** The roster's rows with a constant in each cell that has something. */
function constantRows(rows: Iterable<RosterRow>): Map<string, (string | number | null)[][]> {
  const bySheet = new Map<string, (string | number | null)[][]>();
  for (const { sheet, cells } of rows) {
    const constant = cells.map((cell, index) => (cell === null ? null : (constants[sheet.columns[index]!.kind] ?? '自然科學探究與實作')));
    const known = bySheet.get(sheet.name);
    if (known) known.push(constant);
    else bySheet.set(sheet.name, [constant]);
  }
  return bySheet;
}

/** The streaming writer with constant cells: the same sheets, rows and columns, empty where they are empty; nothing read, nothing styled. */
async function constantWorkbook(path: string, roster: Roster, rows: ReturnType<typeof constantRows>): Promise<void> {
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: false });
  for (const { name, columns } of roster.sheets) {
    const sheet = workbook.addWorksheet(name);
    sheet.addRow(columns.map(({ title }) => title)).commit();
    for (const cells of rows.get(name) ?? []) sheet.addRow(cells).commit();
    sheet.commit();
  }
  await workbook.commit();
}

/** A task's context without its thread, so that what is timed is the task. */
function inThisThread(
  { directory, masterKey, clock, log, connection, attachments, writeGate }: Trial['application']['foundation'],
  reader: SqliteConnection,
): TaskContext {
  return {
    directory,
    masterKey,
    clock,
    log,
    signal: new AbortController().signal,
    report: () => {},
    openReader: () => reader,
    openWriter: () => connection,
    openAttachments: () => attachments,
    withWriteLease: async (work) => writeGate.run(work),
    mustFinish: async () => {},
  };
}

async function measureRoster({ runJob, application }: Trial, kind: 'outcomes' | 'performances'): Promise<BenchRow[]> {
  const { connection, settings, files } = application.foundation;
  const { sqlite } = connection;
  const scope = { kind, academicYear, semester: 0, batch: 'regular', division: 'day' } as const;
  const roster = rosterOf(scope);
  const school: RosterSchool = {
    code: settings.get('school.code')!,
    name: settings.get('school.name')!,
    fileLinks: settings.get('city.fileLinks')!,
  };
  const constant = constantRows(rosterRows(sqlite, roster, school));
  const rows = [...constant.values()].reduce((sum, lines) => sum + lines.length, 0);

  const verified = () => sqlite.prepare<[], number>('select count(*) from attachments where verified_at is not null').pluck().get()!;
  const forget = () => sqlite.prepare('update attachments set verified_at = null').run();
  forget();
  const fetched = await secondsOf(() => runJob('submissions.check', scope));
  const looked = verified();
  const { directory, masterKey } = application.foundation;
  const check = async () => {
    const reader = openSqlite(directory.database, { key: deriveKey(masterKey, 'database'), readonly: true });
    try {
      await checkRoster(
        { scope, school, missingFiles: [], accountName: 'bench' },
        inThisThread(application.foundation, { sqlite: reader, close: () => reader.close() }),
      );
    } finally {
      reader.close();
    }
  };
  const first: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    forget();
    first.push(await secondsOf(check));
  }
  const again = await median(5, check);
  const written = await median(5, () =>
    inFolder((path) => writeRosterWorkbook(path, roster, school, rosterRows(sqlite, roster, school, 'written'))),
  );
  const raw = await median(5, () => inFolder((path) => constantWorkbook(path, roster, constant)));
  const throughTask = await median(3, () => runJob('submissions.check', scope));
  const exported = await median(3, async () => {
    const { file } = await runJob('submissions.exportRoster', { ...scope, evenWithErrors: true });
    await files.release(file.token);
  });

  const against = (work: string, seconds: number, goal: string, note = ''): BenchRow => ({
    work: `${kind}, ${rows} rows: ${work}`,
    figure: seconds * 1000,
    unit: 'ms',
    baseline: 'the streaming writer with the same cells, constant',
    baselineFigure: raw * 1000,
    ratio: seconds / raw,
    goal,
    note: [`${Math.round(rows / seconds)} rows/s`, note].filter(Boolean).join(', '),
  });
  return [
    against('the very first check', fetched, '–', 'every file from the city'),
    against('check, files here', first.sort((a, b) => a - b)[1]!, '–', `each of ${looked} files read whole`),
    against('check again the same day', again, 'a small multiple, ≤ 4 ×'),
    against('workbook, read and written', written, 'a small multiple, ≤ 4 ×'),
    against('check again, through its task', throughTask, '–', 'a new worker from source each time'),
    against('匯出: checked and written', exported, '–', 'two new workers'),
  ];
}

/** 3.6 and 3.9: check and roster of a year of a school of 4,000 students. */
export const measure: Measure = async (scale) => {
  const trial = await openTrial({ students: Math.max(60, Math.round(4000 * scale)) });
  try {
    return [...(await measureRoster(trial, 'outcomes')), ...(await measureRoster(trial, 'performances'))];
  } finally {
    await trial.close();
  }
};
