import { randomUUID } from 'node:crypto';
import { schoolSettings } from '../../application/school-settings.ts';
import type { TaskContext } from '../../application/task-context.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import { importCompleted } from '../transfer-cases/file-steps.ts';
import type { Applied, ApplyInput } from './apply-task.ts';
import type { ImportedStudent } from './contract.ts';
import { type DecidedPlan, decisions, writtenFiles } from './decisions.ts';
import { outcomeOf } from './outcome.ts';
import { recordWriter } from './records.ts';
import { register } from './register.ts';
import type { TransferFile } from './transfer-file.ts';

/** Writes what the checks let through, one transaction and one write lease a student, so that others who write wait for one student at most. */
export async function writeRecords(
  input: ApplyInput,
  { facts, students, unknown }: TransferFile,
  store: AttachmentStore,
  context: TaskContext,
): Promise<Applied> {
  const connection = context.openWriter();
  const { sqlite } = connection;
  const id = randomUUID();
  const at = context.clock.now().toISOString();
  const schoolCode = schoolSettings(connection).get('school.code') ?? '';
  const planOf = register(sqlite, schoolCode);
  const decide = decisions(input.choices);
  const records = recordWriter(sqlite, { transferInId: id, at, accountName: input.accountName, schoolCode });
  const insertImport = sqlite.prepare(
    `insert into transfer_ins
       (id, created_at, created_by, file_name, bytes, md5, sender_school_code, student_count, completed_count, unknown_content, md5_waived_reason)
     values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
  );
  const insertStudent = sqlite.prepare(
    `insert into transfer_in_students (transfer_in_id, position, identity, name, student_id, completed, counts, messages)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const countCompleted = sqlite.prepare('update transfer_ins set completed_count = completed_count + 1 where id = ?');
  const caseKnows = importCompleted(sqlite, { at, accountName: input.accountName });
  const details: ImportedStudent[] = [];
  for (const [position, arrival] of students.entries()) {
    const write = sqlite.transaction(() => {
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
          facts.senderSchoolCode,
          students.length,
          kept,
          reason,
        );
      }
      const plan = withFiles(decide(planOf(arrival)), store);
      const outcome = outcomeOf(arrival.student, plan);
      const { added, unchanged, replaced, kept, beside, conflicts, problems } = outcome;
      insertStudent.run(
        id,
        position,
        outcome.nationalId,
        outcome.name,
        outcome.studentId,
        outcome.completed ? 1 : 0,
        JSON.stringify({ added, unchanged, replaced, kept, beside, conflicts, problems }),
        JSON.stringify(outcome.messages),
      );
      records.write(plan, position);
      if (outcome.completed) {
        countCompleted.run(id);
        caseKnows({ id, fileName: input.fileName }, outcome.studentId!);
      }
      details.push(outcome);
    });
    await context.withWriteLease(() => write.immediate());
    context.report({ step: '寫入紀錄', done: position + 1, total: students.length, unit: '人' });
  }
  return { id, students: students.length, completed: details.filter(({ completed }) => completed).length, details };
}

/**
 * The files were put into the store by the plans as they were before: where a synchronisation changed a student in between so that more of
 * the file would be written, nothing of that student is.
 */
function withFiles(plan: DecidedPlan, store: AttachmentStore): DecidedPlan {
  if ([...writtenFiles(plan)].every((sha256) => store.has(sha256))) return plan;
  const message = '匯入途中，這位學生在本校的資料有變動，沒有匯入任何紀錄，請再匯入一次';
  return { ...plan, fresh: [], conflicts: [], unchanged: {}, problem: { code: 'transferIn.changedMeanwhile', message, details: {} } };
}
