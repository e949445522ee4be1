import { rm } from 'node:fs/promises';
import type { Task } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { ImportedStudent, Inspection } from './contract.ts';
import { describeFile, importedBefore } from './inspection.ts';
import { outcomeOf } from './outcome.ts';
import { register } from './register.ts';
import { noFacts, type OpenInput, openTransferFile } from './transfer-file.ts';

export interface ReadInput extends OpenInput {
  /** `inspect` tells failures of the checks as findings; `preview` fails and compares with the register. */
  purpose: 'inspect' | 'preview';
}

/** 檢視 and 檢查匯入檔案: all the checks, and what would come of an import. Writes nothing that stays. */
export const run: Task<ReadInput, { inspection: Inspection; students: ImportedStudent[] }> = async (input, context) => {
  const { sqlite } = context.openReader();
  const folder = context.directory.makeWorkFolder('transfer-in');
  const facts = noFacts();
  try {
    const file = await openTransferFile(input, { folder, signal: context.signal, report: context.report, facts });
    await file.close();
    const before = importedBefore(sqlite, facts);
    if (before) facts.remarks.push(before);
    const planOf = register(sqlite);
    return {
      inspection: describeFile(input.fileName, facts, file.students, []),
      students: input.purpose === 'preview' ? file.students.map((arrival) => outcomeOf(arrival.student, planOf(arrival))) : [],
    };
  } catch (error) {
    if (input.purpose === 'preview' || !(error instanceof ApplicationError) || !error.code.startsWith('transferIn.')) throw error;
    const problem = { code: error.code, message: error.message, details: { ...error.details } };
    return { inspection: describeFile(input.fileName, facts, [], [problem]), students: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
