import { statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Foundation } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError, cancelled, reportOf } from '../../platform/errors.ts';
import type { Progress, TaskRun } from '../../platform/task-pool.ts';
import { type BackedUp, createBackingUp } from './backing-up.ts';
import type { Comparison } from './compare-task.ts';
import { type BackupContents, type BackupReason, type BackupSource, type backup, backupGrid, type RehearsalResult } from './contract.ts';
import { backupFilesOf, bytesOfFolder } from './place.ts';
import { backupPath, backupsSource, noteVerification, reconcileRecords, recordBackup } from './records.ts';
import { giveRecoveryKey } from './recovery-page.ts';
import type { Restored, RestoreInput } from './restore-task.ts';
import { startBackupSchedule } from './schedule.ts';
import { requireSecondPlace } from './second-place.ts';
import { defaultBackupTime, nextDue, readStanding, secondPlaceProblem, standingOf } from './standing.ts';
import type { GivenBackup } from './unlocking.ts';
import type { WholeBackup, WholeInput } from './whole-task.ts';

export interface BackupService {
  handlers: Handlers<typeof backup>;
  /**
   * A verified backup before something that cannot be undone otherwise: a big import. Waits for one that runs.
   * @throws `disk.full`, `database.damaged`, `backup.notWritten`, `job.cancelled`: then what was about to be done is better left
   */
  backupBefore: (reason: BackupReason, by: { accountName: string } & TaskRun) => Promise<BackedUp>;
  /** Holds the list against the folder and starts the daily backups. */
  start: (options: { schedule: boolean }) => Promise<void>;
  stop: () => Promise<void>;
  /** True from when a restore is prepared until the program starts anew: nothing may be changed any more. */
  restoring: () => boolean;
}

export interface BackupServiceOptions {
  /** When damage of the database was found while the program ran. */
  damagedAt: () => string | null;
  noteDamage: () => void;
}

const backupMediaType = 'application/octet-stream';

/** 備份與還原 (S0224S). */
export function createBackupService(foundation: Foundation, { damagedAt, noteDamage }: BackupServiceOptions): BackupService {
  const { connection, directory, settings, clock, tasks, write, changed, log, files } = foundation;
  const { sqlite } = connection;
  const backing = createBackingUp(foundation);
  const stopping = new AbortController();
  let schedule: { stop: () => Promise<void> } | undefined;
  let prepared = false;
  /** How far a restore into an empty directory is, for who waits before the sign-in page. */
  let rescuing: Progress | null = null;
  /** Whole backups that were made and are on their way to where their caller puts them. */
  const wholes = new Map<string, WholeBackup>();

  const time = () => settings.get('backup.time') ?? defaultBackupTime;
  const given = (source: BackupSource): GivenBackup =>
    'id' in source
      ? { path: backupPath(sqlite, directory, source.id) }
      : { path: files.incomingPath(source.file.token).path, recoveryKey: source.recoveryKey };

  /** Backs up; damage that is found on the way is kept in mind. */
  const backUp = async (reason: BackupReason, accountName: string, run: TaskRun, waits = false): Promise<BackedUp> => {
    const signal = run.signal ? AbortSignal.any([run.signal, stopping.signal]) : stopping.signal;
    try {
      return await backing.backUp(reason, accountName, { ...run, signal }, waits);
    } catch (error) {
      if (reportOf(error).code === 'database.damaged') noteDamage();
      throw error;
    }
  };

  /** Verifies, and keeps what was found with the record of a backup of the list. */
  const verify = async (source: BackupSource, run: TaskRun): Promise<BackupContents> => {
    const id = 'id' in source ? source.id : null;
    try {
      const contents = await tasks.run<BackupContents>('backup.verify', given(source), run);
      if (id !== null) await write(() => noteVerification(sqlite, id, { at: clock.now(), files: contents.files }));
      return contents;
    } catch (error) {
      const { code } = reportOf(error);
      if (id !== null) await write(() => noteVerification(sqlite, id, { at: clock.now(), problem: code }));
      throw error;
    } finally {
      if (id !== null) changed('backup');
    }
  };

  const handlers: BackupService['handlers'] = {
    ...gridHandlers(foundation, backupGrid, () => backupsSource),
    state: () => {
      const standing = readStanding(sqlite);
      const recovery = settings.get('backup.recovery');
      return {
        standing: standingOf(standing, clock.now()),
        lastAt: standing.lastAt,
        running: backing.running(),
        trial: settings.get('school.trial') ?? false,
        secondProblem: secondPlaceProblem(sqlite, settings),
        recoveryKey: recovery ? { keyId: recovery.keyId, madeAt: recovery.madeAt } : null,
        damagedAt: damagedAt(),
      };
    },
    overview: () => {
      const { bavail, bsize } = statfsSync(directory.root);
      return {
        folder: directory.backups,
        bytes: bytesOfFolder(directory.backups),
        freeBytes: bavail * bsize,
        time: time(),
        secondPlace: settings.get('backup.secondPlace') ?? null,
        nextAt: schedule ? nextDue(clock.now(), time()).toISOString() : null,
        rehearsal: settings.get('backup.rehearsal') ?? null,
      };
    },
    create: async (_input, { accountName, signal, report }) => {
      const made = await backUp('manual', accountName, { signal, onProgress: report });
      const schoolCode = settings.get('school.code') ?? '';
      return { ...made, ok: true, schoolCode };
    },
    download: async ({ id }, { accountName, signal, report }) => {
      const folder = directory.makeWorkFolder('download');
      try {
        const from = id === undefined ? {} : { from: backupPath(sqlite, directory, id) };
        const input: WholeInput = { order: { reason: 'manual', accountName }, folder, ...from };
        const made = await tasks.run<WholeBackup>('backup.whole', input, { signal, onProgress: report });
        if (id === undefined) wholes.set(made.id, made);
        const { fileName, path, tables, madeAt, sha256 } = made;
        const file = files.offer(path, fileName, backupMediaType, true);
        return { ok: true, id: made.id, madeAt, schoolCode: settings.get('school.code') ?? '', tables, files: made.files, file, sha256 };
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
    noteSaved: async ({ id, savedAs }) => {
      const made = wholes.get(id);
      if (!made) throw new ApplicationError('backup.unknown', '找不到這份備份的紀錄，請重新整理後再選。', { id });
      wholes.delete(id);
      await write(() => recordBackup(sqlite, made, savedAs));
      changed('backup');
      return { done: true };
    },
    verify: (source, { signal, report }) => verify(source, { signal, onProgress: report }),
    compare: (source, { signal, report }) => tasks.run<Comparison>('backup.compare', given(source), { signal, onProgress: report }),
    restore: async ({ source, withoutFiles }, { accountName, signal, report }) => {
      const damaged = damagedAt() !== null;
      const chosen = given(source);
      if (!damaged) await backUp('restore', accountName, { signal, onProgress: report });
      const restored = await backing.alone(() =>
        tasks.run<Restored>('backup.restore', { ...chosen, withoutFiles, accountName, damaged } satisfies RestoreInput, {
          signal,
          onProgress: report,
        }),
      );
      prepared = true;
      const { schoolName: _name, keptIn, ...contents } = restored;
      return { ...contents, keptIn: keptIn ?? '' };
    },
    rehearse: async ({ id }, { signal, report }) => {
      const { path } = given({ id });
      const result = await backing.alone(() => tasks.run<RehearsalResult>('backup.rehearse', { path }, { signal, onProgress: report }));
      await write(() => settings.set('backup.rehearsal', result));
      changed('backup');
      return result;
    },
    saveSettings: async ({ time, secondPlace }) => {
      const place = secondPlace === '' ? null : secondPlace;
      if (place !== null) requireSecondPlace(place, directory.root);
      await write(() => {
        settings.set('backup.time', time);
        settings.set('backup.secondPlace', place);
      });
      changed('backup');
      return { done: true };
    },
    makeRecoveryKey: async () => {
      const made = await giveRecoveryKey(foundation, {
        schoolCode: settings.get('school.code') ?? '',
        schoolName: settings.get('school.name') ?? '',
      });
      await write(() => settings.set('backup.recovery', made.lock));
      changed('backup');
      return { text: made.text, keyId: made.lock.keyId, file: made.file };
    },
    rescueState: () => {
      const [newest] = settings.get('school.code') === undefined ? backupFilesOf(directory.backups) : [];
      return {
        reason: settings.get('school.code') === undefined ? 'fresh' : null,
        searching: false,
        found: newest ? { fileName: newest.fileName, madeAt: newest.header.madeAt, schoolName: newest.header.schoolName, files: 0 } : null,
        unusable: 0,
        progress: rescuing && { step: rescuing.step, done: rescuing.done, total: rescuing.total },
      };
    },
    rescue: async ({ source, recoveryKey }) => {
      if (settings.get('school.code') !== undefined) {
        throw new ApplicationError('backup.nothingToRescue', '這個資料夾的學校資料可以正常使用，請登入後到「備份與還原」還原。');
      }
      const path = 'found' in source ? backupFilesOf(directory.backups)[0]?.path : files.incomingPath(source.file.token).path;
      if (path === undefined) throw new ApplicationError('backup.gone', '備份資料夾裡沒有備份，請選擇其他備份檔案。');
      const input: RestoreInput = {
        path,
        recoveryKey: recoveryKey?.trim() || undefined,
        withoutFiles: false,
        accountName: '-',
        damaged: false,
      };
      const onProgress = (progress: Progress) => {
        rescuing = progress;
      };
      try {
        const { madeAt, schoolName, keptIn } = await backing.alone(() =>
          tasks.run<Restored>('backup.restore', input, { signal: stopping.signal, onProgress }),
        );
        prepared = true;
        return { madeAt, schoolName, keptIn };
      } finally {
        rescuing = null;
      }
    },
  };

  /** One that came back after the folder was looked at, or whose record was lost with a database: verified when there is time. */
  const verifyUnknown = async () => {
    const id = sqlite
      .prepare<[], string>(
        "select id from backups where content = 'database' and verified_at is null and problem is null and missing_at is null order by created_at desc limit 1",
      )
      .pluck()
      .get();
    if (id !== undefined) await verify({ id }, { signal: stopping.signal });
  };

  return {
    handlers,
    backupBefore: (reason, { accountName, ...run }) => backUp(reason, accountName, run, true),
    start: async ({ schedule: wanted }) => {
      await write(() => reconcileRecords(sqlite, directory.backups, clock.now()));
      if (!wanted) return;
      schedule = startBackupSchedule({
        clock,
        log,
        time,
        lastAt: () => (settings.get('school.code') === undefined ? undefined : readStanding(sqlite).lastAt),
        busy: backing.running,
        backUp: async () => {
          await backUp('daily', '-', {}, true);
        },
        verifyUnknown,
      });
    },
    stop: async () => {
      stopping.abort(cancelled());
      await schedule?.stop();
    },
    restoring: () => prepared,
  };
}
