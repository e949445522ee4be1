import { schoolSettings } from '../../application/school-settings.ts';
import type { Task } from '../../application/task-context.ts';
import { arrivalInto } from './arriving-files.ts';
import { writeRecords } from './arriving-records.ts';
import type { ImportedStudent } from './contract.ts';
import { decisions, type GivenChoices, refuseStaleChoices } from './decisions.ts';
import { register } from './register.ts';
import { noFacts, type OpenInput, readTransferFile } from './transfer-file.ts';

export interface ApplyInput extends OpenInput {
  accountName: string;
  choices: GivenChoices;
  /** Under which its files come into the store; begun and settled by whoever starts the task. */
  arrivalId: string;
}

export interface Applied {
  id: string;
  students: number;
  completed: number;
  details: ImportedStudent[];
}

/**
 * 開始匯入. First every check, again, and each attachment that passed its own into the store, where nobody sees it yet; when all have passed the
 * store shows them; then come the records, one transaction a student. Killed at any instant, what the records do not point at is
 * removed by whoever starts next. A cancellation is heeded until the records begin.
 */
export const run: Task<ApplyInput, Applied> = async (input, context) => {
  const { signal, report } = context;
  const connection = context.openReader();
  const store = context.openAttachments('write');
  const planOf = register(connection.sqlite, schoolSettings(connection).get('school.code') ?? '');
  const wants: Parameters<typeof arrivalInto>[3] = (student) =>
    planOf({ student: { ...student, outcomes: [], performances: [], cadres: [] }, files: new Map() }).problem === null;
  const arrival = arrivalInto(store, input.arrivalId, context, wants);
  const file = await readTransferFile(input, { signal, report, step: '核對、檢查並保存檔案', facts: noFacts(), arrival });
  const decide = decisions(input.choices);
  refuseStaleChoices(
    file.students.map((arrived) => decide(planOf(arrived))),
    input.choices,
  );
  await context.mustFinish();
  await arrival.show();
  return await writeRecords(input, file, store, context);
};
