import type { Sqlite } from '../../../db/connection.ts';
import { schoolSettings } from '../../application/school-settings.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { type ComparedConflict, compared } from './comparison.ts';
import type { Inspection, PreviewedStudent } from './contract.ts';
import { decisions } from './decisions.ts';
import { describeFile, importedBefore } from './inspection.ts';
import { checkMd5 } from './md5-check.ts';
import { outcomeOf } from './outcome.ts';
import { type ArrivalPlan, register } from './register.ts';
import type { CheckedStudent } from './transfer-attachments.ts';
import { type FileFacts, noFacts, type OpenInput, readTransferFile, type TransferFile } from './transfer-file.ts';

export interface ReadInput extends OpenInput {
  /** `inspect` describes as much as can be read and tells what fails as findings; `preview` fails and compares with the register. */
  purpose: 'inspect' | 'preview';
}

export interface ReadResult {
  inspection: Inspection;
  students: PreviewedStudent[];
  conflicts: ComparedConflict[];
}

/** 檢視 and 檢查匯入檔案: all the checks, and what would come of an import. Writes nothing that stays. */
export const run: Task<ReadInput, ReadResult> = async (input, context) => {
  if (input.purpose === 'inspect') return { inspection: await inspect(input, context), students: [], conflicts: [] };
  const connection = context.openReader();
  const { signal, report } = context;
  const facts = noFacts();
  const file = await readTransferFile(input, { signal, report, facts });
  remarkOnImports(connection.sqlite, facts);
  return {
    inspection: describeFile(input.fileName, facts, file.students, []),
    ...preview(file, register(connection.sqlite, schoolSettings(connection).get('school.code') ?? '')),
  };
};

function remarkOnImports(sqlite: Sqlite, facts: FileFacts): void {
  const before = importedBefore(sqlite, facts);
  if (before) facts.remarks.push(before);
}

/** Tells every finding: an MD5 that does not agree keeps nothing of what is inside from being described. */
async function inspect(input: ReadInput, { openReader, signal, report }: TaskContext): Promise<Inspection> {
  const facts = noFacts();
  const problems: Inspection['problems'] = [];
  const finding = (error: unknown) => {
    if (!(error instanceof ApplicationError) || !error.code.startsWith('transferIn.')) throw error;
    problems.unshift({ code: error.code, message: error.message, details: { ...error.details } });
  };
  const file = await readTransferFile({ ...input, md5: null }, { signal, report, facts }).catch(finding);
  try {
    const remark = facts.md5 === '' ? undefined : checkMd5(input.md5, facts.md5);
    if (remark) facts.remarks.unshift(remark);
  } catch (error) {
    finding(error);
  }
  remarkOnImports(openReader().sqlite, facts);
  return describeFile(input.fileName, facts, file?.students ?? [], problems);
}

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
