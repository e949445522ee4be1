import { randomUUID } from 'node:crypto';
import type { Sqlite } from '../../../db/connection.ts';
import type { Task } from '../../application/task-context.ts';
import { cancelled } from '../../platform/errors.ts';
import { checkContext } from './check-context.ts';
import type { RosterScope } from './contract.ts';
import { compareWithSent, lastSentRoster, type RosterDifference } from './differences.ts';
import { type Finding, findingKinds } from './findings.ts';
import { type Roster, rosterOf } from './layouts.ts';
import { rosterCheck } from './roster-check.ts';
import { rosterFiles, verifyFiles } from './roster-files.ts';
import { rosterHash, rosterRows } from './roster-rows.ts';
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

interface Checked {
  rows: number;
  students: number;
  contentHash: string;
  findings: Finding[];
  differences: RosterDifference[];
  comparedWith: string | null;
}

/** Rows between two looks at what was asked meanwhile. */
const progressRows = 500;

/**
 * 預檢: every file of the roster looked at, every row and the whole held against the rules, and compared with what was handed in before. What is found is
 * kept in one transaction; a cancelled check leaves the one before as it was.
 */
export const run: Task<CheckInput, CheckResult> = async ({ scope, school, missingFiles, accountName }, context) => {
  const { sqlite } = context.openReader();
  const now = context.clock.now();
  const roster = rosterOf(scope);
  await verifyFiles(context, rosterFiles(sqlite, roster, school, now));
  const checked = await check();
  const precheckId = randomUUID();
  await context.withWriteLease(() =>
    keepPrecheck(context.openWriter().sqlite, precheckId, roster, checked, { accountName, at: now.toISOString() }),
  );
  return { precheckId, rows: checked.rows, students: checked.students };

  /** One read transaction, so that a sync that ends meanwhile changes no half of the roster. */
  async function check(): Promise<Checked> {
    const findings: Finding[] = [];
    const students = new Set<string>();
    let rows = 0;
    sqlite.exec('begin');
    try {
      const total = roster.sheets.length;
      const rules = rosterCheck(checkContext(sqlite, roster, school, now), new Set(missingFiles), (finding) => findings.push(finding));
      const sent = lastSentRoster(sqlite, scope);
      const comparison = compareWithSent(sqlite, roster, sent);
      const hash = rosterHash(roster);
      for (const row of rosterRows(sqlite, roster, school)) {
        rules.row(row);
        comparison.row(row);
        hash.add(row);
        students.add(String(row.record.studentId));
        rows += 1;
        if (rows % progressRows === 0) {
          context.report({ step: `檢查「${row.sheet.name}」`, done: roster.sheets.indexOf(row.sheet), total, unit: '項' });
          await new Promise((resolve) => setImmediate(resolve));
          if (context.signal.aborted) throw cancelled();
        }
      }
      rules.finish();
      return {
        rows,
        students: students.size,
        contentHash: hash.digest(),
        findings,
        differences: comparison.finish(),
        comparedWith: sent?.id ?? null,
      };
    } finally {
      sqlite.exec('rollback');
    }
  }
};

/** Keeps a check and forgets those of the same roster before it, but what something was handed in with. */
function keepPrecheck(
  sqlite: Sqlite,
  id: string,
  { scope }: Roster,
  { rows, students, contentHash, findings, differences, comparedWith }: Checked,
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
