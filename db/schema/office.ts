import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import {
  certificationStageKinds,
  certifierGroupKinds,
  operationWindowItems,
  temporaryAccountPurposes,
  temporaryAccountStatuses,
} from '../../domain/office-settings.ts';
import { submissionBatches } from '../../domain/submission.ts';
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
    /** 梯次 of a submission window. */
    batch: text('batch', { enum: submissionBatches }).notNull().default('regular'),
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

/** Code tables the city publishes (幹部等級, 競賽等級 …): never invented here. Names as the roster layouts use them (assets/rosters). */
export const codes = sqliteTable(
  'codes',
  {
    ...sharedRecord,
    table: text('code_table').notNull(),
    code: text('code').notNull(),
    label: text('label').notNull(),
    validFromYear: integer('valid_from_year').notNull(),
  },
  (table) => [index('codes_by_table').on(table.table, table.code)],
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

/** Backups that were made or found among those of the data directory. The files say what they are; this is the list of them. */
export const backups = sqliteTable(
  'backups',
  {
    /** Of the file's header. */
    id: text('id').primaryKey(),
    ...createdBy,
    reason: text('reason', { enum: ['daily', 'manual', 'migration', 'restore', 'import'] }).notNull(),
    /** `database`: in the data directory, its attachments in packs beside it. `whole`: one file, put elsewhere. */
    content: text('content', { enum: ['database', 'whole'] }).notNull(),
    fileName: text('file_name').notNull(),
    /** Where a whole one was put, as far as that is known. */
    savedAs: text('saved_as'),
    bytes: integer('bytes').notNull(),
    /** Attachments. */
    fileCount: integer('file_count').notNull(),
    fileBytes: integer('file_bytes').notNull(),
    /** Number of the 復原金鑰 that opens it. */
    recoveryKeyId: text('recovery_key_id'),
    /** When it was last read whole and found as it was made; null of one that was not, or no longer is. */
    verifiedAt: text('verified_at'),
    /** Code of what the last verification found. */
    problem: text('problem'),
    missingAt: text('missing_at'),
    /** The copy in the second place: when it was verified there, or why there is none, in Chinese. */
    secondVerifiedAt: text('second_verified_at'),
    secondProblem: text('second_problem'),
  },
  (table) => [index('backups_by_time').on(table.createdAt), index('backups_by_verification').on(table.verifiedAt)],
);

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
