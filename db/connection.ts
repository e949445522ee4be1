import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import * as schema from './schema/index.ts';
import { type OpenOptions, openSqlite, type SqliteConnection } from './sqlite.ts';

export { openSqlite, type Sqlite } from './sqlite.ts';

/** The same handle through drizzle: the everyday queries. */
export type Orm = BetterSQLite3Database<typeof schema>;

export interface Connection extends SqliteConnection {
  orm: Orm;
}

/** Opens the office's database; the caller migrates it first (db/migrate.ts) where it may be older or new. */
export function openDatabase(path: string, options: OpenOptions): Connection {
  const sqlite = openSqlite(path, options);
  return { sqlite, orm: drizzle(sqlite, { schema }), close: () => sqlite.close() };
}
