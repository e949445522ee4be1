import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sqlite, SqliteConnection } from '../../../db/sqlite.ts';
import type { PurgedStudents } from '../../application/purged-students.ts';
import { completed, type RecordOf, type ResourceName, type Tombstone } from '../../central/resources.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { type SyncResult, syncItems } from './contract.ts';
import { knownFields } from './known-fields.ts';
import { unsettledStates } from './outbox.ts';
import { withoutPurged } from './purged-records.ts';
import { returnedNote } from './queries.ts';
import { placeMark, type Received } from './receive.ts';
import { resourceTables } from './records/index.ts';
import type { WriterContext } from './records/writer.ts';
import type { Staging } from './staging.ts';

export type ResourceOutcome = SyncResult['resources'][number];

export interface ApplyOptions {
  schoolCode: string;
  /** Of the receive record: where it came from. */
  cityHost: string;
  startedAt: string;
  now: () => Date;
  full: boolean;
  /** Whose records are left where they are: their retention here is over. */
  purged: PurgedStudents;
  signal: AbortSignal;
  onProgress: (done: number) => void;
}

/** More than this share of a table of more than `massDeleteFloor` rows is never deleted without being asked for. */
const massDeleteShare = 0.2;
const massDeleteFloor = 50;

type Incoming = { id: string; version: number; deleted: boolean };

/** Records that wait for what they point at, and problems of earlier runs that this one may mend. */
function openProblems(sqlite: Sqlite, resource: ResourceName, foundAt: string) {
  const rows = sqlite
    .prepare<[string], { recordId: string; waitingRecord: string | null }>(
      'select record_id as recordId, waiting_record as waitingRecord from sync_problems where resource = ?',
    )
    .all(resource);
  const known = new Set(rows.map(({ recordId }) => recordId));
  const insert = sqlite.prepare(
    `insert into sync_problems (resource, record_id, found_at, message, waiting_record) values (?, ?, ?, ?, ?)
     on conflict (resource, record_id) do update set message = excluded.message, waiting_record = excluded.waiting_record`,
  );
  const remove = sqlite.prepare('delete from sync_problems where resource = ? and record_id = ?');
  const noted = new Set<string>();
  return {
    waiting: rows.flatMap(({ waitingRecord }) => (waitingRecord === null ? [] : [JSON.parse(waitingRecord) as Incoming])),
    note: (recordId: string, message: string, waitingRecord: Incoming | null) => {
      known.add(recordId);
      noted.add(recordId);
      insert.run(resource, recordId, foundAt, message, waitingRecord ? JSON.stringify(waitingRecord) : null);
    },
    mended: (recordId: string) => {
      if (known.delete(recordId)) remove.run(resource, recordId);
    },
    /** Those of records without an id are known by their place only: what does not come again at its place came right. */
    forgetPlaces: () => {
      for (const recordId of known) if (recordId.startsWith(placeMark) && !noted.has(recordId)) remove.run(resource, recordId);
    },
  };
}

/** Changes of the office that the city has not taken: their records are not overwritten by what comes from there. */
function openUnsent(sqlite: Sqlite, resource: ResourceName) {
  const rows = sqlite
    .prepare<[string], { key: string; recordId: string; state: string }>(
      `select idempotency_key as key, record_id as recordId, state from outbox where resource = ? and state in ${unsettledStates}`,
    )
    .all(resource);
  const byRecord = new Map(rows.map((row) => [row.recordId, row]));
  const renew = sqlite.prepare('update outbox set answer = ? where idempotency_key = ?');
  const renewRefusal = sqlite.prepare("update outbox set answer = json_set(answer, '$.current', json(?)) where idempotency_key = ?");
  return {
    /** @returns true when the record is left as the office has it; a conflict or refusal then shows the city's newest */
    keeps: (incoming: Incoming): boolean => {
      const unsent = byRecord.get(incoming.id);
      if (!unsent) return false;
      if (unsent.state === 'conflict') renew.run(JSON.stringify(knownFields(resource, incoming)), unsent.key);
      if (unsent.state === 'refused') renewRefusal.run(JSON.stringify(knownFields(resource, incoming)), unsent.key);
      return true;
    },
  };
}

function refuseMassDelete(sqlite: Sqlite, resource: ResourceName, table: string, deleted: number): void {
  if (deleted === 0) return;
  const live = sqlite.prepare(`select count(*) from ${table} where deleted_at is null`).pluck().get() as number;
  if (live <= massDeleteFloor || deleted <= live * massDeleteShare) return;
  const { title } = syncItems[resource];
  throw new ApplicationError(
    'sync.massDelete',
    `市級系統要刪除「${title}」${live} 筆中的 ${deleted} 筆，為避免誤刪已停下，本機資料沒有變動。請先向市級系統確認；確定要刪除時，請以「完整同步」重新同步這個項目。`,
    { resource, live, deleted },
  );
}

/**
 * Applies what was staged of a resource: rows, tombstones, problems, cursor and receive record in one transaction. Call with the
 * write lease. The transaction gives the event loop a turn after each page, so that a cancel is heard and rolls all of it back.
 * @throws `sync.massDelete`, `job.cancelled`
 */
export async function apply(
  { sqlite }: SqliteConnection,
  staging: Staging,
  { resource, pages }: Received,
  options: ApplyOptions,
): Promise<ResourceOutcome> {
  const began = performance.now();
  sqlite.exec('begin immediate');
  try {
    const outcome = await applyPages(sqlite, staging, { resource, pages }, options);
    sqlite.exec('commit');
    staging.clear(resource);
    return { ...outcome, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec('rollback');
    throw error;
  }
}

async function applyPages(
  sqlite: Sqlite,
  staging: Staging,
  { resource, pages }: Received,
  options: ApplyOptions,
): Promise<Omit<ResourceOutcome, 'seconds'>> {
  const { full, schoolCode, purged, signal, onProgress } = options;
  const now = options.now().toISOString();
  const { table, writer } = resourceTables[resource];
  const staged = { count: 0, deleted: 0, bytes: 0 };
  for (const page of pages) {
    staged.count += page.count;
    staged.deleted += page.deleted;
    staged.bytes += page.bytes;
  }
  if (!full) refuseMassDelete(sqlite, resource, table, staged.deleted);

  const context: WriterContext = { sqlite, schoolCode, now };
  // The compiler cannot follow that table and records are of the same resource.
  const { missing, write, finish } = writer(context) as ReturnType<(typeof resourceTables)['teachers']['writer']>;
  const bury = sqlite.prepare(`update ${table} set deleted_at = ?, version = ? where id = ? and version < ? and deleted_at is null`);
  const problems = openProblems(sqlite, resource, now);
  const unsent = openUnsent(sqlite, resource);
  const outcome = { name: resource, received: staged.count, upserted: 0, deleted: 0, problems: 0 };
  const returned = new Set<string>();
  const welcomeBack = (studentId: string) => {
    purged.forget(studentId);
    returned.add(studentId);
  };

  const take = (incoming: Incoming) => {
    if (unsent.keeps(incoming)) {
      problems.mended(incoming.id);
      return;
    }
    if (incoming.deleted) {
      const { id, version } = incoming as Tombstone;
      outcome.deleted += bury.run(now, version, id, version).changes;
      problems.mended(id);
      return;
    }
    // The compiler cannot follow that the record is of the resource.
    const sent = completed(resource, incoming) as RecordOf<'teachers'>;
    const record = withoutPurged(resource, sent, purged, welcomeBack);
    if (record === null) {
      problems.mended(sent.id);
      return;
    }
    const references = missing(record);
    if (references.length > 0) {
      outcome.problems += 1;
      problems.note(record.id, `${references.join(', ')}: missing`, knownFields(resource, record));
      return;
    }
    if (write(record)) outcome.upserted += 1;
    problems.mended(record.id);
    if (returned.delete(record.id)) {
      outcome.problems += 1;
      problems.note(record.id, returnedNote, null);
    }
  };

  problems.waiting.forEach(take);
  let done = 0;
  for (const [position, page] of pages.entries()) {
    const unusable = new Set(page.problems.map(({ id }) => id));
    for (const { id, message } of page.problems) problems.note(id, message, null);
    outcome.problems += page.problems.length;
    for (const item of staging.items(resource, position) as Incoming[]) {
      if (unusable.size > 0 && (typeof item?.id !== 'string' || unusable.has(item.id))) continue;
      take(item);
    }
    done += page.count;
    onProgress(done);
    await nextTurn();
    signal.throwIfAborted();
  }
  problems.forgetPlaces();
  finish?.();
  keepRecord(sqlite, resource, pages, staged.bytes, outcome, options);
  return outcome;
}

/**
 * Where the next run begins: behind the last page, or before the first one with a record that could not be used. It may have been spoiled on
 * its way, or by the city when it was read, and then the city has no newer version of it to send.
 */
function cursorAfter(pages: Received['pages']): string | undefined {
  return pages.find(({ problems }) => problems.length > 0)?.fromCursor ?? pages.at(-1)?.nextCursor;
}

/** The cursor, and the line in 接收紀錄 where something came. */
function keepRecord(
  sqlite: Sqlite,
  resource: ResourceName,
  pages: Received['pages'],
  bytes: number,
  outcome: Omit<ResourceOutcome, 'seconds'>,
  { cityHost, startedAt, now }: ApplyOptions,
): void {
  const finishedAt = now().toISOString();
  const cursor = cursorAfter(pages);
  sqlite
    .prepare(
      `insert into sync_cursors (resource, cursor, last_started_at, last_finished_at, last_result, last_error, received)
       values (@resource, coalesce(@cursor, ''), @startedAt, @finishedAt, 'done', null, @received)
       on conflict (resource) do update set cursor = coalesce(@cursor, sync_cursors.cursor), last_started_at = @startedAt,
         last_finished_at = @finishedAt, last_result = 'done', last_error = null, received = @received`,
    )
    .run({ resource, cursor: cursor ?? null, startedAt, finishedAt, received: outcome.received });
  if (pages.length === 0) return;
  sqlite
    .prepare(
      `insert into receive_records (id, origin, data_type, ip, received_at, bytes, file_count, all_received, started_at, finished_at, status, rows)
       values (?, 'sync', ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)`,
    )
    .run(
      randomUUID(),
      syncItems[resource].title,
      cityHost,
      startedAt,
      bytes,
      pages.length,
      startedAt,
      finishedAt,
      outcome.problems === 0 ? '處理完成' : `處理完成，${outcome.problems} 筆資料有問題`,
      outcome.received,
    );
}
