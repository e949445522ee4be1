import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite, type Sqlite } from '../../db/connection.ts';
import { type GridSource, iterateGrid, queryGrid } from '../../db/grid-query.ts';
import { defineGrid, gridQuery } from '../../main/application/grid-contract.ts';

const grid = defineGrid({
  name: 'classes',
  title: '班級',
  columns: [
    { key: 'className', title: '班級', kind: 'text' },
    { key: 'seat', title: '座號', kind: 'number' },
    { key: 'at', title: '時間', kind: 'rocDateTime' },
    { key: 'state', title: '狀態', kind: 'choice', choices: { on: '在學', off: '轉出' } },
    { key: 'ticked', title: '勾選', kind: 'flag' },
  ],
  students: null,
  defaultSort: { key: 'className' },
});
const source: GridSource = {
  from: 'rows r',
  columns: { className: 'r.class_name', seat: 'r.seat', at: 'r.at', state: 'r.state', ticked: 'r.ticked' },
  sortBy: { className: 'r.sort_key, r.seat' },
  tieBreaker: 'r.id',
};

describe('the grid', () => {
  let folder: string;
  let sqlite: Sqlite;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'grid-'));
    sqlite = openSqlite(join(folder, 'a.db'), { key: new Uint8Array(32).fill(1) });
    sqlite.exec(
      'CREATE TABLE rows (id INTEGER PRIMARY KEY, class_name TEXT, sort_key TEXT, seat INTEGER, at TEXT, state TEXT, ticked INTEGER) STRICT',
    );
    const insert = sqlite.prepare('insert into rows values (?, ?, ?, ?, ?, ?, ?)');
    for (let index = 0; index < 100; index += 1) {
      const classNumber = (index % 10) + 1;
      insert.run(
        index,
        `一年${['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'][index % 10]}班`,
        `1-${String(classNumber).padStart(2, '0')}`,
        Math.floor(index / 10) + 1,
        index < 50 ? '2020-07-16T17:00:00Z' : '2020-07-18T01:00:00Z',
        index % 3 ? 'on' : 'off',
        index % 2,
      );
    }
  });
  afterAll(() => {
    sqlite.close();
    rmSync(folder, { recursive: true });
  });
  const ask = (query: object) => queryGrid(sqlite, grid, source, gridQuery.parse(query));

  it('answers one page and the total, classes as a school sorts them', () => {
    const first = ask({ pageSize: 30 });
    expect(first.total).toBe(100);
    expect(first.rows).toHaveLength(30);
    expect(first.rows.map((row) => row.className)).toEqual([
      ...Array(10).fill('一年一班'),
      ...Array(10).fill('一年二班'),
      ...Array(10).fill('一年三班'),
    ]);
    expect(ask({ page: 4, pageSize: 30 }).rows).toHaveLength(10);
  });

  it('pages neither overlap nor lose a row, whatever the sort', () => {
    for (const key of grid.columns.map((column) => column.key)) {
      const seen = [1, 2, 3, 4].flatMap((page) =>
        ask({ page, pageSize: 30, sort: { key, descending: true } }).rows.map((row) => `${row.className} ${row.seat}`),
      );
      expect(new Set(seen).size).toBe(100);
    }
  });

  it('filters a text by a part of it, or in quotes by all of it', () => {
    expect(ask({ filter: { className: '年一' } }).total).toBe(10);
    for (const filter of ['"一年一班"', '“一年一班”', '「一年一班」', ' ＂一年一班＂ ']) {
      expect(ask({ filter: { className: filter } }).total, filter).toBe(10);
    }
    expect(ask({ filter: { className: '"年一"' } }).total).toBe(0);
    expect(ask({ filter: { className: '""' } }).total).toBe(0);
  });

  it('answers the same page where its rows are found by key first, and where it groups', () => {
    const query = gridQuery.parse({ filter: { seat: '≤ 4' }, sort: { key: 'state' }, page: 2, pageSize: 10 });
    const plain = queryGrid(sqlite, grid, source, query);
    expect(plain.rows).toHaveLength(10);
    expect(queryGrid(sqlite, grid, { ...source, where: 'r.id < 1000', key: 'r.id' }, query)).toEqual(plain);
    const grouped: GridSource = { ...source, from: '(select * from rows group by id) r', grouped: true };
    expect(queryGrid(sqlite, grid, grouped, query)).toEqual(plain);
    expect(queryGrid(sqlite, grid, grouped, { ...query, page: 9 })).toEqual({ rows: [], total: plain.total });
    expect(queryGrid(sqlite, grid, grouped, { ...query, page: 1, filter: { seat: '> 99' } })).toEqual({ rows: [], total: 0 });
  });

  it('filters numbers by value, comparison and range, also full-width', () => {
    expect(ask({ filter: { seat: '3' } }).total).toBe(10);
    expect(ask({ filter: { seat: '≤ 3' } }).total).toBe(30);
    expect(ask({ filter: { seat: '>=9' } }).total).toBe(20);
    expect(ask({ filter: { seat: '2~4' } }).total).toBe(30);
    expect(ask({ filter: { seat: '＜２' } }).total).toBe(10);
  });

  it('filters instants by the day of Taipei', () => {
    // 17:00Z on the 16th is 01:00 on the 17th in Taipei.
    expect(ask({ filter: { at: '109/7/17' } }).total).toBe(50);
    expect(ask({ filter: { at: '1090717~1090718' } }).total).toBe(100);
    expect(ask({ filter: { at: '109/7/16' } }).total).toBe(0);
  });

  it('combines filters, and takes text as text', () => {
    expect(
      ask({ filter: { className: '十', state: 'off', ticked: '是' } }).rows.every(
        (row) => row.className === '一年十班' && row.state === 'off' && row.ticked === 1,
      ),
    ).toBe(true);
    expect(ask({ filter: { className: "%' or 1=1 --" } }).total).toBe(0);
  });

  it('names the column of a filter it cannot read', () => {
    expect(() => ask({ filter: { seat: '很多' } })).toThrowError(
      expect.objectContaining({ code: 'filter.invalid', details: { column: 'seat' } }),
    );
    expect(() => ask({ filter: { at: '109/13/45' } })).toThrowError(expect.objectContaining({ code: 'filter.invalid' }));
  });

  it('exports all of what is filtered in the order shown', () => {
    const query = gridQuery.parse({ filter: { state: 'on' }, sort: { key: 'seat', descending: true } });
    const exported = [...iterateGrid(sqlite, grid, source, query)];
    expect(exported).toHaveLength(ask({ filter: { state: 'on' } }).total);
    expect(exported[0]?.seat).toBe(10);
  });
});
