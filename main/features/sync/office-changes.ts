import type { Sqlite } from '../../../db/connection.ts';
import type { LooseRecord } from '../../../domain/record-fields.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { changeWords } from './change-words.ts';
import { type ChangedResource, changeModules, type OfficeChange } from './contract.ts';
import { openOutbox, unsettledStates } from './outbox.ts';
import { resourceTables } from './records/index.ts';

interface Entry {
  resource: ChangedResource;
  recordId: string;
  state: OfficeChange['state'];
  operation: OfficeChange['operation'];
  changedAt: string;
  changedBy: string;
  data: LooseRecord;
  before: LooseRecord | null;
  /** The city's current record, of a conflict or a refusal; null where it has none, undefined where it did not say. */
  current: LooseRecord | null | undefined;
  refusal: string | null;
}

interface Row extends Omit<Entry, 'data' | 'before' | 'current' | 'refusal'> {
  data: string;
  before: string | null;
  answer: string | null;
}

function entryOf({ data, before, answer, ...rest }: Row): Entry {
  const parsed = answer === null ? null : (JSON.parse(answer) as LooseRecord | null);
  const refused = rest.state === 'refused';
  return {
    ...rest,
    data: JSON.parse(data) as LooseRecord,
    before: before === null ? null : (JSON.parse(before) as LooseRecord),
    current: refused ? (parsed?.current as LooseRecord | undefined) : rest.state === 'conflict' ? parsed : undefined,
    refusal: refused ? String(parsed?.message ?? '') : null,
  };
}

const select = `select resource, record_id as recordId, state, operation, created_at as changedAt, created_by as changedBy, data, before, answer
  from outbox where state in ${unsettledStates}`;

const alive = (record: LooseRecord | null | undefined): LooseRecord | null => (record && record.deleted !== true ? record : null);

/** Whose record some changes are of, by whichever side says it; null of a setting. */
function studentOf(entries: readonly Entry[]): string | null {
  const ids = entries.flatMap(({ data, before, current }) => [data.studentId, before?.studentId, current?.studentId]);
  return ids.find((id) => typeof id === 'string') ?? null;
}

/** How far a record's changes are: what the city did not take comes before what only waits. */
const gravity = { refused: 2, conflict: 1, waiting: 0 };

/** An import of a whole class waits as thousands of records: their number says enough. */
const waitingShown = 200;

/**
 * Changes of the office not settled with the city, one line a record however often it was changed.
 * @param resources those whose screens the asker may see
 */
export function readChanges(
  sqlite: Sqlite,
  resources: readonly ChangedResource[],
  { disputedOnly }: { disputedOnly: boolean },
): { changes: OfficeChange[]; waiting: number } {
  const wanted = new Set(resources);
  const byRecord = new Map<string, Row[]>();
  for (const row of sqlite.prepare<[], Row>(`${select} order by sequence`).iterate()) {
    if (!wanted.has(row.resource)) continue;
    const key = `${row.resource} ${row.recordId}`;
    byRecord.set(key, [...(byRecord.get(key) ?? []), row]);
  }
  const records = [...byRecord.values()];
  const isDisputed = (rows: Row[]) => rows.some(({ state }) => state !== 'waiting');
  const waiting = records.filter((rows) => !isDisputed(rows));
  const shown = new Set([...records.filter(isDisputed), ...waiting.slice(0, disputedOnly ? 0 : waitingShown)]);
  const inWords = changeWords(sqlite);
  const changes = [...shown].map((rows) => {
    const entries = rows.map(entryOf);
    const newest = entries.at(-1)!;
    const worst = entries.reduce((worse, entry) => (gravity[entry.state] > gravity[worse.state] ? entry : worse));
    const mine = newest.operation === 'delete' ? null : newest.data;
    const theirs = worst.current === undefined ? entries[0]!.before : alive(worst.current);
    const { resource, recordId, operation, changedAt, changedBy } = newest;
    const labelled = inWords(resource, recordId, mine, theirs ?? null);
    return {
      resource,
      recordId,
      studentId: studentOf(entries),
      ...labelled,
      operation,
      changedAt,
      changedBy,
      state: worst.state,
      refusal: worst.refusal,
    };
  });
  return { changes, waiting: waiting.length };
}

/**
 * Ends the disagreement over one record, in the caller's transaction.
 * @returns the student whose record it is; null of a setting
 * @throws `sync.changeUnknown` when there is none
 */
export function settleChange(
  sqlite: Sqlite,
  { resource, recordId, choice }: { resource: ChangedResource; recordId: string; choice: 'mine' | 'theirs' },
  { at, accountName, schoolCode }: { at: string; accountName: string; schoolCode: string },
): string | null {
  const entries = sqlite
    .prepare<[string, string], Row>(`${select} and resource = ? and record_id = ? order by sequence`)
    .all(resource, recordId)
    .map(entryOf);
  const disputed = entries.find(({ state }) => state !== 'waiting');
  if (!disputed) throw new ApplicationError('sync.changeUnknown', '這筆變更已經處理過了，畫面會自動更新。', { resource });
  sqlite
    .prepare(`update outbox set state = 'withdrawn', settled_at = ? where resource = ? and record_id = ? and state in ${unsettledStates}`)
    .run(at, resource, recordId);
  const { table, writer } = resourceTables[resource];
  const version = sqlite.prepare(`select version from ${table} where id = ?`).pluck().get(recordId) as number | undefined;
  const current = disputed.current;
  const studentId = studentOf(entries);

  if (choice === 'mine') {
    const newest = entries.at(-1)!;
    const baseVersion = current === undefined ? (version ?? 0) : Number(current?.version ?? 0);
    openOutbox(sqlite, { at, accountName }).tell({
      resource,
      id: recordId,
      baseVersion,
      operation: newest.operation,
      data: newest.data,
      before: alive(current) ?? entries[0]!.before ?? undefined,
    });
    return studentId;
  }
  const theirs = current === undefined ? entries[0]!.before : alive(current);
  if (!theirs) {
    sqlite
      .prepare(`update ${table} set deleted_at = ?, version = max(version, ?) where id = ?`)
      .run(at, Number(current?.version ?? 0), recordId);
    return studentId;
  }
  const context = { sqlite, schoolCode, now: at, ...(current === undefined && { fromOffice: true as const }) };
  const records = writer(context) as { write: (record: object) => boolean };
  records.write({ ...theirs, id: recordId, version: Math.max(Number(theirs.version ?? 0), version ?? 0), deleted: false });
  return studentId;
}

/** Resources whose changes an account may see, or decide over. */
export function resourcesOf(may: (module: (typeof changeModules)[ChangedResource][number]) => boolean): ChangedResource[] {
  return (Object.keys(changeModules) as ChangedResource[]).filter((resource) => changeModules[resource].some(may));
}
