import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openSqlite, type Sqlite } from '../../../db/sqlite.ts';
import { auditAnchor } from '../../application/audit-anchor.ts';
import type { DataDirectory } from '../../platform/data-directory.ts';
import { ApplicationError } from '../../platform/errors.ts';
import { deriveKey } from '../../platform/secret-store.ts';
import { carryOver, settleWithoutFormer } from './carry-over.ts';
import { syncFile, syncFolder } from './context.ts';

/**
 * The second half of a restore: what was prepared takes the place of what is there, at the next start, before anything is opened. A
 * program that is killed at any instant leaves the old school or the new one, whole; the note that is left says which way to go on.
 */
export interface PendingRestore {
  /** Where the prepared files lie, below the data directory. */
  folder: string;
  /** Where what is there now goes to, below the data directory; null where there is nothing yet. */
  keptIn: string | null;
  /** Prepared files by their place below the data directory, `portfolio.db` last: with it the school is the restored one. */
  files: string[];
  backup: { madeAt: string; schoolName: string };
  accountName: string;
}

/** What a restore left to tell. */
export interface AppliedRestore extends PendingRestore {
  /** Records of backups as the replaced database had them; the restored one knows the older ones only. */
  backupRecords: Record<string, unknown>[];
}

export type RestoreOutcome = { applied: AppliedRestore } | { refused: ApplicationError } | null;

const noteOf = (root: string) => join(root, 'restore.json');
const preparedFolder = 'restore';
export const preparedIn = (id: string) => join(preparedFolder, id);

/** From here on the restore takes place, whatever happens. */
export function writePendingRestore({ root }: DataDirectory, pending: PendingRestore): void {
  const note = noteOf(root);
  writeFileSync(`${note}.new`, JSON.stringify(pending), { mode: 0o600, flush: true });
  renameSync(`${note}.new`, note);
  syncFolder(root);
}

export const restoreIsPending = ({ root }: Pick<DataDirectory, 'root'>): boolean => existsSync(noteOf(root));

/** Removes what was prepared and never came to its exchange. */
function sweepPrepared({ root }: DataDirectory): void {
  rmSync(join(root, preparedFolder), { recursive: true, force: true });
  rmSync(`${noteOf(root)}.new`, { force: true });
}

/** How long another program on the same directory is waited for. */
const patience = { tries: 20, pause: 500 };

/**
 * Opens the database that will be replaced, alone: its log is written into it, so that it is one file, and nobody else has it open.
 * @returns null where it cannot be opened: it is kept as it is
 * @throws `backup.inUse`
 */
async function openAlone({ database }: DataDirectory, masterKey: Uint8Array): Promise<Sqlite | null> {
  for (let left = patience.tries; ; left -= 1) {
    let sqlite: Sqlite | undefined;
    try {
      sqlite = openSqlite(database, { key: deriveKey(masterKey, 'database'), create: false });
      sqlite.pragma('busy_timeout=0');
      if (sqlite.pragma('journal_mode=DELETE', { simple: true }) === 'delete') return sqlite;
      throw Object.assign(new Error('in use'), { code: 'SQLITE_BUSY' });
    } catch (error) {
      sqlite?.close();
      const { code = '' } = error as { code?: string };
      if (!code.startsWith('SQLITE_BUSY') && !code.startsWith('SQLITE_LOCKED')) return null;
      if (left === 0) {
        throw new ApplicationError(
          'backup.inUse',
          '另一個視窗或命令正在使用這個資料夾，還原沒有進行，資料沒有變動。請關閉其他視窗後再還原一次。',
        );
      }
      await wait(patience.pause);
    }
  }
}

/** Keeps a file under its name in another folder; it stays where it is until it is replaced. */
function keep(path: string, kept: string): void {
  if (!existsSync(path) || existsSync(kept)) return;
  mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
  try {
    linkSync(path, kept);
  } catch {
    renameSync(path, kept); // A file system without links: for a moment neither is in place, and the note leads on.
  }
}

/** The exchange, as single steps in order; each may be the last before the power goes. */
export function exchangeSteps({ root }: DataDirectory, { folder, keptIn, files }: PendingRestore): (() => void)[] {
  const steps: (() => void)[] = [];
  for (const name of files) {
    const prepared = join(root, folder, name);
    const target = join(root, name);
    if (!existsSync(prepared)) continue;
    if (keptIn !== null) {
      const kept = join(root, keptIn, name);
      // The log of the database that goes must never lie beside the one that comes.
      for (const suffix of ['-wal', '-shm', '-journal']) {
        steps.push(() => {
          if (!existsSync(`${target}${suffix}`)) return;
          mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
          renameSync(`${target}${suffix}`, `${kept}${suffix}`);
        });
      }
      steps.push(() => keep(target, kept));
      steps.push(() => existsSync(dirname(kept)) && syncFolder(dirname(kept)));
    }
    steps.push(() => mkdirSync(dirname(target), { recursive: true, mode: 0o700 }));
    steps.push(() => renameSync(prepared, target));
    steps.push(() => syncFolder(dirname(target)));
  }
  // Pages received for the cursors of the replaced database.
  for (const suffix of ['', '-wal', '-shm']) steps.push(() => rmSync(join(root, `staging.db${suffix}`), { force: true }));
  steps.push(() => rmSync(noteOf(root), { force: true }));
  steps.push(() => syncFolder(root));
  steps.push(() => rmSync(join(root, preparedFolder), { recursive: true, force: true }));
  return steps;
}

const holdsSchool = (sqlite: Sqlite): boolean =>
  sqlite.prepare("select 1 from school_settings where key = 'school.code'").get() !== undefined;

/**
 * Whether it is known here where the audit log had got to. What a lost key sealed says nothing any more and goes to what is kept.
 */
function keepOrForgetAnchor(directory: DataDirectory, { keptIn }: PendingRestore, masterKey: Uint8Array): boolean {
  const head = auditAnchor(directory, masterKey).read();
  if (head?.forged && keptIn !== null) {
    mkdirSync(join(directory.root, keptIn), { recursive: true, mode: 0o700 });
    renameSync(join(directory.root, 'audit.head'), join(directory.root, keptIn, 'audit.head'));
  }
  return head !== null && !head.forged;
}

/**
 * Carries a prepared restore out, or clears away one that never got so far. Call before the databases are opened.
 * @returns what was restored; `refused` where another program has the directory open: then nothing has changed
 */
export async function applyPendingRestore(directory: DataDirectory, masterKey: Uint8Array): Promise<RestoreOutcome> {
  const { root, database } = directory;
  if (!restoreIsPending(directory)) {
    if (existsSync(join(root, preparedFolder))) sweepPrepared(directory);
    return null;
  }
  const pending = JSON.parse(readFileSync(noteOf(root), 'utf8')) as PendingRestore;
  const prepared = join(root, pending.folder, 'portfolio.db');
  let backupRecords: Record<string, unknown>[] = [];
  if (existsSync(prepared)) {
    let former: Sqlite | null = null;
    try {
      if (existsSync(database)) former = await openAlone(directory, masterKey);
    } catch (error) {
      if (!(error instanceof ApplicationError)) throw error;
      rmSync(noteOf(root));
      sweepPrepared(directory);
      return { refused: error };
    }
    const key = deriveKey(masterKey, 'database');
    const coming = openSqlite(prepared, { key, create: false, writeAheadLog: false });
    try {
      if (former && holdsSchool(former)) backupRecords = carryOver(former, coming);
      else if (former) {
        // What was begun here belongs to no school: neither its log nor where that had got to.
        settleWithoutFormer(coming, { anchored: false });
        auditAnchor(directory, masterKey).remove();
      } else settleWithoutFormer(coming, { anchored: keepOrForgetAnchor(directory, pending, masterKey) });
    } catch (error) {
      // Of a damaged database what can be read is carried over; the file itself is kept.
      if (!/^SQLITE_/.test((error as { code?: string }).code ?? '')) throw error;
    } finally {
      former?.close();
      coming.close();
    }
    syncFile(prepared);
  }
  for (const step of exchangeSteps(directory, pending)) step();
  return { applied: { ...pending, backupRecords } };
}

/** A folder of the data directory that is not there yet, by the time: `before-restore/20261124_091530`. */
export function freeFolder({ root }: Pick<DataDirectory, 'root'>, kind: string, stamp: string): string {
  const taken = existsSync(join(root, kind)) ? new Set(readdirSync(join(root, kind))) : new Set<string>();
  let name = stamp;
  for (let number = 2; taken.has(name); number += 1) name = `${stamp}_${number}`;
  return join(kind, name);
}
