import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import { formatTerm } from '../../../domain/term.ts';
import { termParameters, termStudents } from '../../application/term-students.ts';

/** The term whose classes the students sit in. */
export interface TermScope {
  academicYear: number;
  semester: number;
}
export interface YearScope extends TermScope {
  statisticsYear: number;
}

/**
 * How outcomes are counted (manual §3.8): every one that was not deleted, in its term (應修課學年度 / 學期), by its state; a tick in the
 * academic year of its outcome. All of it is read from the index learning_outcomes_by_student (student, year, semester, state,
 * ticked, deleted), never from the table, and for a page only of the students on it.
 */
const students = termStudents();
const states = ['draft', 'pending', 'approved', 'rejected'] as const;

/** One figure of one student, by a condition on his outcomes. */
const ofStudent = (condition: string) =>
  `(select count(*) from learning_outcomes o where o.student_id = s.id and o.deleted_at is null and ${condition})`;

const byState = (condition: string) => ({
  uploaded: ofStudent(condition),
  ...Object.fromEntries(states.map((state) => [state, ofStudent(`${condition} and o.state = '${state}'`)])),
});

const ofYear = 'o.academic_year = @academicYear';
const ofTerm = `${ofYear} and o.semester = @semester`;
const tickedOfYear = ofStudent(`${ofYear} and o.ticked_at is not null`);

/** 學生名單: the students of a term. */
export function outcomesSource({ academicYear, semester }: TermScope): GridSource {
  return {
    ...students,
    parameters: termParameters({ academicYear, semester }),
    columns: {
      id: 's.id',
      className: 'c.name',
      seatNumber: 'e.seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      sent: ofStudent(`${ofTerm} and o.state <> 'draft'`),
      ...byState(ofTerm),
      ticked: tickedOfYear,
    },
    sortBy: { className: 'c.sort_key, e.seat_number' },
    key: 's.id',
    tieBreaker: 's.student_number',
  };
}

/** Sums of the figures of students; `present` is 0 for who is not counted among the heads. */
const sums = `sum(present) as students, sum(uploaded) as uploaded,
  ${states.map((state) => `sum(${state}) as ${state}`).join(', ')},
  ${[0, 1, 2, 3, 4, 5].map((count) => `sum(present and ticked = ${count}) as ticked${count}`).join(', ')},
  sum(present and ticked >= 6) as ticked6`;

const summed = Object.fromEntries(
  ['students', 'uploaded', ...states, ...[0, 1, 2, 3, 4, 5, 6].map((count) => `ticked${count}`)].map((key) => [key, `r.${key}`]),
);

/** 學年期統計 by class. */
export function classStatisticsSource({ academicYear, semester }: TermScope): GridSource {
  const perStudent = `
    select c.id as class_id, 1 as present, count(case when o.semester = @semester then 1 end) as uploaded,
      ${states.map((state) => `count(case when o.semester = @semester and o.state = '${state}' then 1 end) as ${state}`).join(', ')},
      count(o.ticked_at) as ticked
    from ${students.from}
      left join learning_outcomes o on o.student_id = s.id and ${ofYear} and o.deleted_at is null
    where ${students.where}
    group by c.id, s.id`;
  return {
    from: `(select class_id, ${sums} from (${perStudent}) group by class_id) r join class_sections c on c.id = r.class_id`,
    parameters: { ...termParameters({ academicYear, semester }), term: formatTerm({ academicYear, semester }) },
    columns: { id: 'c.id', term: '@term', grade: 'c.grade', className: 'c.name', ...summed },
    sortBy: { className: 'c.sort_key' },
    grouped: true,
    tieBreaker: 'c.sort_key, c.code, c.id',
  };
}

/** The three rows of an academic year, by the semesters they count: its two terms, and the whole of it. */
const yearRows = `(select 1 as position, 1 as first, 1 as last union all select 2, 2, 2 union all select 3, 1, 2) k`;
// Numbers are bound as reals; the year's name is bound as a text, so that it reads 108 and not 108.0.
const statisticsTerm = `@yearName || case when k.first = k.last then k.first else '合計' end`;
const ofYearRow = (alias: string) => `${alias}.academic_year = @statisticsYear and ${alias}.semester between k.first and k.last`;

/** A student counts in a row of the year when he was here then, or has outcomes of it (brought from another school). */
const wasHere = `exists (select 1 from enrollments past where past.student_id = s.id and ${ofYearRow('past')})`;
const inYearRow = `(${wasHere}
  or exists (select 1 from learning_outcomes o where o.student_id = s.id and o.deleted_at is null and ${ofYearRow('o')}))`;

function yearParameters({ academicYear, semester, statisticsYear }: YearScope) {
  return {
    ...termParameters({ academicYear, semester }),
    term: formatTerm({ academicYear, semester }),
    statisticsYear,
    yearName: String(statisticsYear),
  };
}

/** 學年度統計 by class. */
export function yearByClassSource(scope: YearScope): GridSource {
  const perStudent = `
    select c.id as class_id, k.position, k.first, k.last, count(o.student_id) > 0 or ${wasHere} as present, count(o.student_id) as uploaded,
      ${states.map((state) => `count(case when o.state = '${state}' then 1 end) as ${state}`).join(', ')},
      count(o.ticked_at) as ticked
    from ${students.from} cross join ${yearRows}
      left join learning_outcomes o on o.student_id = s.id and o.deleted_at is null and ${ofYearRow('o')}
    where ${students.where}
    group by c.id, s.id, k.position`;
  return {
    from: `(select class_id, position, first, last, ${sums} from (${perStudent}) group by class_id, position) k
      join class_sections c on c.id = k.class_id`,
    parameters: yearParameters(scope),
    columns: {
      id: "c.id || ' ' || k.position",
      term: '@term',
      grade: 'c.grade',
      className: 'c.name',
      statisticsTerm,
      ...Object.fromEntries(Object.keys(summed).map((key) => [key, `k.${key}`])),
    },
    sortBy: { className: 'c.sort_key', statisticsTerm: 'k.position' },
    grouped: true,
    tieBreaker: 'c.sort_key, c.code, c.id, k.position',
  };
}

/** 學年度統計 by student. */
export function yearByStudentSource(scope: YearScope): GridSource {
  return {
    from: `${students.from} cross join ${yearRows}`,
    where: `${students.where} and ${inYearRow}`,
    parameters: yearParameters(scope),
    columns: {
      id: "s.id || ' ' || k.position",
      studentId: 's.id',
      term: '@term',
      className: 'c.name',
      seatNumber: 'e.seat_number',
      studentNumber: 's.student_number',
      name: 's.name',
      statisticsTerm,
      ...byState(ofYearRow('o')),
      ticked: ofStudent(`${ofYearRow('o')} and o.ticked_at is not null`),
    },
    sortBy: { className: 'c.sort_key, e.seat_number', statisticsTerm: 'k.position' },
    key: 's.id, k.position',
    tieBreaker: 's.student_number, k.position',
  };
}

/** How many of a term's students ticked an outcome of the year, and how many none. */
export function tickedStudents(sqlite: Sqlite, { academicYear, semester }: TermScope): { ticked: number; notTicked: number } {
  const { all, ticked } = sqlite
    .prepare<[object], { all: number; ticked: number | null }>(
      `select count(*) as "all", sum(exists (select 1 from learning_outcomes o
         where o.student_id = s.id and o.deleted_at is null and ${ofYear} and o.ticked_at is not null)) as ticked
       from ${students.from} where ${students.where}`,
    )
    .get(termParameters({ academicYear, semester }))!;
  return { ticked: ticked ?? 0, notTicked: all - (ticked ?? 0) };
}

/** Academic years the school has classes of, newest first. */
export function schoolYears(sqlite: Sqlite): number[] {
  return sqlite.prepare<[], number>('select distinct academic_year from class_sections order by academic_year desc').pluck().all();
}
