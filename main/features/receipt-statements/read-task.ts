import { createHash, randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Sqlite } from '../../../db/connection.ts';
import { formatTerm } from '../../../domain/term.ts';
import { newSerial } from '../../application/paper-serial.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { readWorkbook, workbookText } from '../../platform/workbook-reader.ts';
import type { RosterScope } from '../submissions/contract.ts';
import { type Roster, rosterLayouts, rosterOf } from '../submissions/layouts.ts';
import { type ComparedRow, compareStatement, type SentRow } from './comparing.ts';
import { readStatement } from './reading.ts';

export interface ReadInput {
  path: string;
  fileName: string;
  scope: RosterScope;
  schoolCode: string;
  confirmFrom: string;
  confirmUntil: string;
  accountName: string;
}

export interface ReadResult {
  id: string;
  rows: number;
  same: number;
  missing: number;
  extra: number;
  different: number;
  students: number;
  unknown: number;
  compared: boolean;
}

const mediaTypes: Readonly<Record<string, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  txt: 'text/plain',
};

/** It is kept whole, and held in memory for that; a school's statement has a few megabytes. */
const mostBytes = 100 * 1024 * 1024;

interface SentRoster {
  id: string;
  layoutYear: number;
}

/** What a statement is held against: the newest roster that was accepted, else the newest handed in. */
export function sentRosterFor(sqlite: Sqlite, { kind, academicYear, semester, batch, division }: RosterScope): SentRoster | undefined {
  return sqlite
    .prepare<[string, number, number, string, string], SentRoster>(
      `select r.id, r.layout_year as layoutYear from sent_rosters r join submissions s on s.id = r.submission_id
       where r.kind = ? and r.academic_year = ? and r.semester = ? and r.batch = ? and r.division = ?
       order by s.processing_status = 'accepted' desc, r.created_at desc limit 1`,
    )
    .get(kind, academicYear, semester, batch, division);
}

/** The rows of a roster as they were handed in, its cells under the headings of the layout it was written by. */
export function* sentRows(sqlite: Sqlite, rosterId: string, roster: Roster): Generator<SentRow> {
  const sheets = new Map(roster.sheets.map((sheet) => [sheet.name, sheet]));
  const rows = sqlite
    .prepare<[string], { sheet: string; studentId: string; recordId: string; cells: string }>(
      `select sheet, student_id as studentId, record_id as recordId, cells from sent_roster_rows where sent_roster_id = ?
       order by sent_roster_id, sheet, row_number`,
    )
    .iterate(rosterId);
  for (const { sheet: name, studentId, recordId, cells } of rows) {
    const sheet = sheets.get(name);
    if (!sheet) throw new Error(`a sent roster has the sheet ${name}, which its layout has not`);
    const written = JSON.parse(cells) as (string | number | null)[];
    const byTitle = Object.fromEntries(sheet.columns.map(({ title }, index) => [title, workbookText(written[index])]));
    const identity = sheet.columns.find(({ kind }) => kind === 'identity');
    yield { sheet, studentId, recordId, identity: identity ? byTitle[identity.title]! : '', cells: byTitle };
  }
}

/** 匯入收訖明細: reads, compares and keeps a statement, all in one transaction. */
export const run: Task<ReadInput, ReadResult> = async (input, context) => {
  const { signal, report } = context;
  if ((await stat(input.path)).size > mostBytes) {
    throw new ApplicationError('workbook.tooLarge', '這個檔案太大，不是收訖明細，請確認選擇的是正確的檔案。', {
      rule: 'bytes',
      limit: mostBytes,
    });
  }
  const { sqlite } = context.openReader();
  const sent = sentRosterFor(sqlite, input.scope);
  const layouts = rosterLayouts();
  const roster = rosterOf(input.scope, sent ? layouts.filter(({ fromAcademicYear }) => fromAcademicYear <= sent.layoutYear) : layouts);
  report({ step: '讀取收訖明細', done: 0, total: 0, unit: '件' });
  const statement = await readStatement(readWorkbook(input.path, { name: input.fileName, signal }), roster, input.schoolCode, (rows) => {
    if (rows % 500 === 0) report({ step: '讀取收訖明細', done: rows, total: 0, unit: '件' });
  });
  signal.throwIfAborted();
  report({ step: '與送出的名冊比對', done: 0, total: statement.rows.length, unit: '件' });
  const compared = compareStatement(statement, sent ? sentRows(sqlite, sent.id, roster) : null);
  const content = await readFile(input.path);
  signal.throwIfAborted();
  report({ step: '保存收訖明細', done: 0, total: compared.length, unit: '件' });
  const kept = { content, compared, roster, sentRosterId: sent?.id ?? null, received: statement.rows.length };
  return context.withWriteLease(() => keep(input, context, kept));
};

interface Kept {
  content: Buffer;
  compared: readonly ComparedRow[];
  roster: Roster;
  sentRosterId: string | null;
  received: number;
}

/** The workbook goes into the store first, where nothing points at it yet; it is taken out again if its statement can't be kept. */
function keep(input: ReadInput, context: TaskContext, kept: Kept): ReadResult {
  const store = context.openAttachments('write');
  const sha256 = createHash('sha256').update(kept.content).digest('hex');
  const had = store.has(sha256);
  const file = store.put(kept.content);
  try {
    const { sqlite } = context.openWriter();
    return sqlite.transaction(() => write(sqlite, input, kept, file, context)).immediate();
  } catch (error) {
    if (!had) store.remove(sha256);
    throw error;
  }
}

function write(
  sqlite: Sqlite,
  { scope, fileName, confirmFrom, confirmUntil, accountName }: ReadInput,
  { compared, roster, sentRosterId, received }: Kept,
  file: { sha256: string; md5: string; bytes: number },
  { clock, signal, report }: TaskContext,
): ReadResult {
  const id = randomUUID();
  const extension = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
  const mediaType = mediaTypes[extension] ?? 'application/octet-stream';
  sqlite
    .prepare('insert or ignore into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, ?, 0)')
    .run(file.sha256, file.md5, file.bytes, mediaType);
  sqlite
    .prepare(
      `insert into receipt_statements (id, kind, academic_year, semester, batch, division, created_at, created_by, sent_roster_id, file_name, sha256,
         row_count, confirm_from, confirm_until)
       values (@id, @kind, @academicYear, @semester, @batch, @division, @createdAt, @createdBy, @sentRosterId, @fileName, @sha256,
         @rows, @confirmFrom, @confirmUntil)`,
    )
    .run({
      ...scope,
      id,
      createdAt: clock.now().toISOString(),
      createdBy: accountName,
      sentRosterId,
      fileName,
      sha256: file.sha256,
      rows: received,
      confirmFrom,
      confirmUntil,
    });
  const addRow = sqlite.prepare(
    `insert into receipt_statement_rows (receipt_statement_id, position, sheet, student_id, record_id, comparison, received, sent, title, detail)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const whose = studentFinder(sqlite);
  const concerned = new Set<string>();
  const counts = { same: 0, missing: 0, extra: 0, different: 0 };
  let unknown = 0;
  const found = compared.map((row) => ({ ...row, studentId: row.studentId ?? whose(row.identity) }));
  for (const [position, row] of inClassOrder(sqlite, scope, roster, found).entries()) {
    if (position % 1000 === 0) {
      signal.throwIfAborted();
      report({ step: '保存收訖明細', done: position, total: compared.length, unit: '件' });
    }
    const { studentId } = row;
    if (studentId === null) unknown += 1;
    else concerned.add(studentId);
    counts[row.comparison] += 1;
    const json = (cells: ComparedRow['sent']) => (cells === null ? null : JSON.stringify(cells));
    addRow.run(id, position, row.sheet, studentId, row.recordId, row.comparison, json(row.received), json(row.sent), row.title, row.detail);
  }
  const addConfirmation = sqlite.prepare('insert into receipt_confirmations (receipt_statement_id, student_id, serial) values (?, ?, ?)');
  for (const studentId of concerned) addConfirmation.run(id, studentId, newSerial(formatTerm(scope)));
  return { id, rows: received, ...counts, students: concerned.size, unknown, compared: sentRosterId !== null };
}

/** The student of this school whose 身分證號 it is; one who is here before one who has left. */
function studentFinder(sqlite: Sqlite): (identity: string) => string | null {
  const find = sqlite
    .prepare<[string], string>(
      `select id from students where identity = ? and deleted_at is null order by status in ('enrolled', 'transferredIn') desc, id limit 1`,
    )
    .pluck();
  const known = new Map<string, string | null>([['', null]]);
  return (identity) => {
    let studentId = known.get(identity);
    if (studentId === undefined) {
      studentId = find.get(identity) ?? null;
      known.set(identity, studentId);
    }
    return studentId;
  };
}

/**
 * Rows by class, seat and sheet, those of nobody here at the end: as they are shown first and printed, so that their position, which is their
 * key, is the order of the list.
 */
function inClassOrder<Row extends Pick<ComparedRow, 'studentId' | 'sheet'>>(
  sqlite: Sqlite,
  { academicYear, semester }: RosterScope,
  roster: Roster,
  rows: readonly Row[],
): Row[] {
  const seated = sqlite
    .prepare<[{ academicYear: number; semester: number }], string>(
      `select s.id from students s
       left join enrollments e on e.student_id = s.id and e.academic_year = @academicYear and e.semester = (
         select max(x.semester) from enrollments x
         where x.student_id = s.id and x.academic_year = @academicYear and @semester in (0, x.semester))
       left join class_sections c on c.id = e.class_section_id
       order by c.sort_key is null, c.sort_key, e.seat_number, s.student_number`,
    )
    .pluck()
    .all({ academicYear, semester });
  const places = new Map(seated.map((studentId, place) => [studentId, place]));
  const sheets = new Map(roster.sheets.map(({ name }, index) => [name, index]));
  const place = ({ studentId }: Row) => (studentId === null ? places.size : places.get(studentId)!);
  return [...rows].sort((a, b) => place(a) - place(b) || sheets.get(a.sheet)! - sheets.get(b.sheet)!);
}
