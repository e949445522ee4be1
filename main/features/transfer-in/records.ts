import { createHash, randomUUID } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import { recordTitle } from '../../../domain/record-fields.ts';
import type { RecordTreatment } from '../../../domain/transfer-conflicts.ts';
import type { DraftOf, FileReference } from '../../central/resources.ts';
import { type OfficeRecords, officeRecords, withoutVersion } from '../sync/outbox.ts';
import type { DecidedConflict, DecidedPlan } from './decisions.ts';
import type { ArrivingRecord } from './matching.ts';
import type { Conflict } from './register.ts';
import { merged } from './replacing.ts';
import { type PortfolioResource, recordTables } from './standing.ts';

/** Writes an arrival's records, for each what the city is told of it, and what was done with each. */
export interface RecordWriter {
  /** Inside one transaction. @param position of the student in the file */
  write: (plan: DecidedPlan, position: number) => void;
}

interface Origin {
  transferInId: string;
  /** UTC instant of the import. */
  at: string;
  accountName: string;
  /** This school's own. */
  schoolCode: string;
}

const hashOf = (content: string) => createHash('sha256').update(content).digest('hex');

type Draft = { [Resource in PortfolioResource]: { resource: Resource; draft: DraftOf<Resource> } }[PortfolioResource];

/**
 * A record of the file as this school keeps it: an id of this program, the sending school's code as it came; outcomes become
 * 轉學轉科前的課程學習成果 (transfer-format.md, Reading).
 */
function draftOf(studentId: string, arriving: ArrivingRecord): Draft {
  const own = { id: `import-${randomUUID()}`, studentId };
  switch (arriving.kind) {
    case 'outcome': {
      const here = { courseOfferingId: null, beforeTransfer: true, certifierId: null, tickedAt: null };
      return { resource: 'outcomes', draft: { ...arriving.record, ...own, ...here } };
    }
    case 'performance':
      return { resource: 'performances', draft: { ...arriving.record, ...own, tickedAt: null } };
    case 'cadre':
      return { resource: 'cadres', draft: { ...arriving.record, ...own } };
  }
}

/** New records have version 0 until the city acknowledges them; replaced ones are changed on the version that is here. */
export function recordWriter(sqlite: Sqlite, origin: Origin): RecordWriter {
  const { transferInId } = origin;
  const records = officeRecords(sqlite, origin);
  const mark = Object.fromEntries(
    Object.values(recordTables).map(({ resource, table }) => [
      resource,
      sqlite.prepare(`update ${table} set transfer_in_id = ?, content_hash = ? where id = ?`),
    ]),
  );
  const insertNote = sqlite.prepare(
    `insert into transfer_in_records (transfer_in_id, ordinal, position, resource, record_id, section, title, treatment, change_key)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let ordinal = 0;
  const note = (position: number, { kind, record, section }: ArrivingRecord | Conflict, id: string, done: Done) => {
    const title = recordTitle(kind, record);
    insertNote.run(transferInId, ordinal, position, recordTables[kind].resource, id, section, title, done.treatment, done.changeKey);
    ordinal += 1;
  };
  /** @returns the key of what the city is told */
  const save = ({ resource, draft }: Draft, content: string): string => {
    const changeKey = saveShared(records, resource, draft);
    for (const file of filesOf(draft)) records.sendFile(file.sha256);
    mark[resource]!.run(transferInId, hashOf(content), draft.id);
    return changeKey;
  };
  const add = (studentId: string, position: number, arriving: ArrivingRecord, treatment: 'added' | 'beside') => {
    const made = draftOf(studentId, arriving);
    note(position, arriving, made.draft.id, { treatment, changeKey: save(made, arriving.content) });
  };
  const replace = (position: number, conflict: Conflict) => {
    const { resource } = recordTables[conflict.kind];
    const draft = merged(conflict, withoutVersion(records.read(resource, conflict.here.id)!), origin.schoolCode);
    const changeKey = save({ resource, draft } as Draft, conflict.content);
    note(position, conflict, conflict.here.id, { treatment: 'replaced', changeKey });
  };
  const settle = (studentId: string, position: number, { conflict, treatment }: DecidedConflict) => {
    if (treatment === 'beside') add(studentId, position, conflict, 'beside');
    else if (treatment === 'replaced') replace(position, conflict);
    else note(position, conflict, conflict.here.id, { treatment, changeKey: null });
  };
  return {
    write: ({ studentId, problem, fresh, conflicts }, position) => {
      if (studentId === null || problem) return;
      for (const arriving of fresh) add(studentId, position, arriving, 'added');
      for (const decided of conflicts) settle(studentId, position, decided);
    },
  };
}

interface Done {
  treatment: RecordTreatment;
  changeKey: string | null;
}

/** The compiler cannot follow that resource and draft belong together. */
const saveShared = (records: OfficeRecords, resource: PortfolioResource, draft: object) =>
  records.save(resource, draft as DraftOf<typeof resource>);

const filesOf = (draft: Draft['draft']): FileReference[] => {
  const { document = null, media = null } = draft as { document?: FileReference | null; media?: FileReference | null };
  return [document, media].filter((file) => file !== null);
};
