import type { Sqlite } from '../../../db/connection.ts';
import { changeSince, type UndoObstacle } from '../../../domain/transfer-undo.ts';
import { recordReader, withoutVersion } from '../sync/outbox.ts';
import { onLivingRoster, type PortfolioResource, recordTables } from './standing.ts';

/** A record that an import wrote and that is still here. */
export interface WrittenRecord {
  resource: PortfolioResource;
  recordId: string;
  section: string;
  title: string;
  treatment: 'added' | 'beside' | 'replaced';
  changeKey: string;
  /** SHA-256 of the files that came with it; what a replaced record had before is not among them. */
  files: string[];
  /** The city has it, or may have it. */
  reached: boolean;
}

/** What stands in the way of taking an import back, of one record or of the student as a whole. */
export interface Obstacle {
  student: string;
  /** Null of the student as a whole. */
  record: { section: string; title: string } | null;
  obstacle: UndoObstacle;
}

export interface StudentUndo {
  position: number;
  studentId: string;
  name: string;
  records: WrittenRecord[];
  obstacles: Obstacle[];
}

interface StudentRow {
  position: number;
  studentId: string;
  name: string;
  slipPrinted: number;
  handedOver: number;
  laterImport: number;
}

type Row = Omit<WrittenRecord, 'files' | 'reached'> & { written: string; before: string | null; reached: number };
type Standing = { onRoster: number; disputed: number };

/** Students of an import that can still be taken back, with what it wrote of each. Nothing of it is written here. */
export function undoPlan(sqlite: Sqlite, importId: string, position: number | null): StudentUndo[] {
  const students = sqlite
    .prepare<[object], StudentRow>(
      `select t.position, t.student_id as studentId, t.name,
         exists (select 1 from confirmation_slips p where p.student_id = t.student_id and p.printed_at >= i.created_at) as slipPrinted,
         exists (select 1 from transfer_out_students o join transfer_out_files f on f.id = o.transfer_out_file_id
           where o.student_id = t.student_id and f.created_at >= i.created_at) as handedOver,
         exists (select 1 from transfer_in_students later join transfer_ins after on after.id = later.transfer_in_id
           where later.student_id = t.student_id and after.rowid > i.rowid and later.undone_at is null
             and (later.completed = 1 or exists (select 1 from transfer_in_records r
               where r.transfer_in_id = after.id and r.position = later.position and r.change_key is not null))) as laterImport
       from transfer_in_students t join transfer_ins i on i.id = t.transfer_in_id
       where t.transfer_in_id = @importId and t.student_id is not null and t.undone_at is null and (@position is null or t.position = @position)
       order by t.position`,
    )
    .all({ importId, position });
  const recordsOf = sqlite.prepare<[string, number], Row>(
    `select r.resource, r.record_id as recordId, r.section, r.title, r.treatment, r.change_key as changeKey, told.data as written, told.before,
       told.state <> 'refused' and (told.state <> 'waiting' or told.attempts > 0) as reached
     from transfer_in_records r join outbox told on told.idempotency_key = r.change_key
     where r.transfer_in_id = ? and r.position = ? order by r.ordinal`,
  );
  const look = recordLook(sqlite);
  return students.map(({ position: at, studentId, name, slipPrinted, handedOver, laterImport }) => {
    const obstacles: Obstacle[] = [];
    const records: WrittenRecord[] = [];
    for (const { written, before, reached, ...row } of recordsOf.all(importId, at)) {
      const draft = JSON.parse(written) as Record<string, unknown>;
      const obstacle = look(row, draft);
      if (obstacle === 'gone') continue;
      const had = new Set(filesOf(JSON.parse(before ?? '{}') as Record<string, unknown>));
      records.push({ ...row, files: filesOf(draft).filter((sha256) => !had.has(sha256)), reached: reached === 1 });
      if (obstacle) obstacles.push({ student: name, record: { section: row.section, title: row.title }, obstacle });
    }
    const asAWhole: [number, UndoObstacle][] = [
      [laterImport, 'laterImport'],
      // Only what shows records of this import is built on it.
      [records.length > 0 ? slipPrinted : 0, 'slipPrinted'],
      [records.length > 0 ? handedOver : 0, 'handedOver'],
    ];
    for (const [stands, obstacle] of asAWhole) if (stands === 1) obstacles.unshift({ student: name, record: null, obstacle });
    return { position: at, studentId, name, records, obstacles };
  });
}

/** What happened to a record since it was written; one that was made and is gone needs no taking back. */
function recordLook(
  sqlite: Sqlite,
): (row: Omit<Row, 'written' | 'before' | 'reached'>, written: Record<string, unknown>) => UndoObstacle | 'gone' | null {
  const reader = recordReader(sqlite);
  const standings = Object.fromEntries(
    Object.values(recordTables).map(({ resource, table }) => [
      resource,
      sqlite.prepare<[string], Standing>(
        // What the city refused it never had; of what it has in another version the office has to choose first.
        `select ${onLivingRoster('r')} as onRoster,
           exists (select 1 from outbox where resource = '${resource}' and record_id = r.id and state = 'conflict') as disputed
         from ${table} r where r.id = ?`,
      ),
    ]),
  ) as Record<PortfolioResource, ReturnType<typeof sqlite.prepare<[string], Standing>>>;
  return ({ resource, recordId, treatment }, written) => {
    const record = reader.read(resource, recordId);
    if (!record) return treatment === 'replaced' ? 'changed' : 'gone';
    const { onRoster, disputed } = standings[resource].get(recordId)!;
    if (onRoster === 1) return 'handedIn';
    return changeSince(written, withoutVersion(record)) ?? (disputed === 1 ? 'disputed' : null);
  };
}

const filesOf = (draft: Record<string, unknown>): string[] =>
  [draft.document, draft.media].flatMap((file) => (file ? [(file as { sha256: string }).sha256] : []));
