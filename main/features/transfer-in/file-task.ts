import type { Task } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { Arrival } from './transfer-attachments.ts';
import { noFacts, type OpenInput, readTransferFile } from './transfer-file.ts';

export interface FileInput extends OpenInput {
  sha256: string;
}

/** One file of a transfer file, to be looked at before the import: after every check, and into memory only. */
export const run: Task<FileInput, Uint8Array> = async (input, { signal, report }) => {
  let found: Uint8Array | undefined;
  const arrival: Arrival = {
    wants: () => true,
    expect: async () => {},
    put: async (files) => {
      const wanted = files.find(({ sha256 }) => sha256 === input.sha256);
      // Its memory is the reader's, and is used again.
      if (wanted) found = Uint8Array.from(wanted.content);
    },
  };
  await readTransferFile(input, { signal, report, facts: noFacts(), arrival });
  if (!found) throw new ApplicationError('transferIn.checkUnknown', '檔案已經換過，請重新檢查檔案。', { sha256: input.sha256 });
  return found;
};
