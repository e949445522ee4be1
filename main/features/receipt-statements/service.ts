import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addDays, formatRocDateTime, formatRocDay, taipeiDay } from '../../../domain/roc-date.ts';
import { receiptAnswerNames, shortestConfirmation } from '../../../domain/submission.ts';
import { formatTerm } from '../../../domain/term.ts';
import type { Foundation } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import { readSerial } from '../../application/paper-serial.ts';
import { requireUnpurged } from '../../application/purged-files.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { workbookFileName } from '../../platform/workbook.ts';
import { batchName, rosterOf } from '../submissions/layouts.ts';
import { comparisonGrid, confirmationGrid, type receiptStatements, statementGrid } from './contract.ts';
import type { PrintInput, PrintResult } from './print-task.ts';
import {
  comparisonSource,
  confirmationSource,
  countAnswers,
  countComparison,
  type FoundPaper,
  findPaper,
  statementOf,
  statementSource,
} from './queries.ts';
import type { ReadInput, ReadResult } from './read-task.ts';

type Declared = Handlers<typeof receiptStatements>;
type InputOf<Name extends keyof Declared> = Parameters<Declared[Name]>[0];

/** @throws `receiptStatements.windowTooShort` */
function checkWindow({ confirmFrom, confirmUntil }: { confirmFrom: string; confirmUntil: string }): void {
  const earliest = addDays(confirmFrom, shortestConfirmation - 1);
  if (confirmUntil >= earliest) return;
  throw new ApplicationError(
    'receiptStatements.windowTooShort',
    `學生確認期間至少 ${shortestConfirmation} 天：從 ${formatRocDay(confirmFrom)} 開始，截止日期請設在 ${formatRocDay(earliest)} 或以後。`,
    { earliest },
  );
}

/** 收訖明細 (domain.md §1): what the ministry has, held against what was handed in, and what the students say of it. */
export function receiptStatementsHandlers(foundation: Foundation): Declared {
  const { connection, attachments, clock, settings, tasks, directory, files, write, changed } = foundation;
  const { sqlite } = connection;
  const today = () => taipeiDay(clock.now());
  const schoolCode = () => settings.get('school.code') ?? '';
  const termOf = (input: InputOf<'comparison'>) => formatTerm(statementOf(sqlite, input));

  const statements = gridHandlers(foundation, statementGrid, ({ kind }: InputOf<'list'>) => statementSource(sqlite, kind));
  const comparison = gridHandlers(
    foundation,
    comparisonGrid,
    (input: InputOf<'comparison'>) => comparisonSource(statementOf(sqlite, input)),
    termOf,
  );
  const confirmations = gridHandlers(
    foundation,
    confirmationGrid,
    (input: InputOf<'confirmations'>) => confirmationSource(statementOf(sqlite, input), today()),
    termOf,
  );

  const give = sqlite.prepare(
    `update receipt_confirmations set answer = @answer, answered_at = @at, answered_by = @by, remark = @remark
     where receipt_statement_id = @statementId and student_id = @studentId`,
  );

  /** The paper that a scan stands for. @throws `receiptStatements.…` saying what to do with the paper in the clerk's hand */
  const scanned = ({ kind, text }: InputOf<'scan'>): FoundPaper => {
    const read = readSerial(text);
    if (!read) {
      throw new ApplicationError(
        'receiptStatements.unreadableCode',
        '讀到的不是收訖明細確認單的 QR 碼，請對準單子右上角再掃一次，或輸入頁尾的序號（例如 1140-7K3QF-9XZ2M）。',
      );
    }
    if (read.schoolCode !== null && read.schoolCode !== schoolCode()) {
      throw new ApplicationError('receiptStatements.otherSchool', `這張是其他學校（代碼 ${read.schoolCode}）的單子，沒有登錄。`, {
        schoolCode: read.schoolCode,
      });
    }
    const paper = findPaper(sqlite, kind, read.serial);
    if (!paper) {
      throw new ApplicationError(
        'receiptStatements.unknownCode',
        `查無序號 ${read.serial} 的收訖明細確認單；可能是其他名冊的，或收訖明細已重新匯入。請確認序號，或在下方清單勾選學生登錄。`,
        { serial: read.serial },
      );
    }
    if (paper.answer !== null) {
      throw new ApplicationError(
        'receiptStatements.alreadyAnswered',
        `${paper.studentNumber} ${paper.name} 已於 ${formatRocDateTime(paper.answeredAt)} 由 ${paper.answeredBy} 登錄「${receiptAnswerNames[paper.answer]}」；要更改請在清單勾選學生後重新登錄。`,
        { serial: read.serial },
      );
    }
    return paper;
  };

  return {
    ...statements,
    comparison: comparison.list,
    exportComparison: comparison.exportWorkbook,
    confirmations: confirmations.list,
    exportConfirmations: confirmations.exportWorkbook,

    read: async ({ file, confirmFrom, confirmUntil, ...scope }, { signal, report, accountName }) => {
      checkWindow({ confirmFrom, confirmUntil });
      // Whether there is such a roster is said before the file is read.
      rosterOf(scope);
      const { path, name } = files.incomingPath(file.token);
      const input: ReadInput = { path, fileName: name, scope, schoolCode: schoolCode(), confirmFrom, confirmUntil, accountName };
      const result = await tasks.run<ReadResult>('receiptStatements.read', input, { signal, onProgress: report });
      // What was uploaded lies in the store now; a file that was refused stays at hand for another try.
      await files.release(file.token);
      changed('receiptStatements');
      return result;
    },

    summary: (input) => {
      const statement = statementOf(sqlite, input);
      const { academicYear, semester, batch, fileName, confirmFrom, confirmUntil, sentRosterId } = statement;
      const { name } = rosterOf(statement);
      const day = today();
      return {
        academicYear,
        semester,
        rosterName: batch === 'regular' ? name : `${name} ${batchName(statement)}`,
        fileName,
        confirmFrom,
        confirmUntil,
        state: day < confirmFrom ? 'soon' : day > confirmUntil ? 'closed' : 'open',
        compared: sentRosterId !== null,
        comparison: countComparison(sqlite, statement.id),
        ...countAnswers(sqlite, statement.id),
      };
    },

    setWindow: async ({ confirmFrom, confirmUntil, ...which }) => {
      checkWindow({ confirmFrom, confirmUntil });
      await write(() => {
        const { id } = statementOf(sqlite, which);
        sqlite.prepare('update receipt_statements set confirm_from = ?, confirm_until = ? where id = ?').run(confirmFrom, confirmUntil, id);
      });
      changed('receiptStatements');
      return { done: true };
    },

    print: async ({ kind, statementId, ...choice }, { signal, report }) => {
      const statement = statementOf(sqlite, { kind, statementId });
      const schoolName = settings.get('school.name') ?? '';
      const folder = directory.makeWorkFolder('receipt-papers');
      const path = join(folder, 'papers.pdf');
      try {
        const input: PrintInput = { path, statement, choice, schoolName, schoolCode: schoolCode() };
        const printed = await tasks.run<PrintResult>('receiptStatements.print', input, { signal, onProgress: report });
        const heading = { schoolName, term: formatTerm(statement), title: '收訖明細確認單', madeAt: clock.now() };
        return { ...printed, file: files.offer(path, workbookFileName(heading, 'pdf'), 'application/pdf', true) };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },

    answer: async ({ studentIds, answer, remark, ...which }, { accountName }) => {
      const answered = await write(() => {
        const { id } = statementOf(sqlite, which);
        const given =
          answer === null
            ? { answer, at: null, by: null, remark: null }
            : { answer, at: clock.now().toISOString(), by: accountName, remark: remark || null };
        return studentIds.reduce((count, studentId) => count + give.run({ ...given, statementId: id, studentId }).changes, 0);
      });
      changed('receiptStatements');
      return { answered };
    },

    scan: async (input, { accountName }) => {
      const paper = await write(() => {
        const found = scanned(input);
        const { statementId, studentId } = found;
        give.run({
          statementId,
          studentId,
          answer: input.answer,
          at: clock.now().toISOString(),
          by: accountName,
          remark: input.remark || null,
        });
        return found;
      });
      changed('receiptStatements');
      const { statementId, studentId, studentNumber, name, className } = paper;
      return { statementId, studentId, studentNumber, name, className };
    },

    remove: async (which) => {
      let students = 0;
      const unused = await write(() => {
        const { id, sha256 } = statementOf(sqlite, which);
        students = countAnswers(sqlite, id).students;
        sqlite.prepare('delete from receipt_statements where id = ?').run(id);
        return forget(sha256) ? sha256 : null;
      });
      if (unused !== null) attachments.remove(unused);
      changed('receiptStatements');
      return { done: true, students };
    },

    download: (which) => {
      const { id, sha256, fileName } = statementOf(sqlite, which);
      const mediaType = sqlite.prepare<[string], string>('select media_type from attachments where sha256 = ?').pluck().get(sha256)!;
      requireUnpurged(sqlite, [sha256]);
      const { byteLength } = attachments.read(sha256);
      const content = { bytes: byteLength, read: (start: number, length: number) => attachments.slice(sha256, start, length) };
      return { file: files.offerContent(content, fileName, mediaType), students: countAnswers(sqlite, id).students };
    },
  };

  /** Takes a file out of the list of those kept, unless something else keeps it too. @returns whether it did */
  function forget(sha256: string): boolean {
    try {
      return sqlite.prepare('delete from attachments where sha256 = ?').run(sha256).changes > 0;
    } catch (error) {
      if ((error as { code?: string }).code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return false;
      throw error;
    }
  }
}
