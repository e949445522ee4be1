import { schoolSettings } from '../../application/school-settings.ts';
import type { Task } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { type ComparedConflict, compared } from './comparison.ts';
import type { Inspection, PreviewedStudent } from './contract.ts';
import { decisions } from './decisions.ts';
import { describeFile, importedBefore } from './inspection.ts';
import { outcomeOf } from './outcome.ts';
import { type ArrivalPlan, register } from './register.ts';
import type { CheckedStudent } from './transfer-attachments.ts';
import { noFacts, type OpenInput, readTransferFile, type TransferFile } from './transfer-file.ts';

export interface ReadInput extends OpenInput {
  /** `inspect` tells failures of the checks as findings; `preview` fails and compares with the register. */
  purpose: 'inspect' | 'preview';
}

export interface ReadResult {
  inspection: Inspection;
  students: PreviewedStudent[];
  conflicts: ComparedConflict[];
}

/** 檢視 and 檢查匯入檔案: all the checks, and what would come of an import. Writes nothing that stays. */
export const run: Task<ReadInput, ReadResult> = async (input, context) => {
  const connection = context.openReader();
  const { sqlite } = connection;
  const facts = noFacts();
  try {
    const { signal, report } = context;
    const file = await readTransferFile(input, { signal, report, facts });
    const before = importedBefore(sqlite, facts);
    if (before) facts.remarks.push(before);
    const described = describeFile(input.fileName, facts, file.students, []);
    if (input.purpose === 'inspect') return { inspection: described, students: [], conflicts: [] };
    return { inspection: described, ...preview(file, register(sqlite, schoolSettings(connection).get('school.code') ?? '')) };
  } catch (error) {
    if (input.purpose === 'preview' || !(error instanceof ApplicationError) || !error.code.startsWith('transferIn.')) throw error;
    const problem = { code: error.code, message: error.message, details: { ...error.details } };
    return { inspection: describeFile(input.fileName, facts, [], [problem]), students: [], conflicts: [] };
  }
};

function preview({ students }: TransferFile, planOf: (arrival: CheckedStudent) => ArrivalPlan): Omit<ReadResult, 'inspection'> {
  const decide = decisions({ choices: [], otherwise: undefined });
  const conflicts: ComparedConflict[] = [];
  const previewed = students.map((arrival) => {
    const plan = planOf(arrival);
    const differing = plan.conflicts.map((conflict) => compared(plan.studentId!, conflict));
    conflicts.push(...differing);
    return { ...outcomeOf(arrival.student, decide(plan)), differing: differing.map(({ line }) => line) };
  });
  return { students: previewed, conflicts };
}
