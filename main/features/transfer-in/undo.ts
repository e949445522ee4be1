import { createHash } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import { type OfficeRecords, officeRecords } from '../sync/outbox.ts';
import { importUndone } from '../transfer-cases/file-steps.ts';
import { comparableOf } from './matching.ts';
import { kindOf, type PortfolioResource, recordTables } from './standing.ts';
import type { StudentUndo, WrittenRecord } from './undo-plan.ts';
import { fileUse } from './unused-files.ts';

interface Doing {
  at: string;
  accountName: string;
  schoolCode: string;
}

/**
 * Takes back what an import wrote of some of its students, in the caller's transaction: new records go, replaced ones have their former
 * content, the city is told where it has them, the arrivals' cases are open again.
 * @returns SHA-256 of the files whose rows went, and whose bytes are to follow
 */
export function takeBackImport(
  sqlite: Sqlite,
  { importId, position }: { importId: string; position: number | null },
  students: readonly StudentUndo[],
  doing: Doing,
): string[] {
  const records = students.flatMap((student) => student.records);
  const office = officeRecords(sqlite, doing);
  const takeBack = recordTaker(sqlite, office);
  for (const record of records) takeBack(record);
  markUndone(sqlite, importId, position, doing);
  const forgetOrigin = originRestorer(sqlite, office);
  for (const record of records) if (record.treatment === 'replaced') forgetOrigin(record);
  for (const studentId of position === null ? [undefined] : students.map((student) => student.studentId)) {
    importUndone(sqlite, { transferInId: importId, ...(studentId !== undefined && { studentId }) }, doing);
  }
  return forgetFiles(sqlite, records);
}

/** A record the city is told to delete lets go of its files where the city has them: should it come back, it names them itself. */
function recordTaker(sqlite: Sqlite, office: OfficeRecords): (record: WrittenRecord) => void {
  const letGo = Object.fromEntries(
    Object.values(recordTables)
      .filter(({ resource }) => resource !== 'cadres')
      .map(({ resource, table }) => {
        const kept = (column: string) => `iif((select at_city from attachments where sha256 = ${column}) = 1, null, ${column})`;
        return [
          resource,
          sqlite.prepare(
            `update ${table} set document_sha256 = ${kept('document_sha256')}, media_sha256 = ${kept('media_sha256')} where id = ? and deleted_at is not null`,
          ),
        ];
      }),
  ) as Partial<Record<PortfolioResource, ReturnType<Sqlite['prepare']>>>;
  return ({ resource, recordId, changeKey, treatment }) => {
    const went = office.takeBack(changeKey);
    if (went === 'told' && treatment !== 'replaced') letGo[resource]?.run(recordId);
  };
}

/** A record with its former content is again of the import that had brought that, or of none. */
function originRestorer(sqlite: Sqlite, office: OfficeRecords): (record: WrittenRecord) => void {
  const before = sqlite
    .prepare<[string, string], string>(
      `select r.transfer_in_id from transfer_in_records r
         join transfer_in_students t on t.transfer_in_id = r.transfer_in_id and t.position = r.position
         join transfer_ins i on i.id = r.transfer_in_id
       where r.resource = ? and r.record_id = ? and r.change_key is not null and t.undone_at is null
       order by i.rowid desc limit 1`,
    )
    .pluck();
  return ({ resource, recordId }) => {
    const importId = before.get(resource, recordId) ?? null;
    const record = office.read(resource, recordId);
    const { content } = comparableOf(kindOf(resource), record!);
    const contentHash = importId === null ? null : createHash('sha256').update(content).digest('hex');
    const { table } = recordTables[kindOf(resource)];
    sqlite.prepare(`update ${table} set transfer_in_id = ?, content_hash = ? where id = ?`).run(importId, contentHash, recordId);
  };
}

function markUndone(sqlite: Sqlite, importId: string, position: number | null, { at, accountName }: Doing): void {
  const { changes } = sqlite
    .prepare(
      `update transfer_in_students set completed = 0, undone_at = @at, undone_by = @accountName
       where transfer_in_id = @importId and undone_at is null and (@position is null or position = @position)`,
    )
    .run({ at, accountName, importId, position });
  sqlite.prepare('update transfer_ins set undone_count = undone_count + ? where id = ?').run(changes, importId);
}

/** Files that no row points at any more are no longer known, nor sent. */
function forgetFiles(sqlite: Sqlite, records: readonly WrittenRecord[]): string[] {
  const isUsed = fileUse(sqlite);
  const unsend = sqlite.prepare('delete from file_outbox where sha256 = ?');
  const forget = sqlite.prepare('delete from attachments where sha256 = ?');
  const nobody = new Set<string>();
  return [...new Set(records.flatMap(({ files }) => files))].filter((sha256) => {
    if (isUsed(sha256, nobody)) return false;
    unsend.run(sha256);
    forget.run(sha256);
    return true;
  });
}
