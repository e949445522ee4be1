import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { is, SQL } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import * as schema from '../../db/schema/index.ts';

const tables = (Object.values(schema) as unknown[]).filter((value): value is SQLiteTable => is(value, SQLiteTable)).map(getTableConfig);

describe('schema and migrated database are the same', () => {
  let folder: string;
  let database: Connection;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'schema-'));
    database = openDatabase(join(folder, 'portfolio.db'), { key: new Uint8Array(32).fill(7) });
    migrate(database.sqlite, { now: () => new Date('2026-11-24T00:00:00Z') });
  });
  afterAll(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  it('has the tables of the schema and no others', () => {
    const migrated = database.sqlite
      .prepare(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'applied_migrations' order by name",
      )
      .pluck()
      .all();
    expect(migrated).toEqual(tables.map((table) => table.name).sort());
  });

  it.each(tables.map((table) => [table.name, table] as const))('%s: columns, keys, references, indexes, STRICT', (name, table) => {
    const { sqlite } = database;
    const strict = sqlite.prepare('select strict from pragma_table_list where name = ?').pluck().get(name);
    expect(strict).toBe(1);

    const columns = sqlite.prepare('select name, type, "notnull" as required from pragma_table_info(?)').all(name) as {
      name: string;
      type: string;
      required: number;
    }[];
    expect(columns.map((column) => [column.name, column.type, column.required === 1])).toEqual(
      table.columns.map((column) => [column.name, column.getSQLType().toUpperCase(), column.notNull]),
    );

    const primaryKey = sqlite.prepare('select name from pragma_table_info(?) where pk > 0 order by pk').pluck().all(name);
    const declared =
      table.primaryKeys[0]?.columns.map((column) => column.name) ??
      table.columns.filter((column) => column.primary).map((column) => column.name);
    expect(primaryKey).toEqual(declared);

    const references = sqlite
      .prepare('select "from" as source, "table" as target, on_delete as onDelete from pragma_foreign_key_list(?) order by source')
      .all(name);
    expect(references).toEqual(
      table.foreignKeys
        .map((key) => ({
          source: key.reference().columns[0]!.name,
          target: getTableConfig(key.reference().foreignTable).name,
          onDelete: (key.onDelete ?? 'no action').toUpperCase(),
        }))
        .sort((a, b) => (a.source < b.source ? -1 : 1)),
    );

    const indexes = sqlite.prepare(`select name from pragma_index_list(?) where origin = 'c' order by name`).pluck().all(name) as string[];
    expect(indexes).toEqual(table.indexes.map(({ config }) => config.name).sort());
    for (const { config } of table.indexes) {
      const indexed = sqlite.prepare('select name from pragma_index_info(?)').pluck().all(config.name);
      expect(indexed).toEqual(config.columns.map((column) => (is(column, SQL) ? null : (column as { name: string }).name)));
    }
  });

  it('indexes every foreign key, so that no deletion or join scans a big table', () => {
    const bare = tables.flatMap((table) =>
      table.foreignKeys
        .map((key) => key.reference().columns[0]!.name)
        .filter((column) => {
          const leading = new Set(
            (database.sqlite.prepare('select name from pragma_index_list(?)').pluck().all(table.name) as string[]).map(
              (index) => database.sqlite.prepare('select name from pragma_index_info(?) where seqno = 0').pluck().get(index) as string,
            ),
          );
          return !leading.has(column);
        })
        .map((column) => `${table.name}.${column}`),
    );
    expect(bare).toEqual([]);
  });

  it('keeps the audit log and submitted rows as they were written', () => {
    const { sqlite } = database;
    sqlite
      .prepare("insert into audit_entries values (1, '2026-11-24T00:00:00Z', 'a', 'o', 'view', null, 's', '[]', 0, 'done', 'x', 'y')")
      .run();
    expect(() => sqlite.prepare("update audit_entries set outcome = 'changed'").run()).toThrow(/never changed/);
    expect(() => sqlite.prepare('delete from audit_entries').run()).toThrow(/never deleted/);
  });
});
