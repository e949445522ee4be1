import type { TermScope } from '../../application/grid-contract.ts';
import type { Task } from '../../application/task-context.ts';
import { reportRows } from './queries.ts';
import { writeReport } from './report.ts';

export interface ReportInput {
  path: string;
  term: TermScope;
  /** `1091`. */
  termText: string;
  schoolName: string;
}

/** 未認證教師狀況表, read on a connection of its own. */
export const run: Task<ReportInput, { rows: number; pages: number; missingCharacters: string }> = async (input, context) => {
  const { sqlite } = context.openReader();
  const rows = reportRows(sqlite, input.term);
  context.report({ step: '產生頁面', done: 0, total: rows.length, unit: '件' });
  const heading = { schoolName: input.schoolName, term: input.termText, printedAt: context.clock.now() };
  return { rows: rows.length, ...(await writeReport(input.path, heading, rows, context.signal)) };
};
