import type { z } from 'zod';
import type { Outcome } from '../../application/contract.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DataDirectory } from '../../platform/data-directory.ts';
import { ApplicationError, type ErrorReport, reportOf } from '../../platform/errors.ts';
import { createFileExchange, type FileExchange } from '../../platform/file-exchange.ts';
import type { Logger } from '../../platform/logger.ts';
import { takeRecoveryKey } from '../../platform/recovery-key.ts';
import type { Progress } from '../../platform/task-pool.ts';
import { contextWithoutTask } from './context.ts';
import { backup } from './contract.ts';
import { type BackupInPlace, backupFilesOf } from './place.ts';
import { prepareRestore } from './restore.ts';
import { verifyBackup } from './verify.ts';

type State = z.output<typeof backup.operations.rescueState.output>;
type RescueInput = z.output<typeof backup.operations.rescue.input>;
type Rescued = z.output<typeof backup.operations.rescue.output>;

export interface RescueOptions {
  directory: DataDirectory;
  /** The directory's; a new one where its own is lost. */
  masterKey: Uint8Array;
  clock: Clock;
  log: Logger;
  /** Why the school cannot be opened. */
  failure: ErrorReport;
  /** Keeps the master key on this computer, where it is new. */
  keepKey?: (() => Promise<void>) | undefined;
}

/** What serves instead of the school while it cannot be opened: the newest good backup, and going back to it. Nobody can sign in. */
export interface Rescue {
  files: FileExchange;
  /** Answers `backup.rescueState` and `backup.rescue`; anything else is refused with why the school cannot be opened. */
  call: (name: string, input: unknown) => Promise<Outcome<unknown>>;
  close: () => Promise<void>;
}

const refused = (error: unknown): Outcome<never> => {
  const report = reportOf(error);
  return { ok: false, error: { ...report, details: { ...report.details } } };
};

export function createRescue({ directory, masterKey, clock, log, failure, keepKey }: RescueOptions): Rescue {
  const files = createFileExchange();
  const keyLost = keepKey !== undefined;
  const stopping = new AbortController();
  const candidates = backupFilesOf(directory.backups);
  const schoolCode = candidates[0]?.header.schoolCode;
  let found: BackupInPlace | null = null;
  let filesIn = 0;
  let unusable = 0;
  let progress: Progress | null = null;
  let rescuing = false;

  /** Newest first, until one is whole. Without its key none can be read: then the newest is what there is. */
  const search = async (): Promise<void> => {
    const work = directory.makeWorkFolder('rescue');
    const watch = { signal: stopping.signal, report: () => {} };
    for (const candidate of candidates) {
      try {
        if (!keyLost) filesIn = (await verifyBackup(candidate.path, { masterKey, schoolCode }, work, watch)).manifest.files.length;
        found = candidate;
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.warn('a backup is not usable', { code: reportOf(error).code, fileName: candidate.fileName });
        unusable += 1;
      }
    }
  };
  let searching: Promise<void> | null = search().finally(() => {
    searching = null;
  });

  const state = (): State => ({
    reason: keyLost ? 'keyLost' : 'damaged',
    searching: searching !== null,
    found: found && { fileName: found.fileName, madeAt: found.header.madeAt, schoolName: found.header.schoolName, files: filesIn },
    unusable,
    progress: progress && { step: progress.step, done: progress.done, total: progress.total },
  });

  const rescue = async ({ source, recoveryKey }: RescueInput): Promise<Rescued> => {
    if (rescuing) throw new ApplicationError('backup.running', '備份或還原正在進行中，請等它完成再試一次。');
    rescuing = true;
    try {
      await searching;
      const path = 'found' in source ? found?.path : files.incomingPath(source.file.token).path;
      if (path === undefined) throw new ApplicationError('backup.gone', '備份資料夾裡沒有可用的備份，請選擇其他備份檔案。');
      const report = (now: Progress) => {
        progress = now;
      };
      const { header, keptIn } = await prepareRestore(
        contextWithoutTask({ directory, masterKey, clock, log, signal: stopping.signal, report }),
        {
          path,
          unlocking: {
            masterKey: keyLost ? undefined : masterKey,
            recoveryKey: recoveryKey?.trim() ? takeRecoveryKey(recoveryKey) : undefined,
            schoolCode,
          },
          damaged: true,
          filesOnly: failure.details.part === 'attachments',
          accountName: '-',
          ...(keepKey ? { beforeNote: keepKey } : {}),
        },
      );
      log.info('restored where nobody could sign in', { reason: failure.code });
      return { madeAt: header.madeAt, schoolName: header.schoolName, keptIn };
    } finally {
      progress = null;
      rescuing = false;
    }
  };

  return {
    files,
    call: async (name, input) => {
      try {
        if (name === 'backup.rescueState') return { ok: true, data: state() };
        if (name !== 'backup.rescue') throw new ApplicationError(failure.code, failure.message, { ...failure.details });
        const parsed = backup.operations.rescue.input.safeParse(input);
        if (!parsed.success) throw new ApplicationError('input.invalid', '輸入的內容不正確，請檢查標示的欄位。');
        return { ok: true, data: await rescue(parsed.data) };
      } catch (error) {
        return refused(error);
      }
    },
    close: async () => {
      stopping.abort();
      await searching;
      await files.releaseAll();
    },
  };
}
