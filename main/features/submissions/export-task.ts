import type { Task } from '../../application/task-context.ts';
import type { RosterScope } from './contract.ts';
import { rosterOf } from './layouts.ts';
import { rosterRows } from './roster-rows.ts';
import type { RosterSchool } from './roster-sources.ts';
import { writeRosterWorkbook } from './roster-workbook.ts';

export interface ExportRosterInput {
  scope: RosterScope;
  school: RosterSchool;
  path: string;
}

/** The roster's workbook, to look at or to upload by hand; nothing of it is kept. @returns rows */
export const run: Task<ExportRosterInput, number> = async ({ scope, school, path }, context) => {
  const { sqlite } = context.openReader();
  const roster = rosterOf(scope);
  sqlite.exec('begin');
  try {
    return await writeRosterWorkbook(path, roster, school, rosterRows(sqlite, roster, school, 'written'), {
      signal: context.signal,
      onProgress: (done) => context.report({ step: '製作名冊', done, total: 0, unit: '項' }),
    });
  } finally {
    sqlite.exec('rollback');
  }
};
