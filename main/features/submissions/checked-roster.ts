import type { Sqlite } from '../../../db/connection.ts';
import { checkContext } from './check-context.ts';
import type { MissingFiles } from './check-files.ts';
import { compareWithSent, lastSentRoster, type RosterDifference } from './differences.ts';
import type { Finding } from './findings.ts';
import type { Roster } from './layouts.ts';
import { rosterCheck } from './roster-check.ts';
import { rosterHash, rosterRows } from './roster-rows.ts';
import type { RosterSchool } from './roster-sources.ts';

/** A roster as 預檢 saw it. */
export interface CheckedRoster {
  rows: number;
  students: number;
  contentHash: string;
  findings: Finding[];
  differences: RosterDifference[];
  /** The roster handed in before that it was compared with. */
  comparedWith: string | null;
}

export interface CheckOptions {
  missingFiles?: MissingFiles;
  /** Called now and then, for progress and for cancelling by throwing. */
  pause?: (sheet: string, done: number, total: number) => Promise<void>;
}

/** Rows between two pauses. */
const pauseRows = 500;
const nothingMissing: MissingFiles = new Set();

/** Holds every row and the whole against the rules, and against what was handed in before. Run inside a read transaction. */
export async function checkRoster(
  sqlite: Sqlite,
  roster: Roster,
  school: RosterSchool,
  now: Date,
  { missingFiles = nothingMissing, pause = async () => {} }: CheckOptions = {},
): Promise<CheckedRoster> {
  const findings: Finding[] = [];
  const students = new Set<string>();
  const rules = rosterCheck(checkContext(sqlite, roster, school, now), missingFiles, (finding) => findings.push(finding));
  const sent = lastSentRoster(sqlite, roster.scope);
  const comparison = compareWithSent(sqlite, roster, sent);
  const hash = rosterHash(roster);
  let rows = 0;
  for (const row of rosterRows(sqlite, roster, school)) {
    rules.row(row);
    comparison.row(row);
    hash.add(row);
    students.add(String(row.record.studentId));
    rows += 1;
    if (rows % pauseRows === 0) await pause(row.sheet.name, roster.sheets.indexOf(row.sheet), roster.sheets.length);
  }
  rules.finish();
  const differences = comparison.finish();
  return { rows, students: students.size, contentHash: hash.digest(), findings, differences, comparedWith: sent?.id ?? null };
}
