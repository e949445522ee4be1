import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { taipeiDay } from '../../../domain/roc-date.ts';
import {
  type Division,
  divisionNames,
  type ProcessingStatus,
  type SubmissionBatch,
  type SubmissionWay,
} from '../../../domain/submission.ts';
import { compareTerms, type Term } from '../../../domain/term.ts';
import { defineGrid, type Grid, rowId } from '../../application/grid-contract.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { submissionWindow } from './check-context.ts';
import type { Precheck, RosterScope } from './contract.ts';
import { divisionsOf, type Roster, type RosterColumn, type RosterSheet, rosterLayout, rosterLayouts } from './layouts.ts';
import { type RosterSchool, rosterOrder, sheetSource } from './roster-sources.ts';

/** 一般, 高三第一梯次 … of every layout, as SQL: a 梯次 keeps its name from year to year. */
function batchNameSql(): string {
  const names = new Map(rosterLayouts().flatMap(({ batches }) => batches.map(({ batch, name }) => [batch, name] as const)));
  const cases = [...names].map(([batch, name]) => `when '${batch}' then '${name}'`).join(' ');
  return `case p.batch ${cases} else p.batch end || case p.division when 'continuing' then '（${divisionNames.continuing}）' else '' end`;
}

/** Refused, and nothing of its roster handed in since, nor 封存: the office still has to do something. */
const unsettled = (row: string) => `${row}.processing_status = 'refused' and ${row}.archived_at is null
  and not exists (select 1 from submissions l where l.kind = ${row}.kind and l.academic_year = ${row}.academic_year
    and l.semester = ${row}.semester and l.batch = ${row}.batch and l.division = ${row}.division
    and l.submitted_at > ${row}.submitted_at and l.deleted_at is null)`;

/** How many refused rosters of a kind still have to be mended (首頁). */
export function countUnsettled(sqlite: Sqlite, kind: RosterScope['kind']): number {
  return sqlite
    .prepare<[string], number>(`select count(*) from submissions p where p.kind = ? and p.deleted_at is null and ${unsettled('p')}`)
    .pluck()
    .get(kind)!;
}

/** 提交紀錄 of a kind. */
export function submissionSource(kind: RosterScope['kind']): GridSource {
  return {
    from: 'submissions p left join sent_rosters f on f.submission_id = p.id',
    where: 'p.kind = @kind and p.deleted_at is null',
    parameters: { kind },
    columns: {
      id: 'p.id',
      academicYear: 'p.academic_year',
      semester: 'p.semester',
      batchName: batchNameSql(),
      submissionFileId: 'p.submission_file_id',
      statusText: 'p.status_text',
      processingStatus: 'p.processing_status',
      submittedBy: 'p.submitted_by',
      submittedAt: 'p.submitted_at',
      resultReceivedAt: 'p.result_received_at',
      way: 'p.way',
      archived: 'p.archived_at is not null',
      unsettled: unsettled('p'),
      hasSent: 'f.id is not null',
      hasAnswer: 'p.answer_sha256 is not null',
    },
    tieBreaker: 'p.id',
  };
}

/** Where a student sits now, joined to `x.student_id`: who is to be told. */
const currentSeat = 'left join students s on s.id = x.student_id left join class_sections c on c.id = s.current_class_id';
const seatColumns = {
  studentId: 's.id',
  className: 'c.name',
  seatNumber: 's.current_seat_number',
  studentNumber: 's.student_number',
  name: 's.name',
};
const seatSort = { className: 'c.sort_key, s.current_seat_number' };

/** Errors stand before warnings, findings of the whole roster before those of a student. */
export function findingSource(precheckId: string): GridSource {
  return {
    from: `precheck_findings x ${currentSeat}`,
    where: 'x.precheck_id = @precheckId',
    parameters: { precheckId },
    columns: {
      id: 'cast(x.id as text)',
      severity: 'x.severity',
      ...seatColumns,
      recordId: 'x.record_id',
      sheet: 'x.sheet',
      field: 'x.field',
      message: 'x.message',
      advice: 'x.advice',
      code: 'x.code',
    },
    sortBy: { ...seatSort, severity: 'x.severity, c.sort_key, s.current_seat_number' },
    tieBreaker: 's.student_number, x.id',
  };
}

export function differenceSource(precheckId: string): GridSource {
  return {
    from: `precheck_differences x ${currentSeat}`,
    where: 'x.precheck_id = @precheckId',
    parameters: { precheckId },
    columns: {
      id: 'cast(x.id as text)',
      change: 'x.change',
      ...seatColumns,
      recordId: 'x.record_id',
      sheet: 'x.sheet',
      title: 'x.title',
      detail: 'x.detail',
    },
    sortBy: seatSort,
    tieBreaker: 's.student_number, x.id',
  };
}

export function answerRowSource(submissionId: string): GridSource {
  return {
    from: `submission_answer_rows x ${currentSeat}`,
    where: 'x.submission_id = @submissionId',
    parameters: { submissionId },
    columns: {
      id: 'cast(x.position as text)',
      ...seatColumns,
      recordId: 'x.record_id',
      sheet: 'x.sheet',
      field: 'x.field',
      message: 'x.message',
      cells: "(select group_concat(key || '：' || coalesce(value, ''), '，') from json_each(x.cells))",
    },
    sortBy: seatSort,
    tieBreaker: 's.student_number, x.position',
  };
}

const gridKinds: Partial<Record<RosterColumn['kind'], { kind: 'number' | 'rocDay'; width: number }>> = {
  number: { kind: 'number', width: 100 },
  day: { kind: 'rocDay', width: 116 },
  birthday: { kind: 'rocDay', width: 116 },
};
const textWidths: Partial<Record<RosterColumn['kind'], number>> = {
  identity: 130,
  code: 120,
  courseCode: 220,
  summary: 320,
  link: 220,
  address: 200,
};

/** The sheet's columns as a grid shows them, `c0`, `c1` … */
export function sheetColumns(sheet: RosterSheet): { key: string; title: string; kind: 'text' | 'number' | 'rocDay'; width: number }[] {
  return sheet.columns.map(({ title, kind }, index) => {
    const { kind: shown, width } = gridKinds[kind] ?? { kind: 'text' as const, width: textWidths[kind] ?? 160 };
    return { key: `c${index}`, title, kind: shown, width };
  });
}

/** 查看現有名冊: a sheet as a grid, and its rows as they are now. Identities are masked as everywhere; the filter knows them whole. */
export function rosterGrid(roster: Roster, sheet: RosterSheet, school: RosterSchool): { grid: Grid; source: GridSource } {
  const { from, where, parameters, fields } = sheetSource(roster, sheet, school);
  const masked = `substr(${fields.identity}, 1, 2) || '****' || substr(${fields.identity}, -4)`;
  const sqlOf = ({ field, kind }: RosterColumn) => (kind === 'identity' ? masked : (fields[field] ?? 'null'));
  const hidden = { kind: 'text', hidden: true, filterable: false, sortable: false } as const;
  const grid = defineGrid({
    name: 'roster',
    title: sheet.name,
    columns: [
      rowId,
      { key: 'studentId', title: 'studentId', ...hidden },
      { key: 'className', title: '班級', kind: 'text', width: 100 },
      { key: 'seatNumber', title: '座號', kind: 'number', width: 72 },
      { key: 'studentNumber', title: '學號', kind: 'text', width: 110 },
      { key: 'name', title: '姓名', kind: 'text', width: 100 },
      ...sheetColumns(sheet),
    ],
    students: 'studentId',
    defaultSort: { key: 'className' },
  });
  const identity = sheet.columns.findIndex(({ kind }) => kind === 'identity');
  return {
    grid,
    source: {
      from,
      where,
      parameters,
      columns: {
        id: fields.recordId!,
        studentId: fields.studentId!,
        className: fields.className!,
        seatNumber: fields.seatNumber!,
        studentNumber: fields.studentNumber!,
        name: fields.name!,
        ...Object.fromEntries(sheet.columns.map((column, index) => [`c${index}`, sqlOf(column)])),
      },
      filterBy: identity < 0 ? {} : { [`c${identity}`]: fields.identity! },
      sortBy: { className: 'c.sort_key, e.seat_number' },
      tieBreaker: rosterOrder,
    },
  };
}

const ofScope = 'kind = @kind and academic_year = @academicYear and semester = @semester and batch = @batch and division = @division';

/** The newest check of a roster. */
export function latestPrecheck(sqlite: Sqlite, scope: RosterScope): Precheck | null {
  const id = sqlite
    .prepare<[RosterScope], string>(`select id from prechecks where ${ofScope} order by created_at desc, rowid desc limit 1`)
    .pluck()
    .get(scope);
  return id === undefined ? null : readPrecheck(sqlite, id);
}

export function readPrecheck(sqlite: Sqlite, id: string): Precheck {
  const { added, removed, changed, ...precheck } = sqlite
    .prepare<[string], Omit<Precheck, 'differences'> & Precheck['differences']>(
      `select p.id, p.created_at as checkedAt, p.created_by as checkedBy, p.row_count as rows, p.student_count as students, p.error_count as errors,
         p.warning_count as warnings, p.unchecked_files as uncheckedFiles, f.created_at as comparedWithSentAt,
         (select count(*) from precheck_differences x where x.precheck_id = p.id and x.change = 'added') as added,
         (select count(*) from precheck_differences x where x.precheck_id = p.id and x.change = 'removed') as removed,
         (select count(*) from precheck_differences x where x.precheck_id = p.id and x.change = 'changed') as changed
       from prechecks p left join sent_rosters f on f.id = p.compared_with where p.id = ?`,
    )
    .get(id)!;
  return { ...precheck, differences: { added, removed, changed } };
}

/** @throws `submissions.unknown` unless the check is of that kind: its module was what the account was asked for */
export function requirePrecheck(sqlite: Sqlite, kind: RosterScope['kind'], id: string): void {
  const found = sqlite.prepare<[string, string], number>('select 1 from prechecks where id = ? and kind = ?').pluck().get(id, kind);
  if (!found) throw new ApplicationError('submissions.unknown', '這次預檢的結果已經不在了，請再預檢一次。', { id });
}

export interface Submission {
  id: string;
  kind: RosterScope['kind'];
  academicYear: number;
  semester: number;
  batch: SubmissionBatch;
  division: Division;
  way: SubmissionWay;
  submissionFileId: string | null;
  statusText: string;
  processingStatus: ProcessingStatus;
  rosterName: string | null;
  submittedBy: string;
  submittedAt: string;
  resultReceivedAt: string | null;
  answerSha256: string | null;
  answerName: string | null;
  answerReadAt: string | null;
  archivedAt: string | null;
  archivedBy: string | null;
}

const submissionColumns = `id, kind, academic_year as academicYear, semester, batch, division, way, submission_file_id as submissionFileId,
  status_text as statusText, processing_status as processingStatus, roster_name as rosterName, submitted_by as submittedBy, submitted_at as submittedAt,
  result_received_at as resultReceivedAt, answer_sha256 as answerSha256, answer_name as answerName, answer_read_at as answerReadAt,
  archived_at as archivedAt, archived_by as archivedBy`;

/** @throws `submissions.unknown`, also for a line of another kind */
export function requireSubmission(sqlite: Sqlite, kind: RosterScope['kind'], id: string): Submission {
  const found = sqlite
    .prepare<[string, string], Submission>(`select ${submissionColumns} from submissions where id = ? and kind = ? and deleted_at is null`)
    .get(id, kind);
  if (!found) throw new ApplicationError('submissions.unknown', '找不到這筆提交紀錄，請重新整理後再試一次。', { id });
  return found;
}

export interface SentRoster {
  id: string;
  fileName: string;
  sha256: string;
  bytes: number;
  rows: number;
  students: number;
  layoutYear: number;
  warnings: number;
  confirmedBy: string | null;
}

/** What was handed in for a line of 提交紀錄; undefined of one that came from elsewhere. */
export function sentRosterOf(sqlite: Sqlite, submissionId: string): SentRoster | undefined {
  return sqlite
    .prepare<[string], SentRoster>(
      `select f.id, f.file_name as fileName, f.sha256, a.bytes, f.row_count as rows, f.student_count as students, f.layout_year as layoutYear,
         coalesce((select p.warning_count from prechecks p where p.sent_roster_id = f.id order by p.created_at desc limit 1), 0) as warnings,
         (select p.confirmed_by from prechecks p where p.sent_roster_id = f.id order by p.created_at desc limit 1) as confirmedBy
       from sent_rosters f join attachments a on a.sha256 = f.sha256 where f.submission_id = ?`,
    )
    .get(submissionId);
}

/** The newest line of 提交紀錄 of a roster. */
export function lastSubmission(sqlite: Sqlite, scope: RosterScope): Submission | undefined {
  return sqlite
    .prepare<[RosterScope], Submission>(
      `select ${submissionColumns} from submissions where ${ofScope} and deleted_at is null order by submitted_at desc, id desc limit 1`,
    )
    .get(scope);
}

/** When a roster was archived (封存), by any of its lines. */
export function archivedAt(sqlite: Sqlite, scope: RosterScope): string | null {
  return sqlite
    .prepare<[RosterScope], string | null>(`select max(archived_at) from submissions where ${ofScope} and deleted_at is null`)
    .pluck()
    .get(scope)!;
}

export interface RosterChoice extends Term {
  batches: { batch: SubmissionBatch; name: string }[];
  divisions: Division[];
}

/** Terms (of cadres) or years of the school, newest first, that have begun; each with its 梯次, and the 部別 that have a class then. */
export function rosterChoices(sqlite: Sqlite, kind: RosterScope['kind']): RosterChoice[] {
  const terms = sqlite
    .prepare<[], Term>('select distinct academic_year as academicYear, semester from class_sections where deleted_at is null')
    .all();
  const wanted =
    kind === 'cadres'
      ? terms
      : [...new Set(terms.map(({ academicYear }) => academicYear))].map((academicYear) => ({ academicYear, semester: 0 as const }));
  const continuing = new Set(
    sqlite
      .prepare<[], number>("select distinct academic_year from class_sections where division = 'continuing' and deleted_at is null")
      .pluck()
      .all(),
  );
  return wanted
    .sort((a, b) => compareTerms(b, a))
    .map(({ academicYear, semester }) => ({
      academicYear,
      semester,
      batches: rosterLayout(academicYear)
        .batches.filter(({ batch }) => rosterLayout(academicYear).codes.some((code) => code.kind === kind && code.batch === batch))
        .map(({ batch, name }) => ({ batch, name })),
      divisions: divisionsOf(kind, academicYear).filter((division) => division === 'day' || continuing.has(academicYear)),
    }));
}

/** The roster to begin with: whose 提交期限 is open, else whose ended last, else the newest. */
export function currentRoster(sqlite: Sqlite, kind: RosterScope['kind'], now: Date): RosterScope | null {
  const today = taipeiDay(now);
  const found = sqlite
    .prepare<unknown[], { academicYear: number; semester: number; batch: SubmissionBatch }>(
      `select academic_year as academicYear, semester, batch from city_windows
       where purpose = 'submission' and kind = ? and starts_on <= ? and deleted_at is null
       order by ends_on >= ? desc, ends_on desc, academic_year desc, batch limit 1`,
    )
    .get(kind, today, today);
  const newest = rosterChoices(sqlite, kind)[0];
  if (found) return { kind, ...found, division: 'day' };
  return newest ? { kind, academicYear: newest.academicYear, semester: newest.semester, batch: 'regular', division: 'day' } : null;
}

export type WindowState = 'soon' | 'open' | 'closed';

/** 提交期限 of a roster and whether it is open today. */
export function windowOf(sqlite: Sqlite, scope: RosterScope, now: Date): { startsOn: string; endsOn: string; state: WindowState } | null {
  const window = submissionWindow(sqlite, scope);
  if (!window) return null;
  const today = taipeiDay(now);
  return { ...window, state: today < window.startsOn ? 'soon' : today > window.endsOn ? 'closed' : 'open' };
}
