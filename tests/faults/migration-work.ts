import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, shippedMigrations } from '../../db/migrate.ts';
import type { Random } from '../../db/sample/random.ts';
import { openSqlite, type Sqlite } from '../../db/sqlite.ts';
import { backupFilesOf } from '../../main/features/backup/place.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { signInto, type Trial, trialPassword } from '../support/trial.ts';
import { backedUpSchool, migrationsOf } from './backup-work.ts';
import { type Contents, contentsOf, differences } from './contents.ts';
import type { Laid } from './laid.ts';
import type { Secret } from './plaintext.ts';
import { senderAccount } from './transfers.ts';
import type { Work } from './work.ts';

const key = deriveKey(testMasterKey, 'database');
/** The oldest that such a school's rows fit into: what came before held no data of anyone. */
const oldest = 4;

type Column = { name: string; type: string; notnull: number; dflt_value: string | null };
const columnsOf = (sqlite: Sqlite, table: string) => sqlite.pragma(`table_info("${table}")`) as Column[];

const tablesOf = (sqlite: Sqlite) =>
  sqlite
    .prepare<[], string>(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'applied_migrations'",
    )
    .pluck()
    .all();

/**
 * Makes a database as an earlier version had it: its migrations, and every row in the columns that both have. A column that is gone since gets
 * something that it would take.
 */
function makeEarlier(from: Sqlite, path: string, migrations: number): void {
  const to = openSqlite(path, { key, writeAheadLog: false });
  try {
    migrate(to, { shipped: shippedMigrations().slice(0, migrations), now: () => new Date('2026-09-01T00:00:00Z') });
    to.pragma('foreign_keys=OFF');
    const triggers = to.prepare<[], { name: string; sql: string }>("select name, sql from sqlite_schema where type = 'trigger'").all();
    to.transaction(() => {
      for (const { name } of triggers) to.exec(`drop trigger "${name}"`);
      const known = new Set(tablesOf(from));
      for (const table of tablesOf(to).filter((name) => known.has(name))) copyRows(from, to, table);
      for (const { sql } of triggers) to.exec(sql);
    })();
    const broken = to.pragma('foreign_key_check') as { table: string }[];
    if (broken.length > 0) throw new Error(`The earlier database refers to nothing in ${broken[0]!.table}.`);
  } finally {
    to.close();
  }
}

function copyRows(from: Sqlite, to: Sqlite, table: string): void {
  const there = new Set(columnsOf(from, table).map(({ name }) => name));
  const both = columnsOf(to, table).filter(({ name }) => there.has(name));
  const gone = columnsOf(to, table).filter(({ name, notnull, dflt_value }) => !there.has(name) && notnull === 1 && dflt_value === null);
  const names = [...both, ...gone].map(({ name }) => `"${name}"`).join(', ');
  const places = [...both.map(({ name }) => `@${name}`), ...gone.map(({ type }) => (type === 'INTEGER' ? '0' : "''"))].join(', ');
  if (both.length === 0) return;
  to.exec(`delete from "${table}"`);
  const insert = to.prepare(`insert into "${table}" (${names}) values (${places})`);
  for (const row of from
    .prepare<[], Record<string, unknown>>(`select ${both.map(({ name }) => `"${name}"`).join(', ')} from "${table}"`)
    .all())
    insert.run(row);
}

interface Earlier {
  directory: string;
  migrations: number;
  after: Contents;
}

interface MigrationTemplate {
  earlier: Earlier[];
  secrets: readonly Secret[];
}

const ofStarts = [
  'jobs',
  'audit_entries',
  'audit_subjects',
  'audited_calls',
  'audit_operations',
  'backups',
  'applied_migrations',
  'accounts',
  'school_settings',
];
const contentOf = (school: Trial) => contentsOf(school.application.foundation.connection.sqlite, ofStarts);

async function makeEarlierSchools(): Promise<MigrationTemplate> {
  const folder = temporaryFolder('faults-earlier');
  process.once('exit', folder.remove);
  const { directory: current, secrets } = await backedUpSchool();
  const newest = shippedMigrations().length;
  const from = openSqlite(join(current, 'portfolio.db'), { key, create: false });
  const earlier: Earlier[] = [];
  try {
    for (let migrations = oldest; migrations < newest; migrations += 1) {
      const directory = join(folder.path, String(migrations));
      cpSync(current, directory, { recursive: true });
      for (const name of ['backups', 'portfolio.db']) rmSync(join(directory, name), { recursive: true, force: true });
      makeEarlier(from, join(directory, 'earlier.db'), migrations);
      renameSync(join(directory, 'earlier.db'), join(directory, 'portfolio.db'));
      const done = `${directory}-done`;
      cpSync(directory, done, { recursive: true });
      const school = await signInto(done, senderAccount, trialPassword);
      earlier.push({ directory, migrations, after: contentOf(school) });
      await school.close();
    }
  } finally {
    from.close();
  }
  return { earlier, secrets };
}

/** All of it as a start without a fault leaves it, and a backup from before the first of the migrations. */
function wrongOfMigration(school: Trial, { migrations, after }: Earlier): string[] {
  const before = backupFilesOf(join(school.directory, 'backups')).filter(
    ({ header, path }) => header.reason === 'migration' && migrationsOf(path).length === migrations,
  );
  return [...differences(contentOf(school), after), ...(before.length > 0 ? [] : ['there is no backup from before the upgrade'])];
}

function layMigrating({ earlier, secrets }: MigrationTemplate, directory: string, random: Random): Laid {
  const from = random.pick(earlier);
  cpSync(from.directory, directory, { recursive: true });
  const wrong = (school: Trial) => wrongOfMigration(school, from);
  return { accountName: senderAccount, errand: { work: 'start' }, secrets, wrongAtStart: wrong, wrongAtEnd: wrong };
}

let made: Promise<MigrationTemplate> | undefined;

/** The start of this version on the data of an earlier one. */
export const migrating: Work = {
  name: 'migration',
  prepare: async () => {
    made ??= makeEarlierSchools();
    const template = await made;
    return (directory, random) => layMigrating(template, directory, random);
  },
};
