import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { receiptAnswers, receiptComparisons } from '../../domain/submission.ts';
import { createdBy, rosterScope } from './columns.ts';
import { students } from './people.ts';
import { attachments } from './portfolio.ts';
import { sentRosters } from './submissions.ts';

/** 收訖明細: what the ministry says it has, held against what was handed in. */
export const receiptStatements = sqliteTable(
  'receipt_statements',
  {
    id: text('id').primaryKey(),
    ...rosterScope,
    ...createdBy,
    sentRosterId: text('sent_roster_id').references(() => sentRosters.id),
    fileName: text('file_name').notNull(),
    sha256: text('sha256')
      .notNull()
      .references(() => attachments.sha256),
    rowCount: integer('row_count').notNull(),
    /** Days of the students' confirmation, both included; at least three (domain.md §1). */
    confirmFrom: text('confirm_from').notNull(),
    confirmUntil: text('confirm_until').notNull(),
  },
  (table) => [
    index('receipt_statements_by_term').on(table.kind, table.academicYear, table.semester, table.createdAt),
    index('receipt_statements_by_sent_roster').on(table.sentRosterId),
    index('receipt_statements_by_file').on(table.sha256),
  ],
);

export const receiptStatementRows = sqliteTable(
  'receipt_statement_rows',
  {
    receiptStatementId: text('receipt_statement_id')
      .notNull()
      .references(() => receiptStatements.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    sheet: text('sheet').notNull(),
    /** Null where the ministry's row names nobody of this school. */
    studentId: text('student_id').references(() => students.id),
    recordId: text('record_id'),
    comparison: text('comparison', { enum: receiptComparisons }).notNull(),
    /** The ministry's cells by heading, JSON; null of a missing one. */
    received: text('received'),
    /** The cells that were handed in, by heading, JSON; null of an extra one. */
    sent: text('sent'),
    /** What the record is called: course, competition, work … */
    title: text('title').notNull(),
    /** `成果簡述：送出 甲，收訖 乙`, a line each. */
    detail: text('detail').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.receiptStatementId, table.position] }),
    index('receipt_statement_rows_by_comparison').on(table.receiptStatementId, table.comparison),
    index('receipt_statement_rows_by_student').on(table.studentId, table.receiptStatementId),
  ],
);

/** What a student said of his 收訖明細: 正確 or 錯誤. A row for every student the statement concerns. */
export const receiptConfirmations = sqliteTable(
  'receipt_confirmations',
  {
    receiptStatementId: text('receipt_statement_id')
      .notNull()
      .references(() => receiptStatements.id, { onDelete: 'cascade' }),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    /** On the printed confirmation, to be scanned when it comes back. */
    serial: text('serial').notNull(),
    printedAt: text('printed_at'),
    answer: text('answer', { enum: receiptAnswers }),
    answeredAt: text('answered_at'),
    answeredBy: text('answered_by'),
    /** What the student says is wrong. */
    remark: text('remark'),
  },
  (table) => [
    primaryKey({ columns: [table.receiptStatementId, table.studentId] }),
    uniqueIndex('receipt_confirmations_by_serial').on(table.serial),
    index('receipt_confirmations_by_student').on(table.studentId),
  ],
);
