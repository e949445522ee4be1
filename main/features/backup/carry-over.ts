import type { Sqlite } from '../../../db/sqlite.ts';

/**
 * What a restore does not turn back. The audit log goes on where it was, whatever the school goes back to; the list of backups, and how they
 * are made, say what is so now.
 */

/** Tables that the restored school takes from the one that goes, or that are no matter of the school at all. */
export const keptTables = [
  'audit_entries',
  'audit_subjects',
  'audit_checkpoints',
  'audit_operations',
  'audited_calls',
  'backups',
  'unrecorded_transfer_files',
  'leaver_purges',
  'purged_students',
] as const;

const columnsOf = (sqlite: Sqlite, table: string): string[] =>
  sqlite.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(table);

/** Copies rows of a table, by the columns that both databases have; nothing where one of them is of a version without the table. */
function copyRows(from: Sqlite, to: Sqlite, table: string, condition: string, ...parameters: readonly (string | number)[]): void {
  const known = new Set(columnsOf(to, table));
  const columns = columnsOf(from, table).filter((name) => known.has(name));
  if (columns.length === 0) return;
  const insert = to.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`);
  const rows = from.prepare(`select ${columns.join(', ')} from ${table} where ${condition}`).raw();
  for (const row of rows.iterate(...parameters)) insert.run(...(row as unknown[]));
}

const empty = (sqlite: Sqlite, table: string) => {
  if (columnsOf(sqlite, table).length > 0) sqlite.exec(`delete from ${table}`);
};

/**
 * Entries written since the backup follow on the restored log, where it is the same log. Where it is not, or what links them was purged, the
 * log ends with the backup, and its anchor tells that (main/application/audit-anchor.ts).
 */
function carryAuditLog(from: Sqlite, to: Sqlite): void {
  const last = to
    .prepare<[], { sequence: number; hash: string }>('select sequence, hash from audit_entries order by sequence desc limit 1')
    .get();
  const same =
    last === undefined || from.prepare('select 1 from audit_entries where sequence = ? and hash = ?').get(last.sequence, last.hash);
  if (!same) return;
  const after = last?.sequence ?? 0;
  copyRows(from, to, 'audit_entries', 'sequence > ? order by sequence', after);
  copyRows(from, to, 'audit_subjects', 'sequence > ?', after);
}

/** Who was purged after his retention stays so: the next start deletes again whom the backup brings back (main/features/retention). */
function carryPurges(from: Sqlite, to: Sqlite): void {
  if (columnsOf(from, 'purged_students').length === 0) return;
  // In the order of their references; what the backup has of them is a part of it.
  for (const table of ['purged_students', 'leaver_purges']) empty(to, table);
  for (const table of ['leaver_purges', 'purged_students']) copyRows(from, to, table, 'true');
}

/** What the backup caught half-way: its own call in the audit log, a transfer file between its name and its record. */
function forgetHalfway(to: Sqlite): void {
  empty(to, 'audited_calls');
  empty(to, 'unrecorded_transfer_files');
}

/**
 * Carries over what is not turned back, all or nothing.
 * @param from the database that goes; what is damaged in it ends the carrying with SQLite's error
 * @returns records of backups as it had them, for after the restored one was brought up to date
 */
export function carryOver(from: Sqlite, to: Sqlite): Record<string, unknown>[] {
  to.transaction(() => {
    forgetHalfway(to);
    carryAuditLog(from, to);
    carryPurges(from, to);
    // Calls that a killed program left open are told by the next start.
    copyRows(from, to, 'audited_calls', 'true');
    const replace = to.prepare('insert or replace into school_settings (key, value) values (?, ?)');
    const kept = from.prepare<[], [string, string]>("select key, value from school_settings where key like 'backup.%'").raw();
    for (const [key, value] of kept.all()) replace.run(key, value);
  })();
  return from.prepare('select * from backups').all() as Record<string, unknown>[];
}

/**
 * The same where there is no database to carry from, or none that opens.
 * @param anchored whether the place where the audit log had got to is known here: then what the backup lacks of it is told, and stays told until
 *   somebody answers for it. On another computer nothing is known, and the log goes on from the backup
 */
export function settleWithoutFormer(to: Sqlite, { anchored }: { anchored: boolean }): void {
  to.transaction(() => {
    forgetHalfway(to);
    if (!anchored) to.prepare("delete from school_settings where key = 'audit.anchored'").run();
  })();
}
