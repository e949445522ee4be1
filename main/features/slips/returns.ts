import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';

/**
 * 回條登錄 (manual §3.18). Of a student's slips of one due date the newest counts. A reprint with the same figures takes over that the one
 * before had come back; one with other figures has to be signed again, since what was signed is no longer so.
 */

/** No newer slip of the student's for the due date of the term (index confirmation_slips_by_due_date). */
const newest = `not exists (
  select 1 from confirmation_slips n
  where n.academic_year = p.academic_year and n.semester = p.semester and n.due_date = p.due_date and n.student_id = p.student_id
     and (n.printed_at, n.serial) > (p.printed_at, p.serial))`;

/** The term that slips were printed in. */
export interface SlipTerm {
  academicYear: number;
  semester: number;
}

export interface Printing {
  term: SlipTerm;
  printedAt: string;
  printedBy: string;
  dueDate: string;
}

export interface PrintedSlip {
  serial: string;
  studentId: string;
  figures: string;
}

/** Keeps the slips of a printing, in one transaction. @returns students whose slip was back but says something else now */
export function keepSlips(sqlite: Sqlite, { term, printedAt, printedBy, dueDate }: Printing, slips: readonly PrintedSlip[]): number {
  const before = sqlite.prepare<
    [number, number, string, string],
    { figures: string; returnedAt: string | null; returnedBy: string | null }
  >(
    `select figures, returned_at as returnedAt, returned_by as returnedBy from confirmation_slips p
     where academic_year = ? and semester = ? and due_date = ? and student_id = ? and ${newest}`,
  );
  const keep = sqlite.prepare(
    `insert into confirmation_slips
       (serial, student_id, academic_year, semester, printed_at, printed_by, due_date, figures, returned_at, returned_by)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return sqlite
    .transaction(() => {
      let signAgain = 0;
      for (const { serial, studentId, figures } of slips) {
        const last = before.get(term.academicYear, term.semester, dueDate, studentId);
        const holds = last !== undefined && last.returnedAt !== null && last.figures === figures;
        if (last && last.returnedAt !== null && !holds) signAgain += 1;
        const returned = holds ? [last.returnedAt, last.returnedBy] : [null, null];
        keep.run(serial, studentId, term.academicYear, term.semester, printedAt, printedBy, dueDate, figures, ...returned);
      }
      return signAgain;
    })
    .immediate();
}

const stateOf = `case when p.returned_at is not null then 'returned' when p.due_date < @today then 'overdue' else 'waiting' end`;

/** @param today ISO day of Taipei: a slip is in time on its 繳交截止日期 itself */
export function returnSource({ academicYear, semester, dueDate }: SlipTerm & { dueDate?: string | undefined }, today: string): GridSource {
  return {
    from: `confirmation_slips p
      join students s on s.id = p.student_id
      left join enrollments e on e.student_id = p.student_id and e.academic_year = p.academic_year and e.semester = p.semester
      left join class_sections c on c.id = e.class_section_id
      left join teachers t on t.id = c.homeroom_teacher_id`,
    where: `p.academic_year = @academicYear and p.semester = @semester ${dueDate === undefined ? '' : 'and p.due_date = @dueDate'} and ${newest}`,
    parameters: { academicYear, semester, today, ...(dueDate === undefined ? {} : { dueDate }) },
    columns: {
      id: 'p.serial',
      studentId: 'p.student_id',
      className: 'c.name',
      seatNumber: 'e.seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      homeroomTeacher: 't.name',
      printedAt: 'p.printed_at',
      dueDate: 'p.due_date',
      state: stateOf,
      returnedAt: 'p.returned_at',
      returnedBy: 'p.returned_by',
    },
    sortBy: { className: 'c.sort_key, e.seat_number' },
    tieBreaker: 's.student_number, p.due_date, p.serial',
  };
}

export interface DueDate {
  dueDate: string;
  slips: number;
  returned: number;
  overdue: number;
}

export function dueDatesOf(sqlite: Sqlite, term: SlipTerm, today: string): DueDate[] {
  return sqlite
    .prepare<[SlipTerm & { today: string }], DueDate>(
      `select p.due_date as dueDate, count(*) as slips, count(p.returned_at) as returned, sum(p.returned_at is null and p.due_date < @today) as overdue
       from confirmation_slips p
       where p.academic_year = @academicYear and p.semester = @semester and ${newest}
       group by p.due_date order by p.due_date desc`,
    )
    .all({ ...term, today });
}

/** A slip as scanning it finds it, and the one that counts in its stead. */
export interface FoundSlip {
  serial: string;
  figures: string;
  newestSerial: string;
  newestFigures: string;
  newestPrintedAt: string;
  returnedAt: string | null;
  returnedBy: string | null;
  dueDate: string;
  studentId: string;
  studentNumber: string;
  name: string;
  className: string;
  seatNumber: number | null;
}

export function findSlip(sqlite: Sqlite, serial: string): FoundSlip | undefined {
  return sqlite
    .prepare<[string], FoundSlip>(
      `select scanned.serial, scanned.figures, p.serial as newestSerial, p.figures as newestFigures, p.printed_at as newestPrintedAt,
         p.returned_at as returnedAt, p.returned_by as returnedBy, p.due_date as dueDate,
         s.id as studentId, s.student_number as studentNumber, s.name, coalesce(c.name, '') as className, e.seat_number as seatNumber
       from confirmation_slips scanned
       join confirmation_slips p on p.academic_year = scanned.academic_year and p.semester = scanned.semester
         and p.due_date = scanned.due_date and p.student_id = scanned.student_id and ${newest}
       join students s on s.id = p.student_id
       left join enrollments e on e.student_id = p.student_id and e.academic_year = p.academic_year and e.semester = p.semester
       left join class_sections c on c.id = e.class_section_id
       where scanned.serial = ?`,
    )
    .get(serial);
}

/** Marks slips that count and are not back yet. @returns the students */
export function markReturned(sqlite: Sqlite, serials: readonly string[], at: string, by: string): string[] {
  const mark = sqlite
    .prepare<[string, string, string], string>(
      `update confirmation_slips as p set returned_at = ?, returned_by = ? where p.serial = ? and p.returned_at is null and ${newest}
       returning student_id`,
    )
    .pluck();
  return serials.flatMap((serial) => mark.all(at, by, serial));
}

/** @returns the students whose slip is not back after all */
export function takeBack(sqlite: Sqlite, serials: readonly string[]): string[] {
  const unmark = sqlite
    .prepare<[string], string>(
      `update confirmation_slips set returned_at = null, returned_by = null where serial = ? and returned_at is not null returning student_id`,
    )
    .pluck();
  return serials.flatMap((serial) => unmark.all(serial));
}
