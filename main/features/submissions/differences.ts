import type { Sqlite } from '../../../db/connection.ts';
import type { RosterChange } from '../../../domain/submission.ts';
import { type Roster, type RosterSheet, rosterLayouts, rosterOf } from './layouts.ts';
import type { RosterCell, RosterRow } from './roster-rows.ts';

/** One record that a roster has otherwise than the one handed in before. */
export interface RosterDifference {
  change: RosterChange;
  studentId: string;
  recordId: string;
  sheet: string;
  title: string;
  /** A line a changed column; empty of an added or removed record. */
  detail: string;
}

/** What a row is called by in lists: its first text that must be there, or its first code. */
export function rowTitle(sheet: RosterSheet | undefined, cells: readonly RosterCell[]): string {
  const at = (kind: string) => sheet?.columns.findIndex((column) => column.required && column.kind === kind) ?? -1;
  const index = at('text') >= 0 ? at('text') : at('code');
  return String(cells[index] ?? '');
}

/** The newest roster of a scope that was handed in. */
export function lastSentRoster(
  sqlite: Sqlite,
  { kind, academicYear, semester, batch, division }: Roster['scope'],
): { id: string; layoutYear: number; sentAt: string } | undefined {
  return sqlite
    .prepare<unknown[], { id: string; layoutYear: number; sentAt: string }>(
      `select id, layout_year as layoutYear, created_at as sentAt from sent_rosters
       where kind = ? and academic_year = ? and semester = ? and batch = ? and division = ? and submission_id is not null
       order by created_at desc limit 1`,
    )
    .get(kind, academicYear, semester, batch, division);
}

/** The roster as a layout of another year has it: what was handed in keeps the headings it was written with. */
export function rosterByLayout(roster: Roster, layoutYear: number): Roster {
  const layouts = rosterLayouts().filter(({ fromAcademicYear }) => fromAcademicYear <= layoutYear);
  return layoutYear === roster.layoutYear || layouts.length === 0 ? roster : rosterOf(roster.scope, layouts);
}

/**
 * Compares cells by what their columns mean: a heading of another name over the same field is no change. Each change stands under the heading of now, or of
 * then where the column is no more.
 */
function changedCells(
  before: RosterSheet | undefined,
  then: readonly RosterCell[],
  sheet: RosterSheet,
  now: readonly RosterCell[],
): string {
  const earlier = new Map((before?.columns ?? []).map(({ field, title }, index) => [field, { title, cell: then[index] ?? null }]));
  const changes: string[] = [];
  const tell = (title: string, from: RosterCell, to: RosterCell) => {
    if (from !== to) changes.push(`${title}：${from ?? '（空白）'} → ${to ?? '（空白）'}`);
  };
  for (const [index, { field, title }] of sheet.columns.entries()) {
    tell(title, earlier.get(field)?.cell ?? null, now[index] ?? null);
    earlier.delete(field);
  }
  for (const { title, cell } of earlier.values()) tell(title, cell, null);
  return changes.join('\n');
}

/** Compares rows, as they pass, with the roster handed in before: by record, then field by field. */
export function compareWithSent(
  sqlite: Sqlite,
  roster: Roster,
  sent: { id: string; layoutYear: number } | undefined,
): { row: (row: RosterRow) => void; finish: () => RosterDifference[] } {
  if (!sent) return { row: () => {}, finish: () => [] };
  const before = rosterByLayout(roster, sent.layoutYear);
  const sheetBefore = new Map(before.sheets.map((sheet) => [sheet.name, sheet]));
  interface SentRow {
    sheet: string;
    studentId: string;
    recordId: string;
    cells: string;
  }
  const rows = sqlite
    .prepare<[string], SentRow>(
      'select sheet, student_id as studentId, record_id as recordId, cells from sent_roster_rows where sent_roster_id = ? order by sheet, row_number',
    )
    .all(sent.id);
  const left = new Map(rows.map((row) => [row.recordId, row]));
  const differences: RosterDifference[] = [];
  return {
    row: ({ sheet, record, cells }) => {
      const recordId = String(record.recordId);
      const about = { studentId: String(record.studentId), recordId, sheet: sheet.name, title: rowTitle(sheet, cells) };
      const was = left.get(recordId);
      left.delete(recordId);
      if (!was) differences.push({ ...about, change: 'added', detail: '' });
      else if (was.sheet !== sheet.name || was.cells !== JSON.stringify(cells)) {
        const moved = was.sheet === sheet.name ? [] : [`工作表：${was.sheet} → ${sheet.name}`];
        const changes = changedCells(sheetBefore.get(was.sheet), JSON.parse(was.cells) as RosterCell[], sheet, cells);
        const detail = [...moved, changes].filter(Boolean).join('\n');
        // Cells alike in columns that stand elsewhere now: nothing of the record changed.
        if (detail !== '') differences.push({ ...about, change: 'changed', detail });
      }
    },
    finish: () => {
      for (const { sheet, studentId, recordId, cells } of left.values()) {
        const title = rowTitle(sheetBefore.get(sheet), JSON.parse(cells) as RosterCell[]);
        differences.push({ change: 'removed', studentId, recordId, sheet, title, detail: '' });
      }
      return differences;
    },
  };
}
