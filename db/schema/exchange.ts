import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { createdBy, flag } from './columns.ts';
import { students } from './people.ts';

/** Where each resource of the city stands. The cursor changes only in the transaction that applied its rows. */
export const syncCursors = sqliteTable('sync_cursors', {
  resource: text('resource').primaryKey(),
  cursor: text('cursor').notNull(),
  lastStartedAt: text('last_started_at'),
  lastFinishedAt: text('last_finished_at'),
  lastResult: text('last_result'),
  lastError: text('last_error'),
  received: integer('received').notNull().default(0),
});

/** 接收紀錄 (manual §3.10): what the city received from the school, and what this program received from the city. */
export const receiveRecords = sqliteTable(
  'receive_records',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull().default(0),
    deletedAt: text('deleted_at'),
    origin: text('origin', { enum: ['city', 'sync'] }).notNull(),
    dataType: text('data_type').notNull(),
    ip: text('ip').notNull(),
    receivedAt: text('received_at').notNull(),
    bytes: integer('bytes').notNull(),
    fileCount: integer('file_count').notNull(),
    allReceived: flag('all_received'),
    startedAt: text('started_at'),
    finishedAt: text('finished_at'),
    status: text('status').notNull(),
    rows: integer('rows').notNull().default(0),
  },
  (table) => [index('receive_records_by_time').on(table.receivedAt), index('receive_records_by_type').on(table.dataType, table.receivedAt)],
);

/**
 * A record the city sent that cannot be used: it broke its schema (mended by its next version), or it points at a
 * record that is not here (kept, and tried again by every sync until that record came).
 */
export const syncProblems = sqliteTable(
  'sync_problems',
  {
    resource: text('resource').notNull(),
    recordId: text('record_id').notNull(),
    foundAt: text('found_at').notNull(),
    /** Paths and codes only, no values. */
    message: text('message').notNull(),
    /** The record that waits for what it points at, JSON; null of one that broke its schema. */
    waitingRecord: text('waiting_record'),
  },
  (table) => [primaryKey({ columns: [table.resource, table.recordId] })],
);

/** Changes of the office on their way to the city; written in the transaction of the change itself. */
export const outbox = sqliteTable(
  'outbox',
  {
    idempotencyKey: text('idempotency_key').primaryKey(),
    sequence: integer('sequence').notNull().unique(),
    resource: text('resource').notNull(),
    recordId: text('record_id').notNull(),
    baseVersion: integer('base_version').notNull(),
    operation: text('operation', { enum: ['create', 'update', 'delete'] }).notNull(),
    data: text('data').notNull(),
    ...createdBy,
    /** `withdrawn`: the office took the city's side, or sent a newer change of the record instead. */
    state: text('state', { enum: ['waiting', 'accepted', 'conflict', 'refused', 'withdrawn'] }).notNull(),
    /** The city's current record, or its refusal; JSON. */
    answer: text('answer'),
    attempts: integer('attempts').notNull().default(0),
    settledAt: text('settled_at'),
    /** The record as it was before the change, JSON, to go back to; null of a new one. */
    before: text('before'),
  },
  (table) => [index('outbox_by_state').on(table.state, table.sequence), index('outbox_by_record').on(table.resource, table.recordId)],
);

/** Files an import brought that the city has not acknowledged. */
export const fileOutbox = sqliteTable('file_outbox', {
  sha256: text('sha256').primaryKey(),
  createdAt: text('created_at').notNull(),
  attempts: integer('attempts').notNull().default(0),
  lastError: text('last_error'),
});

/** 資料產生紀錄 (manual §3.15): a transfer file that was made. The password lies encrypted once more inside the encrypted database. */
export const transferOutFiles = sqliteTable(
  'transfer_out_files',
  {
    id: text('id').primaryKey(),
    ...createdBy,
    fileName: text('file_name').notNull(),
    bytes: integer('bytes').notNull(),
    md5: text('md5').notNull(),
    sha256: text('sha256').notNull(),
    encryptedPassword: text('encrypted_password').notNull(),
    format: text('format', { enum: ['aes256', 'zipCrypto', 'private'] }).notNull(),
    studentCount: integer('student_count').notNull(),
    /** `R2****1437 陳…蘭` of each student as the record shows it, newline between them. */
    students: text('students').notNull(),
    handedOverAt: text('handed_over_at'),
    handedOverTo: text('handed_over_to'),
    acknowledgedAt: text('acknowledged_at'),
  },
  (table) => [index('transfer_out_files_by_time').on(table.createdAt), uniqueIndex('transfer_out_files_by_name').on(table.fileName)],
);

export const transferOutStudents = sqliteTable(
  'transfer_out_students',
  {
    transferOutFileId: text('transfer_out_file_id')
      .notNull()
      .references(() => transferOutFiles.id, { onDelete: 'cascade' }),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    /** Records by section, JSON. */
    counts: text('counts').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.transferOutFileId, table.studentId] }),
    index('transfer_out_students_by_student').on(table.studentId),
  ],
);

/** 資料匯入紀錄 (manual §3.16). */
export const transferIns = sqliteTable(
  'transfer_ins',
  {
    id: text('id').primaryKey(),
    ...createdBy,
    fileName: text('file_name').notNull(),
    bytes: integer('bytes').notNull(),
    md5: text('md5').notNull(),
    senderSchoolCode: text('sender_school_code').notNull(),
    studentCount: integer('student_count').notNull(),
    completedCount: integer('completed_count').notNull(),
    /** Keys of the file that this version does not know, and 課程諮詢: kept, JSON. */
    unknownContent: text('unknown_content'),
    /** Why the office went on although the MD5 could not be compared (transfer-format.md, Reading). */
    md5WaivedReason: text('md5_waived_reason'),
  },
  (table) => [index('transfer_ins_by_time').on(table.createdAt), index('transfer_ins_by_md5').on(table.md5, table.bytes)],
);

export const transferInStudents = sqliteTable(
  'transfer_in_students',
  {
    transferInId: text('transfer_in_id')
      .notNull()
      .references(() => transferIns.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    identity: text('identity').notNull(),
    name: text('name').notNull(),
    studentId: text('student_id').references(() => students.id),
    completed: flag('completed'),
    /** Added, unchanged and conflicting records by section, JSON. */
    counts: text('counts').notNull(),
    /** What 明細 shows, a line each, JSON array. */
    messages: text('messages').notNull(),
  },
  (table) => [primaryKey({ columns: [table.transferInId, table.position] }), index('transfer_in_students_by_student').on(table.studentId)],
);

/** Leavers and arrivals until the other school has, or has sent, the portfolio: the list never forgets anyone. */
export const transferCases = sqliteTable(
  'transfer_cases',
  {
    id: text('id').primaryKey(),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    direction: text('direction', { enum: ['out', 'in'] }).notNull(),
    movedOn: text('moved_on').notNull(),
    otherSchoolCode: text('other_school_code'),
    fileMadeAt: text('file_made_at'),
    handedOverAt: text('handed_over_at'),
    handedOverHow: text('handed_over_how'),
    finishedAt: text('finished_at'),
  },
  (table) => [
    uniqueIndex('transfer_cases_by_student').on(table.studentId, table.direction, table.movedOn),
    index('transfer_cases_open').on(table.finishedAt, table.direction),
  ],
);
