import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Unlocking } from '../../features/backup/backup-format.ts';
import type { BackupContents } from '../../features/backup/contract.ts';
import type { DataDirectory } from '../../platform/data-directory.ts';
import { ApplicationError, cancelled, reportOf } from '../../platform/errors.ts';
import { takeRecoveryKey } from '../../platform/recovery-key.ts';
import type { Command, CommandAnswer, CommandContext } from '../command.ts';
import { withApplication, withOffice } from '../office.ts';

const answerOf = (contents: BackupContents, line: string, more: Record<string, unknown> = {}): CommandAnswer => {
  const rows = Object.values(contents.tables).reduce((sum, count) => sum + count, 0);
  const { ok, tables, files, madeAt, schoolCode } = contents;
  return {
    json: { ok, tables, files, madeAt, schoolCode, ...more },
    text: `${line}：${Object.keys(tables).length} 個資料表，${rows.toLocaleString('en')} 列，附件 ${files.toLocaleString('en')} 個`,
  };
};

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

export const backupCreateCommand: Command = {
  name: 'backup create',
  usage: '[--out FILE]',
  summary: '製作並驗證備份；--out 存成單一檔案（含附件），沒有時放進備份資料夾',
  options: { out: 'value' },
  run: async (context) => {
    const given = context.arguments.text('out');
    if (given === undefined) {
      return withOffice(context, async (office) => {
        const { id, bytes, secondProblem, ...contents } = await office.runJob('backup.create', {});
        return answerOf(contents, '已備份', { id, bytes, ...(secondProblem ? { secondProblem } : {}) });
      });
    }
    const path = resolve(given);
    if (existsSync(path)) throw new ApplicationError('file.exists', `「${path}」已經存在，備份不會覆寫檔案，請改用其他檔名。`, { path });
    return withOffice(context, async (office) => {
      const { file, sha256, id, ...contents } = await office.runJob('backup.download', {});
      await office.save(file, path);
      // What was verified is what now lies there.
      if ((await hashOf(path)) !== sha256) {
        await rm(path, { force: true });
        throw new ApplicationError('backup.notWritten', `存到「${path}」後讀回來的內容不同，磁碟可能有問題，請換一個位置再試一次。`, {
          path,
        });
      }
      await office.call('backup.noteSaved', { id, savedAs: path });
      return answerOf(contents, path, { path, bytes: file.bytes, sha256 });
    });
  },
};

/** Ctrl+C stops it, progress is told. */
async function watched<Result>(
  { terminal }: CommandContext,
  work: (watch: { signal: AbortSignal; report: CommandContext['terminal']['progress'] }) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  const letGo = terminal.onInterrupt(() => abort.abort(cancelled()));
  try {
    return await work({ signal: abort.signal, report: terminal.progress });
  } finally {
    letGo();
  }
}

interface Given {
  state: SchoolState;
  /** As it stood in the environment. */
  typed: string | undefined;
  unlocking: Unlocking;
}

/** What this computer and its user have to open a backup with. */
async function givenKeys(context: CommandContext): Promise<Given> {
  const typed = context.terminal.secret('PORTFOLIO_RECOVERY_KEY');
  const recoveryKey = typed === undefined ? undefined : takeRecoveryKey(typed);
  const { state, ...school } = await lookAtSchool(context);
  return { state, typed, unlocking: { ...school, recoveryKey } };
}

/** How the school of a directory stands, before any account can be asked for. */
type SchoolState = 'none' | 'whole' | 'damaged' | 'keyLost';

async function lookAtSchool({
  dataDirectory,
  secretStore,
}: CommandContext): Promise<{ state: SchoolState; masterKey: Uint8Array | undefined; schoolCode: string | undefined }> {
  const here = existsSync(join(dataDirectory, 'portfolio.db'));
  let masterKey: Uint8Array | undefined;
  try {
    masterKey = existsSync(dataDirectory) ? ((await secretStore(dataDirectory).load()) ?? undefined) : undefined;
  } catch (error) {
    // Sealed by another user or computer: as good as lost here.
    if (reportOf(error).code !== 'secrets.sealed') throw error;
  }
  const nobody = { masterKey, schoolCode: undefined };
  if (!here) return { state: 'none', ...nobody };
  if (!masterKey) return { state: 'keyLost', ...nobody };
  const { openOfficeDatabase } = await import('../../features/backup/damage.ts');
  const { openDataDirectory } = await import('../../platform/data-directory.ts');
  const { schoolSettings } = await import('../../application/school-settings.ts');
  try {
    const connection = openOfficeDatabase(openDataDirectory(dataDirectory), masterKey);
    const schoolCode = schoolSettings(connection).get('school.code');
    connection.close();
    return { state: 'whole', masterKey, schoolCode };
  } catch (error) {
    if (reportOf(error).code === 'database.damaged') return { state: 'damaged', ...nobody };
    throw error;
  }
}

export const backupVerifyCommand: Command = {
  name: 'backup verify',
  usage: 'FILE',
  summary: '驗證備份檔案，不改動任何資料（別台電腦的備份：復原金鑰放在 PORTFOLIO_RECOVERY_KEY）',
  options: {},
  positionals: ['檔案'],
  run: async (context) => {
    const path = resolve(context.arguments.positional(0));
    const { unlocking } = await givenKeys(context);
    const { contentsOf, verifyBackup } = await import('../../features/backup/verify.ts');
    // What is written out to be checked is encrypted, with a key of the backup.
    const work = await mkdtemp(join(tmpdir(), 'portfolio-verify-'));
    try {
      const verified = await watched(context, (watch) => verifyBackup(path, unlocking, work, watch));
      return answerOf(contentsOf(verified), `${path} 完好`);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  },
};

/** Opens the directory once: the restore takes place, and the school is seen to open. @throws `backup.inUse` */
function takePlace(context: CommandContext): Promise<void> {
  return withApplication(context, async (_office, application) => {
    const { restored } = application;
    if (restored && 'refused' in restored) throw restored.refused;
  });
}

/** Where nobody can sign in: an empty directory, a damaged database, a lost key. Whoever has the files and a key may restore them. */
async function restoreWithoutAccount(context: CommandContext, path: string, { state, unlocking }: Given): Promise<CommandAnswer> {
  const { contextWithoutTask } = await import('../../features/backup/context.ts');
  const { prepareRestore } = await import('../../features/backup/restore.ts');
  const { contentsOf } = await import('../../features/backup/verify.ts');
  const { openDataDirectory } = await import('../../platform/data-directory.ts');
  const { createLogger } = await import('../../platform/logger.ts');
  const { systemClock } = await import('../../platform/clock.ts');
  const directory: DataDirectory = openDataDirectory(context.dataDirectory);
  const { masterKey } = unlocking;
  const key = masterKey ?? new Uint8Array(randomBytes(32));
  const { keptIn, ...prepared } = await watched(context, (watch) =>
    prepareRestore(contextWithoutTask({ directory, masterKey: key, clock: systemClock, log: createLogger(directory.logs), ...watch }), {
      path,
      unlocking: { ...unlocking, masterKey },
      damaged: state !== 'none',
      accountName: '-',
      beforeNote: async () => {
        if (!masterKey) await context.secretStore(context.dataDirectory).save(key);
      },
    }),
  );
  await takePlace(context);
  const contents = contentsOf(prepared);
  return answerOf(contents, keptIn === null ? '已還原' : `已還原（原資料庫保存在 ${keptIn}）`, keptIn === null ? {} : { keptIn });
}

export const backupRestoreCommand: Command = {
  name: 'backup restore',
  usage: 'FILE [--without-files]',
  summary: '還原備份；原來的資料另外保存（別台電腦的備份：復原金鑰放在 PORTFOLIO_RECOVERY_KEY）',
  options: { 'without-files': 'flag' },
  positionals: ['檔案'],
  run: async (context) => {
    const path = resolve(context.arguments.positional(0));
    const given = await givenKeys(context);
    if (given.state !== 'whole') return restoreWithoutAccount(context, path, given);
    const { typed } = given;
    const restored = await withOffice(context, async (office) =>
      office.runJob('backup.restore', {
        source: { file: await office.receive(path), ...(typed ? { recoveryKey: typed } : {}) },
        withoutFiles: context.arguments.flag('without-files'),
      }),
    );
    await takePlace(context);
    const { keptIn, ...contents } = restored;
    return answerOf(contents, `已還原（原資料庫保存在 ${keptIn}）`, { keptIn });
  },
};
