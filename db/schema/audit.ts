import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { createdBy } from './columns.ts';

/**
 * 稽核紀錄: append-only (triggers refuse update and delete), each entry hashed with the one before it. Subjects are
 * record ids; no names, identities or passwords.
 */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    sequence: integer('sequence').primaryKey(),
    at: text('at').notNull(),
    accountName: text('account_name').notNull(),
    operation: text('operation').notNull(),
    action: text('action').notNull(),
    module: text('module'),
    summary: text('summary').notNull(),
    /** Student ids concerned, JSON array; at most 100, `studentCount` counts all. */
    studentIds: text('student_ids').notNull(),
    studentCount: integer('student_count').notNull(),
    outcome: text('outcome').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    index('audit_entries_by_time').on(table.at),
    index('audit_entries_by_account').on(table.accountName, table.at),
    index('audit_entries_by_operation').on(table.operation, table.at),
  ],
);

/** What an operation is called, so that an entry reads the same when a later version no longer has it. */
export const auditOperations = sqliteTable('audit_operations', { name: text('name').primaryKey(), title: text('title').notNull() });

/** The entries that name a student: an index over `studentIds`. No reference to the student, who may have been purged. */
export const auditSubjects = sqliteTable(
  'audit_subjects',
  {
    studentId: text('student_id').notNull(),
    sequence: integer('sequence')
      .notNull()
      .references(() => auditEntries.sequence, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.studentId, table.sequence] }), index('audit_subjects_by_entry').on(table.sequence)],
);

/** Calls that may change something and have not ended yet: what a killed program leaves becomes an entry at the next start. */
export const auditedCalls = sqliteTable('audited_calls', {
  id: text('id').primaryKey(),
  startedAt: text('started_at').notNull(),
  processId: integer('process_id').notNull(),
  accountName: text('account_name').notNull(),
  operation: text('operation').notNull(),
  action: text('action').notNull(),
  module: text('module'),
  summary: text('summary').notNull(),
});

/** What stands for entries purged after their retention: where the chain had got to. Chained among themselves. */
export const auditCheckpoints = sqliteTable('audit_checkpoints', {
  throughSequence: integer('through_sequence').primaryKey(),
  fromSequence: integer('from_sequence').notNull(),
  entryCount: integer('entry_count').notNull(),
  firstAt: text('first_at').notNull(),
  lastAt: text('last_at').notNull(),
  lastHash: text('last_hash').notNull(),
  ...createdBy,
  previousHash: text('previous_hash').notNull(),
  hash: text('hash').notNull(),
});
