import { rekeySqlite, type Sqlite } from '../../../db/sqlite.ts';
import type { TableContent } from './backup-format.ts';
import type { BackupContext } from './context.ts';
import { tableContents } from './table-content.ts';

/** A consistent copy of the office's database, and what the original held at that very moment. */
export interface DatabaseCopy {
  /** Of the original, not of the copy: the copy is held against it when it is opened again. */
  tables: Record<string, TableContent>;
  migrations: string[];
  /** Files that the database knows, whether their bytes are here or not. */
  files: { sha256: string; bytes: number }[];
}

/**
 * Copies the database as it stands. Nobody writes for the moment the copy takes (a third of a second for 4,000 students): not this program,
 * by the write lease, and no other process, by SQLite's own lock. What the original held is read afterwards from the snapshot of that
 * moment, while writing goes on.
 * @param key what the copy is encrypted with: never the school's own key
 */
export async function copyDatabase(context: BackupContext, path: string, databaseKey: Uint8Array, key: Uint8Array): Promise<DatabaseCopy> {
  const { signal, report } = context;
  const original = context.openReader();
  const copier = context.openReader();
  const guard = context.openWriter();
  try {
    await context.withWriteLease(() => {
      guard.sqlite.exec('begin immediate');
      try {
        original.sqlite.exec('begin');
        original.sqlite.prepare('select count(*) from sqlite_schema').get();
        copier.sqlite.prepare('vacuum into ?').run(path);
      } finally {
        guard.sqlite.exec('rollback');
      }
    });
    guard.close();
    copier.close();
    rekeySqlite(path, databaseKey, key);
    signal.throwIfAborted();
    const { sqlite } = original;
    const files = hasTable(sqlite, 'attachments')
      ? sqlite.prepare<[], { sha256: string; bytes: number }>('select sha256, bytes from attachments order by sha256').all()
      : [];
    const migrations = sqlite.prepare<[], string>('select id from applied_migrations order by id').pluck().all();
    let rows = 0;
    const tables = await tableContents(sqlite, {
      signal,
      onProgress: (more) => {
        rows += more;
        report({ step: '計算資料表的雜湊值', done: rows, total: 0, unit: '項' });
      },
    });
    return { tables, migrations, files };
  } finally {
    original.close();
  }
}

const hasTable = (sqlite: Sqlite, name: string): boolean =>
  sqlite.prepare("select 1 from sqlite_schema where type = 'table' and name = ?").get(name) !== undefined;
