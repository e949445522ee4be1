import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, type Sqlite } from '../../db/connection.ts';
import { type Migration, migrate } from '../../db/migrate.ts';

const key = new Uint8Array(32).fill(9);
const now = () => new Date('2026-11-24T00:00:00Z');
const migration = (id: string, sql: string): Migration => ({ id, sql, checksum: `checksum of ${id}` });

const parents = migration(
  '0001_parents',
  `CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
   CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE) STRICT;
   CREATE INDEX children_by_parent ON children (parent_id);
   INSERT INTO parents VALUES (1, '甲'), (2, '乙');
   INSERT INTO children VALUES (10, 1), (20, 2);`,
);
const rebuild = migration(
  '0002_rebuild_parents',
  `CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL, remark TEXT) STRICT;
   INSERT INTO new_parents SELECT id, name, NULL FROM parents;
   DROP TABLE parents;
   ALTER TABLE new_parents RENAME TO parents;`,
);

describe('migrations', () => {
  let folder: string;
  let sqlite: Sqlite;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'migrate-'));
    sqlite = openSqlite(join(folder, 'a.db'), { key });
  });
  afterEach(() => {
    sqlite.close();
    rmSync(folder, { recursive: true });
  });
  const children = () => sqlite.prepare('select count(*) from children').pluck().get();

  it('keep the children of a table that is rebuilt', () => {
    migrate(sqlite, { shipped: [parents], now });
    migrate(sqlite, { shipped: [parents, rebuild], now });
    expect(children()).toBe(2);
    expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('run once, and make the backup only when data is there', () => {
    const backups: string[] = [];
    const beforeFirst = () => backups.push('backup');
    expect(migrate(sqlite, { shipped: [parents], now, beforeFirst })).toEqual(['0001_parents']);
    expect(backups).toEqual([]);
    expect(migrate(sqlite, { shipped: [parents], now, beforeFirst })).toEqual([]);
    expect(migrate(sqlite, { shipped: [parents, rebuild], now, beforeFirst })).toEqual(['0002_rebuild_parents']);
    expect(backups).toEqual(['backup']);
  });

  it('are rolled back when they would lose rows that they do not declare', () => {
    migrate(sqlite, { shipped: [parents], now });
    const lossy = migration('0002_lossy', 'DELETE FROM children WHERE id = 10;');
    expect(() => migrate(sqlite, { shipped: [parents, lossy], now })).toThrowError(
      expect.objectContaining({ code: 'database.migrationLostRows' }),
    );
    expect(children()).toBe(2);
    const declared = migration('0002_declared', '-- may delete from children\nDELETE FROM children WHERE id = 10;');
    migrate(sqlite, { shipped: [parents, declared], now });
    expect(children()).toBe(1);
  });

  it('are rolled back when they leave a reference broken', () => {
    migrate(sqlite, { shipped: [parents], now });
    const broken = migration('0002_broken', 'UPDATE children SET parent_id = 99 WHERE id = 10;');
    expect(() => migrate(sqlite, { shipped: [parents, broken], now })).toThrowError(
      expect.objectContaining({ code: 'database.migrationBroke' }),
    );
    expect(sqlite.prepare('select parent_id from children where id = 10').pluck().get()).toBe(1);
  });

  it('refuse a database of a newer program, and one with another history', () => {
    migrate(sqlite, { shipped: [parents, rebuild], now });
    expect(() => migrate(sqlite, { shipped: [parents], now })).toThrowError(expect.objectContaining({ code: 'database.newer' }));
    const other = { ...rebuild, checksum: 'another' };
    expect(() => migrate(sqlite, { shipped: [parents, other], now })).toThrowError(
      expect.objectContaining({ code: 'database.otherHistory' }),
    );
  });
});

describe('encryption at rest', () => {
  it('leaves no readable text in the file, and refuses another key without touching it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'encrypted-'));
    const path = join(folder, 'a.db');
    const sqlite = openSqlite(path, { key });
    sqlite.exec("CREATE TABLE notes (text TEXT NOT NULL) STRICT; INSERT INTO notes VALUES ('A123456789 readable marker')");
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
    sqlite.close();
    const before = readFileSync(path);
    expect(before.includes('readable marker')).toBe(false);
    expect(before.subarray(0, 15).toString()).not.toBe('SQLite format 3');
    expect(() => openSqlite(path, { key: new Uint8Array(32) })).toThrowError(expect.objectContaining({ code: 'SQLITE_NOTADB' }));
    expect(readFileSync(path).equals(before)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
