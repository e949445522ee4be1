import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Task } from '../../application/task-context.ts';
import { openDataDirectory } from '../../platform/data-directory.ts';
import { ApplicationError, reportOf } from '../../platform/errors.ts';
import { damaged } from './backup-format.ts';
import { keptTables } from './carry-over.ts';
import { contextWithoutTask } from './context.ts';
import type { RehearsalResult } from './contract.ts';
import { prepareRestore } from './restore.ts';
import { unlockingOf } from './unlocking.ts';

/** Tables that opening a school writes to; the others are as the backup has them. */
const ownWork: ReadonlySet<string> = new Set([...keptTables, 'applied_migrations', 'jobs', 'school_settings', 'files_to_remove']);

/**
 * 還原演練: the backup becomes a school in a private folder, as on another computer with a key of its own; the program opens it, finds
 * every table and file, and the folder goes again.
 */
export const run: Task<{ path: string }, RehearsalResult> = async ({ path }, context) => {
  const began = performance.now();
  const { clock, log, signal, report } = context;
  const side = context.directory.makeWorkFolder('rehearsal');
  const masterKey = new Uint8Array(randomBytes(32));
  let backupMadeAt = '';
  const result = (figures: Pick<RehearsalResult, 'ok' | 'tables' | 'rows' | 'files' | 'problem'>): RehearsalResult => ({
    at: clock.now().toISOString(),
    backupMadeAt,
    seconds: (performance.now() - began) / 1000,
    ...figures,
  });
  try {
    const directory = openDataDirectory(side);
    const apart = contextWithoutTask({ directory, masterKey, clock, log, signal, report });
    const { header, manifest } = await prepareRestore(apart, { path, unlocking: unlockingOf(context, { path }), accountName: '-' });
    backupMadeAt = header.madeAt;
    const { createApplication } = await import('../../application/application.ts');
    report({ step: '開啟還原的資料', done: 0, total: 0, unit: '項' });
    const application = await createApplication({ dataDirectory: side, masterKey, clock, schedule: false });
    try {
      const { connection, attachments, settings } = application.foundation;
      if (settings.get('school.code') !== header.schoolCode) throw damaged({ part: 'database', table: 'school_settings' });
      const tables = Object.entries(manifest.database!.tables);
      for (const [table, { rows }] of tables) {
        const found = connection.sqlite.prepare<[], number>(`select count(*) from "${table}"`).pluck().get()!;
        if (found !== rows && !ownWork.has(table)) throw damaged({ part: 'database', table });
      }
      for (const [index, [sha256]] of manifest.files.entries()) {
        attachments.read(sha256);
        if (index % 50 === 0) report({ step: '核對還原的附件', done: index, total: manifest.files.length, unit: '件' });
        signal.throwIfAborted();
      }
      const rows = tables.reduce((sum, [, content]) => sum + content.rows, 0);
      return result({ ok: true, tables: tables.length, rows, files: manifest.files.length, problem: null });
    } finally {
      await application.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = reportOf(error);
    // A backup that is not whole is the answer; a disk that is full, or a fault of the program, is none.
    if (!(error instanceof ApplicationError) || !/^(backup|attachment|database)\./.test(code)) throw error;
    return result({ ok: false, tables: 0, rows: 0, files: 0, problem: `${message}（${code}）` });
  } finally {
    rmSync(side, { recursive: true, force: true });
  }
};
