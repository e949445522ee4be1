import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSqlite, type Sqlite } from '../../db/sqlite.ts';
import { openBackup } from '../../main/features/backup/backup-reader.ts';
import type { OutputOf } from '../../main/features/contract.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { fetchSome } from '../backup/support.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { layTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { type Contents, contentsOf, differences } from './contents.ts';
import type { Laid } from './laid.ts';
import { type Secret, secretText } from './plaintext.ts';
import { senderAccount } from './transfers.ts';
import type { Work } from './work.ts';

const sqliteOf = (school: Trial) => school.application.foundation.connection.sqlite;

/** What a restore carries over from the school that it replaces, and what tells of backups and of each run. */
const carriedOver = ['jobs', 'audit_entries', 'audit_subjects', 'audited_calls', 'audit_operations', 'audit_checkpoints', 'backups'];

const contentOf = (sqlite: Sqlite): Contents =>
  contentsOf(sqlite, [...carriedOver, 'school_settings', 'sync_cursors', 'transfer_case_events', 'accounts']);

/** A school that was backed up and then went on. */
interface BackedUpSchool {
  directory: string;
  backupId: string;
  /** What it is now, and what it was when it was backed up. */
  now: Contents;
  then: Contents;
  secrets: readonly Secret[];
}

let made: Promise<BackedUpSchool> | undefined;

/** Made once a process. */
export function backedUpSchool(): Promise<BackedUpSchool> {
  made ??= (async () => {
    const folder = temporaryFolder('faults-backups');
    process.once('exit', folder.remove);
    const directory = join(folder.path, 'school');
    await layTrial(directory, { students: 16, years: 2 });
    const school = await signInto(directory, senderAccount, trialPassword);
    try {
      await fetchSome(school, 12);
      const people = sqliteOf(school)
        .prepare<[], { name: string; identity: string }>(
          'select name, identity from students where identity is not null order by id limit 3',
        )
        .all();
      const { id: backupId } = await school.runJob('backup.create', {});
      const then = contentOf(sqliteOf(school));
      await school.application.foundation.write(() => {
        sqliteOf(school).prepare("update students set email = 'later@example.test'").run();
        sqliteOf(school).prepare("update learning_outcomes set summary = '備份之後的內容'").run();
      });
      const secrets = people.flatMap(({ name, identity }) => [
        ...secretText('a student’s name', name),
        ...secretText('a student’s identity', identity),
      ]);
      return { directory, backupId, now: contentOf(sqliteOf(school)), then, secrets };
    } finally {
      await school.close();
    }
  })();
  return made;
}

/** Every file that has the name of a backup is one, to its end; the list knows it, and lists no other. */
async function wrongBackups(school: Trial): Promise<string[]> {
  const folder = join(school.directory, 'backups');
  const files = readdirSync(folder).filter((name) => name.endsWith('.portfolio-backup'));
  const rows = sqliteOf(school)
    .prepare<[], { id: string; fileName: string }>(
      'select id, file_name as fileName from backups where missing_at is null and saved_as is null',
    )
    .all();
  const wrong = files.filter((name) => !rows.some(({ fileName }) => fileName === name)).map((name) => `${name}: the list does not know it`);
  for (const { id, fileName } of rows) {
    if (!files.includes(fileName)) wrong.push(`${fileName}: the list has it and the folder has not`);
    else await school.runJob('backup.verify', { id }).catch((error: { code: string }) => wrong.push(`${fileName}: ${error.code}`));
  }
  const others = readdirSync(folder, { recursive: true }) as string[];
  return [...wrong, ...others.filter((name) => !/^files$|\.portfolio-(backup|files)$/.test(name)).map((name) => `backups/${name} is left`)];
}

function layBackingUp({ directory: template, now, secrets }: BackedUpSchool, directory: string): Laid {
  cpSync(template, directory, { recursive: true });
  const changed = (school: Trial) => differences(contentOf(sqliteOf(school)), now);
  return {
    accountName: senderAccount,
    errand: { work: 'backUp' },
    secrets,
    wrongAtStart: async (school) => [...(await wrongBackups(school)), ...changed(school)],
    wrongAtEnd: async (school, result) => {
      const { id } = result as OutputOf<'backup.create'>;
      const there = sqliteOf(school)
        .prepare<[string], number>('select count(*) from backups where id = ? and verified_at is not null')
        .pluck();
      return [
        ...(await wrongBackups(school)),
        ...changed(school),
        ...(there.get(id) === 1 ? [] : ['the backup that was made is not in the list']),
      ];
    },
  };
}

export const backingUp: Work = {
  name: 'backup',
  prepare: async () => {
    const school = await backedUpSchool();
    return (directory) => layBackingUp(school, directory);
  },
};

/** Content of each school that was kept aside. */
function keptAside(directory: string): Contents[] {
  const folder = join(directory, 'before-restore');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name, 'portfolio.db');
    if (!existsSync(path)) return [];
    const sqlite = openSqlite(path, { key: deriveKey(testMasterKey, 'database'), readonly: true });
    try {
      return [contentOf(sqlite)];
    } finally {
      sqlite.close();
    }
  });
}

/** The school is the old one or the restored one, wholly; where it is the restored one, the old one is kept. */
function wrongOfRestore(school: Trial, { now, then }: BackedUpSchool): string[] {
  const content = contentOf(sqliteOf(school));
  const restored = differences(content, then);
  if (restored.length > 0)
    return differences(content, now).map((difference) => `neither the old school nor the restored one: ${difference}`);
  const kept = keptAside(school.directory).some((aside) => differences(aside, now).length === 0);
  return kept ? [] : ['the school that was there is kept nowhere'];
}

function layRestoring(template: BackedUpSchool, directory: string): Laid {
  cpSync(template.directory, directory, { recursive: true });
  return {
    accountName: senderAccount,
    errand: { work: 'restore', backupId: template.backupId },
    secrets: template.secrets,
    wrongAtStart: (school) => wrongOfRestore(school, template),
    wrongAtEnd: async (school) => [
      ...differences(contentOf(sqliteOf(school)), template.then),
      ...wrongOfRestore(school, template),
      ...(await wrongBackups(school)),
    ],
  };
}

/** 還原 with the start anew that carries it out. */
export const restoring: Work = {
  name: 'restore',
  prepare: async () => {
    const school = await backedUpSchool();
    return (directory) => layRestoring(school, directory);
  },
};

/** Migrations that a backup's database had had. */
export function migrationsOf(path: string): readonly string[] {
  const { manifest, close } = openBackup(path, { masterKey: testMasterKey });
  close();
  return manifest.database!.migrations;
}
