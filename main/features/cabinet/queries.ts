import { and, asc, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Connection, Sqlite } from '../../../db/connection.ts';
import {
  autobiographies,
  cadres,
  classSections,
  consultationStudents,
  courseConsultations,
  courseRecords,
  diversePerformances,
  learningOutcomes,
  students as studentTable,
} from '../../../db/schema/index.ts';
import { maskIdentity } from '../../../domain/national-id.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { studentCounts } from '../students/counts.ts';
import type { cabinet } from './contract.ts';
import { originsOf, schoolNamesOf } from './origins.ts';

type Cabinet = z.input<(typeof cabinet)['operations']['read']['output']>;
type Whose = z.output<(typeof cabinet)['operations']['read']['input']>;

/** What of a record is the store's own business: its tombstone, its version, whose it is. */
const ofTheStore = ['studentId', 'version', 'deletedAt', 'contentHash'] as const;

function shownRecord(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !(ofTheStore as readonly string[]).includes(key)));
}

/**
 * 學習歷程檔案櫃: everything of one student, each section by term, deleted records left out.
 * @throws `student.unknown`
 */
export function readCabinet(connection: Connection, whose: Whose): Cabinet {
  const { sqlite, orm } = connection;
  // A number may have been given again after its first holder had left: the one still here is meant.
  const student = orm
    .select({ ...getTableColumns(studentTable), className: classSections.name })
    .from(studentTable)
    .leftJoin(classSections, eq(classSections.id, studentTable.currentClassId))
    .where(
      and(
        'studentId' in whose ? eq(studentTable.id, whose.studentId) : eq(studentTable.studentNumber, whose.studentNumber.trim()),
        isNull(studentTable.deletedAt),
      ),
    )
    .orderBy(sql`${studentTable.status} = 'graduated'`, desc(studentTable.entryYear))
    .get();
  if (!student) throw new ApplicationError('student.unknown', '找不到這位學生，請確認學號，或先執行同步作業。', whose);
  const { id } = student;

  const outcomes = orm
    .select()
    .from(learningOutcomes)
    .where(and(eq(learningOutcomes.studentId, id), isNull(learningOutcomes.deletedAt)))
    .orderBy(
      desc(learningOutcomes.academicYear),
      desc(learningOutcomes.semester),
      asc(learningOutcomes.createdAt),
      asc(learningOutcomes.id),
    )
    .all();
  const performances = orm
    .select()
    .from(diversePerformances)
    .where(and(eq(diversePerformances.studentId, id), isNull(diversePerformances.deletedAt)))
    .orderBy(asc(diversePerformances.category), desc(diversePerformances.academicYear), asc(diversePerformances.createdAt))
    .all();
  const heldCadres = orm
    .select()
    .from(cadres)
    .where(and(eq(cadres.studentId, id), isNull(cadres.deletedAt)))
    .orderBy(desc(cadres.academicYear), desc(cadres.semester))
    .all();
  const consultations = orm
    .select(getTableColumns(courseConsultations))
    .from(consultationStudents)
    .innerJoin(courseConsultations, eq(courseConsultations.id, consultationStudents.consultationId))
    .where(and(eq(consultationStudents.studentId, id), isNull(courseConsultations.deletedAt)))
    .orderBy(desc(courseConsultations.heldOn))
    .all();
  const profiles = orm
    .select()
    .from(autobiographies)
    .where(and(eq(autobiographies.studentId, id), isNull(autobiographies.deletedAt)))
    .orderBy(desc(autobiographies.updatedAt))
    .all();
  const courses = orm
    .select()
    .from(courseRecords)
    .where(and(eq(courseRecords.studentId, id), isNull(courseRecords.deletedAt)))
    .orderBy(desc(courseRecords.academicYear), desc(courseRecords.semester), asc(courseRecords.courseCode))
    .all();

  return {
    student: {
      id,
      studentNumber: student.studentNumber,
      name: student.name,
      identity: student.identity === null ? null : maskIdentity(student.identity),
      birthDate: student.birthDate,
      sex: student.sex,
      className: student.className ?? '',
      seatNumber: student.currentSeatNumber,
      grade: student.currentGrade,
      status: student.status,
      statusChangedOn: student.statusChangedOn,
      otherSchoolCode: student.otherSchoolCode,
      entryYear: student.entryYear,
      email: student.email,
      account: student.account,
    },
    ...schoolLife(sqlite, id),
    files: filesOf(sqlite, id),
    origins: originsOf(connection, id),
    schoolNames: schoolNamesOf(
      connection,
      new Set([...outcomes, ...performances, ...heldCadres].map(({ sourceSchoolCode }) => sourceSchoolCode)),
    ),
    counts: studentCounts(sqlite, [id]).get(id)!,
    learningOutcomes: outcomes.map(shownRecord),
    performances: performances.map((row) => ({ ...shownRecord(row), details: JSON.parse(row.details) as Record<string, unknown> })),
    cadres: heldCadres.map(shownRecord),
    consultations: consultations.map(shownRecord),
    autobiographies: profiles.map(shownRecord),
    courseRecords: courses.map(shownRecord),
  };
}

/** Where the student sat, and how often absent, rewarded or punished: what 基本資料 shows beside the register. */
function schoolLife(sqlite: Sqlite, studentId: string): Pick<Cabinet, 'enrollments' | 'attendance' | 'rewards'> {
  const rows = <Row>(statement: string) => sqlite.prepare(statement).all(studentId) as Row[];
  return {
    enrollments: rows(
      `select e.academic_year as academicYear, e.semester, c.name as className, e.seat_number as seatNumber, t.name as homeroomTeacher
       from enrollments e join class_sections c on c.id = e.class_section_id left join teachers t on t.id = c.homeroom_teacher_id
       where e.student_id = ? order by e.academic_year desc, e.semester desc`,
    ),
    attendance: rows(
      `select academic_year as academicYear, semester, absence_code as absenceCode, sum(periods) as periods from attendance
       where student_id = ? and deleted_at is null group by academic_year, semester, absence_code
       order by academic_year desc, semester desc, absence_code`,
    ),
    rewards: rows(
      `select academic_year as academicYear, semester, kind, sum(times) as times from rewards
       where student_id = ? and deleted_at is null group by academic_year, semester, kind order by academic_year desc, semester desc, kind`,
    ),
  };
}

/** Size, kind and health of every file of a student's records. */
function filesOf(sqlite: Sqlite, studentId: string): Cabinet['files'] {
  const rows = sqlite
    .prepare(
      `select a.sha256, a.bytes, a.media_type as mediaType,
         a.damaged_at is not null or exists (select 1 from damaged_files d where d.id = a.sha256 and d.deleted_at is null) as damaged
       from attachments a where a.sha256 in (
         select document_sha256 from learning_outcomes where student_id = @id union select media_sha256 from learning_outcomes where student_id = @id
         union select document_sha256 from diverse_performances where student_id = @id
         union select media_sha256 from diverse_performances where student_id = @id
         union select document_sha256 from autobiographies where student_id = @id union select media_sha256 from autobiographies where student_id = @id)`,
    )
    .all({ id: studentId }) as { sha256: string; bytes: number; mediaType: string; damaged: number }[];
  return Object.fromEntries(rows.map(({ sha256, bytes, mediaType, damaged }) => [sha256, { bytes, mediaType, damaged: damaged === 1 }]));
}
