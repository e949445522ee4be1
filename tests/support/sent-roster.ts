import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import type { Sqlite } from '../../db/connection.ts';
import type { RosterScope } from '../../main/features/submissions/contract.ts';
import { type Roster, rosterOf } from '../../main/features/submissions/layouts.ts';
import { type RosterCell, rosterRows } from '../../main/features/submissions/roster-rows.ts';

/** A roster as it was handed in and accepted some time ago, without handing it in: its rows are those of the database now. */

export interface HandedIn {
  roster: Roster;
  sentRosterId: string;
  sheets: { name: string; headings: string[]; rows: { studentId: string; cells: RosterCell[] }[] }[];
}

export const scopeOf = (kind: RosterScope['kind'], academicYear: number, semester = 0): RosterScope => ({
  kind,
  academicYear,
  semester,
  batch: 'regular',
  division: 'day',
});

export function handInDirectly(
  sqlite: Sqlite,
  scope: RosterScope,
  { status = 'accepted', at = '2026-10-20T02:00:00.000Z' }: { status?: 'accepted' | 'refused'; at?: string } = {},
): HandedIn {
  const roster = rosterOf(scope);
  const rows = [...rosterRows(sqlite, roster, { code: '999999', name: '測試高中', fileLinks: null })];
  const sentRosterId = randomUUID();
  const submissionId = `submission-${sentRosterId}`;
  const sha256 = sentRosterId.replaceAll('-', '').padEnd(64, '0');
  sqlite.transaction(() => {
    sqlite.prepare("insert into attachments (sha256, md5, bytes, media_type) values (?, '', 0, 'application/zip')").run(sha256);
    sqlite
      .prepare(
        `insert into submissions (id, version, kind, academic_year, semester, batch, division, status_text, processing_status, submitted_by, submitted_at)
         values (?, 1, ?, ?, ?, ?, ?, '檢核無誤，資料已匯入', ?, '999999adm', ?)`,
      )
      .run(submissionId, scope.kind, scope.academicYear, scope.semester, scope.batch, scope.division, status, at);
    sqlite
      .prepare(
        `insert into sent_rosters (id, kind, academic_year, semester, batch, division, roster_code, roster_name, layout_year, way, created_at, created_by,
           file_name, sha256, row_count, student_count, content_hash, idempotency_key, submission_id)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'city', ?, '999999adm', 'roster.xlsx', ?, ?, 0, '', ?, ?)`,
      )
      .run(
        sentRosterId,
        scope.kind,
        scope.academicYear,
        scope.semester,
        scope.batch,
        scope.division,
        roster.code,
        roster.name,
        roster.layoutYear,
        at,
        sha256,
        rows.length,
        sentRosterId,
        submissionId,
      );
    const add = sqlite.prepare('insert into sent_roster_rows values (?, ?, ?, ?, ?, ?)');
    for (const { sheet, rowNumber, record, cells } of rows) {
      add.run(sentRosterId, sheet.name, rowNumber, String(record.studentId), String(record.recordId), JSON.stringify(cells));
    }
  })();
  return {
    roster,
    sentRosterId,
    sheets: roster.sheets.map((sheet) => ({
      name: sheet.name,
      headings: sheet.columns.map(({ title }) => title),
      rows: rows
        .filter((row) => row.sheet === sheet)
        .map(({ record, cells }) => ({ studentId: String(record.studentId), cells: [...cells] })),
    })),
  };
}

export interface TableSheet {
  name: string;
  /** Headings first. */
  rows: (string | number | Date | null | undefined)[][];
}

/** A workbook of tables. */
export async function tablesWorkbook(sheets: readonly TableSheet[]): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  for (const { name, rows } of sheets) workbook.addWorksheet(name).addRows(rows.map((row) => [...row]));
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

/** What the ministry would give back of it: 封面 and every sheet, without links. */
export function statementTables({ roster, sheets }: HandedIn, schoolCode = '999999'): TableSheet[] {
  const { academicYear, semester } = roster.scope;
  const cover = {
    name: '封面',
    rows: [
      ['學校代碼', '學年度', '學期', '名冊別'],
      [schoolCode, String(academicYear), String(semester), roster.code],
    ],
  };
  return [
    cover,
    ...sheets.map(({ name, headings, rows }) => {
      const kept = headings.flatMap((heading, index) => (heading.endsWith('連結') ? [] : [index]));
      return { name, rows: [kept.map((index) => headings[index]), ...rows.map(({ cells }) => kept.map((index) => cells[index]))] };
    }),
  ];
}
