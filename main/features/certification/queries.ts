import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import type { TermScope } from '../../application/grid-contract.ts';

/**
 * Outcomes of a term that wait for certification, once for each teacher who may certify: the certifier it was sent to, else the
 * reviewers of its course. Begins with the index of the term's states, so its cost is what is pending, not the school.
 */
const pending = `learning_outcomes o indexed by learning_outcomes_by_term
  left join teaching_assignments a on o.certifier_id is null and a.course_offering_id = o.course_offering_id and a.reviewer = 1`;
const ofTerm = `o.academic_year = @academicYear and o.semester = @semester and o.state = 'pending' and o.deleted_at is null`;
const certifier = 'coalesce(o.certifier_id, a.teacher_id)';

const parametersOf = ({ academicYear, semester }: TermScope) => ({ academicYear, semester });

/** 教師清單 with how many each has to certify; outcomes of nobody under a line of their own. */
export function teacherSource(term: TermScope, today: string): GridSource {
  return {
    from: `(
        select t.id, t.name, t.email, coalesce(p.pending, 0) as pending, 0 as nobody,
          (select group_concat(d.name, '、') from deputy_certifiers k join teachers d on d.id = k.deputy_id
           where k.teacher_id = t.id and k.starts_on <= @today and k.ends_on >= @today and k.deleted_at is null) as deputy
        from teachers t left join (
          select ${certifier} as teacherId, count(*) as pending from ${pending} where ${ofTerm} group by teacherId
        ) p on p.teacherId = t.id
        where t.deleted_at is null and (t.active = 1 or p.pending > 0)
        union all
        select '', '（未指定教師）', null, count(*), 1, null from ${pending} where ${ofTerm} and ${certifier} is null having count(*) > 0
      ) t`,
    parameters: { ...parametersOf(term), today },
    columns: { id: 't.id', name: 't.name', pending: 't.pending', deputy: 't.deputy', email: 't.email' },
    tieBreaker: 't.nobody, t.name, t.id',
  };
}

/** 未認證學生清單. @param teacherId '' for outcomes that nobody may certify */
export function outcomeSource(term: TermScope & { teacherId?: string | undefined }): GridSource {
  const { teacherId } = term;
  const whose = teacherId === undefined ? '' : teacherId === '' ? `and ${certifier} is null` : `and ${certifier} = @teacherId`;
  return {
    from: `${pending}
      join students s on s.id = o.student_id
      left join teachers t on t.id = ${certifier}
      left join enrollments e on e.student_id = s.id and e.academic_year = o.academic_year and e.semester = o.semester
      left join class_sections c on c.id = e.class_section_id`,
    where: `${ofTerm} ${whose}`,
    parameters: { ...parametersOf(term), ...(teacherId ? { teacherId } : {}) },
    columns: {
      id: "o.id || ' ' || coalesce(t.id, '')",
      studentId: 's.id',
      className: 'c.name',
      seatNumber: 'e.seat_number',
      studentName: 's.name',
      subjectName: 'o.subject_name',
      teacherName: 't.name',
      sentAt: 'o.sent_for_certification_at',
    },
    sortBy: { className: 'c.sort_key, e.seat_number', teacherName: 't.name, c.sort_key, e.seat_number' },
    tieBreaker: 's.id, o.subject_name, o.id, t.id',
  };
}

export function certificationSummary(sqlite: Sqlite, term: TermScope): { outcomes: number; teachers: number; unassigned: number } {
  return sqlite
    .prepare(
      `select count(distinct o.id) as outcomes, count(distinct ${certifier}) as teachers,
         count(distinct iif(${certifier} is null, o.id, null)) as unassigned from ${pending} where ${ofTerm}`,
    )
    .get(parametersOf(term)) as ReturnType<typeof certificationSummary>;
}

/** Teachers who have something to certify, and their addresses. */
export function teachersToRemind(sqlite: Sqlite, term: TermScope): { name: string; email: string | null }[] {
  return sqlite
    .prepare(
      `select t.name, t.email from teachers t where t.id in (select distinct ${certifier} from ${pending} where ${ofTerm}) order by t.name, t.id`,
    )
    .all(parametersOf(term)) as ReturnType<typeof teachersToRemind>;
}

export interface ReportRow {
  teacherId: string | null;
  teacherName: string | null;
  studentId: string;
  className: string | null;
  seatNumber: number | null;
  studentName: string;
  subjectName: string;
}

/** The report's rows: teachers by name, their students by class and seat, outcomes of nobody last. */
export function reportRows(sqlite: Sqlite, term: TermScope): ReportRow[] {
  return sqlite
    .prepare(
      `select t.id as teacherId, t.name as teacherName, s.id as studentId, c.name as className, e.seat_number as seatNumber, s.name as studentName,
         o.subject_name as subjectName
       from ${outcomeSource(term).from} where ${ofTerm}
       order by t.id is null, t.name, t.id, c.sort_key, e.seat_number, s.id, o.subject_name, o.id`,
    )
    .all(parametersOf(term)) as ReportRow[];
}

/** 代理認證教師 with their state on a day. */
export function deputySource(today: string): GridSource {
  return {
    from: 'deputy_certifiers k join teachers t on t.id = k.teacher_id join teachers d on d.id = k.deputy_id',
    where: 'k.deleted_at is null',
    parameters: { today },
    columns: {
      id: 'k.id',
      teacherId: 'k.teacher_id',
      deputyId: 'k.deputy_id',
      teacherName: 't.name',
      deputyName: 'd.name',
      startsOn: 'k.starts_on',
      endsOn: 'k.ends_on',
      reason: 'k.reason',
      state: "case when @today < k.starts_on then 'soon' when @today > k.ends_on then 'past' else 'active' end",
    },
    tieBreaker: 'k.id',
  };
}
