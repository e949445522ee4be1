import type { Sqlite } from '../../db/connection.ts';
import { openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { auditAnchor } from '../../main/application/audit-anchor.ts';
import { entryHash, type KeptEntry, type Verification } from '../../main/application/audit-chain.ts';
import { auditEntry, auditLog, type EntryDraft, verifyAuditLog } from '../../main/application/audit-log.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';

export const draft = (changes: Partial<EntryDraft> = {}): EntryDraft => ({
  accountName: '999999adm',
  operation: 'cabinet.read',
  action: 'view',
  module: 'S0205S',
  summary: '查看學習歷程檔案櫃',
  studentIds: ['s-1'],
  studentCount: 1,
  outcome: 'done',
  ...changes,
});

/** A real, encrypted database with a log of so many entries, a minute apart. */
export function openLog(entries: number) {
  const folder = temporaryFolder('audit');
  const directory = openDataDirectory(folder.path);
  const connection = openDatabase(directory.database, { key: deriveKey(testMasterKey, 'database') });
  const { sqlite } = connection;
  migrate(sqlite, { now: () => new Date('2026-11-24T01:00:00Z') });
  const anchor = auditAnchor(directory, testMasterKey);
  const log = auditLog(sqlite);
  const append = (count: number, changes: Partial<EntryDraft> = {}) =>
    sqlite.transaction(() => {
      for (let index = 0; index < count; index += 1) {
        const at = new Date(Date.parse('2020-01-01T00:00:00Z') + (log.head()?.sequence ?? 0) * 60_000);
        log.append(draft(changes), at.toISOString());
      }
    })();
  append(entries);
  const head = log.head();
  if (head) anchor.write(head);
  return {
    sqlite,
    directory,
    anchor,
    append,
    verify: (): Verification => verifyAuditLog(sqlite, { anchor: anchor.read(), anchored: true }),
    close: () => {
      connection.close();
      folder.remove();
    },
  };
}

/** Whoever has the key can do this; triggers and references only keep the program itself honest. */
export function dropTriggers(sqlite: Sqlite): void {
  sqlite.pragma('foreign_keys=OFF');
  for (const name of sqlite.prepare("select name from sqlite_schema where type = 'trigger' and tbl_name like 'audit_%'").pluck().all()) {
    sqlite.exec(`drop trigger "${name}"`);
  }
}

/** Rewrites an entry as its hash would have to be, and leaves the next one as it is. */
export function forge(sqlite: Sqlite, sequence: number, changes: Partial<KeptEntry>): void {
  const entry = { ...auditEntry(sqlite, sequence)!, ...changes };
  sqlite
    .prepare(
      `update audit_entries set at = @at, account_name = @accountName, operation = @operation, action = @action, module = @module,
         summary = @summary, student_ids = @studentIds, student_count = @studentCount, outcome = @outcome,
         previous_hash = @previousHash, hash = @hash where sequence = @sequence`,
    )
    .run({ ...entry, hash: entryHash(entry) });
}
