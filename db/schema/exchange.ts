import { type AnySQLiteColumn, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { transferDirections, transferEventKinds, transferOutcomes } from '../../domain/transfer-case.ts';
import { recordTreatments } from '../../domain/transfer-conflicts.ts';
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
    encryptedPassword: text('encrypted_password').notNull(),
    format: text('format', { enum: ['aes256', 'zipCrypto', 'private'] }).notNull(),
    studentCount: integer('student_count').notNull(),
    /** `R2****1437 陳…蘭` of each student as the record shows it, newline between them. */
    students: text('students').notNull(),
  },
  (table) => [index('transfer_out_files_by_time').on(table.createdAt), uniqueIndex('transfer_out_files_by_name').on(table.fileName)],
);

/** Files that are getting their names in `transfers`; the transaction that records them takes them out of here. */
export const unrecordedTransferFiles = sqliteTable('unrecorded_transfer_files', {
  fileName: text('file_name').primaryKey(),
  /** Which file on the disk it is, whatever else has that name. */
  inode: text('inode').notNull(),
});

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
    /** The leaving that the file was made for; null while the register knows of none. */
    transferCaseId: text('transfer_case_id').references((): AnySQLiteColumn => transferCases.id),
  },
  (table) => [
    primaryKey({ columns: [table.transferOutFileId, table.studentId] }),
    index('transfer_out_students_by_student').on(table.studentId),
    index('transfer_out_students_by_case').on(table.transferCaseId),
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
    /** Of how many of its students the import was taken back (復原). */
    undoneCount: integer('undone_count').notNull().default(0),
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
    undoneAt: text('undone_at'),
    undoneBy: text('undone_by'),
  },
  (table) => [primaryKey({ columns: [table.transferInId, table.position] }), index('transfer_in_students_by_student').on(table.studentId)],
);

/**
 * What an import did to each record it brought, and what was chosen where the record was here with other content: for 明細, for telling
 * where a record came from, and for taking the import back.
 */
export const transferInRecords = sqliteTable(
  'transfer_in_records',
  {
    transferInId: text('transfer_in_id')
      .notNull()
      .references(() => transferIns.id, { onDelete: 'cascade' }),
    /** From 0, as they were written. */
    ordinal: integer('ordinal').notNull(),
    /** Of the student in the import. */
    position: integer('position').notNull(),
    resource: text('resource', { enum: ['outcomes', 'performances', 'cadres'] }).notNull(),
    /** The record made or replaced; where neither happened, the one that is here. */
    recordId: text('record_id').notNull(),
    section: text('section').notNull(),
    title: text('title').notNull(),
    treatment: text('treatment', { enum: recordTreatments }).notNull(),
    /** Idempotency key of what the city was told, which holds the record as written and as it was before; null where nothing was written. */
    changeKey: text('change_key'),
  },
  (table) => [primaryKey({ columns: [table.transferInId, table.ordinal] }), index('transfer_in_records_by_record').on(table.recordId)],
);

/**
 * A leaver until the other school has the portfolio, an arrival until it is here. Triggers on `students` make a case (migration 0004), so that
 * whatever brings a move brings its case; cases are closed, never deleted. What happened when stands in `transfer_case_events`.
 */
export const transferCases = sqliteTable(
  'transfer_cases',
  {
    id: text('id').primaryKey(),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    direction: text('direction', { enum: transferDirections }).notNull(),
    /** As the register has it; where it has no day, the one on which the move became known here. */
    movedOn: text('moved_on').notNull(),
    openedAt: text('opened_at').notNull(),
    /** Where a leaver goes, or an arrival came from. */
    otherSchoolCode: text('other_school_code'),
    otherSchoolName: text('other_school_name'),
    /** The office named the school: the register no longer changes it. */
    schoolNamed: flag('school_named'),
    /** Of a leaver: the newest file made, or, once one was handed over, that one. Its name stays when the file is deleted. */
    transferOutFileId: text('transfer_out_file_id').references(() => transferOutFiles.id, { onDelete: 'set null' }),
    fileName: text('file_name'),
    fileMadeAt: text('file_made_at'),
    handedOverOn: text('handed_over_on'),
    handedOverHow: text('handed_over_how'),
    handedOverTo: text('handed_over_to'),
    passwordToldOn: text('password_told_on'),
    passwordToldHow: text('password_told_how'),
    acknowledgedOn: text('acknowledged_on'),
    acknowledgedBy: text('acknowledged_by'),
    /** Of an arrival: the times the school before was asked, JSON array of `{on, how, whom}`, the newest last. */
    requests: text('requests').notNull().default('[]'),
    receivedOn: text('received_on'),
    receivedHow: text('received_how'),
    transferInId: text('transfer_in_id').references(() => transferIns.id, { onDelete: 'set null' }),
    finishedAt: text('finished_at'),
    outcome: text('outcome', { enum: transferOutcomes }),
    unneededReason: text('unneeded_reason'),
    /** Of the newest step that has one. */
    remark: text('remark'),
  },
  (table) => [
    index('transfer_cases_by_student').on(table.studentId, table.direction),
    index('transfer_cases_by_direction').on(table.direction, table.finishedAt, table.movedOn),
    index('transfer_cases_by_file').on(table.transferOutFileId),
    index('transfer_cases_by_import').on(table.transferInId),
  ],
);

/** The history of a case, written once. */
export const transferCaseEvents = sqliteTable(
  'transfer_case_events',
  {
    sequence: integer('sequence').primaryKey(),
    transferCaseId: text('transfer_case_id')
      .notNull()
      .references(() => transferCases.id),
    at: text('at').notNull(),
    /** Account name; null for what came with the register. */
    recordedBy: text('recorded_by'),
    kind: text('kind', { enum: transferEventKinds }).notNull(),
    /** JSON, by kind. */
    details: text('details').notNull(),
  },
  (table) => [index('transfer_case_events_by_case').on(table.transferCaseId, table.sequence)],
);
