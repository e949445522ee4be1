import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import type { Sqlite } from '../../../db/sqlite.ts';
import { maskIdentity } from '../../../domain/national-id.ts';
import { currentTerm } from '../../application/current-term.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import { startArchiveChecker } from '../../platform/archive-checker.ts';
import { ApplicationError, cancelled } from '../../platform/errors.ts';
import { resourcePath } from '../../platform/resources.ts';
import { attachmentBytes, eachLeaver, type PackedStudent, packStudent, sectionCountsOf } from './content.ts';
import { type FinishedFile, type HandedStudent, keepFiles } from './keep-files.ts';
import { makeFilePassword } from './password.ts';
import { ProductionProgress } from './production-progress.ts';
import { makeTransferArchive, type TransferFormat } from './transfer-archive.ts';

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

/** `陳…蘭`, as 資料產生紀錄 shows a student (manual §3.15). */
export function shortenName(name: string): string {
  const characters = [...name];
  return characters.length < 3 ? `${characters[0] ?? ''}…` : `${characters[0]}…${characters.at(-1)}`;
}

/** Packs the students of one file as they are asked for; of each who went by, `handed` keeps what the record shows. */
function* packed(
  sqlite: Sqlite,
  studentIds: readonly string[],
  school: { code: string; academicYear: number; semester: number },
  handed: HandedStudent[],
): Generator<PackedStudent> {
  for (const leaver of eachLeaver(sqlite, studentIds)) {
    const identity = leaver.identity!;
    handed.push({
      id: leaver.id,
      label: `${maskIdentity(identity)} ${shortenName(leaver.name)}`,
      counts: sectionCountsOf(leaver.portfolio),
    });
    yield packStudent({ ...leaver, identity }, school);
  }
}

/** Says at once what would otherwise be found after minutes. @throws disk.full */
async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const megabytes = (value: number) => `${Math.ceil(value / 1024 ** 2).toLocaleString('en')} MB`;
  throw new ApplicationError(
    'disk.full',
    `磁碟空間不足：匯出檔案需要 ${megabytes(bytes)}，只剩 ${megabytes(free)}，資料沒有變動。請清出空間後再試一次。`,
    { bytes, free },
  );
}

/**
 * Makes the files one after another in a private work folder, the next being written while the one before is checked.
 * @returns when every file passed its checks; on any failure nothing goes on
 */
async function makeFiles(input: ProduceInput, context: TaskContext, folder: string, createdAt: Date): Promise<FinishedFile[]> {
  const { sqlite } = context.openReader();
  const attachments = context.openAttachments('read');
  const school = { ...input.school, ...currentTerm(sqlite, createdAt) };
  const applicationVersion = (JSON.parse(readFileSync(resourcePath('package.json'), 'utf8')) as { version: string }).version;
  const bytes = input.files.map(({ studentIds }) => attachmentBytes(sqlite, studentIds));
  const total = bytes.reduce((sum, one) => sum + one, 0);
  await requireSpace(folder, total);

  const progress = new ProductionProgress(input.files.length, total, context.report);
  const checker = startArchiveChecker();
  const failing = new AbortController();
  const signal = AbortSignal.any([context.signal, failing.signal]);
  const making: Promise<FinishedFile>[] = [];
  try {
    for (const [index, { name, studentIds }] of input.files.entries()) {
      // Two under way: one that is written and one that is checked.
      await making.at(-2);
      const students: HandedStudent[] = [];
      const password = makeFilePassword();
      const { written, made } = makeTransferArchive(
        {
          name,
          students: packed(sqlite, studentIds, school, students),
          school: input.school,
          createdAt,
          applicationVersion,
          format: input.format,
          password,
        },
        { attachments, checker, folder, signal, progress: progress.begin(bytes[index]!) },
      );
      const finished = made.then((archive) => ({ id: randomUUID(), fileName: `${name}.zip`, archive, password, students }));
      finished.catch((error: unknown) => failing.abort(error));
      making.push(finished);
      await written;
    }
    return await Promise.all(making);
  } catch (error) {
    failing.abort(error);
    await Promise.allSettled(making);
    throw context.signal.aborted ? cancelled() : failing.signal.reason;
  } finally {
    progress.tell();
    progress.end();
    await checker.close();
  }
}

/**
 * 產生匯出檔案. Everything is made in a private work folder first; the files get their names and their records together
 * at the end, so that a cancelled or failed job leaves neither.
 */
export const run: Task<ProduceInput, ProducedFile[]> = async (input, context) => {
  const now = context.clock.now();
  const folder = context.directory.makeWorkFolder('transfer-out');
  try {
    const files = await makeFiles(input, context, folder, now);
    context.signal.throwIfAborted();
    const { accountName, format } = input;
    await context.withWriteLease(() => keepFiles(context, files, { at: now.toISOString(), accountName, format }));
    return files.map(({ id, fileName, archive: { md5, bytes }, students }) => ({ id, fileName, md5, bytes, students: students.length }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
