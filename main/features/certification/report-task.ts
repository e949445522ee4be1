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

export interface MadeReport {
  rows: number;
  /** Each counted once. */
  students: number;
  pages: number;
  missingCharacters: string;
}

/** 未認證教師狀況表, read on a connection of its own. */
export const run: Task<ReportInput, MadeReport> = async (input, context) => {
  const { sqlite } = context.openReader();
  const rows = reportRows(sqlite, input.term);
  context.report({ step: '產生頁面', done: 0, total: rows.length, unit: '件' });
  const heading = { schoolName: input.schoolName, term: input.termText, printedAt: context.clock.now() };
  const students = new Set(rows.map(({ studentId }) => studentId)).size;
  return { rows: rows.length, students, ...(await writeReport(input.path, heading, rows, context.signal)) };
};
