import { openSqlite, type Sqlite } from '../../../db/sqlite.ts';
import type { Change, ChangeFate } from '../protocol.ts';
import { type ResourceName, resourceSchemas } from '../resources.ts';
import { type CityAccounts, cityAccounts } from './accounts.ts';
import { type CitySubmissions, citySubmissions, type RefusalRule } from './submissions.ts';

/**
 * The embedded city's own database. A record lies here as the JSON text that is served, so a page is text joined by
 * SQLite; one growing number is version and cursor at once, so a resource is read by one index range.
 */
export interface CityStore {
  settings: CitySettings;
  /** Puts records in as they are made, each under the next version; for filling an empty city. */
  fill: (records: Iterable<CityRecord>) => number;
  page: (resource: ResourceName, after: number, limit: number, count: boolean) => CityPage;
  /** The newest version of a resource; 0 of an empty one. */
  latest: (resource: ResourceName) => number;
  /** Ids and versions of the living records of a resource, in the order of the ids. */
  living: (resource: ResourceName) => Iterable<{ id: string; version: number }>;
  /** The JSON of records by their ids, tombstones too; without those that are not there. */
  records: (resource: ResourceName, ids: readonly string[]) => string[];
  /** Applies a batch in one transaction; a change already answered is answered the same again. */
  change: (changes: readonly Change[]) => ChangeFate[];
  /** 轉學生臨時帳號: the one kind of shared record that the city itself makes. */
  accounts: CityAccounts;
  /** Rosters handed in, and their results. */
  submissions: CitySubmissions;
  /** 身分證號 of the students; an empty one where a student has none. */
  identities: () => Set<string>;
  /** Has the national database refuse rows of the rosters to come; replaces the rules before. */
  refuse: (rules: readonly RefusalRule[]) => void;
  file: (sha256: string) => CityFile | undefined;
  putFile: (sha256: string, mediaType: string, content: Buffer) => void;
  close: () => void;
}

export interface CitySettings {
  schoolCode: string;
  schoolName: string;
  deviceId: string;
  deviceKey: string;
}

export interface CityRecord {
  resource: ResourceName;
  record: { id: string };
  files?: readonly { sha256: string; recipe: string }[];
}

export interface CityPage {
  /** JSON of the items, without brackets. */
  items: string;
  count: number;
  next: number;
  hasMore: boolean;
  total: number | undefined;
}

export interface CityFile {
  mediaType: string | null;
  /** Exactly one of the two: bytes that were put here, or what the trial school makes them from. */
  content: Buffer | null;
  recipe: string | null;
}

const schema = `
  CREATE TABLE IF NOT EXISTS records (
    version INTEGER PRIMARY KEY, resource TEXT NOT NULL, id TEXT NOT NULL, deleted INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS records_by_id ON records (resource, id);
  CREATE INDEX IF NOT EXISTS records_by_version ON records (resource, version);
  CREATE INDEX IF NOT EXISTS records_deleted ON records (resource, id) WHERE deleted = 1;
  CREATE TABLE IF NOT EXISTS files (sha256 TEXT PRIMARY KEY NOT NULL, media_type TEXT, recipe TEXT, content BLOB) STRICT;
  CREATE TABLE IF NOT EXISTS fates (idempotency_key TEXT PRIMARY KEY NOT NULL, fate TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;`;

const isResource = (name: string): name is ResourceName => Object.hasOwn(resourceSchemas, name);

/** A device key of the store is invented with its school, so a store without a key of its own is locked with zeros. */
const noSecret = new Uint8Array(32);

/**
 * Opens (or makes) a city.
 * @param settings of a new city; an existing one keeps its own
 */
export function openCityStore(path: string, { key = noSecret, settings }: { key?: Uint8Array; settings?: CitySettings } = {}): CityStore {
  const sqlite = openSqlite(path, { key, create: settings !== undefined });
  sqlite.pragma('synchronous=NORMAL');
  sqlite.exec(schema);
  return cityStore(sqlite, keepSettings(sqlite, settings));
}

function keepSettings(sqlite: Sqlite, settings: CitySettings | undefined): CitySettings {
  if (settings) {
    const insert = sqlite.prepare('insert or ignore into settings (key, value) values (?, ?)');
    sqlite.transaction(() => {
      for (const [name, value] of Object.entries(settings)) insert.run(name, value);
    })();
  }
  const rows = sqlite.prepare<[], [string, string]>('select key, value from settings').raw().all();
  return Object.fromEntries(rows) as unknown as CitySettings;
}

function cityStore(sqlite: Sqlite, settings: CitySettings): CityStore {
  const newest = sqlite.prepare('select coalesce(max(version), 0) from records').pluck();
  const insert = sqlite.prepare('insert into records (version, resource, id, deleted, data) values (?, ?, ?, ?, ?)');
  const remove = sqlite.prepare('delete from records where resource = ? and id = ?');
  const find = sqlite.prepare<[string, string], { version: number; deleted: number; data: string }>(
    'select version, deleted, data from records where resource = ? and id = ?',
  );
  const selectPage = sqlite.prepare<[string, number, number], { items: string | null; count: number; last: number | null }>(
    `select group_concat(data, ',') as items, count(*) as count, max(version) as last
     from (select version, data from records where resource = ? and version > ? order by version limit ?)`,
  );
  const latestOf = sqlite.prepare('select coalesce(max(version), 0) from records where resource = ?').pluck();
  // Answered by the index of the ids alone, without reading a record; so the few tombstones are known beforehand.
  const selectIds = sqlite.prepare<[string], { id: string; version: number }>(
    'select id, version from records indexed by records_by_id where resource = ? order by id',
  );
  const selectDeleted = sqlite
    .prepare<[string], string>('select id from records indexed by records_deleted where resource = ? and deleted = 1')
    .pluck();
  const countAfter = sqlite.prepare('select count(*) from records where resource = ? and version > ?').pluck();
  const insertRecipe = sqlite.prepare('insert or ignore into files (sha256, recipe) values (?, ?)');
  const insertContent = sqlite.prepare('insert or ignore into files (sha256, media_type, content) values (?, ?, ?)');
  const findFile = sqlite.prepare<[string], CityFile>('select media_type as mediaType, content, recipe from files where sha256 = ?');
  const fateOf = sqlite.prepare('select fate from fates where idempotency_key = ?').pluck();
  const keepFate = sqlite.prepare('insert into fates (idempotency_key, fate) values (?, ?)');
  const identities = sqlite
    .prepare<[], string>(`select coalesce(json_extract(data, '$.identity'), '') from records where resource = 'students' and deleted = 0`)
    .pluck();

  const nextVersion = () => (newest.get() as number) + 1;

  /** Replaces a record by its next version, in the caller's transaction. */
  const put = (resource: ResourceName, record: Record<string, unknown> & { id: string }): number => {
    const version = nextVersion();
    remove.run(resource, record.id);
    insert.run(version, resource, record.id, 0, JSON.stringify({ ...record, version, deleted: false }));
    return version;
  };

  const decide = ({ idempotencyKey, resource, id, baseVersion, operation, data }: Change): ChangeFate => {
    if (!isResource(resource)) {
      return { idempotencyKey, outcome: 'refused', code: 'resource.unknown', message: '市級系統沒有這個資料項目。' };
    }
    const current = find.get(resource, id);
    if ((current?.version ?? 0) !== baseVersion || (operation === 'update' && !current)) {
      return { idempotencyKey, outcome: 'conflict', current: current ? JSON.parse(current.data) : null };
    }
    if (resource === 'temporary-accounts' && operation === 'create') {
      return { idempotencyKey, outcome: 'refused', code: 'account.madeByCity', message: '臨時帳號只能由市級系統開通。' };
    }
    if (operation === 'delete') {
      const version = nextVersion();
      remove.run(resource, id);
      insert.run(version, resource, id, 1, JSON.stringify({ id, version, deleted: true }));
      return { idempotencyKey, outcome: 'accepted', version };
    }
    const checked = resourceSchemas[resource].safeParse({ ...data, id, version: 1, deleted: false });
    if (!checked.success) {
      const fields = checked.error.issues.map((issue) => issue.path.join('.')).join('、');
      return { idempotencyKey, outcome: 'refused', code: 'record.invalid', message: `資料格式不正確：${fields}` };
    }
    return { idempotencyKey, outcome: 'accepted', version: put(resource, checked.data) };
  };

  const living = (resource: ResourceName, id: string) => {
    const found = find.get(resource, id);
    return found && found.deleted === 0 ? JSON.parse(found.data) : undefined;
  };
  const putFile = (sha256: string, mediaType: string, content: Buffer) => {
    insertContent.run(sha256, mediaType, content);
  };

  const submissions = citySubmissions(sqlite, {
    find: (id) => living('submission-results', id),
    put: (record) => put('submission-results', record),
    putFile,
  });
  const accounts = cityAccounts(sqlite, settings.schoolCode, {
    find: living,
    put: (record) => put('temporary-accounts', record),
  });

  return {
    settings,
    accounts,
    submissions,
    identities: () => new Set(identities.all()),
    refuse: submissions.refuse,
    fill: (records) =>
      sqlite.transaction(() => {
        let version = newest.get() as number;
        for (const { resource, record, files = [] } of records) {
          version += 1;
          insert.run(version, resource, record.id, 0, JSON.stringify({ ...record, version, deleted: false }));
          for (const { sha256, recipe } of files) insertRecipe.run(sha256, recipe);
        }
        return version;
      })(),
    page: (resource, after, limit, count) => {
      const { items, count: found, last } = selectPage.get(resource, after, limit)!;
      const next = last ?? after;
      return {
        items: items ?? '',
        count: found,
        next,
        hasMore: found === limit && next < (latestOf.get(resource) as number),
        total: count ? (countAfter.get(resource, after) as number) : undefined,
      };
    },
    latest: (resource) => latestOf.get(resource) as number,
    living: function* (resource) {
      const deleted = new Set(selectDeleted.all(resource));
      for (const record of selectIds.iterate(resource)) if (!deleted.has(record.id)) yield record;
    },
    records: (resource, ids) => ids.flatMap((id) => find.get(resource, id)?.data ?? []),
    change: (changes) =>
      sqlite
        .transaction(() =>
          changes.map((change) => {
            const before = fateOf.get(change.idempotencyKey) as string | undefined;
            if (before) return JSON.parse(before) as ChangeFate;
            const fate = decide(change);
            keepFate.run(change.idempotencyKey, JSON.stringify(fate));
            return fate;
          }),
        )
        .immediate(),
    file: (sha256) => findFile.get(sha256),
    putFile,
    close: () => sqlite.close(),
  };
}
