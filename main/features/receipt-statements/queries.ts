import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import type { Division, ReceiptAnswer, ReceiptComparison, SubmissionBatch } from '../../../domain/submission.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { RosterScope } from '../submissions/contract.ts';
import { batchName } from '../submissions/layouts.ts';

type SubmissionKind = RosterScope['kind'];

export interface Statement {
  id: string;
  kind: SubmissionKind;
  academicYear: number;
  semester: number;
  batch: SubmissionBatch;
  division: Division;
  fileName: string;
  sha256: string;
  confirmFrom: string;
  confirmUntil: string;
  /** Null where nothing of the roster was handed in from here. */
  sentRosterId: string | null;
}

/** @throws `receiptStatements.unknown`, also for a statement of another kind: its screen is another's */
export function statementOf(sqlite: Sqlite, { kind, statementId }: { kind: SubmissionKind; statementId: string }): Statement {
  const found = sqlite
    .prepare<[string, string], Statement>(
      `select id, kind, academic_year as academicYear, semester, batch, division, file_name as fileName, sha256,
         confirm_from as confirmFrom, confirm_until as confirmUntil, sent_roster_id as sentRosterId
       from receipt_statements where id = ? and kind = ?`,
    )
    .get(statementId, kind);
  if (!found) {
    throw new ApplicationError('receiptStatements.unknown', '找不到這份收訖明細，可能已被刪除。請回到清單重新選擇。', { statementId });
  }
  return found;
}

/** 梯次 by name: how many there are and what they are called depends on the year, so the names come as data. */
function batchNames(sqlite: Sqlite, kind: SubmissionKind): string {
  const scopes = sqlite
    .prepare<[string], { academicYear: number; batch: SubmissionBatch; division: Division }>(
      'select distinct academic_year as academicYear, batch, division from receipt_statements where kind = ?',
    )
    .all(kind);
  const names = scopes.map((scope) => ({ ...scope, name: batchName({ ...scope, kind }) }));
  return JSON.stringify(names);
}

const differing = "r.comparison <> 'same'";
const confirmations = (what: string) => `(select ${what} from receipt_confirmations k where k.receipt_statement_id = t.id)`;

/** Index receipt_statements_by_term. */
export function statementSource(sqlite: Sqlite, kind: SubmissionKind): GridSource {
  return {
    from: 'receipt_statements t',
    where: 't.kind = @kind',
    parameters: { kind, names: batchNames(sqlite, kind) },
    key: 't.id',
    columns: {
      id: 't.id',
      academicYear: 't.academic_year',
      semester: 't.semester',
      batchName: `(select n.value ->> 'name' from json_each(@names) n
        where n.value ->> 'academicYear' = t.academic_year and n.value ->> 'batch' = t.batch and n.value ->> 'division' = t.division)`,
      fileName: 't.file_name',
      createdAt: 't.created_at',
      createdBy: 't.created_by',
      rows: 't.row_count',
      differing: `(select count(*) from receipt_statement_rows r where r.receipt_statement_id = t.id and ${differing})`,
      confirmFrom: 't.confirm_from',
      confirmUntil: 't.confirm_until',
      answered: confirmations('count(k.answer)'),
      wrong: confirmations("coalesce(sum(k.answer = 'wrong'), 0)"),
      unanswered: confirmations('count(*) - count(k.answer)'),
    },
    tieBreaker: 't.created_at desc, t.id',
  };
}

/**
 * The class of the statement's term; of a year's statement, of the last term of the year the student sat in.
 * @param studentId in SQL
 */
const classOf = (studentId: string) => `
  left join enrollments e on e.student_id = ${studentId} and e.academic_year = @academicYear and e.semester = (
    select max(x.semester) from enrollments x
    where x.student_id = ${studentId} and x.academic_year = @academicYear and @semester in (0, x.semester))
  left join class_sections c on c.id = e.class_section_id`;
const parametersOf = ({ id, academicYear, semester }: Statement) => ({ statementId: id, academicYear, semester });

/** By the primary key: positions are in the order of classes and seats (read-task.ts). */
export function comparisonSource(statement: Statement): GridSource {
  return {
    from: `receipt_statement_rows r left join students s on s.id = r.student_id ${classOf('r.student_id')}`,
    where: 'r.receipt_statement_id = @statementId',
    parameters: parametersOf(statement),
    columns: {
      id: 'cast(r.position as text)',
      // Of what could be compared with nothing it says nothing.
      comparison: statement.sentRosterId === null ? "''" : 'r.comparison',
      studentId: 'r.student_id',
      className: 'c.name',
      seatNumber: 'e.seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      recordId: 'r.record_id',
      sheet: 'r.sheet',
      title: 'r.title',
      detail: 'r.detail',
    },
    sortBy: { className: 'r.position' },
    tieBreaker: 'r.position',
  };
}

export const stateOf = "coalesce(k.answer, case when @today > @confirmUntil then 'overdue' else 'waiting' end)";
const rowsOf = (where: string) => `(select count(*) from receipt_statement_rows r
  where r.student_id = k.student_id and r.receipt_statement_id = k.receipt_statement_id and ${where})`;

/** @param today ISO day of Taipei: the last day of confirmation is one still */
export function confirmationSource(statement: Statement, today: string): GridSource {
  return {
    from: `receipt_confirmations k join students s on s.id = k.student_id ${classOf('k.student_id')}`,
    where: 'k.receipt_statement_id = @statementId',
    parameters: { ...parametersOf(statement), today, confirmUntil: statement.confirmUntil },
    key: 'k.student_id',
    columns: {
      id: 'k.student_id',
      studentId: 'k.student_id',
      className: 'c.name',
      seatNumber: 'e.seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      records: rowsOf('r.received is not null'),
      differing: rowsOf(differing),
      state: stateOf,
      remark: 'k.remark',
      answeredAt: 'k.answered_at',
      answeredBy: 'k.answered_by',
    },
    sortBy: { className: 'c.sort_key, e.seat_number' },
    tieBreaker: 's.student_number, k.student_id',
  };
}

export function countComparison(sqlite: Sqlite, statementId: string): Record<ReceiptComparison, number> {
  const counts = { same: 0, missing: 0, extra: 0, different: 0 };
  const found = sqlite
    .prepare<[string], { comparison: ReceiptComparison; rows: number }>(
      'select comparison, count(*) as rows from receipt_statement_rows where receipt_statement_id = ? group by comparison',
    )
    .all(statementId);
  for (const { comparison, rows } of found) counts[comparison] = rows;
  return counts;
}

export function countAnswers(
  sqlite: Sqlite,
  statementId: string,
): { students: number; correct: number; wrong: number; unanswered: number } {
  return sqlite
    .prepare<[string], { students: number; correct: number; wrong: number; unanswered: number }>(
      `select count(*) as students, coalesce(sum(answer = 'correct'), 0) as correct, coalesce(sum(answer = 'wrong'), 0) as wrong,
         count(*) - count(answer) as unanswered
       from receipt_confirmations where receipt_statement_id = ?`,
    )
    .get(statementId)!;
}

/** A paper as scanning it finds it. */
export interface FoundPaper {
  statementId: string;
  fileName: string;
  academicYear: number;
  semester: number;
  answer: ReceiptAnswer | null;
  answeredAt: string | null;
  answeredBy: string | null;
  studentId: string;
  studentNumber: string;
  name: string;
  className: string;
}

export function findPaper(sqlite: Sqlite, kind: SubmissionKind, serial: string): FoundPaper | undefined {
  return sqlite
    .prepare<[{ kind: string; serial: string }], FoundPaper>(
      `select t.id as statementId, t.file_name as fileName, t.academic_year as academicYear, t.semester,
         k.answer, k.answered_at as answeredAt, k.answered_by as answeredBy,
         s.id as studentId, s.student_number as studentNumber, s.name,
         coalesce((select c.name from enrollments e join class_sections c on c.id = e.class_section_id
           where e.student_id = k.student_id and e.academic_year = t.academic_year and t.semester in (0, e.semester)
           order by e.semester desc limit 1), '') as className
       from receipt_confirmations k
       join receipt_statements t on t.id = k.receipt_statement_id and t.kind = @kind
       join students s on s.id = k.student_id
       where k.serial = @serial`,
    )
    .get({ kind, serial });
}

/** Which papers are printed. */
export interface PaperChoice {
  studentIds?: readonly string[] | undefined;
  className?: string | undefined;
  unansweredOnly: boolean;
}

export interface PaperRow {
  sheet: string;
  comparison: ReceiptComparison | null;
  title: string;
  detail: string;
  cells: Record<string, string>;
}

export interface PaperStudent {
  studentId: string;
  serial: string;
  className: string;
  seatNumber: number | null;
  studentNumber: string;
  name: string;
  rows: PaperRow[];
}

/** The chosen students by class and seat, with their records. */
export function readPapers(sqlite: Sqlite, statement: Statement, { studentIds, className, unansweredOnly }: PaperChoice): PaperStudent[] {
  const students = sqlite
    .prepare<[Record<string, string | number | null>], Omit<PaperStudent, 'rows'>>(
      `select k.student_id as studentId, k.serial, coalesce(c.name, '') as className, e.seat_number as seatNumber,
         s.student_number as studentNumber, s.name
       from receipt_confirmations k join students s on s.id = k.student_id ${classOf('k.student_id')}
       where k.receipt_statement_id = @statementId
         and (@studentIds is null or k.student_id in (select value from json_each(@studentIds)))
         and (@className = '' or instr(coalesce(c.name, ''), @className) > 0)
         and (@unansweredOnly = 0 or k.answer is null)
       order by c.sort_key is null, c.sort_key, e.seat_number, s.student_number`,
    )
    .all({
      ...parametersOf(statement),
      studentIds: studentIds ? JSON.stringify(studentIds) : null,
      className: className?.normalize('NFKC').trim() ?? '',
      unansweredOnly: unansweredOnly ? 1 : 0,
    });
  // One pass in the order of positions: asked student by student, SQLite would take that order and read the whole statement for each of them.
  const rows = sqlite
    .prepare<[string], Omit<PaperRow, 'cells'> & { studentId: string | null; comparison: ReceiptComparison; cells: string }>(
      `select student_id as studentId, sheet, comparison, title, detail, coalesce(received, sent) as cells from receipt_statement_rows
       where receipt_statement_id = ? order by position`,
    )
    .iterate(statement.id);
  const papers = new Map(students.map((student): [string | null, PaperStudent] => [student.studentId, { ...student, rows: [] }]));
  for (const { studentId, cells, comparison, ...row } of rows) {
    papers.get(studentId)?.rows.push({
      ...row,
      comparison: statement.sentRosterId === null ? null : comparison,
      cells: JSON.parse(cells) as Record<string, string>,
    });
  }
  return [...papers.values()];
}
