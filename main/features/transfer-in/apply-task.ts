import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Task, TaskContext } from '../../application/task-context.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import type { ImportedStudent } from './contract.ts';
import { outcomeOf } from './outcome.ts';
import { recordWriter } from './records.ts';
import { register } from './register.ts';
import { type CheckedFile, noFacts, type OpenInput, openTransferFile, type TransferFile } from './transfer-file.ts';

export interface ApplyInput extends OpenInput {
  accountName: string;
}

export interface Applied {
  id: string;
  students: number;
  completed: number;
  details: ImportedStudent[];
}

/** Bytes of attachments that go into the store in one transaction. */
const batchBytes = 32 * 1024 * 1024;

/**
 * 開始匯入. First every check, again; then the attachments, which nothing points at yet; then the records, one
 * transaction a student, all under one lease. A cancellation is heeded until the records begin, and takes back the
 * attachments that were put in, so that it leaves nothing.
 */
export const run: Task<ApplyInput, Applied> = async (input, context) => {
  const folder = context.directory.makeWorkFolder('transfer-in');
  try {
    const file = await openTransferFile(input, { folder, signal: context.signal, report: context.report, facts: noFacts() });
    try {
      return await apply(input, file, context);
    } finally {
      await file.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function apply(input: ApplyInput, file: TransferFile, context: TaskContext): Promise<Applied> {
  const { sqlite } = context.openReader();
  const planOf = register(sqlite);
  const wanted = new Map<string, CheckedFile>();
  for (const arrival of file.students) {
    if (planOf(arrival).problem) continue;
    for (const attachment of arrival.files.values()) wanted.set(attachment.sha256, attachment);
  }
  const store = context.openAttachments('write');
  const put: string[] = [];
  try {
    await putAttachments([...wanted.values()], file, store, context, put);
    context.signal.throwIfAborted();
    return await context.withWriteLease(() => writeRecords(input, file, context));
  } catch (error) {
    await takeBack(put, store, context);
    throw error;
  }
}

/** Puts in what is not there yet, a batch a transaction. @param put receives the hashes, for taking them back */
async function putAttachments(
  files: readonly CheckedFile[],
  { content }: TransferFile,
  store: AttachmentStore,
  { signal, report, withWriteLease }: TaskContext,
  put: string[],
): Promise<void> {
  const missing = files.filter(({ sha256 }) => !store.has(sha256));
  let next = 0;
  while (next < missing.length) {
    const batch: { sha256: string; bytes: Buffer }[] = [];
    for (let bytes = 0; next < missing.length && bytes < batchBytes; next += 1) {
      await setImmediate();
      signal.throwIfAborted();
      const attachment = missing[next]!;
      batch.push({ sha256: attachment.sha256, bytes: await content(attachment) });
      bytes += attachment.bytes;
    }
    await withWriteLease(() => {
      put.push(...batch.map(({ sha256 }) => sha256));
      store.sqlite.transaction(() => {
        for (const { bytes } of batch) store.put(bytes);
      })();
    });
    report({ step: '保存附件', done: next, total: missing.length, unit: '件' });
  }
}

/** Removes attachments that no record came to use. Asks for no lease of its own thread: a cancelled task gets none. */
async function takeBack(put: readonly string[], store: AttachmentStore, { openReader }: TaskContext): Promise<void> {
  if (put.length === 0) return;
  const used = openReader().sqlite.prepare<[string], number>('select 1 from attachments where sha256 = ?').pluck();
  store.sqlite.transaction(() => {
    for (const sha256 of put) if (used.get(sha256) === undefined) store.remove(sha256);
  })();
}

function writeRecords(input: ApplyInput, { facts, students, unknown }: TransferFile, context: TaskContext): Applied {
  const { sqlite } = context.openWriter();
  const id = randomUUID();
  const at = context.clock.now().toISOString();
  const planOf = register(sqlite);
  const records = recordWriter(sqlite, { transferInId: id, at, accountName: input.accountName });
  const insertImport = sqlite.prepare(
    `insert into transfer_ins
       (id, created_at, created_by, file_name, bytes, md5, sha256, sender_school_code, student_count, completed_count, unknown_content, md5_waived_reason)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
  );
  const insertStudent = sqlite.prepare(
    `insert into transfer_in_students (transfer_in_id, position, identity, name, student_id, completed, counts, messages)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const countCompleted = sqlite.prepare('update transfer_ins set completed_count = completed_count + 1 where id = ?');
  const finishCase = sqlite.prepare(
    "update transfer_cases set finished_at = ? where student_id = ? and direction = 'in' and finished_at is null",
  );
  const details: ImportedStudent[] = [];
  for (const [position, arrival] of students.entries()) {
    sqlite
      .transaction(() => {
        if (position === 0) {
          const kept = Object.keys(unknown).length > 0 ? JSON.stringify(unknown) : null;
          const reason = input.md5.waivedReason ?? null;
          insertImport.run(
            id,
            at,
            input.accountName,
            input.fileName,
            facts.bytes,
            facts.md5,
            facts.sha256,
            facts.senderSchoolCode,
            students.length,
            kept,
            reason,
          );
        }
        const plan = planOf(arrival);
        if (!plan.problem) records.write(arrival, plan);
        const outcome = outcomeOf(arrival.student, plan);
        const { added, unchanged, conflicts } = outcome;
        insertStudent.run(
          id,
          position,
          outcome.nationalId,
          outcome.name,
          outcome.studentId,
          outcome.completed ? 1 : 0,
          JSON.stringify({ added, unchanged, conflicts, problems: outcome.problems }),
          JSON.stringify(outcome.messages),
        );
        if (outcome.completed) {
          countCompleted.run(id);
          finishCase.run(at, outcome.studentId);
        }
        details.push(outcome);
      })
      .immediate();
    context.report({ step: '寫入紀錄', done: position + 1, total: students.length, unit: '人' });
  }
  return { id, students: students.length, completed: details.filter(({ completed }) => completed).length, details };
}
