import { sql } from 'drizzle-orm';
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { autobiographyKinds, outcomeStates } from '../../domain/portfolio.ts';
import { flag, sharedRecord, term } from './columns.ts';
import { courseOfferings } from './courses.ts';
import { students, teachers } from './people.ts';

/** What is known of a file; its bytes lie in the attachment store under the same SHA-256. */
export const attachments = sqliteTable(
  'attachments',
  {
    sha256: text('sha256').primaryKey(),
    md5: text('md5').notNull(),
    bytes: integer('bytes').notNull(),
    mediaType: text('media_type').notNull(),
    /** True once the city has acknowledged the file; only such files may be evicted from the store. */
    atCity: flag('at_city'),
    /** Set by the scrub when the bytes are known to be damaged (manual §3.2.7). */
    damagedAt: text('damaged_at'),
    /** When the bytes here were last read whole and held against the hash, and what was wrong with the file itself (domain/file-content.ts); null for nothing. */
    verifiedAt: text('verified_at'),
    contentProblem: text('content_problem'),
    /** When its bytes were deleted for good with students whose retention was over: never fetched again. */
    purgedAt: text('purged_at'),
  },
  (table) => [index('attachments_damaged').on(table.damagedAt).where(sql`${table.damagedAt} IS NOT NULL`)],
);

/** Files the city found damaged (manual §3.2.7), by the SHA-256 they should have; the scrub's own findings are in `attachments`. */
export const damagedFiles = sqliteTable('damaged_files', { ...sharedRecord, foundAt: text('found_at').notNull() });

/** A record's document (pdf jpg png) and its audio or video (mp3 mp4), by the names the student gave them. */
const recordFiles = {
  documentSha256: text('document_sha256').references(() => attachments.sha256),
  documentName: text('document_name'),
  mediaSha256: text('media_sha256').references(() => attachments.sha256),
  mediaName: text('media_name'),
};

/** Where a record came from: the school whose code stays on it, and the import that brought it. */
const recordOrigin = {
  sourceSchoolCode: text('source_school_code').notNull(),
  sourceUnitCode: text('source_unit_code'),
  transferInId: text('transfer_in_id'),
  /** SHA-256 of the canonical content: an import finds its own record again by it. */
  contentHash: text('content_hash'),
};

/** 課程學習成果 and its whole history: uploaded, sent for certification, certified, ticked, submitted. */
export const learningOutcomes = sqliteTable(
  'learning_outcomes',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    /** 應修課學年度 / 學期. */
    ...term,
    courseOfferingId: text('course_offering_id').references(() => courseOfferings.id),
    courseCode: text('course_code').notNull(),
    subjectName: text('subject_name').notNull(),
    credits: real('credits').notNull(),
    grade: integer('grade').notNull(),
    courseSemester: integer('course_semester').notNull(),
    exchange: flag('exchange'),
    retake: flag('retake'),
    retakeTerm: text('retake_term'),
    retakeMethod: text('retake_method'),
    makeup: flag('makeup'),
    makeupTerm: text('makeup_term'),
    makeupMethod: text('makeup_method'),
    repeat: flag('repeat'),
    repeatTerm: text('repeat_term'),
    beforeTransfer: flag('before_transfer'),
    ...recordFiles,
    summary: text('summary').notNull(),
    state: text('state', { enum: outcomeStates }).notNull(),
    uploadedTerm: text('uploaded_term').notNull(),
    createdAt: text('created_at').notNull(),
    sentForCertificationAt: text('sent_for_certification_at'),
    certifierId: text('certifier_id').references(() => teachers.id),
    certifierName: text('certifier_name'),
    certifiedAt: text('certified_at'),
    certificationRemark: text('certification_remark'),
    tickedAt: text('ticked_at'),
    submittedTerm: text('submitted_term').notNull().default('0000'),
    ...recordOrigin,
  },
  (table) => [
    // The last two columns let counts by student (slips, statistics, home page) be read from the index alone.
    index('learning_outcomes_by_student').on(
      table.studentId,
      table.academicYear,
      table.semester,
      table.state,
      table.tickedAt,
      table.deletedAt,
    ),
    index('learning_outcomes_by_term').on(table.academicYear, table.semester, table.state),
    index('learning_outcomes_by_certifier').on(table.certifierId, table.state, table.academicYear, table.semester),
    index('learning_outcomes_by_offering').on(table.courseOfferingId),
    index('learning_outcomes_by_document').on(table.documentSha256),
    index('learning_outcomes_by_media').on(table.mediaSha256),
    index('learning_outcomes_by_import').on(table.transferInId),
    // Rosters read what is ticked of a year; 重修 補修 重讀 belong to the year in which they happened.
    index('learning_outcomes_ticked').on(table.academicYear).where(sql`${table.tickedAt} IS NOT NULL`),
    index('learning_outcomes_special').on(table.academicYear).where(sql`${table.retake} = 1 OR ${table.makeup} = 1 OR ${table.repeat} = 1`),
  ],
);

/**
 * 多元表現. Ten categories share these columns; the official fields of a category are in `details` (JSON, keys of
 * domain/performance-fields.ts), checked by schema on the way in. No teacher certifies them.
 */
export const diversePerformances = sqliteTable(
  'diverse_performances',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    category: integer('category').notNull(),
    ...term,
    title: text('title').notNull(),
    details: text('details').notNull(),
    summary: text('summary').notNull(),
    ...recordFiles,
    externalLink: text('external_link'),
    uploadedTerm: text('uploaded_term').notNull(),
    createdAt: text('created_at').notNull(),
    tickedAt: text('ticked_at'),
    submittedTerm: text('submitted_term').notNull().default('0000'),
    ...recordOrigin,
  },
  (table) => [
    index('diverse_performances_by_student').on(table.studentId, table.academicYear, table.category, table.tickedAt, table.deletedAt),
    index('diverse_performances_by_year').on(table.academicYear, table.category),
    index('diverse_performances_by_document').on(table.documentSha256),
    index('diverse_performances_by_media').on(table.mediaSha256),
    index('diverse_performances_by_import').on(table.transferInId),
    index('diverse_performances_ticked').on(table.academicYear, table.category).where(sql`${table.tickedAt} IS NOT NULL`),
  ],
);

/** 個人簡歷: 自傳 and 學習計畫. */
export const autobiographies = sqliteTable(
  'autobiographies',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    kind: text('kind', { enum: autobiographyKinds }).notNull(),
    title: text('title').notNull(),
    content: text('content').notNull(),
    ...recordFiles,
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [
    index('autobiographies_by_student').on(table.studentId),
    index('autobiographies_by_document').on(table.documentSha256),
    index('autobiographies_by_media').on(table.mediaSha256),
  ],
);
