import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskContext } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { deriveKey, encryptText } from '../../platform/secret-store.ts';
import { fileMade } from '../transfer-cases/file-steps.ts';
import type { MadeArchive, TransferFormat } from './transfer-archive.ts';
import { forgetUnrecorded, noteUnrecorded, takeBackUnrecorded } from './unrecorded-files.ts';

/** A file that passed every check and waits for its name and its record. */
export interface FinishedFile {
  id: string;
  fileName: string;
  archive: MadeArchive;
  password: string;
  students: readonly HandedStudent[];
}

/** A student in a file, as 資料產生紀錄 keeps it. */
export interface HandedStudent {
  id: string;
  /** `R2****1437 陳…蘭`. */
  label: string;
  /** Records by section. */
  counts: Record<string, number>;
}

const nameTaken = () =>
  new ApplicationError('transferOut.nameTaken', '匯出資料夾內已有同名的檔案，為了不覆寫它，沒有產生檔案。請再試一次。');

/** Gives a finished file its place. A file that is there already is never overwritten, whoever put it there. */
function place(from: string, to: string): void {
  try {
    // Made or refused in one step; the name in the work folder goes with the folder.
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw nameTaken();
    // A disk without hard links, such as a USB stick's.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    if (existsSync(to)) throw nameTaken();
    renameSync(from, to);
  }
}

/** A folder's names are on the disk; Windows keeps them without being asked. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Moves the files of a job to their place and records them, all or none. Call with the write lease.
 * @throws transferOut.nameTaken, disk.full
 */
export function keepFiles(
  context: Pick<TaskContext, 'openWriter' | 'directory' | 'masterKey'>,
  files: readonly FinishedFile[],
  { at, accountName, format }: { at: string; accountName: string; format: TransferFormat },
): void {
  const { sqlite } = context.openWriter();
  const { transfers } = context.directory;
  const insertFile = sqlite.prepare(
    `insert into transfer_out_files (id, created_at, created_by, file_name, bytes, md5, encrypted_password, format, student_count, students)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertStudent = sqlite.prepare('insert into transfer_out_students (transfer_out_file_id, student_id, counts) values (?, ?, ?)');
  const caseKnows = fileMade(sqlite, { at, accountName });
  const recorded = forgetUnrecorded(sqlite);
  const key = deriveKey(context.masterKey, 'filePasswords');
  const record = ({ id, fileName, archive, password, students }: FinishedFile) => {
    const labels = students.map(({ label }) => label).join('\n');
    const encrypted = encryptText(password, key);
    insertFile.run(id, at, accountName, fileName, archive.bytes, archive.md5, encrypted, format, students.length, labels);
    for (const student of students) {
      insertStudent.run(id, student.id, JSON.stringify(student.counts));
      caseKnows({ id, fileName, md5: archive.md5 }, student.id);
    }
    recorded(fileName);
  };

  takeBackUnrecorded(sqlite, transfers);
  noteUnrecorded(
    sqlite,
    files.map(({ fileName, archive: { path } }) => ({ fileName, path })),
  );
  try {
    sqlite
      .transaction(() => {
        for (const file of files) {
          record(file);
          place(file.archive.path, join(transfers, file.fileName));
        }
        flushFolder(transfers);
      })
      .immediate();
  } catch (error) {
    takeBackUnrecorded(sqlite, transfers);
    throw error;
  }
}
