import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import {
  certificationStageKinds,
  certifierGroupKinds,
  operationWindowItems,
  temporaryAccountPurposes,
  temporaryAccountStatuses,
} from '../../domain/office-settings.ts';
import { submissionKinds } from '../../domain/portfolio.ts';
import { createdBy, sharedRecord, term } from './columns.ts';
import { students, teachers } from './people.ts';

/** What belongs to the school and to this database: name and code, city connection, remarks of the slip … JSON values. */
export const schoolSettings = sqliteTable('school_settings', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

/** 功能參數 (manual §3.2), shared with the city. `value` null means blank. */
export const functionParameters = sqliteTable('function_parameters', {
  ...sharedRecord,
  value: integer('value'),
});

/** 作業期限 / 提交期限 given by the city, read-only here. `purpose`: operation windows, or submission windows. */
export const cityWindows = sqliteTable(
  'city_windows',
  {
    ...sharedRecord,
    purpose: text('purpose', { enum: ['operation', 'submission'] }).notNull(),
    kind: text('kind', { enum: ['outcomes', 'performances', 'cadres'] }).notNull(),
    ...term,
    startsOn: text('starts_on').notNull(),
    endsOn: text('ends_on').notNull(),
  },
  (table) => [index('city_windows_by_kind').on(table.purpose, table.kind, table.academicYear, table.semester)],
);

/** 學校作業時間 (manual §3.7): the school's windows inside the city's. Hours 0–23; the end hour counts whole. */
export const operationWindows = sqliteTable(
  'operation_windows',
  {
    ...sharedRecord,
    item: text('item', { enum: operationWindowItems }).notNull(),
    ...term,
    startsOn: text('starts_on').notNull(),
    startHour: integer('start_hour').notNull(),
    endsOn: text('ends_on').notNull(),
    endHour: integer('end_hour').notNull(),
  },
  (table) => [index('operation_windows_by_term').on(table.academicYear, table.semester, table.item)],
);

/** Certifying teachers of self-study plans: 學科 or 自訂群組 (manual §3.13.1). */
export const certifierGroups = sqliteTable('certifier_groups', {
  ...sharedRecord,
  kind: text('kind', { enum: certifierGroupKinds }).notNull(),
  name: text('name').notNull(),
});

export const certifierGroupMembers = sqliteTable(
  'certifier_group_members',
  {
    certifierGroupId: text('certifier_group_id')
      .notNull()
      .references(() => certifierGroups.id, { onDelete: 'cascade' }),
    teacherId: text('teacher_id')
      .notNull()
      .references(() => teachers.id),
  },
  (table) => [
    primaryKey({ columns: [table.certifierGroupId, table.teacherId] }),
    index('certifier_group_members_by_teacher').on(table.teacherId),
  ],
);

/** 認證順序 (manual §3.13.2). */
export const certificationStages = sqliteTable(
  'certification_stages',
  {
    ...sharedRecord,
    position: integer('position').notNull(),
    kind: text('kind', { enum: certificationStageKinds }).notNull(),
    certifierGroupId: text('certifier_group_id').references(() => certifierGroups.id),
  },
  (table) => [index('certification_stages_by_group').on(table.certifierGroupId)],
);

/** 代理認證教師: who certifies for a teacher who is away. */
export const deputyCertifiers = sqliteTable(
  'deputy_certifiers',
  {
    ...sharedRecord,
    teacherId: text('teacher_id')
      .notNull()
      .references(() => teachers.id),
    deputyId: text('deputy_id')
      .notNull()
      .references(() => teachers.id),
    startsOn: text('starts_on').notNull(),
    endsOn: text('ends_on').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [index('deputy_certifiers_by_teacher').on(table.teacherId), index('deputy_certifiers_by_deputy').on(table.deputyId)],
);

/** 轉學生臨時帳號 (manual §3.17, domain.md §3.17). */
export const temporaryAccounts = sqliteTable(
  'temporary_accounts',
  {
    ...sharedRecord,
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    purpose: text('purpose', { enum: temporaryAccountPurposes }).notNull(),
    account: text('account').notNull(),
    status: text('status', { enum: temporaryAccountStatuses }).notNull(),
    opensAt: text('opens_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    openedBy: text('opened_by').notNull(),
  },
  (table) => [index('temporary_accounts_by_student').on(table.studentId)],
);

/** Code tables the city publishes (幹部等級, 競賽等級 …): never invented here. */
export const codes = sqliteTable(
  'codes',
  {
    table: text('code_table').notNull(),
    code: text('code').notNull(),
    label: text('label').notNull(),
    validFromYear: integer('valid_from_year').notNull(),
  },
  (table) => [primaryKey({ columns: [table.table, table.code, table.validFromYear] })],
);

/** 確認單 that were printed: its serial is in the QR code, so a returned slip can be ticked off (回條登錄). */
export const confirmationSlips = sqliteTable(
  'confirmation_slips',
  {
    serial: text('serial').primaryKey(),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    ...term,
    printedAt: text('printed_at').notNull(),
    printedBy: text('printed_by').notNull(),
    dueDate: text('due_date').notNull(),
    returnedAt: text('returned_at'),
    returnedBy: text('returned_by'),
    /** A hash of the figures on it: a reprint with the same figures needs no new signature. Empty of a slip from before it was kept. */
    figures: text('figures').notNull().default(''),
  },
  (table) => [
    index('confirmation_slips_by_student').on(table.studentId, table.printedAt),
    index('confirmation_slips_by_due_date').on(table.academicYear, table.semester, table.dueDate, table.studentId, table.printedAt),
  ],
);

/** 提交紀錄 (manual §3.6, §3.9, §3.14). The raw status text is kept beside what was read from it. */
export const submissions = sqliteTable(
  'submissions',
  {
    ...sharedRecord,
    kind: text('kind', { enum: submissionKinds }).notNull(),
    ...term,
    batch: text('batch').notNull().default('regular'),
    submissionFileId: text('submission_file_id'),
    statusText: text('status_text').notNull(),
    processingStatus: text('processing_status', { enum: ['waiting', 'accepted', 'refused'] }).notNull(),
    rosterName: text('roster_name'),
    submittedBy: text('submitted_by').notNull(),
    submittedAt: text('submitted_at').notNull(),
    resultReceivedAt: text('result_received_at'),
    /** The workbook that was sent and the answer, in the attachment store. */
    sentSha256: text('sent_sha256'),
    answerSha256: text('answer_sha256'),
    archivedAt: text('archived_at'),
    archivedBy: text('archived_by'),
  },
  (table) => [index('submissions_by_kind').on(table.kind, table.submittedAt)],
);

/** The exact rows that were handed in; never changed. */
export const submissionRows = sqliteTable(
  'submission_rows',
  {
    submissionId: text('submission_id')
      .notNull()
      .references(() => submissions.id),
    sheet: text('sheet').notNull(),
    rowNumber: integer('row_number').notNull(),
    studentId: text('student_id').references(() => students.id),
    recordId: text('record_id'),
    values: text('row_values').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.submissionId, table.sheet, table.rowNumber] }),
    index('submission_rows_by_student').on(table.studentId),
  ],
);

/** What a precheck found before sending, or the city after it. */
export const submissionFindings = sqliteTable(
  'submission_findings',
  {
    id: integer('id').primaryKey(),
    submissionId: text('submission_id').references(() => submissions.id, { onDelete: 'cascade' }),
    checkedAt: text('checked_at').notNull(),
    kind: text('kind', { enum: submissionKinds }).notNull(),
    ...term,
    severity: text('severity', { enum: ['error', 'warning'] }).notNull(),
    studentId: text('student_id').references(() => students.id),
    recordId: text('record_id'),
    field: text('field'),
    code: text('code').notNull(),
    message: text('message').notNull(),
    confirmedBy: text('confirmed_by'),
  },
  (table) => [
    index('submission_findings_by_submission').on(table.submissionId),
    index('submission_findings_by_term').on(table.kind, table.academicYear, table.semester, table.severity),
    index('submission_findings_by_student').on(table.studentId),
  ],
);

/** 收訖明細: what the ministry says it has. */
export const receiptStatements = sqliteTable('receipt_statements', {
  id: text('id').primaryKey(),
  kind: text('kind', { enum: submissionKinds }).notNull(),
  ...term,
  ...createdBy,
  confirmFrom: text('confirm_from').notNull(),
  confirmUntil: text('confirm_until').notNull(),
});

export const receiptStatementRows = sqliteTable(
  'receipt_statement_rows',
  {
    receiptStatementId: text('receipt_statement_id')
      .notNull()
      .references(() => receiptStatements.id, { onDelete: 'cascade' }),
    sheet: text('sheet').notNull(),
    rowNumber: integer('row_number').notNull(),
    studentId: text('student_id').references(() => students.id),
    recordId: text('record_id'),
    values: text('row_values').notNull(),
    comparison: text('comparison', { enum: ['same', 'missing', 'extra', 'different'] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.receiptStatementId, table.sheet, table.rowNumber] }),
    index('receipt_statement_rows_by_student').on(table.studentId),
  ],
);

export const receiptConfirmations = sqliteTable(
  'receipt_confirmations',
  {
    receiptStatementId: text('receipt_statement_id')
      .notNull()
      .references(() => receiptStatements.id, { onDelete: 'cascade' }),
    studentId: text('student_id')
      .notNull()
      .references(() => students.id),
    answer: text('answer', { enum: ['correct', 'wrong'] }),
    answeredAt: text('answered_at'),
    remark: text('remark'),
  },
  (table) => [
    primaryKey({ columns: [table.receiptStatementId, table.studentId] }),
    index('receipt_confirmations_by_student').on(table.studentId),
  ],
);

/** Verified backups. */
export const backups = sqliteTable('backups', {
  id: text('id').primaryKey(),
  path: text('path').notNull(),
  ...createdBy,
  reason: text('reason').notNull(),
  bytes: integer('bytes').notNull(),
  verifiedAt: text('verified_at'),
  report: text('report').notNull(),
});

/** 作業: running and finished jobs; one still `running` at a start was interrupted. */
export const jobs = sqliteTable(
  'jobs',
  {
    id: text('id').primaryKey(),
    operation: text('operation').notNull(),
    title: text('title').notNull(),
    state: text('state', { enum: ['running', 'done', 'failed', 'cancelled', 'interrupted'] }).notNull(),
    accountName: text('account_name').notNull(),
    processId: integer('process_id').notNull(),
    startedAt: text('started_at').notNull(),
    finishedAt: text('finished_at'),
    result: text('result'),
    error: text('error'),
  },
  (table) => [index('jobs_by_start').on(table.startedAt), index('jobs_by_state').on(table.state)],
);
