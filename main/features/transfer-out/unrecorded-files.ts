import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Sqlite } from '../../../db/sqlite.ts';

/**
 * A finished file gets its name in a folder and its record in the database, and no step does both. So what is about to
 * be named is written down first, and the record takes that note away: whatever is still noted has no record, and its
 * file, if it came to that, is taken back at the next start. A file of the same name that somebody else put there is
 * another one on the disk, and stays.
 */

const inodeOf = (path: string) => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino.toString();

/** Call with the write lease, before the first file gets its name. */
export function noteUnrecorded(sqlite: Sqlite, files: readonly { fileName: string; path: string }[]): void {
  const note = sqlite.prepare('insert into unrecorded_transfer_files (file_name, inode) values (?, ?)');
  sqlite.transaction(() => files.map(({ fileName, path }) => note.run(fileName, inodeOf(path)))).immediate();
}

/** Call in the transaction that records the file. */
export function forgetUnrecorded(sqlite: Sqlite): (fileName: string) => void {
  const forget = sqlite.prepare('delete from unrecorded_transfer_files where file_name = ?');
  return (fileName) => {
    forget.run(fileName);
  };
}

/** Removes files that got their name and no record. @returns how many */
export function takeBackUnrecorded(sqlite: Sqlite, transfers: string): number {
  const noted = sqlite.prepare<[], { fileName: string; inode: string }>(
    'select file_name as fileName, inode from unrecorded_transfer_files',
  );
  // The usual start waits for nobody who writes.
  if (noted.all().length === 0) return 0;
  return sqlite
    .transaction(() => {
      const left = noted.all().filter(({ fileName, inode }) => inodeOf(join(transfers, fileName)) === inode);
      for (const { fileName } of left) rmSync(join(transfers, fileName));
      sqlite.exec('delete from unrecorded_transfer_files');
      return left.length;
    })
    .immediate();
}
