import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../db/sample/random.ts';
import { openSqlite, type Sqlite } from '../../db/sqlite.ts';
import { createApplication } from '../../main/application/application.ts';
import { type CityStore, openCityStore } from '../../main/central/embedded/index.ts';
import type { ResourceName } from '../../main/central/resources.ts';
import { resourceTables } from '../../main/features/sync/records/index.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { layTrial, signInto, type Trial, trialPassword } from '../support/trial.ts';
import { cityKey, pointAt, startCity, takeCity } from './cities.ts';
import { type Contents, contentsOf, differences } from './contents.ts';
import { carryOut } from './errands.ts';
import type { Laid } from './laid.ts';
import { type Secret, secretText } from './plaintext.ts';
import { importTemplate } from './transfer-in.ts';
import { receiverAccount, senderAccount } from './transfers.ts';
import type { Work } from './work.ts';

const sqliteOf = (school: Trial) => school.application.foundation.connection.sqlite;

/** Tables that tell how a synchronisation went rather than what it brought; what was received when is of each run. */
const ofSync = [
  'jobs',
  'audit_entries',
  'audit_subjects',
  'audited_calls',
  'sync_cursors',
  'receive_records',
  'transfer_case_events',
  'transfer_cases',
  'school_settings',
];

/** Cursors must stand where the rows are. */
function cursorsOf(sqlite: Sqlite): string {
  return JSON.stringify(sqlite.prepare('select resource, cursor from sync_cursors order by resource').raw().all());
}

interface Pull {
  directory: string;
  full: boolean;
  /** By table: the rows before and after. */
  before: Contents;
  after: Contents;
  cursors: string;
}

/** The city goes on: every third student and performance changes, and some records are deleted. */
function amend(store: CityStore): void {
  const change = (resource: ResourceName, every: number, set: Record<string, unknown> | null) => {
    const rows = JSON.parse(`[${store.page(resource, 0, 1_000_000, false).items}]`) as { id: string; version: number; deleted: boolean }[];
    const changes = rows
      .filter(({ deleted }, index) => !deleted && index % every === 0)
      .map(({ version, deleted: _deleted, ...data }) => ({
        idempotencyKey: crypto.randomUUID(),
        resource,
        id: data.id,
        baseVersion: version,
        operation: set ? ('update' as const) : ('delete' as const),
        data: set ? { ...data, ...set } : {},
      }));
    for (const { outcome } of store.change(changes))
      if (outcome !== 'accepted') throw new Error(`The city did not take a change of ${resource}.`);
  };
  change('students', 3, { email: 'moved@example.test' });
  change('performances', 3, { summary: '市級系統更新後的內容' });
  change('outcomes', 11, null);
  change('attendance', 13, null);
}

interface PullTemplate {
  pulls: Pull[];
  /** Of the city; a synchronisation does not change it. */
  storePath: string;
  secrets: Secret[];
}

async function makePulls(): Promise<PullTemplate> {
  const folder = temporaryFolder('faults-pulls');
  const inside = (name: string) => join(folder.path, name);
  await layTrial(inside('synchronised'), { students: 24, years: 2 });
  takeCity(inside('synchronised'), inside('city.db'));
  const store = openCityStore(inside('city.db'), { key: cityKey });
  amend(store);
  store.close();
  const city = await startCity(inside('city.db'));
  process.once('exit', folder.remove);
  rmSync(join(inside('synchronised'), 'trial'), { recursive: true });
  pointAt(inside('synchronised'), city);

  const fresh = await createApplication({ dataDirectory: inside('fresh'), masterKey: testMasterKey, schedule: false });
  const { url, deviceId, deviceKey } = city;
  const connected = await fresh.call({ connectionId: 'first start' }, 'sync.connect', {
    ...{ url, deviceId, deviceKey, schoolCode: '999999' },
    firstPassword: trialPassword,
  });
  await fresh.close();
  if (!connected.ok) throw new Error(connected.error.code);

  const pulls: Pull[] = [];
  for (const [name, full] of [
    ['fresh', false],
    ['synchronised', false],
    ['synchronised', true],
  ] as const) {
    const done = inside(`done-${pulls.length}`);
    cpSync(inside(name), done, { recursive: true });
    const school = await signInto(done, senderAccount, trialPassword);
    const before = contentsOf(sqliteOf(school), ofSync);
    await carryOut(school, { work: 'synchronise', full });
    pulls.push({
      directory: inside(name),
      full,
      before,
      after: contentsOf(sqliteOf(school), ofSync),
      cursors: cursorsOf(sqliteOf(school)),
    });
    await school.close();
  }
  const school = await signInto(inside('synchronised'), senderAccount, trialPassword);
  const people = sqliteOf(school)
    .prepare<[], { name: string; identity: string }>('select name, identity from students where identity is not null order by id limit 3')
    .all();
  await school.close();
  const secrets = people.flatMap(({ name, identity }) => [
    ...secretText('a student’s name', name),
    ...secretText('a student’s identity', identity),
  ]);
  await city.close();
  return { pulls, storePath: inside('city.db'), secrets };
}

let pulls: Promise<PullTemplate> | undefined;

/** Each resource is as it was before, or wholly as the city has it. */
function halfPulled(school: Trial, { before, after }: Pull): string[] {
  const now = contentsOf(sqliteOf(school), ofSync);
  return Object.values(resourceTables)
    .map(({ table }) => table)
    .filter((table) => !ofSync.includes(table))
    .filter((table) => differences(pick(now, table), pick(before, table)).length > 0)
    .flatMap((table) => differences(pick(now, table), pick(after, table)).map((difference) => `received in part: ${difference}`));
}
const pick = (contents: Contents, table: string): Contents => ({ [table]: contents[table] ?? [] });

async function layPull({ pulls, storePath, secrets }: PullTemplate, directory: string, random: Random): Promise<Laid> {
  const pull = random.pick(pulls);
  cpSync(pull.directory, directory, { recursive: true });
  const city = await startCity(storePath);
  pointAt(directory, city);
  return {
    accountName: senderAccount,
    errand: { work: 'synchronise', full: pull.full },
    secrets,
    wrongAtStart: (school) => halfPulled(school, pull),
    wrongAtEnd: (school) => [
      ...differences(contentsOf(sqliteOf(school), ofSync), pull.after),
      ...(cursorsOf(sqliteOf(school)) === pull.cursors ? [] : ['a cursor does not stand where it should']),
    ],
    end: city.close,
  };
}

/** 同步 from a city: everything at the first time, what changed since, and everything once more. */
export const synchronising: Work = {
  name: 'sync',
  prepare: async () => {
    pulls ??= makePulls();
    const template = await pulls;
    return (directory, random) => layPull(template, directory, random);
  },
};

/** What the office told and the city has of it: each change once. */
interface Told {
  key: string;
  state: string;
  resource: string;
  recordId: string;
}

const toldBy = (sqlite: Sqlite) =>
  sqlite.prepare<[], Told>('select idempotency_key as key, state, resource, record_id as recordId from outbox order by sequence').all();

interface Reached {
  /** Of all records: one more with each change that was accepted. */
  version: number;
  fates: Map<string, string>;
  files: Set<string>;
}

function reachedAt(storePath: string): Reached {
  const sqlite = openSqlite(storePath, { key: cityKey, readonly: true });
  try {
    const fates = sqlite.prepare<[], [string, string]>("select idempotency_key, json_extract(fate, '$.outcome') from fates").raw().all();
    return {
      version: sqlite.prepare<[], number>('select max(version) from records').pluck().get()!,
      fates: new Map(fates),
      files: new Set(sqlite.prepare<[], string>('select sha256 from files').pluck().all()),
    };
  } finally {
    sqlite.close();
  }
}

interface PushTemplate {
  directory: string;
  storePath: string;
  told: Told[];
  files: string[];
  before: Reached;
  after: Contents;
  secrets: readonly Secret[];
}

async function makePush(): Promise<PushTemplate> {
  const folder = temporaryFolder('faults-push');
  process.once('exit', folder.remove);
  const inside = (name: string) => join(folder.path, name);
  const { imported, schools } = await importTemplate();
  cpSync(imported.directory, inside('office'), { recursive: true });
  takeCity(inside('office'), inside('city.db'));
  rmSync(join(inside('office'), 'trial'), { recursive: true });
  cpSync(inside('office'), inside('done'), { recursive: true });
  cpSync(inside('city.db'), inside('done-city.db'));
  const before = reachedAt(inside('city.db'));
  const city = await startCity(inside('done-city.db'));
  pointAt(inside('done'), city);
  const school = await signInto(inside('done'), receiverAccount, trialPassword);
  try {
    const told = toldBy(sqliteOf(school));
    const files = sqliteOf(school).prepare<[], string>('select sha256 from file_outbox').pluck().all();
    await carryOut(school, { work: 'synchronise', full: false });
    const after = contentsOf(sqliteOf(school), [...ofSync, 'outbox']);
    return { directory: inside('office'), storePath: inside('city.db'), told, files, before, after, secrets: schools.secrets };
  } finally {
    await school.close();
    await city.close();
  }
}

/** Nothing that was told is gone or doubled, and what the office takes for accepted the city has accepted. */
function wrongOfPush(school: Trial, storePath: string, { told, before }: PushTemplate): string[] {
  const now = toldBy(sqliteOf(school));
  const { version, fates } = reachedAt(storePath);
  const wrong: string[] = [];
  if (JSON.stringify(now.map(({ key }) => key)) !== JSON.stringify(told.map(({ key }) => key)))
    wrong.push('changes are gone from the outbox, or doubled');
  for (const { key, state, resource, recordId } of now) {
    if (state !== 'waiting' && fates.get(key) !== state)
      wrong.push(`${resource} ${recordId} is ${state} here and ${fates.get(key) ?? 'unknown'} there`);
  }
  const accepted = [...fates.values()].filter((fate) => fate === 'accepted').length;
  if (version - before.version !== accepted - [...before.fates.values()].filter((fate) => fate === 'accepted').length)
    wrong.push(`${accepted} changes were accepted and ${version - before.version} records written`);
  return wrong;
}

async function layPush(template: PushTemplate, directory: string): Promise<Laid> {
  const folder = temporaryFolder('faults-city');
  const storePath = join(folder.path, 'city.db');
  cpSync(template.directory, directory, { recursive: true });
  cpSync(template.storePath, storePath);
  const city = await startCity(storePath);
  pointAt(directory, city);
  return {
    accountName: receiverAccount,
    errand: { work: 'synchronise', full: false },
    secrets: template.secrets,
    wrongAtStart: (school) => wrongOfPush(school, storePath, template),
    wrongAtEnd: (school) => {
      const { fates, files } = reachedAt(storePath);
      const left = template.told.filter(({ key }) => fates.get(key) !== 'accepted').length;
      const filesLeft = template.files.filter((sha256) => !files.has(sha256)).length;
      return [
        ...wrongOfPush(school, storePath, template),
        ...(left === 0 ? [] : [`${left} changes have not reached the city`]),
        ...(filesLeft === 0 ? [] : [`${filesLeft} files have not reached the city`]),
        ...differences(contentsOf(sqliteOf(school), [...ofSync, 'outbox']), template.after),
      ];
    },
    end: async () => {
      await city.close();
      folder.remove();
    },
  };
}

let push: Promise<PushTemplate> | undefined;

/** What an import left in the outbox goes to the city: thousands of records would only take longer. */
export const pushing: Work = {
  name: 'push',
  prepare: async () => {
    push ??= makePush();
    const template = await push;
    return (directory) => layPush(template, directory);
  },
};
