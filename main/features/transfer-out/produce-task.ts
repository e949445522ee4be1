import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maskIdentity } from '../../../domain/national-id.ts';
import { currentTerm } from '../../application/current-term.ts';
import type { Task } from '../../application/task-context.ts';
import { resourcePath } from '../../platform/resources.ts';
import { deriveKey, encryptText } from '../../platform/secret-store.ts';
import { fileMade } from '../transfer-cases/file-steps.ts';
import { type Leaver, leavers, packStudent, sectionCountsOf } from './content.ts';
import { makeFilePassword } from './password.ts';
import { type MadeArchive, makeTransferArchive, type TransferFormat } from './transfer-archive.ts';

export interface ProduceInput {
  /** One for each file to make: its name without `.zip`, and who goes in. */
  files: readonly { name: string; studentIds: readonly string[] }[];
  format: TransferFormat;
  school: { code: string; name: string };
  accountName: string;
}

export interface ProducedFile {
  id: string;
  fileName: string;
  md5: string;
  bytes: number;
  students: number;
}

interface Made {
  id: string;
  fileName: string;
  archive: MadeArchive;
  password: string;
  leavers: readonly Leaver[];
}

/** `陳…蘭`, as 資料產生紀錄 shows a student (manual §3.15). */
export function shortenName(name: string): string {
  const characters = [...name];
  return characters.length < 3 ? `${characters[0] ?? ''}…` : `${characters[0]}…${characters.at(-1)}`;
}

/**
 * 產生匯出檔案. Everything is made in a private work folder first; the files get their names and their records together
 * at the end, so that a cancelled or failed job leaves neither.
 */
export const run: Task<ProduceInput, ProducedFile[]> = async (input, context) => {
  const { sqlite } = context.openReader();
  const attachments = context.openAttachments('read');
  const now = context.clock.now();
  const school = { ...input.school, ...currentTerm(sqlite, now) };
  const applicationVersion = (JSON.parse(readFileSync(resourcePath('package.json'), 'utf8')) as { version: string }).version;
  const work = context.directory.makeWorkFolder('transfer-out');
  try {
    const made: Made[] = [];
    for (const [index, { name, studentIds }] of input.files.entries()) {
      const students = leavers(sqlite, studentIds);
      const folder = join(work, String(index));
      await mkdir(folder, { mode: 0o700 });
      const password = makeFilePassword();
      const archive = await makeTransferArchive(
        {
          name,
          students: students.map((student) => packStudent({ ...student, identity: student.identity! }, school)),
          school: input.school,
          createdAt: now,
          applicationVersion,
          format: input.format,
          password,
        },
        {
          attachments,
          folder,
          signal: context.signal,
          onProgress: (part, step) =>
            context.report({
              step: `${step}（${index + 1}/${input.files.length}）`,
              done: Math.round((index + part) * 100),
              total: input.files.length * 100,
              unit: '項',
            }),
        },
      );
      made.push({ id: randomUUID(), fileName: `${name}.zip`, archive, password, leavers: students });
    }
    context.signal.throwIfAborted();
    await context.withWriteLease(() => keep(made));
    return made.map(({ id, fileName, archive, leavers: { length: students } }) => ({
      id,
      fileName,
      md5: archive.md5,
      bytes: archive.bytes,
      students,
    }));
  } finally {
    await rm(work, { recursive: true, force: true });
  }

  /** Moves the files to their place and records them, all or none. */
  function keep(made: readonly Made[]): void {
    const { sqlite: writer } = context.openWriter();
    const insertFile = writer.prepare(
      `insert into transfer_out_files
         (id, created_at, created_by, file_name, bytes, md5, sha256, encrypted_password, format, student_count, students)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const insertStudent = writer.prepare('insert into transfer_out_students (transfer_out_file_id, student_id, counts) values (?, ?, ?)');
    const key = deriveKey(context.masterKey, 'filePasswords');
    const at = now.toISOString();
    const caseKnows = fileMade(writer, { at, accountName: input.accountName });
    const moved: string[] = [];
    try {
      writer
        .transaction(() => {
          for (const { id, fileName, archive, password, leavers: students } of made) {
            const names = students.map(({ identity, name }) => `${maskIdentity(identity!)} ${shortenName(name)}`).join('\n');
            const encrypted = encryptText(password, key);
            insertFile.run(
              id,
              at,
              input.accountName,
              fileName,
              archive.bytes,
              archive.md5,
              archive.sha256,
              encrypted,
              input.format,
              students.length,
              names,
            );
            for (const student of students) {
              insertStudent.run(id, student.id, JSON.stringify(sectionCountsOf(student.portfolio)));
              caseKnows({ id, fileName, md5: archive.md5 }, student.id);
            }
            const target = join(context.directory.transfers, fileName);
            renameSync(archive.path, target);
            moved.push(target);
          }
        })
        .immediate();
    } catch (error) {
      for (const path of moved) rmSync(path, { force: true });
      throw error;
    }
  }
};
