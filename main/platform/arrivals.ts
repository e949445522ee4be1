import type { Sqlite } from '../../db/sqlite.ts';
import type { StoredFile } from './attachment-store.ts';

/**
 * Files that come into the store before it is known whether they stay: an import writes each as soon as it has been checked, long before
 * the last check of the whole. Each such file is claimed by its arrival, and until that is shown the store answers as if it were not there.
 * A claim outlives a killed program, so that whoever starts next finds what was left and settles it.
 */
export interface Arrivals {
  /** Registers an arrival as this process's. Like everything here that writes: call with the write lease. */
  begin: (id: string) => void;
  /** Puts files in and claims them, in one transaction. A file that stays here already is left alone. */
  put: (id: string, files: readonly ArrivingFile[]) => void;
  /** From here on the store has the files: records are about to point at them. */
  show: (id: string) => void;
  /**
   * Settles some files of an arrival: of one that was shown, those that are used stay and the others go; of one that was not, all go. What
   * another arrival claims too stays, claimed by that one. In one transaction of some milliseconds; call again while it answers true.
   * @returns whether there are more; the arrival itself is forgotten with its last file
   */
  settleSome: (id: string, isUsed: (sha256: string) => boolean) => boolean;
  /** What was begun and is not settled. */
  open: () => { id: string; processId: number }[];
}

export interface ArrivingFile extends StoredFile {
  content: Uint8Array;
}

export const arrivalTables = `
  CREATE TABLE IF NOT EXISTS arrivals (id TEXT PRIMARY KEY NOT NULL, process_id INTEGER NOT NULL, shown INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE TABLE IF NOT EXISTS arriving (
    arrival_id TEXT NOT NULL REFERENCES arrivals (id) ON DELETE CASCADE, sha256 TEXT NOT NULL REFERENCES files (sha256) ON DELETE CASCADE,
    PRIMARY KEY (arrival_id, sha256)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS arriving_by_file ON arriving (sha256);`;

/** Files that are here for all: claimed by nobody, or by an arrival that was shown. */
export const presentFiles = `
  SELECT * FROM files f WHERE NOT EXISTS (SELECT 1 FROM arriving a WHERE a.sha256 = f.sha256)
    OR EXISTS (SELECT 1 FROM arriving a JOIN arrivals r ON r.id = a.arrival_id WHERE a.sha256 = f.sha256 AND r.shown = 1)`;

/** Removing runs at some 4 GB/s: this much is ten milliseconds, and as many rows as that. */
const settledBytes = 32 * 1024 * 1024;
const settledFiles = 200;

/** @param insert puts in a file whose hashes are known, and answers whether it was not there */
export function arrivalsOf(sqlite: Sqlite, insert: (file: StoredFile, content: Uint8Array) => boolean): Arrivals {
  const begin = sqlite.prepare('insert into arrivals (id, process_id) values (?, ?)');
  const show = sqlite.prepare('update arrivals set shown = 1 where id = ?');
  const isClaimed = sqlite.prepare<[string], number>('select 1 from arriving where sha256 = ?').pluck();
  const claim = sqlite.prepare('insert or ignore into arriving values (?, ?)');
  const wasShown = sqlite.prepare<[string], number>('select shown from arrivals where id = ?').pluck();
  const some = sqlite.prepare<[string, number], { sha256: string; bytes: number }>(
    'select a.sha256, f.bytes from arriving a join files f on f.sha256 = a.sha256 where a.arrival_id = ? limit ?',
  );
  const release = sqlite.prepare('delete from arriving where sha256 = ?');
  const withdraw = sqlite.prepare('delete from arriving where arrival_id = ? and sha256 = ?');
  const remove = sqlite.prepare('delete from files where sha256 = ?');
  const forget = sqlite.prepare('delete from arrivals where id = ?');
  const open = sqlite.prepare<[], { id: string; processId: number }>('select id, process_id as processId from arrivals');

  const settleFile = (id: string, sha256: string, stays: boolean) => {
    if (stays) release.run(sha256);
    else {
      withdraw.run(id, sha256);
      if (isClaimed.get(sha256) === undefined) remove.run(sha256);
    }
  };

  return {
    begin: (id) => {
      begin.run(id, process.pid);
    },
    put: sqlite.transaction((id: string, files: readonly ArrivingFile[]) => {
      for (const { content, ...file } of files) {
        if (insert(file, content) || isClaimed.get(file.sha256) !== undefined) claim.run(id, file.sha256);
      }
    }),
    show: (id) => {
      show.run(id);
    },
    settleSome: sqlite.transaction((id: string, isUsed: (sha256: string) => boolean) => {
      const shown = wasShown.get(id);
      if (shown === undefined) return false;
      let bytes = 0;
      let files = 0;
      for (const { sha256, bytes: size } of some.all(id, settledFiles)) {
        if (bytes > settledBytes) return true;
        settleFile(id, sha256, shown === 1 && isUsed(sha256));
        bytes += size;
        files += 1;
      }
      if (files === settledFiles) return true;
      forget.run(id);
      return false;
    }),
    open: () => open.all(),
  };
}
