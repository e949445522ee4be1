import type { Task } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { rosterOf } from '../submissions/layouts.ts';
import { writePapers } from './document.ts';
import { type PaperChoice, readPapers, type Statement } from './queries.ts';

export interface PrintInput {
  path: string;
  statement: Statement;
  choice: PaperChoice;
  schoolName: string;
  schoolCode: string;
}

export interface PrintResult {
  students: number;
  pages: number;
  missingCharacters: string;
}

/** 列印收訖明細確認單, read on a connection of its own. That a paper was printed is kept once the whole file is written. */
export const run: Task<PrintInput, PrintResult> = async ({ path, statement, choice, schoolName, schoolCode }, context) => {
  const { sqlite } = context.openReader();
  const students = sqlite.transaction(() => readPapers(sqlite, statement, choice))();
  const total = students.length;
  if (total === 0) {
    throw new ApplicationError('receiptStatements.nobody', '沒有符合條件的學生，請改選其他班級，或取消「只印尚未確認的」。', {
      statementId: statement.id,
    });
  }
  const roster = rosterOf(statement);
  const printedAt = context.clock.now();
  const written = await writePapers(
    path,
    { ...statement, rosterName: roster.name, sheets: roster.sheets, schoolName, schoolCode, printedAt },
    students,
    {
      signal: context.signal,
      onStudent: (done) => {
        if (done % 20 === 0 || done === total) context.report({ step: '產生頁面', done, total, unit: '人' });
      },
    },
  );
  await context.withWriteLease(() => {
    context
      .openWriter()
      .sqlite.prepare(
        `update receipt_confirmations set printed_at = ?
         where receipt_statement_id = ? and student_id in (select value from json_each(?))`,
      )
      .run(printedAt.toISOString(), statement.id, JSON.stringify(students.map(({ studentId }) => studentId)));
  });
  return { students: total, ...written };
};
