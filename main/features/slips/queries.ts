import type { Sqlite } from '../../../db/connection.ts';
import type { Term } from '../../../domain/term.ts';
import { tickingOpened } from '../schedule/service.ts';
import type { SlipSelection } from './contract.ts';
import type { Slip, SlipYear } from './slip.ts';

/**
 * What the slips say, read in five statements whatever the number of students. How it is counted (manual §3.18):
 *
 * - 已上傳件數: every learning outcome of the term that was not deleted, whatever its state.
 * - 已認證件數: those a teacher approved (通過). A rejected one (不通過) has been looked at but can't be ticked, and the slip
 *   tells a family how many can be.
 * - 總上傳件數: every diverse performance of the year.
 * - 已勾選件數: of the year; empty while its ticking has not opened.
 *
 * Records of years the student spent at another school came with an import and stand on no row.
 */
const selected = `
  with selected as (
    select s.id, s.student_number, s.name, c.name as class_name, c.sort_key, e.seat_number, c.homeroom_teacher_id
    from class_sections c
    join enrollments e on e.class_section_id = c.id
    join students s on s.id = e.student_id
    where c.academic_year = @academicYear and c.semester = @semester and c.grade = @grade and c.deleted_at is null
      and (@classFrom is null or c.code >= @classFrom) and (@classTo is null or c.code <= @classTo)
      and (@numberFrom is null or s.student_number >= @numberFrom) and (@numberTo is null or s.student_number <= @numberTo)
      and s.status in ('enrolled', 'transferredIn') and s.deleted_at is null
    order by c.sort_key, e.seat_number, s.student_number
    limit @limit
  )`;

export const slipStatements = {
  count: `${selected} select count(*) from selected`,
  students: `${selected}
    select p.id, p.student_number as studentNumber, p.name, p.class_name as className, coalesce(t.name, '') as homeroomTeacher
    from selected p left join teachers t on t.id = p.homeroom_teacher_id
    order by p.sort_key, p.seat_number, p.student_number`,
  // The class of a year is the one of its last term; with max() SQLite takes the other columns from that same row.
  years: `${selected}
    select e.student_id as studentId, e.academic_year as academicYear, c.name as className, max(e.semester)
    from selected p cross join enrollments e on e.student_id = p.id join class_sections c on c.id = e.class_section_id
    where e.academic_year <= @latestYear
    group by e.student_id, e.academic_year
    order by e.student_id, e.academic_year desc`,
  outcomes: `${selected}
    select o.student_id as studentId, o.academic_year as academicYear, o.semester, count(*) as uploaded,
      sum(o.state = 'approved') as certified, count(o.ticked_at) as ticked
    from selected p cross join learning_outcomes o on o.student_id = p.id
    where o.academic_year <= @latestYear and o.deleted_at is null
    group by o.student_id, o.academic_year, o.semester`,
  performances: `${selected}
    select d.student_id as studentId, d.academic_year as academicYear, count(*) as uploaded, count(d.ticked_at) as ticked
    from selected p cross join diverse_performances d on d.student_id = p.id
    where d.academic_year <= @latestYear and d.deleted_at is null
    group by d.student_id, d.academic_year`,
} as const;

type Parameters = Record<string, string | number | null>;

/** @param limit at most so many students, in the order of the slips */
export function slipParameters(selection: SlipSelection, term: Term, limit = -1): Parameters {
  const bound = (text: string | undefined) => text?.normalize('NFKC').trim() || null;
  return {
    academicYear: term.academicYear,
    semester: term.semester,
    grade: selection.grade,
    classFrom: bound(selection.classFrom),
    classTo: bound(selection.classTo),
    numberFrom: bound(selection.numberFrom),
    numberTo: bound(selection.numberTo),
    limit,
  };
}

/** How many students of the current term a selection names; who left or is suspended gets no slip. */
export function countSlips(sqlite: Sqlite, selection: SlipSelection, term: Term): number {
  return sqlite.prepare(slipStatements.count).pluck().get(slipParameters(selection, term)) as number;
}

interface OutcomeCount {
  studentId: string;
  academicYear: number;
  semester: number;
  uploaded: number;
  certified: number;
  ticked: number;
}

/**
 * The slips of a selection, by class and seat.
 * @param limit at most so many, for a preview
 */
export function readSlips(sqlite: Sqlite, selection: SlipSelection, term: Term, now: Date, limit = -1): Slip[] {
  const parameters = slipParameters(selection, term, limit);
  const byYear = { ...parameters, latestYear: selection.currentYear ? term.academicYear : term.academicYear - 1 };
  const opened = tickingOpened(sqlite, term.academicYear, now);

  const slips = (sqlite.prepare(slipStatements.students).all(parameters) as Omit<Slip, 'years'>[]).map(
    (student): Slip => ({ ...student, years: [] }),
  );
  const bySlip = new Map(slips.map((slip) => [slip.id, slip]));
  const byStudentYear = new Map<string, SlipYear>();
  const yearRows = sqlite.prepare(slipStatements.years).all(byYear) as { studentId: string; academicYear: number; className: string }[];
  for (const { studentId, academicYear, className } of yearRows) {
    const year: SlipYear = {
      academicYear,
      className,
      uploaded: [0, 0],
      certified: [0, 0],
      tickedOutcomes: opened('outcomes', academicYear) ? 0 : null,
      performances: 0,
      tickedPerformances: opened('performances', academicYear) ? 0 : null,
    };
    bySlip.get(studentId)!.years.push(year);
    byStudentYear.set(`${studentId} ${academicYear}`, year);
  }
  for (const count of sqlite.prepare(slipStatements.outcomes).all(byYear) as OutcomeCount[]) {
    const year = byStudentYear.get(`${count.studentId} ${count.academicYear}`);
    if (!year) continue;
    const term = count.semester === 2 ? 1 : 0;
    year.uploaded[term] += count.uploaded;
    year.certified[term] += count.certified;
    if (year.tickedOutcomes !== null) year.tickedOutcomes += count.ticked;
  }
  for (const count of sqlite.prepare(slipStatements.performances).all(byYear) as Omit<OutcomeCount, 'semester' | 'certified'>[]) {
    const year = byStudentYear.get(`${count.studentId} ${count.academicYear}`);
    if (!year) continue;
    year.performances += count.uploaded;
    if (year.tickedPerformances !== null) year.tickedPerformances += count.ticked;
  }
  return slips;
}

/** Grades and classes of a term with those who would get a slip, for the form. */
export function slipClasses(sqlite: Sqlite, term: Term): { code: string; name: string; grade: number; students: number }[] {
  return sqlite
    .prepare(
      `select c.code, c.name, c.grade, count(s.id) as students
       from class_sections c
       left join enrollments e on e.class_section_id = c.id
       left join students s on s.id = e.student_id and s.status in ('enrolled', 'transferredIn') and s.deleted_at is null
       where c.academic_year = ? and c.semester = ? and c.deleted_at is null
       group by c.id order by c.grade, c.sort_key, c.code`,
    )
    .all(term.academicYear, term.semester) as { code: string; name: string; grade: number; students: number }[];
}
