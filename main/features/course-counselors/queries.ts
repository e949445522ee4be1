import type { z } from 'zod';
import type { Sqlite } from '../../../db/connection.ts';
import type { GridSource } from '../../../db/grid-query.ts';
import type { TermScope } from '../../application/grid-contract.ts';
import type { CounseledClass, copiedSetting } from './contract.ts';

/** 教師清單: who serves, and who no longer does but still counsels a class of the term. */
export function teacherSource({ academicYear, semester }: TermScope): GridSource {
  return {
    from: `teachers t left join (
        select teacher_id, count(*) as classes from course_counselors
        where academic_year = @academicYear and semester = @semester and deleted_at is null group by teacher_id
      ) k on k.teacher_id = t.id`,
    where: 't.deleted_at is null and (t.active = 1 or k.classes > 0)',
    parameters: { academicYear, semester },
    columns: {
      id: 't.id',
      name: 't.name',
      email: 't.email',
      classCount: 'coalesce(k.classes, 0)',
      assigned: 'k.classes is not null',
    },
    // Those who counsel stand first, as the clerk looks for them.
    sortBy: { name: 'k.classes is null, t.name', assigned: 'k.classes is null, t.name' },
    tieBreaker: 't.id',
  };
}

interface ClassRow extends Omit<CounseledClass, 'others'> {
  mine: number;
  others: string | null;
}

/** Both lists of a teacher: classes of the term that he counsels, and the rest. */
export function classesOf(sqlite: Sqlite, teacherId: string, { academicYear, semester }: TermScope) {
  const rows = sqlite
    .prepare(
      `select c.id, c.academic_year as academicYear, c.semester, c.name as className,
         exists (select 1 from course_counselors k where k.class_section_id = c.id and k.teacher_id = @teacherId and k.deleted_at is null) as mine,
         (select json_group_array(t.name) from course_counselors k join teachers t on t.id = k.teacher_id
          where k.class_section_id = c.id and k.teacher_id <> @teacherId and k.deleted_at is null) as others
       from class_sections c
       where c.academic_year = @academicYear and c.semester = @semester and c.deleted_at is null order by c.sort_key, c.id`,
    )
    .all({ teacherId, academicYear, semester }) as ClassRow[];
  const shown = rows.map(({ mine, others, ...section }) => ({
    mine: mine === 1,
    section: { ...section, others: JSON.parse(others ?? '[]') as string[] },
  }));
  return {
    available: shown.filter(({ mine }) => !mine).map(({ section }) => section),
    chosen: shown.filter(({ mine }) => mine).map(({ section }) => section),
  };
}

/** The term before: the first semester's is the second of the year before. */
export function termBefore({ academicYear, semester }: TermScope): TermScope {
  return semester === 2 ? { academicYear, semester: 1 } : { academicYear: academicYear - 1, semester: 2 };
}

interface Candidate {
  counselorId: string;
  teacherId: string;
  teacherName: string;
  active: number;
  fromClass: string;
  classId: string | null;
  className: string | null;
  there: number;
}

/**
 * Last term's settings carried over: a class goes on as the class that most of its students sit in now, so that 一年一班 becomes
 * 二年一班 at the turn of the year whatever the school renamed.
 */
export function carriedOver(sqlite: Sqlite, term: TermScope): z.infer<typeof copiedSetting>[] {
  const before = termBefore(term);
  const candidates = sqlite
    .prepare(
      `select k.id as counselorId, k.teacher_id as teacherId, t.name as teacherName, t.active, o.name as fromClass,
         n.id as classId, n.name as className,
         exists (select 1 from course_counselors x where x.class_section_id = n.id and x.teacher_id = k.teacher_id and x.deleted_at is null) as there
       from course_counselors k
       join teachers t on t.id = k.teacher_id
       join class_sections o on o.id = k.class_section_id
       left join enrollments eo on eo.class_section_id = o.id
       left join enrollments en on en.student_id = eo.student_id and en.academic_year = @academicYear and en.semester = @semester
       left join class_sections n on n.id = en.class_section_id and n.deleted_at is null
       where k.academic_year = @beforeYear and k.semester = @beforeSemester and k.deleted_at is null
       group by k.id, n.id order by o.sort_key, k.id, n.id is null, count(*) desc, n.sort_key`,
    )
    .all({ ...term, beforeYear: before.academicYear, beforeSemester: before.semester }) as Candidate[];
  const first = new Map<string, Candidate>();
  for (const candidate of candidates) if (!first.has(candidate.counselorId)) first.set(candidate.counselorId, candidate);
  return [...first.values()].map(({ counselorId: _id, active, there, classId, className, ...setting }) => ({
    ...setting,
    classId: active === 1 ? classId : null,
    className: active === 1 ? className : null,
    there: there === 1,
  }));
}
