import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sqlite } from '../../../db/sqlite.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import type { DataDirectory } from '../../platform/data-directory.ts';

interface FileToRemove {
  kind: 'attachment' | 'transferFile';
  name: string;
}

export interface RemovalContext {
  sqlite: Sqlite;
  attachments: AttachmentStore;
  directory: Pick<DataDirectory, 'transfers'>;
  /** Runs a change as the only writer. */
  write: <Result>(change: () => Result) => Promise<Result>;
}

/** Files at a time: the store is let go of between, so that nobody waits long. */
const batch = 50;

/** A file that a record has come to use again meanwhile stays. */
async function removeFiles({ sqlite, attachments, directory, write }: RemovalContext): Promise<void> {
  const waiting = sqlite.prepare<[], FileToRemove>('select kind, name from files_to_remove order by kind, name').all();
  if (waiting.length === 0) return;
  const removed = sqlite.prepare('delete from files_to_remove where kind = ? and name = ?');
  const used = sqlite.prepare<[string], number>('select 1 from attachments where sha256 = ? and purged_at is null').pluck();
  for (let start = 0; start < waiting.length; start += batch) {
    const files = waiting.slice(start, start + batch);
    for (const { name } of files.filter(({ kind }) => kind === 'transferFile')) await rm(join(directory.transfers, name), { force: true });
    await write(() => {
      for (const { kind, name } of files) {
        if (kind === 'attachment' && used.get(name) === undefined) attachments.remove(name);
        removed.run(kind, name);
      }
    });
  }
}

/**
 * Removes the bytes of files whose rows a purge deleted, and what the write-ahead logs still hold of rows and bytes. What a killed program left of it
 * is done at the next start.
 */
export async function removeRemains(context: RemovalContext): Promise<void> {
  const { sqlite, attachments } = context;
  // What is deleted is overwritten, not only let go of.
  const before = attachments.sqlite.pragma('secure_delete', { simple: true });
  attachments.sqlite.pragma('secure_delete=ON');
  try {
    await removeFiles(context);
  } finally {
    attachments.sqlite.pragma(`secure_delete=${before === 2 ? 'FAST' : before}`);
  }
  for (const written of [sqlite, attachments.sqlite]) written.pragma('wal_checkpoint(TRUNCATE)');
}
