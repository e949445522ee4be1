import { rm } from 'node:fs/promises';
import { schoolSettings } from '../../application/school-settings.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import { putAttachments, takeBack } from './arriving-files.ts';
import { writeRecords } from './arriving-records.ts';
import type { ImportedStudent } from './contract.ts';
import { decisions, type GivenChoices, refuseStaleChoices, writtenFiles } from './decisions.ts';
import { register } from './register.ts';
import type { CheckedFile } from './transfer-attachments.ts';
import { noFacts, type OpenInput, openTransferFile, type TransferFile } from './transfer-file.ts';

export interface ApplyInput extends OpenInput {
  accountName: string;
  choices: GivenChoices;
}

export interface Applied {
  id: string;
  students: number;
  completed: number;
  details: ImportedStudent[];
}

/**
 * 開始匯入. First every check, again; then the attachments, which nothing points at yet; then the records, one
 * transaction a student. A cancellation is heeded until the records begin, and takes back the attachments that were
 * put in, so that it leaves nothing.
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
  const connection = context.openReader();
  const planOf = register(connection.sqlite, schoolSettings(connection).get('school.code') ?? '');
  const decide = decisions(input.choices);
  const plans = file.students.map((arrival) => decide(planOf(arrival)));
  refuseStaleChoices(plans, input.choices);
  const wanted = new Map<string, CheckedFile>();
  for (const [position, arrival] of file.students.entries()) {
    const written = writtenFiles(plans[position]!);
    for (const attachment of arrival.files.values()) if (written.has(attachment.sha256)) wanted.set(attachment.sha256, attachment);
  }
  const store = context.openAttachments('write');
  const put: string[] = [];
  try {
    await putAttachments([...wanted.values()], file, store, context, put);
    await context.mustFinish();
    return await writeRecords(input, file, store, context);
  } catch (error) {
    await takeBack(put, store, context);
    throw error;
  }
}
