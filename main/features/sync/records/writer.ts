import type { Sqlite } from '../../../../db/connection.ts';
import type { FileReference, RecordOf, ResourceName } from '../../../central/resources.ts';

/** What writers of every resource share within one applying transaction. */
export interface WriterContext {
  sqlite: Sqlite;
  schoolCode: string;
  /** UTC, ISO. */
  now: string;
  /** The office writes, not the city: a file that a record names may be here only. */
  fromOffice?: true;
}

/** How records of a resource become rows. Prepared once an applying transaction. */
export interface RecordWriter<Name extends ResourceName> {
  /** References that point nowhere (`classId`): the record waits until they are there. */
  missing: (record: RecordOf<Name>) => string[];
  /** @returns whether anything was written: an older version changes nothing */
  write: (record: RecordOf<Name>) => boolean;
  /** What follows from the resource as a whole, after its records. */
  finish?: () => void;
}

type Value = string | number | null;
type Bindable = string | number | boolean | null;

/** SQLite has no booleans. */
export const bound = (value: Bindable): Value => (typeof value === 'boolean' ? (value ? 1 : 0) : value);

/**
 * A prepared `insert … on conflict (id) do update`, whose columns come from the record, for a table of shared records. An
 * older version never overwrites a newer one, the same one again does (a full sync mends rows by it), and a record that comes again after its tombstone lives again.
 */
export function upsert<Record extends { id: string; version: number }>(
  { sqlite }: Pick<WriterContext, 'sqlite'>,
  table: string,
  columns: { [column: string]: (record: Record) => Bindable },
): (record: Record) => boolean {
  const names = Object.keys(columns);
  const readers = Object.values(columns);
  const all = ['id', 'version', ...names];
  const statement = sqlite.prepare(
    `insert into ${table} (${all.join(', ')}) values (${all.map(() => '?').join(', ')})
     on conflict (id) do update set ${all
       .slice(1)
       .map((name) => `${name} = excluded.${name}`)
       .join(', ')}, deleted_at = null
     where excluded.version >= ${table}.version`,
  );
  const values: Value[] = new Array(all.length);
  return (record) => {
    values[0] = record.id;
    values[1] = record.version;
    for (let index = 0; index < readers.length; index += 1) values[index + 2] = bound(readers[index]!(record));
    return statement.run(values).changes > 0;
  };
}

/** Replaces the child rows of a record. */
export function children<Row>(
  { sqlite }: Pick<WriterContext, 'sqlite'>,
  table: string,
  owner: string,
  columns: { [column: string]: (row: Row) => Bindable },
): (ownerId: string, rows: readonly Row[]) => void {
  const names = Object.keys(columns);
  const readers = Object.values(columns);
  const remove = sqlite.prepare(`delete from ${table} where ${owner} = ?`);
  const insert = sqlite.prepare(
    `insert or replace into ${table} (${[owner, ...names].join(', ')}) values (${['?', ...names.map(() => '?')].join(', ')})`,
  );
  return (ownerId, rows) => {
    remove.run(ownerId);
    for (const row of rows) insert.run([ownerId, ...readers.map((read) => bound(read(row)))]);
  };
}

/** Ids of a table, read once: a reference is looked up in memory instead of in an index for each row. */
export function ids({ sqlite }: Pick<WriterContext, 'sqlite'>, table: string): { has: (id: string | null) => boolean } {
  const known = new Set(sqlite.prepare<[], string>(`select id from ${table}`).pluck().all());
  return { has: (id) => id === null || known.has(id) };
}

/** Names of the references among `checks` that point nowhere. */
export function absent(checks: { [reference: string]: boolean }): string[] {
  const names: string[] = [];
  for (const name in checks) if (!checks[name]) names.push(name);
  return names;
}

export interface FileOwner {
  document: FileReference | null;
  media: FileReference | null;
}

/** Makes a file known before the record that points at it. The city has it, where it was the city that named it. */
export function fileKnower({ sqlite, fromOffice }: Pick<WriterContext, 'sqlite' | 'fromOffice'>): (file: FileReference) => void {
  const insert = sqlite.prepare(
    fromOffice
      ? 'insert or ignore into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, ?, 0)'
      : `insert into attachments (sha256, md5, bytes, media_type, at_city) values (?, ?, ?, ?, 1)
         on conflict (sha256) do update set at_city = 1 where at_city = 0`,
  );
  return ({ sha256, md5, bytes, mediaType }) => {
    insert.run(sha256, md5, bytes, mediaType);
  };
}

/** The same for a record's document and media. */
export function fileReferences(context: Pick<WriterContext, 'sqlite' | 'fromOffice'>): (record: FileOwner) => void {
  const know = fileKnower(context);
  return ({ document, media }) => {
    if (document) know(document);
    if (media) know(media);
  };
}

export const fileColumns = {
  document_sha256: ({ document }: FileOwner) => document?.sha256 ?? null,
  document_name: ({ document }: FileOwner) => document?.name ?? null,
  media_sha256: ({ media }: FileOwner) => media?.sha256 ?? null,
  media_name: ({ media }: FileOwner) => media?.name ?? null,
};

export const termColumns = {
  academic_year: (record: { academicYear: number }) => record.academicYear,
  semester: (record: { semester: number }) => record.semester,
};
