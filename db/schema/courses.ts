import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { courseRecordKinds } from '../../domain/portfolio.ts';
import { flag, sharedRecord, term } from './columns.ts';
import { classSections, students, teachers } from './people.ts';

/** 教師配課資料: a course opened for a class in a term. */
export const courseOfferings = sqliteTable(
  'course_offerings',
  {
    ...sharedRecord,
    ...term,
    classSectionId: text('class_section_id').references(() => classSections.id),
    courseCode: text('course_code').notNull(),
    courseName: text('course_name').notNull(),
    subjectName: text('subject_name').notNull(),
    credits: real('credits').notNull(),
    grade: integer('grade').notNull(),
    /** 合開課程: more than one teacher, so reviewers can be chosen (manual §3.4). */
    coTaught: flag('co_taught'),
  },
  (table) => [
    index('course_offerings_by_term').on(table.academicYear, table.semester, table.coTaught),
    index('course_offerings_by_class').on(table.classSectionId),
    index('course_offerings_by_code').on(table.courseCode),
  ],
);

/** Who teaches an offering; `reviewer` is 審核, may certify. */
export const teachingAssignments = sqliteTable(
  'teaching_assignments',
  {
    courseOfferingId: text('course_offering_id')
      .notNull()
      .references(() => courseOfferings.id, { onDelete: 'cascade' }),
    teacherId: text('teacher_id')
      .notNull()
      .references(() => teachers.id),
    reviewer: flag('reviewer'),
  },
  (table) => [
    primaryKey({ columns: [table.courseOfferingId, table.teacherId] }),
    index('teaching_assignments_by_teacher').on(table.teacherId),
  ],
);

/** 修課紀錄. */
export const courseRecords = sqliteTable(
  'course_records',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    ...term,
    courseOfferingId: text('course_offering_id').references(() => courseOfferings.id),
    courseCode: text('course_code').notNull(),
    subjectName: text('subject_name').notNull(),
    credits: real('credits').notNull(),
    grade: integer('grade').notNull(),
    kind: text('kind', { enum: courseRecordKinds }).notNull(),
    score: real('score'),
    passed: integer('passed', { mode: 'boolean' }),
  },
  (table) => [
    index('course_records_by_student').on(table.studentId, table.academicYear, table.semester),
    index('course_records_by_offering').on(table.courseOfferingId),
  ],
);

/** 課程諮詢紀錄: never goes to the national database. */
export const courseConsultations = sqliteTable(
  'course_consultations',
  {
    ...sharedRecord,
    ...term,
    teacherAccount: text('teacher_account'),
    counselorName: text('counselor_name').notNull(),
    place: text('place'),
    kind: text('kind').notNull(),
    topic: text('topic').notNull(),
    content: text('content').notNull(),
    heldOn: text('held_on').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('course_consultations_by_term').on(table.academicYear, table.semester)],
);

export const consultationStudents = sqliteTable(
  'consultation_students',
  {
    consultationId: text('consultation_id')
      .notNull()
      .references(() => courseConsultations.id, { onDelete: 'cascade' }),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
  },
  (table) => [
    primaryKey({ columns: [table.consultationId, table.studentId] }),
    index('consultation_students_by_student').on(table.studentId),
  ],
);

/** 出缺勤資料: how many periods of a kind, not on which day, which no screen shows. Codes of absence: domain.md §2.1. */
export const attendance = sqliteTable(
  'attendance',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    ...term,
    absenceCode: text('absence_code').notNull(),
    periods: integer('periods').notNull(),
  },
  (table) => [index('attendance_by_student').on(table.studentId, table.academicYear, table.semester)],
);

/** 獎懲資料: how often, not when nor what for, which no screen shows. */
export const rewards = sqliteTable(
  'rewards',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    ...term,
    kind: text('kind').notNull(),
    times: integer('times').notNull(),
  },
  (table) => [index('rewards_by_student').on(table.studentId, table.academicYear, table.semester)],
);

/** 心理測驗資料: only that there is one. No screen needs its name, day or contents, so they are not stored (domain.md §6). */
export const psychologicalTests = sqliteTable(
  'psychological_tests',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
  },
  (table) => [index('psychological_tests_by_student').on(table.studentId)],
);

/** 校內幹部經歷: kept by the school, submitted by term (manual §3.14). */
export const cadres = sqliteTable(
  'cadres',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    ...term,
    unitName: text('unit_name').notNull(),
    positionName: text('position_name').notNull(),
    levelCode: text('level_code').notNull(),
    startsOn: text('starts_on').notNull(),
    endsOn: text('ends_on').notNull(),
    createdAt: text('created_at').notNull(),
    submittedTerm: text('submitted_term').notNull().default('0000'),
    sourceSchoolCode: text('source_school_code').notNull(),
    sourceUnitCode: text('source_unit_code'),
    transferInId: text('transfer_in_id'),
    contentHash: text('content_hash'),
  },
  (table) => [
    index('cadres_by_student').on(table.studentId, table.academicYear, table.semester),
    index('cadres_by_term').on(table.academicYear, table.semester),
  ],
);
