import { randomUUID } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import type { DraftOf, RecordOf, ResourceName } from '../../central/resources.ts';
import { resourceTables } from './records/index.ts';
import { type OfficeResource, officeTable, recordReader } from './records/reading.ts';

export { recordReader } from './records/reading.ts';

/** States of a change that the city and the office have not agreed upon yet. */
export const unsettledStates = "('waiting', 'conflict', 'refused')";

export interface OutboxEntry {
  resource: ResourceName;
  id: string;
  /** The version the office saw; 0 of a record that it makes. */
  baseVersion: number;
  operation: 'create' | 'update' | 'delete';
  /** The whole record, without version and tombstone; empty of a deletion. */
  data: object;
  /** The record as it was before, to go back to when the city refuses. */
  before?: object | undefined;
}

export interface Outbox {
  /** Puts a change on its way, in the transaction of the change itself. @returns its idempotency key */
  tell: (entry: OutboxEntry) => string;
  /** Puts a file on its way that the city does not have yet; one it has is not sent again. */
  sendFile: (sha256: string) => void;
}

/**
 * The way out for what the office changes. Call inside the transaction that changes the rows.
 * @param at UTC instant of the change
 */
export function openOutbox(sqlite: Sqlite, { at, accountName }: { at: string; accountName: string }): Outbox {
  const insert = sqlite.prepare(
    `insert into outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state, before)
     values (?, (select coalesce(max(sequence), 0) + 1 from outbox), ?, ?, ?, ?, ?, ?, ?, 'waiting', ?)`,
  );
  const insertFile = sqlite.prepare(
    'insert or ignore into file_outbox (sha256, created_at) select sha256, ? from attachments where sha256 = ? and at_city = 0',
  );
  return {
    tell: ({ resource, id, baseVersion, operation, data, before }) => {
      const key = randomUUID();
      const [made, was] = [JSON.stringify(data), before ? JSON.stringify(before) : null];
      insert.run(key, resource, id, baseVersion, operation, made, at, accountName, was);
      return key;
    },
    sendFile: (sha256) => {
      insertFile.run(at, sha256);
    },
  };
}

/** Shared records as the office changes them: the row and what the city is told of it, in one transaction. */
export interface OfficeRecords {
  /** The living record, or undefined. */
  read: <Name extends OfficeResource>(resource: Name, id: string) => RecordOf<Name> | undefined;
  /** Makes a record (a new id) or replaces one. @returns the key of what the city is told */
  save: <Name extends OfficeResource>(resource: Name, draft: DraftOf<Name>) => string;
  /** Deletes a record; one that is not there is left alone. */
  remove: (resource: OfficeResource, id: string) => void;
  /**
   * Takes a change back, the newest of its record: the record is again as it was before it, or gone where the change made it. A change that
   * never went out, or that the city refused, is withdrawn; what the city has, or may have, is changed back there.
   */
  takeBack: (key: string) => 'withdrawn' | 'told';
  sendFile: (sha256: string) => void;
}

export function officeRecords(
  sqlite: Sqlite,
  { at, accountName, schoolCode }: { at: string; accountName: string; schoolCode: string },
): OfficeRecords {
  const outbox = openOutbox(sqlite, { at, accountName });
  const reader = recordReader(sqlite);
  const writers = new Map<OfficeResource, { write: (record: object) => boolean }>();
  const writerOf = (resource: OfficeResource) => {
    let writer = writers.get(resource);
    if (!writer) {
      // The compiler cannot follow that writer and record are of the same resource.
      writer = resourceTables[resource].writer({ sqlite, schoolCode, now: at, fromOffice: true }) as { write: (record: object) => boolean };
      writers.set(resource, writer);
    }
    return writer;
  };
  const changes = toldChanges(sqlite);
  const records: OfficeRecords = {
    read: reader.read,
    save: (resource, draft) => {
      const before = reader.read(resource, draft.id);
      const baseVersion = before?.version ?? reader.version(resource, draft.id);
      writerOf(resource).write({ ...draft, version: baseVersion, deleted: false });
      // What the city never had is made there, though it lies here already (a term that came from its classes).
      return outbox.tell({ resource, id: draft.id, baseVersion, operation: baseVersion === 0 ? 'create' : 'update', data: draft, before });
    },
    remove: (resource, id) => {
      const before = reader.read(resource, id);
      if (!before) return;
      sqlite.prepare(`update ${officeTable(resource)} set deleted_at = ? where id = ?`).run(at, id);
      outbox.tell({ resource, id, baseVersion: before.version, operation: 'delete', data: {}, before });
    },
    takeBack: (key) => {
      const { resource, recordId, before, reached } = changes.find.get(key)!;
      const was = before === null ? null : (JSON.parse(before) as RecordOf<OfficeResource>);
      if (reached === 1) {
        if (was) records.save(resource, withoutVersion(was));
        else records.remove(resource, recordId);
        return 'told';
      }
      changes.withdraw.run(at, resource, recordId);
      if (was) writerOf(resource).write({ ...was, version: reader.version(resource, recordId) });
      else sqlite.prepare(`delete from ${officeTable(resource)} where id = ?`).run(recordId);
      return 'withdrawn';
    },
    sendFile: outbox.sendFile,
  };
  return records;
}

interface ToldChange {
  resource: OfficeResource;
  recordId: string;
  before: string | null;
  /** 1 where this change or a later one of the record is at the city, or may be. */
  reached: number;
}

function toldChanges(sqlite: Sqlite) {
  return {
    find: sqlite.prepare<[string], ToldChange>(
      `select resource, record_id as recordId, before, exists (
         select 1 from outbox later where later.resource = told.resource and later.record_id = told.record_id and later.sequence >= told.sequence
           and later.state <> 'refused' and (later.state <> 'waiting' or later.attempts > 0)) as reached
       from outbox told where idempotency_key = ?`,
    ),
    withdraw: sqlite.prepare(
      `update outbox set state = 'withdrawn', settled_at = ? where resource = ? and record_id = ? and state in ${unsettledStates}`,
    ),
  };
}

/** A record as the office sends it. */
export function withoutVersion<Name extends ResourceName>({
  version: _version,
  deleted: _deleted,
  ...draft
}: RecordOf<Name>): DraftOf<Name> {
  return draft as unknown as DraftOf<Name>;
}
