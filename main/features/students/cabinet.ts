import { and, asc, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Connection } from '../../../db/connection.ts';
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
import { ApplicationError } from '../../platform/errors.ts';
import type { students } from './contract.ts';
import { studentCounts } from './counts.ts';

type Cabinet = z.input<(typeof students)['operations']['cabinet']['output']>;

/** What of a record is the store's own business: its tombstone, its version, whose it is. */
const ofTheStore = ['studentId', 'version', 'deletedAt', 'contentHash'] as const;

function shownRecord(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !(ofTheStore as readonly string[]).includes(key)));
}

/**
 * 學習歷程檔案櫃: everything of one student, each section by term, deleted records left out.
 * @throws `student.unknown`
 */
export function readCabinet({ sqlite, orm }: Connection, studentNumber: string): Cabinet {
  // A number may have been given again after its first holder had left: the one still here is meant.
  const student = orm
    .select({ ...getTableColumns(studentTable), className: classSections.name })
    .from(studentTable)
    .leftJoin(classSections, eq(classSections.id, studentTable.currentClassId))
    .where(and(eq(studentTable.studentNumber, studentNumber.trim()), isNull(studentTable.deletedAt)))
    .orderBy(sql`${studentTable.status} = 'graduated'`, desc(studentTable.entryYear))
    .get();
  if (!student) throw new ApplicationError('student.unknown', '找不到這個學號的學生，請確認學號，或先執行同步作業。', { studentNumber });
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
      identity: student.identity,
      birthDate: student.birthDate,
      sex: student.sex,
      className: student.className ?? '',
      seatNumber: student.currentSeatNumber,
      grade: student.currentGrade,
      status: student.status,
    },
    counts: studentCounts(sqlite, [id]).get(id)!,
    learningOutcomes: outcomes.map(shownRecord),
    performances: performances.map((row) => ({ ...shownRecord(row), details: JSON.parse(row.details) as Record<string, unknown> })),
    cadres: heldCadres.map(shownRecord),
    consultations: consultations.map(shownRecord),
    autobiographies: profiles.map(shownRecord),
    courseRecords: courses.map(shownRecord),
  };
}
