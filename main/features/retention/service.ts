import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sqlite } from '../../../db/connection.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import { purgedStudents } from '../../application/purged-students.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError, reportOf } from '../../platform/errors.ts';
import type { TaskRun } from '../../platform/task-pool.ts';
import type { OutputOf } from '../contract.ts';
import { defaultKeptYears, leaverGrid, type PurgeCounts, purgeGrid, type retention } from './contract.ts';
import { deadline, dueCounts, purgeable } from './leavers.ts';
import type { PreviewInput } from './preview-task.ts';
import type { PurgeInput } from './purge-task.ts';
import { leaverSource, purgeOf, purgeSource } from './queries.ts';
import { removeRemains } from './removal.ts';

export interface RetentionService {
  handlers: Handlers<typeof retention>;
  /**
   * Once, at start: removes the files that a killed purge left, and purges again whom a restored backup brought back. Before any synchronisation.
   */
  settle: () => Promise<void>;
}

/**
 * Students that are here although they were purged: whatever an old backup says of them, they had left. One who comes back to school is taken off
 * the list when the city sends him.
 */
function broughtBack(sqlite: Sqlite, masterKey: Uint8Array): string[] {
  const purged = purgedStudents(sqlite, masterKey);
  if (!purged.any) return [];
  return sqlite.prepare<[], string>('select id from students').pluck().all().filter(purged.has);
}

/** Whole copies of the school of earlier times: nothing can be taken out of them. */
function copiesElsewhere({ connection, directory }: FeatureServices): { backups: number; setAside: number } {
  const backups = connection.sqlite
    .prepare<[], number>("select count(*) from backups where content = 'database' and missing_at is null")
    .pluck()
    .get()!;
  const setAside = ['before-restore', 'damaged'].map((folder) => join(directory.root, folder)).filter((folder) => existsSync(folder));
  return { backups, setAside: setAside.reduce((sum, folder) => sum + readdirSync(folder).length, 0) };
}

/** 個人資料保存期限 (S0226S). */
export function createRetentionService(services: FeatureServices, entriesAppended: () => void): RetentionService {
  const { foundation, connection, settings, clock, log, tasks, write, changed, attachments, directory, masterKey, sync } = services;
  const { sqlite } = connection;
  const keptYears = () => settings.get('retention.keptYears') ?? defaultKeptYears;
  const due = () => deadline(clock.now(), keptYears());
  const before = (leftBefore: string) => new Date(`${leftBefore}T00:00:00+08:00`).toISOString();

  const purge = async (input: PurgeInput, run: TaskRun = {}) => {
    const purged = await tasks.run<OutputOf<'retention.purge'>>('retention.purge', input, run);
    log.info('leavers purged', { students: purged.students, again: input.again === true });
    await sync.forgetStaged();
    entriesAppended();
    changed('retention', 'students', 'audit');
    return purged;
  };

  return {
    handlers: {
      summary: () => {
        const { dueYear, leftBefore } = due();
        const purged = sqlite.prepare<[], number>('select count(*) from purged_students').pluck().get()!;
        return { keptYears: keptYears(), dueYear, leftBefore, ...dueCounts(sqlite, leftBefore), purged, ...copiesElsewhere(services) };
      },
      saveYears: async ({ keptYears: years }) => {
        await write(() => settings.set('retention.keptYears', years));
        changed('retention');
        return { done: true };
      },
      ...(({ list, exportWorkbook }) => ({ leavers: list, exportLeavers: exportWorkbook }))(
        gridHandlers(foundation, leaverGrid, () => leaverSource(due().leftBefore)),
      ),
      preview: async ({ studentIds }, { signal, report }) => {
        const { leftBefore } = due();
        const allowed = new Set(purgeable(sqlite, leftBefore));
        const wanted = studentIds ?? [...allowed];
        const refused = wanted.filter((id) => !allowed.has(id)).length;
        if (refused > 0) {
          throw new ApplicationError('retention.notDue', `選取的學生中有 ${refused} 位不能清除，請重新整理後再選一次。`, {
            students: refused,
          });
        }
        const input: PreviewInput = { studentIds: wanted, before: before(leftBefore) };
        const counts = await tasks.run<PurgeCounts>('retention.preview', input, { signal, onProgress: report });
        return { students: counts.students, counts };
      },
      // Not to be cancelled: its rows are one transaction, and what is left of its files goes at the next start.
      purge: async ({ studentIds, students, reason }, { accountName, callId, report }) => {
        const { leftBefore } = due();
        const wanted = [...new Set(studentIds ?? purgeable(sqlite, leftBefore))];
        if (wanted.length === 0) throw new ApplicationError('retention.nobody', '沒有可以清除的學生，請重新整理後再選一次。');
        if (wanted.length !== students) {
          throw new ApplicationError('retention.changed', `可以清除的學生現在是 ${wanted.length} 位，請重新確認後再清除。`, {
            students: wanted.length,
          });
        }
        const input: PurgeInput = { studentIds: wanted, leftBefore, keptYears: keptYears(), reason, accountName, callId };
        return purge(input, { onProgress: report });
      },
      purgeDetail: ({ id }) => {
        const found = purgeOf(sqlite, id);
        if (!found) throw new ApplicationError('retention.unknown', '找不到這筆清除紀錄，請重新整理。', { id });
        return found;
      },
      ...(({ list, exportWorkbook }) => ({ purges: list, exportPurges: exportWorkbook }))(
        gridHandlers(foundation, purgeGrid, () => purgeSource),
      ),
    },
    settle: async () => {
      try {
        await removeRemains({ sqlite, attachments, directory, write });
        const studentIds = broughtBack(sqlite, masterKey);
        if (studentIds.length === 0) return;
        const { leftBefore } = due();
        await purge({ studentIds, leftBefore, keptYears: keptYears(), reason: '', accountName: '-', callId: null, again: true });
      } catch (error) {
        // The office can work all the same; the next start tries again.
        log.error('what a purge left could not be settled', { code: reportOf(error).code });
      }
    },
  };
}
