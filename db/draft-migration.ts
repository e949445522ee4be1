/**
 * Prints the STRICT tables and indexes of db/schema as SQL: the start of a migration file. drizzle-kit writes no
 * STRICT tables. Later migrations are written by hand; tests/db holds schema and migrated database together.
 *
 *   node db/draft-migration.ts > db/migrations/0001_initial.sql
 */
import { is, SQL } from 'drizzle-orm';
import { getTableConfig, SQLiteSyncDialect, SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from './schema/index.ts';

const dialect = new SQLiteSyncDialect();
const quote = (name: string) => `"${name}"`;

function literal(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return `'${String(value).replaceAll("'", "''")}'`;
}

function tableSql(table: SQLiteTable): string {
  const config = getTableConfig(table);
  const lines = config.columns.map((column) => {
    const parts = [quote(column.name), column.getSQLType().toUpperCase()];
    if (column.primary) parts.push('PRIMARY KEY');
    if (column.notNull) parts.push('NOT NULL');
    if (column.isUnique) parts.push('UNIQUE');
    if (column.hasDefault && column.default !== undefined) parts.push(`DEFAULT ${literal(column.default)}`);
    return parts.join(' ');
  });
  for (const key of config.primaryKeys) lines.push(`PRIMARY KEY (${key.columns.map((column) => quote(column.name)).join(', ')})`);
  for (const key of config.foreignKeys) {
    const { columns, foreignColumns, foreignTable } = key.reference();
    const target = getTableConfig(foreignTable).name;
    lines.push(
      `FOREIGN KEY (${columns.map((column) => quote(column.name)).join(', ')}) REFERENCES ${quote(target)} (${foreignColumns
        .map((column) => quote(column.name))
        .join(', ')})${key.onDelete && key.onDelete !== 'no action' ? ` ON DELETE ${key.onDelete.toUpperCase()}` : ''}`,
    );
  }
  const create = `CREATE TABLE ${quote(config.name)} (\n  ${lines.join(',\n  ')}\n) STRICT;`;
  const indexes = config.indexes.map(({ config: index }) => {
    const columns = index.columns.map((column) =>
      is(column, SQL) ? dialect.sqlToQuery(column).sql : quote((column as { name: string }).name),
    );
    const where = index.where ? ` WHERE ${dialect.sqlToQuery(index.where).sql.replaceAll(`${quote(config.name)}.`, '')}` : '';
    return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quote(index.name)} ON ${quote(config.name)} (${columns.join(', ')})${where};`;
  });
  return [create, ...indexes].join('\n');
}

/** Tables in an order in which every reference points backwards where it can. */
export function schemaSql(): string {
  const tables = (Object.values(schema) as unknown[]).filter((value): value is SQLiteTable => is(value, SQLiteTable));
  return `${tables.map(tableSql).join('\n\n')}\n`;
}

if (import.meta.main) process.stdout.write(schemaSql());
