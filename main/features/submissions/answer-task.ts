import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type ProcessingStatus, readStatusText } from '../../../domain/submission.ts';
import { workbookMediaType } from '../../application/grid-handlers.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { readWorkbook } from '../../platform/workbook-reader.ts';
import { type ReadAnswer, readAnswerRows } from './answer-reading.ts';
import { rosterByLayout } from './differences.ts';
import { rosterOf } from './layouts.ts';
import { requireSubmission, type Submission, sentRosterOf } from './queries.ts';

export interface ReadAnswerInput {
  kind: Submission['kind'];
  submissionId: string;
  /** A file the clerk downloaded; null reads the one the city holds, which is here already. */
  file: { path: string; name: string } | null;
}

export interface ReadAnswerResult {
  refusedRows: number;
  matchedRows: number;
  students: number;
  processingStatus: ProcessingStatus;
}

/**
 * Reads an answer, keeps its file and its refused rows, matched back to students. Read again, it takes the place of the one before.
 * @throws `submissions.unknown`, `submissions.noAnswer`, `submissions.otherAnswer`, `workbook.unreadable`
 */
export const run: Task<ReadAnswerInput, ReadAnswerResult> = async ({ kind, submissionId, file }, context) => {
  const { sqlite } = context.openReader();
  const submission = requireSubmission(sqlite, kind, submissionId);
  const sent = sentRosterOf(sqlite, submissionId);
  const current = rosterOf(submission);
  const roster = sent ? rosterByLayout(current, sent.layoutYear) : current;
  const { path, name, content, remove } = await answerFile(context, submission, file);
  try {
    context.report({ step: '讀取檢核結果', done: 0, total: 0, unit: '項' });
    const answer = await readAnswerRows(readWorkbook(path, { name, signal: context.signal }), sqlite, roster, sent?.id ?? null);
    const matchedRows = answer.rows.filter(({ recordId }) => recordId !== null).length;
    requireOwn(answer, matchedRows, sent !== undefined);
    const processingStatus = statusOf(submission, answer);
    await context.withWriteLease(() => keep(context, submission, answer, processingStatus, { name, content }));
    const students = new Set(answer.rows.flatMap(({ studentId }) => studentId ?? [])).size;
    return { refusedRows: answer.rows.length, matchedRows, students, processingStatus };
  } finally {
    await remove();
  }
};

/** An answer of which nothing fits what was handed in is somebody else's. */
function requireOwn(answer: ReadAnswer, matchedRows: number, wasSentHere: boolean): void {
  const empty = answer.rows.length === 0 && answer.status === undefined;
  const foreign = wasSentHere && answer.rows.length > 0 && matchedRows === 0 && answer.rows.every(({ studentId }) => studentId === null);
  if (!empty && !foreign) return;
  throw new ApplicationError(
    'submissions.otherAnswer',
    empty
      ? '這個檔案裡沒有檢核結果，請確認下載的是這次提交的檢核結果檔。'
      : '檢核結果裡的資料都不在這次提交的名冊中，請確認選擇的是這次提交的檢核結果檔。',
    { rows: answer.rows.length },
  );
}

/** What the file says; refused rows say it without a word. */
function statusOf({ processingStatus }: Submission, { rows, status }: ReadAnswer): ProcessingStatus {
  if (status) return status.read.processingStatus;
  return rows.length > 0 ? 'refused' : processingStatus;
}

interface AnswerFile {
  path: string;
  name: string;
  /** Of a file that is to be kept. */
  content: Buffer | null;
  remove: () => Promise<void>;
}

/** The file to read: the clerk's, or the city's out of the store into the private work folder for as long as it is read. */
async function answerFile(
  context: TaskContext,
  { answerSha256, answerName }: Submission,
  file: ReadAnswerInput['file'],
): Promise<AnswerFile> {
  if (file) return { ...file, content: await readFile(file.path), remove: async () => {} };
  if (answerSha256 === null)
    throw new ApplicationError('submissions.noAnswer', '市級系統還沒有這次提交的檢核結果檔，請稍後同步後再試一次。');
  const name = answerName ?? '檢核結果.xlsx';
  const folder = context.directory.makeWorkFolder('answer');
  const path = join(folder, `answer${extname(name)}`);
  await writeFile(path, context.openAttachments('read').read(answerSha256), { mode: 0o600 });
  return { path, name, content: null, remove: () => rm(folder, { recursive: true, force: true }) };
}

function keep(
  context: TaskContext,
  submission: Submission,
  { rows, status }: ReadAnswer,
  processingStatus: ProcessingStatus,
  { name, content }: { name: string; content: Buffer | null },
): void {
  const { sqlite } = context.openWriter();
  const stored = content === null ? null : context.openAttachments('write').put(content);
  const at = context.clock.now().toISOString();
  const insert = sqlite.prepare(
    'insert into submission_answer_rows (submission_id, position, sheet, student_id, record_id, field, message, cells) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  sqlite
    .transaction(() => {
      if (stored && content) {
        const mediaType = extname(name).toLowerCase() === '.xlsx' ? workbookMediaType : 'text/plain';
        sqlite
          .prepare('insert or ignore into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, ?, 0)')
          .run(createHash('sha256').update(content).digest('hex'), stored.md5, stored.bytes, mediaType);
        sqlite.prepare('update submissions set answer_sha256 = ?, answer_name = ? where id = ?').run(stored.sha256, name, submission.id);
      }
      // What the city says of its own submissions stands; an upload by hand is told by its answer.
      if (submission.way === 'manual') {
        const text = status?.text ?? submission.statusText;
        const rosterName = status?.read.rosterName ?? (status ? readStatusText(text)?.rosterName : null) ?? submission.rosterName;
        sqlite
          .prepare(
            'update submissions set processing_status = ?, status_text = ?, roster_name = ?, result_received_at = coalesce(result_received_at, ?) where id = ?',
          )
          .run(processingStatus, text, rosterName, processingStatus === 'waiting' ? null : at, submission.id);
      }
      sqlite.prepare('delete from submission_answer_rows where submission_id = ?').run(submission.id);
      rows.forEach(({ sheet, studentId, recordId, field, message, cells }, index) => {
        insert.run(submission.id, index + 1, sheet, studentId, recordId, field, message, JSON.stringify(cells));
      });
      sqlite.prepare('update submissions set answer_read_at = ? where id = ?').run(at, submission.id);
    })
    .immediate();
}
