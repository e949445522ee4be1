import type { Sqlite } from '../../../db/connection.ts';
import type { OutputOf } from '../contract.ts';
import { type SyncResourceName, syncResourceNames } from './contract.ts';

type SyncItem = OutputOf<'sync.overview'>['items'][number];

interface CursorRow extends Omit<SyncItem, 'resource' | 'problems'> {
  resource: SyncResourceName;
}

/** 同步作業: how each resource stands, in the order of the contract. */
export function syncStates(sqlite: Sqlite): SyncItem[] {
  const rows = sqlite
    .prepare<[], CursorRow>(
      `select resource, last_started_at as lastStartedAt, last_finished_at as lastFinishedAt, last_result as lastResult,
         last_error as lastError, received
       from sync_cursors`,
    )
    .all();
  const problems = new Map(
    sqlite
      .prepare<[], [string, number]>('select resource, count(*) from sync_problems group by resource')
      .raw()
      .all()
      .map(([resource, count]) => [resource, count]),
  );
  const byName = new Map(rows.map((row) => [row.resource, row]));
  return syncResourceNames.map((resource) => ({
    lastStartedAt: null,
    lastFinishedAt: null,
    lastResult: null,
    lastError: null,
    received: 0,
    ...byName.get(resource),
    resource,
    problems: problems.get(resource) ?? 0,
  }));
}

/** When every resource had last been received without failure: the oldest of them; null while one never was. */
export function lastCompleteAt(items: readonly SyncItem[]): string | null {
  let oldest: string | null = null;
  for (const { lastResult, lastFinishedAt } of items) {
    if (lastResult !== 'done' || lastFinishedAt === null) return null;
    if (oldest === null || lastFinishedAt < oldest) oldest = lastFinishedAt;
  }
  return oldest;
}

/** Records whose change the city did not take, and about which the office has not decided yet. */
export function disputedRecords(sqlite: Sqlite): number {
  return sqlite
    .prepare("select count(*) from (select distinct resource, record_id from outbox where state in ('conflict', 'refused'))")
    .pluck()
    .get() as number;
}

/** Of a student who was purged after his retention and is in school again: what was before lies at the city alone. */
export const returnedNote = 'student: returned';

/** Records the city sent that could not be used, in words. */
export function syncProblems(sqlite: Sqlite): OutputOf<'sync.problems'> {
  const rows = sqlite
    .prepare<[], { resource: SyncResourceName; recordId: string; foundAt: string; message: string; waits: number }>(
      `select resource, record_id as recordId, found_at as foundAt, message, waiting_record is not null as waits from sync_problems
       order by found_at desc, resource, record_id limit 500`,
    )
    .all();
  return {
    total: sqlite.prepare('select count(*) from sync_problems').pluck().get() as number,
    problems: rows.map(({ message, waits, ...problem }) => ({
      ...problem,
      reason:
        message === returnedNote
          ? '這位學生曾依保存期限清除，現在又在學；請以「完整同步」取回他以前的資料'
          : waits
            ? `等待它所指的資料（${message.replace(/: missing$/, '')}），每次同步會再試`
            : `格式不符（${message}），每次同步會再試，等待市級系統更正`,
    })),
  };
}

/** Changes and files on their way to the city. */
export function waitingToSend(sqlite: Sqlite): number {
  return sqlite
    .prepare("select (select count(*) from outbox where state = 'waiting') + (select count(*) from file_outbox)")
    .pluck()
    .get() as number;
}
