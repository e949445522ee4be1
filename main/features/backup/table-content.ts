import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sqlite } from '../../../db/sqlite.ts';
import type { TableContent } from './backup-format.ts';

/** What the tables of a database hold, told so that two databases can be held against each other. */

export interface Walk {
  signal: AbortSignal;
  /** Rows walked so far. */
  onProgress?: (rows: number) => void;
}

/** Rows between two looks at whether somebody cancelled. */
const rowsATurn = 10_000;
/** Characters hashed at once: a hash call a row costs more than the hashing. */
const textAtOnce = 64 * 1024;

/** Every table that holds data, by name. */
export function tablesOf(sqlite: Sqlite): string[] {
  return sqlite
    .prepare<[], string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
    .pluck()
    .all();
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Columns of a table, and the places of its primary key among them; of one without, every column. */
function columnsOf(sqlite: Sqlite, table: string): { columns: string[]; key: number[] } {
  const columns = sqlite.prepare<[string], { name: string; pk: number }>('select name, pk from pragma_table_info(?)').all(table);
  const key = columns
    .flatMap(({ pk }, index) => (pk > 0 ? [{ pk, index }] : []))
    .sort((a, b) => a.pk - b.pk)
    .map(({ index }) => index);
  return { columns: columns.map(({ name }) => name), key: key.length > 0 ? key : columns.map((_, index) => index) };
}

export type Row = (string | number | bigint | Buffer | null)[];

/**
 * The rows of a table in the order of its primary key: the same whatever way they came in, and after VACUUM too, which moves rows about.
 * @param columns which, by name: two databases of different versions are compared by what both have
 */
function rowsInOrder(sqlite: Sqlite, table: string, columns: readonly string[], key: readonly string[]): IterableIterator<Row> {
  const order = key.map((name) => quoted(name)).join(', ');
  return sqlite
    .prepare<[], Row>(`select ${columns.map(quoted).join(', ')} from ${quoted(table)} order by ${order}`)
    .raw()
    .iterate();
}

/** A row as text: JSON of its values, so that 1 and '1', and nothing and an empty text, stay different. */
const rowText = (row: Row): string => JSON.stringify(row);

async function contentOf(sqlite: Sqlite, table: string, { signal, onProgress }: Walk): Promise<TableContent> {
  const { columns, key } = columnsOf(sqlite, table);
  const hash = createHash('sha256').update(JSON.stringify(columns));
  let rows = 0;
  let text = '';
  for (const row of rowsInOrder(
    sqlite,
    table,
    columns,
    key.map((index) => columns[index]!),
  )) {
    rows += 1;
    text += `\n${rowText(row)}`;
    if (text.length >= textAtOnce) {
      hash.update(text);
      text = '';
    }
    if (rows % rowsATurn === 0) {
      onProgress?.(rowsATurn);
      await nextTurn();
      signal.throwIfAborted();
    }
  }
  onProgress?.(rows % rowsATurn);
  return { rows, hash: hash.update(text).digest('hex') };
}

/** Number of rows and a SHA-256 of every table. Nothing else may be asked of this connection meanwhile. @throws `job.cancelled` */
export async function tableContents(sqlite: Sqlite, walk: Walk): Promise<Record<string, TableContent>> {
  const contents: Record<string, TableContent> = {};
  for (const table of tablesOf(sqlite)) contents[table] = await contentOf(sqlite, table, walk);
  return contents;
}

export interface RowDifferences {
  /** Rows of a key that the first database has and the second has not. */
  onlyFirst: number;
  onlySecond: number;
  /** The same key with other values. */
  changed: number;
}

/** The order in which SQLite's BINARY collation puts two keys. */
function compareKeys(first: Row, second: Row, key: readonly number[]): number {
  for (const index of key) {
    const a = first[index]!;
    const b = second[index]!;
    if (a === b) continue;
    if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
    return a < b ? -1 : 1;
  }
  return 0;
}

/**
 * How the rows of a table differ between two databases; both are walked once, in step.
 * @param counts whether a row, by its first column, is one that matters
 * @throws `job.cancelled`
 */
export async function compareTable(
  first: Sqlite,
  second: Sqlite,
  table: string,
  { signal, onProgress }: Walk,
  counts: (first: Row[number]) => boolean = () => true,
): Promise<RowDifferences> {
  const differences: RowDifferences = { onlyFirst: 0, onlySecond: 0, changed: 0 };
  const here = columnsOf(first, table);
  const there = columnsOf(second, table).columns;
  const columns = here.columns.filter((name) => there.includes(name));
  const keyNames = here.key.map((index) => here.columns[index]!);
  const key = keyNames.map((name) => columns.indexOf(name));
  const [ofFirst, ofSecond] = [first, second].map((sqlite) => rowsInOrder(sqlite, table, columns, keyNames)) as [
    IterableIterator<Row>,
    IterableIterator<Row>,
  ];
  try {
    let a = ofFirst.next();
    let b = ofSecond.next();
    for (let steps = 1; !a.done || !b.done; steps += 1) {
      const order = a.done ? 1 : b.done ? -1 : compareKeys(a.value, b.value, key);
      const matters = counts((order <= 0 ? a : b).value[0]!);
      if (matters && order < 0) differences.onlyFirst += 1;
      else if (matters && order > 0) differences.onlySecond += 1;
      else if (matters && rowText(a.value) !== rowText(b.value)) differences.changed += 1;
      if (order <= 0) a = ofFirst.next();
      if (order >= 0) b = ofSecond.next();
      if (steps % rowsATurn === 0) {
        onProgress?.(rowsATurn);
        await nextTurn();
        signal.throwIfAborted();
      }
    }
  } finally {
    ofFirst.return?.();
    ofSecond.return?.();
  }
  return differences;
}
