import type { Sqlite } from '../../../db/connection.ts';
import { type GridSource, queryGrid } from '../../../db/grid-query.ts';
import { overdueBefore, type TransferDirection, type TransferEventKind } from '../../../domain/transfer-case.ts';
import type { GridRow } from '../../application/grid-contract.ts';
import { arrivalGrid, leaverGrid } from './contract.ts';

/** The day and the school that a case's state is reckoned for. */
export interface StateScope {
  /** ISO day of Taipei. */
  today: string;
  schoolCode: string;
}

/** State of a leaver's case `k` (leaverStates). */
const leaverState = `case when k.finished_at is not null then k.outcome when k.handed_over_on is not null then 'handedOver'
  when k.file_name is not null then 'fileMade' else 'withoutFile' end`;

/**
 * Whether the city already holds what an arrival `k` made at another school, as it does of one from a Taipei school: then nothing has to be
 * imported. What an import brought is not the city's; and of one who has moved before, only what is of the school he comes from now counts.
 */
const cityHasIt = `exists (select 1 from learning_outcomes o
  where o.student_id = k.student_id and o.source_school_code <> @schoolCode and o.transfer_in_id is null and o.deleted_at is null
    and (o.source_school_code = k.other_school_code or not exists (
      select 1 from transfer_cases e where e.student_id = k.student_id and e.id <> k.id and e.opened_at < k.opened_at)))`;

/** State of an arrival's case `k` (arrivalStates). A file that was received is to be imported, whatever the city has. */
const arrivalState = `case when k.finished_at is not null then k.outcome when k.received_on is not null then 'received'
  when ${cityHasIt} then 'unneeded' when k.requests <> '[]' then 'requested' else 'expected' end`;

const stateOf: Record<TransferDirection, string> = { out: leaverState, in: arrivalState };
/** States in which something is still to be done. */
const openStates: Record<TransferDirection, string> = {
  out: "('withoutFile', 'fileMade', 'handedOver')",
  in: "('expected', 'requested', 'received')",
};

/** For other lists: whether a student `s` left without a file having been made. */
export const leftWithoutFile = `exists (select 1 from transfer_cases k
  where k.student_id = s.id and k.direction = 'out' and ${leaverState} = 'withoutFile')`;

const parametersOf = ({ today, schoolCode }: StateScope) => ({ today, schoolCode, overdueBefore: overdueBefore(today) });

/** Days from the move to today; a move that is still to come has waited none. */
const daysSince = 'max(0, cast(julianday(@today) - julianday(k.moved_on) as integer))';

/** Cases with two columns more: their `state`, and whether they are `open`. */
const cases = (direction: TransferDirection) =>
  `(select k.*, k.state in ${openStates[direction]} as open
    from (select k.*, ${stateOf[direction]} as state from transfer_cases k where k.direction = '${direction}') k)`;

function source(direction: TransferDirection, scope: StateScope, columns: Record<string, string>, joins: string): GridSource {
  return {
    from: `${cases(direction)} k join students s on s.id = k.student_id left join class_sections c on c.id = s.current_class_id ${joins}`,
    parameters: parametersOf(scope),
    columns: {
      id: 'k.id',
      studentId: 's.id',
      className: 'c.name',
      seatNumber: 's.current_seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      enrollment: "iif(s.deleted_at is null, s.status, 'deleted')",
      movedOn: 'k.moved_on',
      school: `case when k.other_school_name is null then k.other_school_code when k.other_school_code is null then k.other_school_name
        else k.other_school_name || '（' || k.other_school_code || '）' end`,
      schoolCode: 'k.other_school_code',
      schoolName: 'k.other_school_name',
      state: 'k.state',
      waitingDays: `iif(k.open, ${daysSince}, null)`,
      overdue: '(k.open and k.moved_on < @overdueBefore)',
      open: 'k.open',
      remark: 'k.remark',
      ...columns,
    },
    sortBy: {
      className: 's.current_class_sort_key, s.current_seat_number',
      // Those who wait no more come after those who do, the latest move first.
      waitingDays: 'k.open, case when k.open then -julianday(k.moved_on) else julianday(k.moved_on) end',
    },
    tieBreaker: 's.student_number, k.opened_at',
  };
}

/** 轉出學生追蹤. */
export function leaverSource(scope: StateScope): GridSource {
  return source(
    'out',
    scope,
    {
      fileId: 'k.transfer_out_file_id',
      fileName: 'k.file_name',
      fileMadeAt: 'k.file_made_at',
      handedOverOn: 'k.handed_over_on',
      handedOverHow: 'k.handed_over_how',
      handedOverTo: 'k.handed_over_to',
      passwordToldOn: 'k.password_told_on',
      passwordToldHow: 'k.password_told_how',
      acknowledgedOn: 'k.acknowledged_on',
      acknowledgedBy: 'k.acknowledged_by',
      unneededReason: 'k.unneeded_reason',
    },
    '',
  );
}

/** 轉入學生追蹤. */
export function arrivalSource(scope: StateScope): GridSource {
  return source(
    'in',
    scope,
    {
      requestedOn: "json_extract(k.requests, '$[#-1].on')",
      requestCount: 'json_array_length(k.requests)',
      receivedOn: 'k.received_on',
      receivedHow: 'k.received_how',
      importedAt: "iif(k.outcome = 'imported', k.finished_at, null)",
      importedFile: 'i.file_name',
      unneededReason: "iif(k.state = 'unneeded' and k.outcome is null, 'cityHasIt', k.unneeded_reason)",
    },
    'left join transfer_ins i on i.id = k.transfer_in_id',
  );
}

/** A row of either grid by its case. */
export function caseRow(sqlite: Sqlite, direction: TransferDirection, id: string, scope: StateScope): GridRow | undefined {
  const [grid, { parameters, ...rest }] = direction === 'out' ? [leaverGrid, leaverSource(scope)] : [arrivalGrid, arrivalSource(scope)];
  const one = { ...rest, where: 'k.id = @id', parameters: { ...parameters, id } };
  return queryGrid(sqlite, grid, one, { filter: {}, page: 1, pageSize: 1 }).rows[0];
}

/** Cases in each state, and how many days the oldest has waited. */
export const stateCountsStatement = (direction: TransferDirection): string =>
  `select k.state, count(*) as count, max(${daysSince}) as longestDays,
     coalesce(sum(k.open and k.moved_on < @overdueBefore), 0) as overdue
   from ${cases(direction)} k group by k.state`;

export interface StateCounts {
  states: Record<string, { count: number; longestDays: number }>;
  overdue: number;
}

/** What 首頁 and the tabs say of a direction. */
export function stateCounts(sqlite: Sqlite, direction: TransferDirection, scope: StateScope): StateCounts {
  const rows = sqlite
    .prepare<[object], { state: string; count: number; longestDays: number; overdue: number }>(stateCountsStatement(direction))
    .all(parametersOf(scope));
  return {
    states: Object.fromEntries(rows.map(({ state, count, longestDays }) => [state, { count, longestDays }])),
    overdue: rows.reduce((sum, row) => sum + row.overdue, 0),
  };
}

/** A case as the steps need it. */
export interface KeptCase {
  id: string;
  studentId: string;
  studentNumber: string;
  direction: TransferDirection;
  fileName: string | null;
  handedOverOn: string | null;
  requests: string;
  receivedOn: string | null;
  finishedAt: string | null;
  outcome: string | null;
}

/** Prepared once: a case of a direction by its id. */
export function caseFinder(sqlite: Sqlite, direction: TransferDirection): (id: string) => KeptCase | undefined {
  const find = sqlite.prepare<[string, string], KeptCase>(
    `select k.id, k.student_id as studentId, s.student_number as studentNumber, k.direction, k.file_name as fileName,
       k.handed_over_on as handedOverOn, k.requests, k.received_on as receivedOn, k.finished_at as finishedAt, k.outcome
     from transfer_cases k join students s on s.id = k.student_id where k.id = ? and k.direction = ?`,
  );
  return (id) => find.get(id, direction);
}

export interface CaseFile {
  id: string;
  fileName: string;
  createdAt: string;
  md5: string;
  studentCount: number;
}

/** Files made for a leaver that are still kept, the newest first. */
export function filesOfCase(sqlite: Sqlite, id: string): CaseFile[] {
  return sqlite
    .prepare<[string], CaseFile>(
      `select f.id, f.file_name as fileName, f.created_at as createdAt, f.md5, f.student_count as studentCount
       from transfer_out_students t join transfer_out_files f on f.id = t.transfer_out_file_id
       where t.transfer_case_id = ? order by f.created_at desc, f.file_name desc`,
    )
    .all(id);
}

export interface CaseEvent {
  sequence: number;
  at: string;
  recordedBy: string | null;
  kind: TransferEventKind;
  details: string;
}

/** The history of a case, the newest first. */
export function eventsOfCase(sqlite: Sqlite, id: string): CaseEvent[] {
  return sqlite
    .prepare<[string], CaseEvent>(
      `select sequence, at, recorded_by as recordedBy, kind, details from transfer_case_events
       where transfer_case_id = ? order by sequence desc`,
    )
    .all(id);
}

/** Names that the office gave to schools, the newest name of each code. */
export function namedSchools(sqlite: Sqlite, direction: TransferDirection): { code: string; name: string }[] {
  return sqlite
    .prepare<[string], { code: string; name: string }>(
      `select other_school_code as code, other_school_name as name, max(opened_at) from transfer_cases
       where direction = ? and other_school_code is not null and other_school_name is not null group by other_school_code order by code`,
    )
    .all(direction)
    .map(({ code, name }) => ({ code, name }));
}
