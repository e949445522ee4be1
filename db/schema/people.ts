import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { enrollmentStatuses } from '../../domain/portfolio.ts';
import { divisions } from '../../domain/submission.ts';
import { flag, sharedRecord, term } from './columns.ts';

/** 學籍及人員資料. `identity` is the 身分證統一編號 or 居留證統一證號; null for a student who has neither. */
export const students = sqliteTable(
  'students',
  {
    ...sharedRecord,
    studentNumber: text('student_number').notNull(),
    identity: text('identity'),
    name: text('name').notNull(),
    birthDate: text('birth_date').notNull(),
    sex: text('sex').notNull(),
    email: text('email'),
    /** Account in the city single sign-on; null until it is synchronised (manual §3.16). */
    account: text('account'),
    status: text('status', { enum: enrollmentStatuses }).notNull(),
    statusChangedOn: text('status_changed_on'),
    entryYear: integer('entry_year').notNull(),
    /** Where an arrival came from, or a leaver went. */
    otherSchoolCode: text('other_school_code'),
    /** Copied from the newest enrollment by the sync, so that the student list sorts and filters by one index. */
    currentClassId: text('current_class_id').references(() => classSections.id),
    currentSeatNumber: integer('current_seat_number'),
    currentGrade: integer('current_grade'),
    currentClassSortKey: text('current_class_sort_key'),
  },
  (table) => [
    index('students_by_number').on(table.studentNumber),
    index('students_by_identity').on(table.identity),
    index('students_by_name').on(table.name),
    index('students_by_class').on(table.currentClassSortKey, table.currentSeatNumber, table.studentNumber),
    index('students_by_status').on(table.status, table.currentClassSortKey, table.currentSeatNumber),
    index('students_by_class_id').on(table.currentClassId),
  ],
);

/** 學校班級資料: a class of one term. */
export const classSections = sqliteTable(
  'class_sections',
  {
    ...sharedRecord,
    ...term,
    grade: integer('grade').notNull(),
    /** 班級代碼, `101`: what the slips' range is typed in. */
    code: text('code').notNull(),
    name: text('name').notNull(),
    sortKey: text('sort_key').notNull(),
    departmentName: text('department_name'),
    homeroomTeacherId: text('homeroom_teacher_id').references(() => teachers.id),
    /** 日間部 or 進修部, whose outcomes go into another roster (名冊別 28). */
    division: text('division', { enum: divisions }).notNull().default('day'),
  },
  (table) => [
    index('class_sections_by_term').on(table.academicYear, table.semester, table.sortKey),
    index('class_sections_by_code').on(table.academicYear, table.semester, table.code),
    index('class_sections_by_homeroom_teacher').on(table.homeroomTeacherId),
  ],
);

/** Which class a student sat in, in each term. Comes with the student. */
export const enrollments = sqliteTable(
  'enrollments',
  {
    studentId: text('student_id')
      .notNull()
      .references(() => students.id, { onDelete: 'cascade' }),
    ...term,
    classSectionId: text('class_section_id')
      .notNull()
      .references(() => classSections.id),
    seatNumber: integer('seat_number').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.studentId, table.academicYear, table.semester] }),
    index('enrollments_by_class').on(table.classSectionId, table.seatNumber),
  ],
);

/** 教師人員資料. */
export const teachers = sqliteTable(
  'teachers',
  {
    ...sharedRecord,
    account: text('account').notNull(),
    name: text('name').notNull(),
    email: text('email'),
    active: flag('active'),
  },
  (table) => [index('teachers_by_name').on(table.name), index('teachers_by_account').on(table.account)],
);

/** 輔導教師資料: which counselling teacher looks after which class. */
export const counselors = sqliteTable(
  'counselors',
  {
    ...sharedRecord,
    teacherId: text('teacher_id')
      .notNull()
      .references(() => teachers.id),
    classSectionId: text('class_section_id')
      .notNull()
      .references(() => classSections.id),
    ...term,
  },
  (table) => [
    index('counselors_by_term').on(table.academicYear, table.semester, table.teacherId),
    index('counselors_by_class').on(table.classSectionId),
    index('counselors_by_teacher').on(table.teacherId),
  ],
);

/** 課程諮詢教師 (manual §3.3), set by the office and shared with the city. */
export const courseCounselors = sqliteTable(
  'course_counselors',
  {
    ...sharedRecord,
    teacherId: text('teacher_id')
      .notNull()
      .references(() => teachers.id),
    classSectionId: text('class_section_id')
      .notNull()
      .references(() => classSections.id),
    ...term,
  },
  (table) => [
    index('course_counselors_by_term').on(table.academicYear, table.semester, table.teacherId),
    index('course_counselors_by_class').on(table.classSectionId),
    index('course_counselors_by_teacher').on(table.teacherId),
  ],
);

/** 學校學年期 on offer (S0213S), its id as it is shown, `1091`; exactly one is current. Version 0 until the city has it. */
export const terms = sqliteTable('terms', { ...sharedRecord, ...term, current: flag('current'), offered: flag('offered') }, (table) => [
  uniqueIndex('terms_by_term').on(table.academicYear, table.semester),
  uniqueIndex('terms_one_current').on(table.current).where(sqlTrue(table.current)),
]);

function sqlTrue(column: unknown) {
  return sql`${column} = 1`;
}
