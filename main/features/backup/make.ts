import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationError } from '../../platform/errors.ts';
import type { FileEntry, Manifest } from './backup-format.ts';
import { type BackupContext, requireSpace, syncFolder, takeName } from './context.ts';
import { databaseDamaged } from './damage.ts';
import { type PackedFile, packedFiles, packFiles } from './file-packs.ts';
import { appendFrom, type BackupOrder, copyOf, filePasswordsKey, type MadeBackup, making, newFile, readBack, writeFile } from './making.ts';
import { backupName, freeName, packFolder } from './names.ts';

/** Files as a manifest lists them, with the packs they lie in. */
function listed(files: ReadonlyMap<string, PackedFile>): Pick<Manifest, 'files' | 'packs'> {
  const packs = [...new Set([...files.values()].map(({ pack }) => pack))];
  return {
    files: [...files].map(([sha256, { bytes, pack, offset }]): FileEntry => [sha256, bytes, packs.indexOf(pack), offset]),
    packs: packs.map(({ fileName, id, dataKey }) => ({ fileName, id, key: Buffer.from(dataKey).toString('base64') })),
  };
}

/** The copy reads tables and makes indexes anew: damage of an index would go unseen. @throws `database.damaged` */
function requireSoundDatabase(context: BackupContext): void {
  const { sqlite, close } = context.openReader();
  try {
    if (sqlite.pragma('quick_check', { simple: true }) !== 'ok') throw databaseDamaged({ check: 'quick' });
  } finally {
    close();
  }
}

/** @throws `backup.running` where another program made a backup in the same second */
function requireName(taken: boolean): void {
  if (!taken) throw new ApplicationError('backup.running', '另一個視窗或命令正在備份，請等它完成再試一次。');
}

/**
 * A backup among the others of the data directory: what is new of the attachments as a pack, the database in a file that points into the
 * packs. Read again from the disk and verified before it takes its name; cancelled or failed, it leaves nothing.
 * @throws `disk.full`, `database.damaged`, `database.busy`, `backup.notWritten`, `backup.running`, `job.cancelled`
 */
export function makeBackup(context: BackupContext, order: BackupOrder): Promise<MadeBackup> {
  return making(context, order, async (making) => {
    requireSoundDatabase(context);
    const { work, origin, recovery } = making;
    const { masterKey } = context;
    const place = context.directory.backups;
    mkdirSync(join(place, packFolder), { recursive: true, mode: 0o700 });
    const file = newFile('database', making);
    const copy = await copyOf(making, file.dataKey);
    const store = context.openAttachments('read');
    try {
      const here = copy.files.filter(({ sha256 }) => store.has(sha256));
      const packed = await packedFiles(place, masterKey, new Set(here.map(({ sha256 }) => sha256)), context);
      const missing = here.filter(({ sha256 }) => !packed.has(sha256));
      requireSpace(place, missing.reduce((sum, { bytes }) => sum + bytes, 0) + 2 * statSync(copy.path).size);
      const made = await packFiles(store, missing, { work, place, origin, masterKey, recovery, watch: context });
      const fileName = freeName(place, backupName(origin));
      const path = join(work, fileName);
      await writeFile(path, file, async (writer) => {
        const part = await appendFrom(copy.path, writer, context, '寫入資料庫');
        rmSync(copy.path);
        return {
          database: { ...part, tables: copy.tables, migrations: copy.migrations },
          filePasswordsKey: filePasswordsKey(context),
          trialCity: null,
          ...listed(new Map([...packed, ...made.files])),
        };
      });
      // Each file was read from its pack and held against its hash a moment ago.
      const found = await readBack(making, path, { filesChecked: true });
      // The packs first: without the backup that points into them they are of use to the next one.
      for (const pack of made.packs) requireName(takeName(pack.path, join(place, packFolder, pack.fileName)));
      syncFolder(join(place, packFolder));
      requireName(takeName(path, join(place, fileName)));
      syncFolder(place);
      return { ...found, fileName, path: join(place, fileName), unreadable: made.unreadable };
    } finally {
      store.close();
    }
  });
}
