import { closeSync, fsyncSync, linkSync, openSync, readSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openSqlite, type SqliteConnection } from '../../../db/sqlite.ts';
import type { SchoolSettings } from '../../application/school-settings.ts';
import type { TaskContext } from '../../application/task-context.ts';
import { openAttachmentStore } from '../../platform/attachment-store.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { programVersion } from '../../platform/resources.ts';
import { deriveKey } from '../../platform/secret-store.ts';
import type { BackupHeader } from './backup-format.ts';

/** What making and restoring a backup needs: a task's context, or the same without a thread at the program's start. */
export type BackupContext = Pick<
  TaskContext,
  'directory' | 'masterKey' | 'clock' | 'log' | 'signal' | 'report' | 'openReader' | 'openWriter' | 'openAttachments' | 'withWriteLease'
>;

/** The same where there is no task: at the program's start, before a school can be opened, and for a command that only restores. */
export function contextWithoutTask(
  given: Pick<BackupContext, 'directory' | 'masterKey' | 'clock' | 'log'> & Partial<Pick<BackupContext, 'signal' | 'report'>>,
): BackupContext {
  const { directory, masterKey } = given;
  const open = (options: { readonly?: boolean; create?: boolean }): SqliteConnection => {
    const sqlite = openSqlite(directory.database, { key: deriveKey(masterKey, 'database'), ...options });
    return { sqlite, close: () => sqlite.close() };
  };
  return {
    signal: new AbortController().signal,
    report: () => {},
    ...given,
    openReader: () => open({ readonly: true }),
    openWriter: () => open({ create: false }),
    openAttachments: (access) =>
      openAttachmentStore(directory.attachments, { key: deriveKey(masterKey, 'attachments'), readonly: access === 'read' }),
    // Nobody else of this process writes yet; other processes are held off by SQLite's own lock.
    withWriteLease: async (work) => work(),
  };
}

/** How a long walk is told of and stopped. */
export type Watch = Pick<TaskContext, 'signal' | 'report'>;

/** Tells how many bytes of a step are done, and lets a cancel be heard: call it often. */
export function byteProgress({ signal, report }: Watch, step: string, total: number) {
  let done = 0;
  let told = -1;
  return async (bytes: number): Promise<void> => {
    done += bytes;
    const megabytes = Math.floor(done / 4_000_000);
    if (megabytes === told) return;
    told = megabytes;
    report({ step, done, total, unit: '位元組' });
    await nextTurn();
    signal.throwIfAborted();
  };
}

/** A file of the disk, a megabyte at a time. */
export function* piecesOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(1024 * 1024);
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) yield piece.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

/** What of a header the making of it decides; the rest is the file's own. */
export type BackupOrigin = Omit<BackupHeader, 'format' | 'id' | 'content' | 'keys'>;

/** Whose backup it will be, when and why. */
export function originOf(
  settings: SchoolSettings,
  { madeAt, madeBy, reason }: Pick<BackupOrigin, 'madeBy' | 'reason'> & { madeAt: Date },
): BackupOrigin {
  return {
    schoolCode: settings.get('school.code') ?? '',
    schoolName: settings.get('school.name') ?? '',
    madeAt: madeAt.toISOString(),
    madeBy,
    reason,
    applicationVersion: programVersion,
  };
}

/** Refuses early what would end in a full disk. @throws `disk.full` */
export function requireSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const megabytes = Math.ceil((bytes - free) / 1_000_000);
  throw new ApplicationError(
    'disk.full',
    `磁碟空間不足，還需要約 ${megabytes.toLocaleString('en')} MB，資料沒有變動。請清出空間後再試一次。`,
    {
      neededBytes: bytes,
      freeBytes: free,
    },
  );
}

/** Makes renames in a folder last through a power cut. Where a system cannot (Windows), its journal does so by itself. */
export function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR' || process.platform === 'win32') return;
    throw error;
  }
  try {
    fsyncSync(handle);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Shares and Windows do not let a folder be flushed.
    if (code !== 'EPERM' && code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EBADF') throw error;
  } finally {
    closeSync(handle);
  }
}

export function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Gives a finished file its name, unless the name was taken meanwhile: nothing is ever written over. @returns whether it has it */
export function takeName(finished: string, target: string): boolean {
  try {
    linkSync(finished, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    renameSync(finished, target); // Sticks and shares know no links; two programs at once are unlikely there.
    return true;
  }
  rmSync(finished);
  return true;
}
