import type { Sqlite } from '../../db/sqlite.ts';

/** Rows of every table as text, in an order of their own, so that two databases can be held against each other record for record. */
export type Contents = Record<string, string[]>;

/** Ids that each run makes anew. */
const madeUp = /(import-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** @param without tables that tell how it came about rather than what is there */
export function contentsOf(sqlite: Sqlite, without: readonly string[]): Contents {
  const tables = sqlite
    .prepare<[], string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
    .pluck()
    .all();
  return Object.fromEntries(
    tables
      .filter((table) => !without.includes(table))
      .map((table) => {
        const rows = sqlite.prepare(`select * from "${table}"`).all() as Record<string, unknown>[];
        return [table, rows.map((row) => JSON.stringify(row).replace(madeUp, '*')).sort()];
      }),
  );
}

/** Where they differ: for each table the number of rows and the first that only one of them has. */
export function differences(actual: Contents, expected: Contents): string[] {
  const found: string[] = [];
  for (const table of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const here = actual[table] ?? [];
    const there = expected[table] ?? [];
    if (here.length === there.length && here.every((row, index) => row === there[index])) continue;
    const surplus = surplusOf(here, there);
    const lacking = surplusOf(there, here);
    found.push(
      `${table}: ${here.length} rows, ${there.length} expected; too much: ${(surplus[0] ?? '-').slice(0, 300)}; lacking: ${(lacking[0] ?? '-').slice(0, 300)}`,
    );
  }
  return found;
}

function surplusOf(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    if (count > 0) left.set(row, count - 1);
    return count === 0;
  });
}
