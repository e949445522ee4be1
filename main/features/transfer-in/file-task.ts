import { rm } from 'node:fs/promises';
import type { Task } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { noFacts, type OpenInput, openTransferFile } from './transfer-file.ts';

export interface FileInput extends OpenInput {
  sha256: string;
}

/** One file of a transfer file, to be looked at before the import: after every check, and into memory only. */
export const run: Task<FileInput, Uint8Array> = async (input, { directory, signal, report }) => {
  const folder = directory.makeWorkFolder('transfer-in');
  try {
    const archive = await openTransferFile(input, { folder, signal, report, facts: noFacts() });
    try {
      const wanted = archive.students.flatMap(({ files }) => [...files.values()]).find(({ sha256 }) => sha256 === input.sha256);
      if (!wanted) throw new ApplicationError('transferIn.checkUnknown', '檔案已經換過，請重新檢查檔案。', { sha256: input.sha256 });
      return await archive.content(wanted);
    } finally {
      await archive.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
