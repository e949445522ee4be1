import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, openDatabase } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { deadline } from '../../main/features/retention/leavers.ts';
import { rowsOfLeaving } from '../../main/features/retention/leaving.ts';
import { temporaryFolder } from '../support/directories.ts';

/** The purge knows every table that has something of a student; a new one fails here until it is decided what becomes of it. */

let connection: Connection;
const folder = temporaryFolder('retention-schema');
beforeAll(() => {
  connection = openDatabase(`${folder.path}/portfolio.db`, { key: new Uint8Array(32).fill(3) });
  migrate(connection.sqlite, { now: () => new Date('2026-11-24T00:00:00Z') });
});
afterAll(() => {
  connection.close();
  folder.remove();
});

/** Tables without a reference to students, and why nobody's data is in them or what else the purge does with it. */
const otherwise = new Map([
  ['applied_migrations', 'versions of the database'],
  ['accounts', 'teachers'],
  ['attachments', 'hashes; those of purged records go, workbooks stay as hashes'],
  ['audit_checkpoints', 'ranges and hashes'],
  ['audit_entries', 'ids of students alone, which say nothing without the register'],
  ['audit_operations', 'titles'],
  ['audit_subjects', 'the same ids'],
  ['audited_calls', 'titles'],
  ['backups', 'places and sizes'],
  ['certification_stages', 'settings'],
  ['certifier_group_members', 'teachers'],
  ['certifier_groups', 'settings'],
  ['city_windows', 'settings'],
  ['class_sections', 'classes'],
  ['codes', 'code tables'],
  ['counselors', 'teachers'],
  ['course_counselors', 'teachers'],
  ['course_offerings', 'courses'],
  ['damaged_files', 'hashes'],
  ['deputy_certifiers', 'teachers'],
  ['file_outbox', 'hashes; a student whose file waits is not purged'],
  ['files_to_remove', 'hashes and names of files on their way out'],
  ['function_parameters', 'settings'],
  ['jobs', 'what ended jobs ended with is emptied'],
  ['leaver_purges', 'counts and a reason without names'],
  ['operation_windows', 'settings'],
  ['outbox', 'settled changes of the student are emptied'],
  ['prechecks', 'counts'],
  ['purged_students', 'keyed hashes'],
  ['receipt_statements', 'the workbook’s bytes go, its hash stays'],
  ['receive_records', 'kinds, sizes and times'],
  ['role_group_modules', 'settings'],
  ['role_groups', 'settings'],
  ['role_members', 'teachers'],
  ['school_settings', 'settings'],
  ['sent_rosters', 'the workbook’s bytes go, its hashes and counts stay'],
  ['submissions', 'lines of the national database’s log; the answer’s bytes go'],
  ['sync_cursors', 'cursors'],
  ['sync_problems', 'records of the student that wait are dropped'],
  ['teachers', 'teachers'],
  ['teaching_assignments', 'teachers'],
  ['terms', 'settings'],
  ['unrecorded_transfer_files', 'names of files that are being made'],
]);

describe('every table', () => {
  test('that refers to students is purged', () => {
    const referring = connection.sqlite
      .prepare(
        `select distinct t.name from sqlite_schema t, pragma_foreign_key_list(t.name) k where t.type = 'table' and k."table" = 'students' order by 1`,
      )
      .pluck()
      .all() as string[];
    const purged = new Set(rowsOfLeaving.map(({ table }) => table));
    expect(referring.length).toBeGreaterThan(20);
    expect(referring.filter((table) => !purged.has(table))).toEqual([]);
  });

  test('is either purged or has its reason why not', () => {
    const tables = connection.sqlite
      .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
      .pluck()
      .all() as string[];
    const decided = new Set([...rowsOfLeaving.map(({ table }) => table), ...otherwise.keys()]);
    expect(tables.filter((table) => !decided.has(table)).sort()).toEqual([]);
    expect([...decided].filter((table) => !tables.includes(table)).sort()).toEqual([]);
  });
});

describe('fields that no screen needs', () => {
  test.each([
    ['psychological_tests', ['id', 'version', 'deleted_at', 'student_id']],
    ['rewards', ['id', 'version', 'deleted_at', 'student_id', 'academic_year', 'semester', 'kind', 'times']],
    ['attendance', ['id', 'version', 'deleted_at', 'student_id', 'academic_year', 'semester', 'absence_code', 'periods']],
  ])('%s has no column for them', (table, columns) => {
    expect(connection.sqlite.prepare('select name from pragma_table_info(?)').pluck().all(table)).toEqual(columns);
  });
});

test.each([
  ['2026-11-24T01:00:00Z', 3, 111, '2023-08-01'],
  ['2026-07-31T15:59:59Z', 3, 110, '2022-08-01'],
  ['2026-07-31T16:00:00Z', 3, 111, '2023-08-01'],
  ['2027-02-10T04:00:00Z', 1, 113, '2025-08-01'],
])('at %s with %d years kept, who left in %d or before %s is due', (now, years, dueYear, leftBefore) => {
  expect(deadline(new Date(now), years)).toEqual({ dueYear, leftBefore });
});
