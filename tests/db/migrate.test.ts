import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, type Sqlite } from '../../db/connection.ts';
import { type Migration, migrate, shippedMigrations } from '../../db/migrate.ts';

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

  it('run once', () => {
    expect(migrate(sqlite, { shipped: [parents], now })).toEqual(['0001_parents']);
    expect(migrate(sqlite, { shipped: [parents], now })).toEqual([]);
    expect(migrate(sqlite, { shipped: [parents, rebuild], now })).toEqual(['0002_rebuild_parents']);
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

describe('0005: what earlier imports did', () => {
  it('is told of every record that names its import, in the order of its students', () => {
    const folder = mkdtempSync(join(tmpdir(), 'imports-'));
    const sqlite = openSqlite(join(folder, 'a.db'), { key });
    const shipped = shippedMigrations();
    const before = shipped.filter(({ id }) => id < '0005');
    migrate(sqlite, { shipped: before, now });
    sqlite.exec(`
      INSERT INTO students (id, version, student_number, name, birth_date, sex, status, entry_year)
        VALUES ('s1', 1, '1', '甲', '2010-01-01', 'female', 'transferredIn', 114), ('s2', 1, '2', '乙', '2010-01-01', 'male', 'transferredIn', 114);
      INSERT INTO transfer_ins (id, created_at, created_by, file_name, bytes, md5, sha256, sender_school_code, student_count, completed_count)
        VALUES ('i1', '2026-11-01T00:00:00Z', 'x', 'a.zip', 1, 'm', 's', '080000', 2, 2);
      INSERT INTO transfer_in_students (transfer_in_id, position, identity, name, student_id, completed, counts, messages)
        VALUES ('i1', 0, 'A', '甲', 's1', 1, '{}', '[]'), ('i1', 1, 'B', '乙', 's2', 1, '{}', '[]');
      INSERT INTO cadres (id, version, student_id, academic_year, semester, unit_name, position_name, level_code, starts_on, ends_on, created_at,
          source_school_code, transfer_in_id)
        VALUES ('k2', 0, 's2', 114, 1, '班聯會', '主席', '1', '2025-09-01', '2026-01-31', '2026-01-01T00:00:00Z', '080000', 'i1'),
          ('k1', 0, 's1', 114, 1, '一年三班', '班長', '2', '2025-09-01', '2026-01-31', '2026-01-01T00:00:00Z', '080000', 'i1'),
          ('k3', 5, 's1', 114, 1, '一年三班', '班長', '2', '2025-09-01', '2026-01-31', '2026-01-01T00:00:00Z', '999999', NULL);
      INSERT INTO diverse_performances (id, version, student_id, category, academic_year, semester, title, details, summary, uploaded_term, created_at,
          source_school_code, transfer_in_id)
        VALUES ('p1', 0, 's1', 2, 114, 1, '科展', '{}', '', '1141', '2026-01-01T00:00:00Z', '080000', 'i1');
      INSERT INTO outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state)
        VALUES ('told', 1, 'cadres', 'k1', 0, 'create', '{}', '2026-11-01T00:00:00Z', 'x', 'accepted');`);
    migrate(sqlite, { shipped: shipped.filter(({ id }) => id <= '0005_conflicts'), now });
    expect(
      sqlite
        .prepare(
          'select ordinal, position, resource, record_id, section, title, treatment, change_key from transfer_in_records order by ordinal',
        )
        .raw()
        .all(),
    ).toEqual([
      [0, 0, 'performances', 'p1', '競賽參與紀錄', '科展', 'added', null],
      [1, 0, 'cadres', 'k1', '校內幹部經歷', '一年三班 班長', 'added', 'told'],
      [2, 1, 'cadres', 'k2', '校內幹部經歷', '班聯會 主席', 'added', null],
    ]);
    sqlite.close();
    rmSync(folder, { recursive: true });
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
