import { randomUUID } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import { formatTerm } from '../../../domain/term.ts';
import type { Task } from '../../application/task-context.ts';
import { ApplicationError, cancelled } from '../../platform/errors.ts';
import { type CheckedRoster, checkRoster } from './checked-roster.ts';
import type { RosterScope } from './contract.ts';
import { findingKinds } from './findings.ts';
import { type Roster, rosterOf } from './layouts.ts';
import { unverifiedFiles, verifyFiles } from './roster-files.ts';
import type { RosterSchool } from './roster-sources.ts';

export interface CheckInput {
  scope: RosterScope;
  school: RosterSchool;
  /** SHA-256 of files that the city was asked for and does not have. */
  missingFiles: readonly string[];
  accountName: string;
}

export interface CheckResult {
  precheckId: string;
  rows: number;
  students: number;
}

/**
 * KiB of pages kept while a roster is checked: its files are looked up twice, once to read them and once with their records, and a large school's do not
 * fit in what a connection keeps otherwise (measured: half the time of both at 12,000 outcomes). Given back with the thread.
 */
const pageCache = 96_000;

/**
 * 預檢: every file of the roster looked at, every row and the whole held against the rules, and compared with what was handed in before. What is found is
 * kept in one transaction; a cancelled check leaves the one before as it was.
 */
export const run: Task<CheckInput, CheckResult> = async ({ scope, school, missingFiles, accountName }, context) => {
  const { sqlite } = context.openReader();
  sqlite.pragma(`cache_size=-${pageCache}`);
  const now = context.clock.now();
  const roster = rosterOf(scope);
  await verifyFiles(context, unverifiedFiles(sqlite, roster, school, now));
  // One read transaction, so that a sync that ends meanwhile changes no half of the roster.
  sqlite.exec('begin');
  let checked: CheckedRoster;
  try {
    checked = await checkRoster(sqlite, roster, school, now, {
      missingFiles: new Set(missingFiles),
      pause: async (sheet, done, total) => {
        context.report({ step: `檢查「${sheet}」`, done, total, unit: '項' });
        await new Promise((resolve) => setImmediate(resolve));
        if (context.signal.aborted) throw cancelled();
      },
    });
  } finally {
    sqlite.exec('rollback');
  }
  // Nothing is kept of a check that is refused: the one before stays as it was.
  if (checked.rows === 0) throw nothingIn(scope);
  const precheckId = randomUUID();
  await context.withWriteLease(() =>
    keepPrecheck(context.openWriter().sqlite, precheckId, roster, checked, { accountName, at: now.toISOString() }),
  );
  return { precheckId, rows: checked.rows, students: checked.students };
};

function nothingIn({ academicYear, semester }: RosterScope): ApplicationError {
  const term = semester === 0 ? `${academicYear} 學年度` : formatTerm({ academicYear, semester });
  return new ApplicationError('submissions.empty', `${term}的名冊沒有任何資料，不需要提交；請確認學年期、梯次，以及學生是否已勾選。`, {
    academicYear,
    semester,
  });
}

/** Keeps a check and forgets those of the same roster before it, but what something was handed in with. */
function keepPrecheck(
  sqlite: Sqlite,
  id: string,
  { scope }: Roster,
  { rows, students, contentHash, findings, differences, comparedWith }: CheckedRoster,
  { accountName, at }: { accountName: string; at: string },
): void {
  const { kind, academicYear, semester, batch, division } = scope;
  const severities = findings.map(({ code }) => findingKinds[code].severity);
  const insertFinding = sqlite.prepare(
    `insert into precheck_findings (precheck_id, severity, code, student_id, record_id, sheet, field, message, advice) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertDifference = sqlite.prepare(
    'insert into precheck_differences (precheck_id, change, student_id, record_id, sheet, title, detail) values (?, ?, ?, ?, ?, ?, ?)',
  );
  sqlite
    .transaction(() => {
      sqlite
        .prepare(
          `delete from prechecks where kind = ? and academic_year = ? and semester = ? and batch = ? and division = ? and sent_roster_id is null`,
        )
        .run(kind, academicYear, semester, batch, division);
      sqlite
        .prepare(
          `insert into prechecks (id, kind, academic_year, semester, batch, division, created_at, created_by, row_count, student_count, error_count,
             warning_count, unchecked_files, content_hash, compared_with) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          id,
          kind,
          academicYear,
          semester,
          batch,
          division,
          at,
          accountName,
          rows,
          students,
          severities.filter((severity) => severity === 'error').length,
          severities.filter((severity) => severity === 'warning').length,
          findings.filter(({ code }) => code === 'file.unchecked').length,
          contentHash,
          comparedWith,
        );
      for (const { code, studentId, recordId, sheet, field, message } of findings) {
        const { severity, advice } = findingKinds[code];
        insertFinding.run(id, severity, code, studentId, recordId, sheet, field, message, advice);
      }
      for (const { change, studentId, recordId, sheet, title, detail } of differences) {
        insertDifference.run(id, change, studentId, recordId, sheet, title, detail);
      }
    })
    .immediate();
}
