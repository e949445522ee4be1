import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { openSqlite, type Sqlite } from '../../../db/sqlite.ts';
import type { Task } from '../../application/task-context.ts';
import { derivedKey, notItself } from './backup-format.ts';
import { openBackup } from './backup-reader.ts';
import { keptTables } from './carry-over.ts';
import type { backup } from './contract.ts';
import { compareTable, tableContents } from './table-content.ts';
import { tableTitle } from './table-titles.ts';
import { type GivenBackup, unlockingOf } from './unlocking.ts';
import { extract } from './verify.ts';

export type Comparison = z.output<(typeof backup)['operations']['compare']['output']>;

/** Changes on their way to the city that the backup knows nothing of. */
function unsentOnlyHere(here: Sqlite, inBackup: Sqlite): number {
  const known = inBackup.prepare('select 1 from outbox where idempotency_key = ?');
  return here
    .prepare<[], string>("select idempotency_key from outbox where state = 'waiting'")
    .pluck()
    .all()
    .filter((key) => known.get(key) === undefined).length;
}

/** What a restore leaves as it is here (pending-restore.ts) is no difference. */
const turnedBack: Readonly<Record<string, (first: unknown) => boolean>> = {
  ...Object.fromEntries(keptTables.map((table) => [table, () => false])),
  school_settings: (key) => !String(key).startsWith('backup.'),
};

/** What restoring would change: tables whose hash differs are walked row by row, in step with those of the backup. */
export const run: Task<GivenBackup, Comparison> = async (given, context) => {
  const { signal, report } = context;
  const opened = openBackup(given.path, unlockingOf(context, given));
  const work = context.directory.makeWorkFolder('compare');
  const here = context.openReader();
  let inBackup: Sqlite | undefined;
  try {
    const { database, files } = opened.manifest;
    if (!database) throw notItself();
    const path = join(work, 'database');
    await extract(opened, database, path, context, '讀取備份');
    inBackup = openSqlite(path, { key: derivedKey(opened.dataKey, 'database'), readonly: true });
    let rows = 0;
    const onProgress = (more: number) => {
      rows += more;
      report({ step: '比對資料表', done: rows, total: 0, unit: '項' });
    };
    here.sqlite.exec('begin');
    const contents = await tableContents(here.sqlite, { signal, onProgress });
    const tables: Comparison['tables'] = [];
    let sameTables = 0;
    for (const table of new Set([...Object.keys(contents), ...Object.keys(database.tables)])) {
      const [now, then] = [contents[table], database.tables[table]];
      if (!now || !then) continue; // Of another version of the program: migrated when it is opened.
      const differs = now.hash !== then.hash;
      const { onlyFirst, onlySecond, changed } = differs
        ? await compareTable(here.sqlite, inBackup, table, { signal, onProgress }, turnedBack[table])
        : { onlyFirst: 0, onlySecond: 0, changed: 0 };
      if (onlyFirst + onlySecond + changed === 0) sameTables += 1;
      else
        tables.push({
          table,
          title: tableTitle(table),
          here: now.rows,
          inBackup: then.rows,
          goes: onlyFirst,
          returns: onlySecond,
          changes: changed,
        });
    }
    const store = context.openAttachments('read');
    const filesHere = store.sqlite.prepare<[], number>('select count(*) from present_files').pluck().get()!;
    return {
      madeAt: opened.header.madeAt,
      tables,
      sameTables,
      files: { here: filesHere, inBackup: files.length },
      unsent: unsentOnlyHere(here.sqlite, inBackup),
    };
  } finally {
    inBackup?.close();
    opened.close();
    rmSync(work, { recursive: true, force: true });
  }
};
