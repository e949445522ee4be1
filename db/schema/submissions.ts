import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { submissionKinds } from '../../domain/portfolio.ts';
import {
  divisions,
  findingSeverities,
  processingStatuses,
  rosterChanges,
  submissionBatches,
  submissionWays,
} from '../../domain/submission.ts';
import { createdBy, rosterScope, sharedRecord, term } from './columns.ts';
import { students } from './people.ts';
import { attachments } from './portfolio.ts';

/**
 * 提交紀錄 (manual §3.6, §3.9, §3.14): one line of the national database's log. Those handed in through the city come back with the sync; those
 * uploaded by hand are the office's own, version 0. The raw status text is kept beside what was read from it.
 */
export const submissions = sqliteTable(
  'submissions',
  {
    ...sharedRecord,
    kind: text('kind', { enum: submissionKinds }).notNull(),
    ...term,
    batch: text('batch', { enum: submissionBatches }).notNull().default('regular'),
    division: text('division', { enum: divisions }).notNull().default('day'),
    way: text('way', { enum: submissionWays }).notNull().default('city'),
    /** Null until the office entered it, of one uploaded by hand. */
    submissionFileId: text('submission_file_id'),
    statusText: text('status_text').notNull(),
    processingStatus: text('processing_status', { enum: processingStatuses }).notNull(),
    rosterName: text('roster_name'),
    submittedBy: text('submitted_by').notNull(),
    submittedAt: text('submitted_at').notNull(),
    resultReceivedAt: text('result_received_at'),
    /** The answer's file, in the attachment store, under the name it came with. */
    answerSha256: text('answer_sha256').references(() => attachments.sha256),
    answerName: text('answer_name'),
    /** When its refused rows were read and matched. */
    answerReadAt: text('answer_read_at'),
    archivedAt: text('archived_at'),
    archivedBy: text('archived_by'),
  },
  (table) => [
    index('submissions_by_kind').on(table.kind, table.submittedAt),
    index('submissions_by_term').on(table.kind, table.academicYear, table.semester, table.batch, table.division),
    index('submissions_by_answer').on(table.answerSha256),
  ],
);

/**
 * What was handed in: the workbook's hash and its exact rows. Never changed and never deleted (triggers of the migrations hold that); only
 * `submissionId` is set, once, when the city has taken it. Rows of a student whose retention is over are deleted (main/features/retention); the hashes stay.
 */
export const sentRosters = sqliteTable(
  'sent_rosters',
  {
    id: text('id').primaryKey(),
    ...rosterScope,
    /** 名冊別, `25`. */
    rosterCode: text('roster_code').notNull(),
    rosterName: text('roster_name').notNull(),
    /** `fromAcademicYear` of the layout it was written by. */
    layoutYear: integer('layout_year').notNull(),
    way: text('way', { enum: submissionWays }).notNull(),
    ...createdBy,
    fileName: text('file_name').notNull(),
    sha256: text('sha256')
      .notNull()
      .references(() => attachments.sha256),
    rowCount: integer('row_count').notNull(),
    studentCount: integer('student_count').notNull(),
    /** SHA-256 over sheets and rows: equal rosters are equal here, whatever the minute their workbook was made in. */
    contentHash: text('content_hash').notNull(),
    /** Asked again with it, the city answers the same FID. */
    idempotencyKey: text('idempotency_key').notNull(),
    submissionId: text('submission_id').references(() => submissions.id),
    /** How many of the rows were deleted with students whose retention was over. */
    purgedRows: integer('purged_rows').notNull().default(0),
  },
  (table) => [
    index('sent_rosters_by_term').on(table.kind, table.academicYear, table.semester, table.batch, table.division, table.createdAt),
    uniqueIndex('sent_rosters_by_submission').on(table.submissionId),
    index('sent_rosters_by_file').on(table.sha256),
  ],
);

export const sentRosterRows = sqliteTable(
  'sent_roster_rows',
  {
    sentRosterId: text('sent_roster_id')
      .notNull()
      .references(() => sentRosters.id),
    sheet: text('sheet').notNull(),
    /** From 1, as the rows stand below the sheet's headings. */
    rowNumber: integer('row_number').notNull(),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    recordId: text('record_id').notNull(),
    /** The cells as written, JSON array in the order of the sheet's columns. */
    cells: text('cells').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sentRosterId, table.sheet, table.rowNumber] }),
    index('sent_roster_rows_by_student').on(table.studentId),
    index('sent_roster_rows_by_record').on(table.sentRosterId, table.recordId),
  ],
);

/** 預檢: one run over a roster. The newest of a roster is kept, and those that something was handed in with. */
export const prechecks = sqliteTable(
  'prechecks',
  {
    id: text('id').primaryKey(),
    ...rosterScope,
    ...createdBy,
    rowCount: integer('row_count').notNull(),
    studentCount: integer('student_count').notNull(),
    errorCount: integer('error_count').notNull(),
    warningCount: integer('warning_count').notNull(),
    /** Files whose content could not be looked at: not here, and the city could not be reached. */
    uncheckedFiles: integer('unchecked_files').notNull(),
    contentHash: text('content_hash').notNull(),
    /** What the last roster handed in is compared with; null of the first. */
    comparedWith: text('compared_with').references(() => sentRosters.id),
    sentRosterId: text('sent_roster_id').references(() => sentRosters.id),
    /** Who took the warnings on himself when it was handed in. */
    confirmedBy: text('confirmed_by'),
    confirmedAt: text('confirmed_at'),
  },
  (table) => [
    index('prechecks_by_term').on(table.kind, table.academicYear, table.semester, table.batch, table.division, table.createdAt),
    index('prechecks_by_sent_roster').on(table.sentRosterId),
    index('prechecks_by_compared').on(table.comparedWith),
  ],
);

/** What a precheck found wrong: student, record, field, what, and what to do. */
export const precheckFindings = sqliteTable(
  'precheck_findings',
  {
    id: integer('id').primaryKey(),
    precheckId: text('precheck_id')
      .notNull()
      .references(() => prechecks.id, { onDelete: 'cascade' }),
    severity: text('severity', { enum: findingSeverities }).notNull(),
    code: text('code').notNull(),
    studentId: text('student_id').references(() => students.id),
    recordId: text('record_id'),
    sheet: text('sheet'),
    /** The roster's heading of the field. */
    field: text('field'),
    message: text('message').notNull(),
    advice: text('advice').notNull(),
  },
  (table) => [
    index('precheck_findings_by_precheck').on(table.precheckId, table.severity),
    index('precheck_findings_by_student').on(table.studentId),
  ],
);

/** How a roster differs from the one handed in before, by record. */
export const precheckDifferences = sqliteTable(
  'precheck_differences',
  {
    id: integer('id').primaryKey(),
    precheckId: text('precheck_id')
      .notNull()
      .references(() => prechecks.id, { onDelete: 'cascade' }),
    change: text('change', { enum: rosterChanges }).notNull(),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    recordId: text('record_id').notNull(),
    sheet: text('sheet').notNull(),
    title: text('title').notNull(),
    /** `成果簡述：甲 → 乙`, a line each; empty of an added or removed record. */
    detail: text('detail').notNull(),
  },
  (table) => [
    index('precheck_differences_by_precheck').on(table.precheckId, table.change),
    index('precheck_differences_by_student').on(table.studentId),
  ],
);

/** Students who have neither 身分證 nor 居留證, or whose number is right although its checksum is not: the audited way round the check. */
export const identityWaivers = sqliteTable('identity_waivers', {
  studentId: text('student_id')
    .primaryKey()
    .references(() => students.id),
  reason: text('reason').notNull(),
  ...createdBy,
});

/** Rows that an answer refused, matched back to what was handed in; null where no row matched. */
export const submissionAnswerRows = sqliteTable(
  'submission_answer_rows',
  {
    submissionId: text('submission_id')
      .notNull()
      .references(() => submissions.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    sheet: text('sheet').notNull(),
    studentId: text('student_id').references(() => students.id),
    recordId: text('record_id'),
    /** The heading the message is about, where the answer says it. */
    field: text('field'),
    message: text('message').notNull(),
    /** The answer's cells by heading, JSON. */
    cells: text('cells').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.submissionId, table.position] }),
    index('submission_answer_rows_by_student').on(table.studentId),
  ],
);
