import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationError } from '../main/platform/errors.ts';
import { resourcePath } from '../main/platform/resources.ts';
import type { Sqlite } from './connection.ts';

export interface Migration {
  id: string;
  sql: string;
  checksum: string;
}

/** The migrations shipped with this version, in order: `db/migrations/0001_initial.sql` … */
export function shippedMigrations(folder = resourcePath('db/migrations')): Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name), 'utf8');
      return { id: name.replace(/\.sql$/, ''), sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** Migrations the database has not had yet. Refuses a database that is newer or has another history. */
export function pendingMigrations(sqlite: Sqlite, shipped: readonly Migration[]): Migration[] {
  sqlite.exec(
    'CREATE TABLE IF NOT EXISTS applied_migrations (id TEXT PRIMARY KEY NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
  );
  const applied = sqlite.prepare('select id, checksum from applied_migrations order by id').all() as { id: string; checksum: string }[];
  applied.forEach((row, index) => {
    const expected = shipped[index];
    if (!expected) {
      throw new ApplicationError('database.newer', `資料庫由較新版本的程式建立（${row.id}），請先更新程式再開啟。資料沒有變動。`, {
        migration: row.id,
      });
    }
    if (expected.id !== row.id || expected.checksum !== row.checksum) {
      throw new ApplicationError('database.otherHistory', '資料庫的版本紀錄與本程式不符，已拒絕開啟。請聯絡維護人員，資料沒有變動。', {
        migration: row.id,
        expected: expected.id,
      });
    }
  });
  return shipped.slice(applied.length);
}

/** Rows of every table before a migration, to hold against those after it. */
function rowCounts(sqlite: Sqlite): Map<string, number> {
  const tables = sqlite
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .pluck()
    .all() as string[];
  return new Map(tables.map((name) => [name, sqlite.prepare(`select count(*) from "${name}"`).pluck().get() as number]));
}

/**
 * Brings a database up to date, each migration in one transaction with foreign keys off outside it (drizzle's own
 * `migrate()` loses the children of a rebuilt parent), checked before commit: references hold, and no surviving table
 * lost a row unless the migration says `-- may delete from <table>`.
 * Whoever opens a database that holds data makes a verified backup first (main/application/application.ts).
 */
export function migrate(sqlite: Sqlite, options: { shipped?: readonly Migration[]; now: () => Date }): string[] {
  const shipped = options.shipped ?? shippedMigrations();
  const pending = pendingMigrations(sqlite, shipped);
  if (pending.length === 0) return [];
  sqlite.pragma('foreign_keys=OFF');
  try {
    for (const migration of pending) {
      sqlite.transaction(() => {
        const before = rowCounts(sqlite);
        sqlite.exec(migration.sql);
        const broken = sqlite.pragma('foreign_key_check') as { table: string }[];
        if (broken.length > 0) {
          throw new ApplicationError('database.migrationBroke', '資料庫升級後的檢查沒有通過，已還原到升級前的狀態。請聯絡維護人員。', {
            migration: migration.id,
            table: broken[0]!.table,
          });
        }
        const after = rowCounts(sqlite);
        for (const [table, rows] of before) {
          const left = after.get(table);
          if (left !== undefined && left < rows && !migration.sql.includes(`-- may delete from ${table}`)) {
            throw new ApplicationError('database.migrationLostRows', '資料庫升級會遺失資料，已還原到升級前的狀態。請聯絡維護人員。', {
              migration: migration.id,
              table,
              rows,
              left,
            });
          }
        }
        sqlite
          .prepare('insert into applied_migrations values (?, ?, ?)')
          .run(migration.id, migration.checksum, options.now().toISOString());
      })();
    }
  } finally {
    sqlite.pragma('foreign_keys=ON');
  }
  return pending.map((migration) => migration.id);
}
