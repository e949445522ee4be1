import type { Sqlite } from '../../../db/connection.ts';
import { taipeiDay } from '../../../domain/roc-date.ts';
import { schoolSettings } from '../../application/school-settings.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { bySection } from './register.ts';
import { takeBackImport } from './undo.ts';
import { type Obstacle, type StudentUndo, undoPlan } from './undo-plan.ts';
import { unusedFiles } from './unused-files.ts';

export interface UndoInput {
  importId: string;
  /** Of one student of the import; null for all of it. */
  position: number | null;
  /** False: only what would be taken back, and what stands in the way. */
  carryOut: boolean;
  accountName: string;
}

export interface UndoResult {
  students: number;
  studentIds: string[];
  /** Records that go, and records whose former content comes back, by section. */
  removed: Record<string, number>;
  restored: Record<string, number>;
  /** Files that nothing else uses. */
  files: number;
  /** Of the records, how many the city has and is told of. */
  told: number;
  /** Why none of it can be taken back any more. */
  refusal: 'anotherDay' | 'undone' | null;
  obstacles: Obstacle[];
}

/** 復原: an import as a whole, or of one of its students, is as if it had not been; or nothing is changed. */
export const run: Task<UndoInput, UndoResult> = async (input, context) => {
  if (!input.carryOut) {
    const { sqlite } = context.openReader();
    return resultOf(sqlite, input, undoPlan(sqlite, input.importId, input.position), context.clock.now());
  }
  // Records, outbox and case in one transaction: cancelled before it, or not at all.
  await context.mustFinish();
  const { result, files } = await context.withWriteLease(() => carryOut(input, context));
  await removeFiles(files, context);
  return result;
};

const unknown = (id: string) => new ApplicationError('transferIn.unknown', '找不到這筆匯入紀錄，請重新整理後再試一次。', { id });

function resultOf(sqlite: Sqlite, { importId }: UndoInput, students: readonly StudentUndo[], now: Date): UndoResult {
  const createdAt = sqlite.prepare<[string], string>('select created_at from transfer_ins where id = ?').pluck().get(importId);
  if (createdAt === undefined) throw unknown(importId);
  const records = students.flatMap((student) => student.records);
  return {
    students: students.length,
    studentIds: students.map(({ studentId }) => studentId),
    removed: bySection(records.filter(({ treatment }) => treatment !== 'replaced')),
    restored: bySection(records.filter(({ treatment }) => treatment === 'replaced')),
    files: unusedFiles(sqlite, records).length,
    told: records.filter(({ reached }) => reached).length,
    refusal: students.length === 0 ? 'undone' : taipeiDay(new Date(createdAt)) === taipeiDay(now) ? null : 'anotherDay',
    obstacles: students.flatMap(({ obstacles }) => obstacles),
  };
}

/** @throws transferIn.unknown, .undone, .undoAnotherDay, .undoBlocked (details.obstacles) */
function refuse({ refusal, obstacles }: UndoResult): void {
  if (refusal === 'undone') throw new ApplicationError('transferIn.undone', '這次匯入已經復原過了，畫面會自動更新。');
  if (refusal === 'anotherDay') {
    throw new ApplicationError('transferIn.undoAnotherDay', '只能在匯入當天復原。之後請逐筆處理，或請原學校提供更正後的檔案再匯入。');
  }
  if (obstacles.length > 0) {
    throw new ApplicationError(
      'transferIn.undoBlocked',
      `有 ${obstacles.length} 項後續的變動，不能復原，資料沒有變動。請先處理列出的項目，或只復原其他學生。`,
      { obstacles: obstacles.slice(0, 100).map(({ record, obstacle }) => ({ section: record?.section ?? null, obstacle })) },
    );
  }
}

function carryOut(input: UndoInput, context: TaskContext): { result: UndoResult; files: string[] } {
  const connection = context.openWriter();
  const { sqlite } = connection;
  const now = context.clock.now();
  const doing = { at: now.toISOString(), accountName: input.accountName, schoolCode: schoolSettings(connection).get('school.code') ?? '' };
  return sqlite
    .transaction(() => {
      const students = undoPlan(sqlite, input.importId, input.position);
      const result = resultOf(sqlite, input, students, now);
      refuse(result);
      return { result, files: takeBackImport(sqlite, input, students, doing) };
    })
    .immediate();
}

/** Bytes of files that go in one transaction. */
const filesAtOnce = 50;

/** Their rows are gone already: a program that is killed here leaves bytes that nothing shows. */
async function removeFiles(files: readonly string[], context: TaskContext): Promise<void> {
  if (files.length === 0) return;
  const store = context.openAttachments('write');
  for (let start = 0; start < files.length; start += filesAtOnce) {
    await context.withWriteLease(() =>
      store.sqlite.transaction(() => {
        for (const sha256 of files.slice(start, start + filesAtOnce)) store.remove(sha256);
      })(),
    );
    context.report({ step: '移除檔案', done: Math.min(files.length, start + filesAtOnce), total: files.length, unit: '件' });
  }
}
