import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Connection, openDatabase } from '../../db/connection.ts';
import type { GridSource } from '../../db/grid-query.ts';
import { migrate } from '../../db/migrate.ts';
import { defineGrid, gridQuery } from '../../main/application/grid-contract.ts';
import type { GridWorkbookInput } from '../../main/application/grid-workbook-task.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { TaskPool } from '../../main/platform/task-pool.ts';
import { workbookFileName } from '../../main/platform/workbook.ts';
import { WriteGate } from '../../main/platform/write-gate.ts';

const masterKey = new Uint8Array(32).fill(6);
const now = '2026-11-24T03:00:00.000Z';
let folder: string;
let connection: Connection;
let pool: TaskPool;

const grid = defineGrid({
  name: 'codes',
  title: '代碼表',
  columns: [
    { key: 'code', title: '代碼', kind: 'text' },
    { key: 'label', title: '名稱', kind: 'text', width: 240 },
    { key: 'year', title: '年度', kind: 'number' },
    { key: 'day', title: '日期', kind: 'rocDay' },
    { key: 'secret', title: 'id', kind: 'text', hidden: true },
  ],
  students: null,
  defaultSort: { key: 'code' },
});
const source: GridSource = {
  from: 'codes c',
  columns: { code: 'c.code', label: 'c.label', year: 'c.valid_from_year', day: "'2020-07-17'", secret: "'hidden'" },
  tieBreaker: 'c.code_table',
};

function task(path: string): GridWorkbookInput {
  return {
    path,
    grid,
    source,
    query: gridQuery.parse({ filter: { year: '109' } }),
    heading: { schoolName: '測試高中', title: grid.title, term: '1091' },
  };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tasks-'));
  const directory = openDataDirectory(folder);
  connection = openDatabase(directory.database, { key: deriveKey(masterKey, 'database') });
  migrate(connection.sqlite, { now: () => new Date(now) });
  const insert = connection.sqlite.prepare(
    "insert into codes (id, version, code_table, code, label, valid_from_year) values (?, 1, 'level', ?, ?, ?)",
  );
  insert.run('level-001', '001', '=HYPERLINK("http://example.invalid")', 109);
  insert.run('level-002', '002', '校級幹部', 109);
  insert.run('level-003', '003', '班級幹部', 110);
  pool = new TaskPool(new WriteGate(), { dataDirectory: folder, masterKey, fixedNow: now });
});
afterEach(async () => {
  await pool.close();
  connection.close();
  rmSync(folder, { recursive: true });
});

describe('匯出 EXCEL in a worker', () => {
  it('writes what is filtered: title, frozen headings, codes as text, numbers as numbers, no formula', async () => {
    const path = join(folder, 'codes.xlsx');
    expect(await pool.run('workbook.write', task(path))).toMatchObject({ rows: 2 });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(path);
    const sheet = workbook.worksheets[0]!;
    expect(sheet.name).toBe('代碼表');
    expect(sheet.getCell('A1').text).toBe('測試高中　代碼表　1091　製表時間 115/11/24 11:00:00');
    expect((sheet.getRow(2).values as unknown[]).slice(1)).toEqual(['代碼', '名稱', '年度', '日期']);
    expect((sheet.getRow(3).values as unknown[]).slice(1)).toEqual(['001', '=HYPERLINK("http://example.invalid")', 109, '109/07/17']);
    expect(sheet.getCell('B3').type).toBe(ExcelJS.ValueType.String);
    expect(sheet.rowCount).toBe(4);
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 2 });
    expect(sheet.autoFilter).toBeTruthy();
    expect(sheet.pageSetup).toMatchObject({ paperSize: 9, orientation: 'landscape' });
  });

  it('is named by school, term, report and day, without what Windows forbids', () => {
    expect(
      workbookFileName({ schoolName: '測試高中', title: '學習成果/統計', term: '1091', madeAt: new Date('2020-09-26T03:00:00Z') }),
    ).toBe('測試高中_1091_學習成果_統計_1090926.xlsx');
  });
});

describe('a task', () => {
  it('that was cancelled before it started leaves nothing', async () => {
    const path = join(folder, 'never.xlsx');
    await expect(pool.run('workbook.write', task(path), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(existsSync(path)).toBe(false);
  });

  it('that fails rejects with a code, and the pool goes on', async () => {
    await expect(
      pool.run('workbook.write', { ...task(join(folder, 'a.xlsx')), source: { ...source, from: 'no_such_table c' } }),
    ).rejects.toMatchObject({ code: 'internal' });
    expect(await pool.run('workbook.write', task(join(folder, 'b.xlsx')))).toMatchObject({ rows: 2 });
  });

  it('whose thread dies leaves nothing of its work, and nobody else loses any', async () => {
    const began = Promise.withResolvers<Worker>();
    process.once('worker', began.resolve);
    const run = pool.run('workbook.write', task(join(folder, 'a.xlsx')));
    const worker = await began.promise;
    const its = join(folder, 'work', `${process.pid}-${worker.threadId}-export`);
    const mine = openDataDirectory(folder).makeWorkFolder('mine');
    mkdirSync(join(its, 'staging'), { recursive: true });
    void worker.terminate();
    await expect(run).rejects.toMatchObject({ code: 'task.died', details: { task: 'workbook.write' } });
    expect(existsSync(its)).toBe(false);
    expect(existsSync(mine)).toBe(true);
  });

  it('finds a thread that has started already, ever again, and none is left when the pool is closed', async () => {
    const threads: { ended: boolean }[] = [];
    const onWorker = (worker: Worker) => {
      const thread = { ended: false };
      threads.push(thread);
      worker.once('exit', () => {
        thread.ended = true;
      });
    };
    process.on('worker', onWorker);
    const stopped = vi.spyOn(Worker.prototype, 'terminate');
    try {
      const spared = new TaskPool(new WriteGate(), { dataDirectory: folder, masterKey, fixedNow: now }, { keepsSpare: true });
      spared.readySpare();
      spared.readySpare();
      for (const name of ['c.xlsx', 'd.xlsx', 'e.xlsx'])
        expect(await spared.run('workbook.write', task(join(folder, name)))).toMatchObject({ rows: 2 });
      await expect(spared.run('no.such', {})).rejects.toMatchObject({ code: 'internal' });
      // Four tasks, each on the thread that was ready, and the one that waits for a fifth.
      expect(threads).toHaveLength(5);
      expect(await Promise.all(['f.xlsx', 'g.xlsx'].map((name) => spared.run('workbook.write', task(join(folder, name)))))).toMatchObject([
        { rows: 2 },
        { rows: 2 },
      ]);
      await spared.close();
      spared.readySpare();
      expect(threads.every(({ ended }) => ended)).toBe(true);
      expect(stopped, 'threads end by themselves: stopped from outside, native code may take the process along').not.toHaveBeenCalled();
    } finally {
      stopped.mockRestore();
      process.off('worker', onWorker);
    }
  });

  it('of no name is an error, not a hang', async () => {
    await expect(pool.run('no.such', {})).rejects.toMatchObject({ code: expect.stringMatching(/^(internal|task\.died)$/) });
  });
});
