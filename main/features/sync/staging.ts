import { rmSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { openSqlite, type Sqlite } from '../../../db/sqlite.ts';
import type { ReceivedPage } from '../../central/client.ts';
import type { ResourceName } from '../../central/resources.ts';

/** A record of a page that cannot be used, by its id (or place, where it has none), and why. */
export interface RecordProblem {
  id: string;
  /** Paths and rules only, no values. */
  message: string;
}

export interface StagedPage {
  fromCursor: string;
  nextCursor: string;
  hasMore: boolean;
  count: number;
  /** Tombstones among them. */
  deleted: number;
  /** As they came over the line. */
  bytes: number;
  problems: readonly RecordProblem[];
}

/**
 * What was received and checked but not applied yet, in an encrypted file of its own. A killed run goes on behind the
 * last page here. Losing the file costs another download, nothing else.
 */
export interface Staging {
  /** Pages of a resource that go on from `cursor`; pages of any other beginning are thrown away. */
  pages: (resource: ResourceName, cursor: string) => StagedPage[];
  add: (resource: ResourceName, received: ReceivedPage, page: StagedPage) => void;
  /** Items of the page at a position, parsed. */
  items: (resource: ResourceName, position: number) => unknown[];
  clear: (resource: ResourceName) => void;
  close: () => void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS staged_pages (
    resource TEXT NOT NULL, position INTEGER NOT NULL, page TEXT NOT NULL, gzipped INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (resource, position)) STRICT;`;

function openFile(path: string, key: Uint8Array): Sqlite {
  try {
    return openSqlite(path, { key });
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') throw error;
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return openSqlite(path, { key });
  }
}

export function openStaging(path: string, key: Uint8Array): Staging {
  const sqlite = openFile(path, key);
  // A page lost to a power cut is fetched again.
  sqlite.pragma('synchronous=NORMAL');
  // The city sends more of a student than is kept: nothing of it stays in the pages of what was applied.
  sqlite.pragma('secure_delete=ON');
  sqlite.exec(schema);
  const select = sqlite.prepare<[string], string>('select page from staged_pages where resource = ? order by position').pluck();
  const body = sqlite.prepare<[string, number], { gzipped: number; body: Buffer }>(
    'select gzipped, body from staged_pages where resource = ? and position = ?',
  );
  const insert = sqlite.prepare(
    `insert into staged_pages (resource, position, page, gzipped, body)
     values (@resource, (select coalesce(max(position), -1) + 1 from staged_pages where resource = @resource), @page, @gzipped, @body)`,
  );
  const clear = sqlite.prepare('delete from staged_pages where resource = ?');
  return {
    pages: (resource, cursor) => {
      const pages = select.all(resource).map((page) => JSON.parse(page) as StagedPage);
      if (pages.length === 0 || pages[0]!.fromCursor === cursor) return pages;
      clear.run(resource);
      return [];
    },
    add: (resource, received, page) => {
      insert.run({ resource, page: JSON.stringify(page), gzipped: received.gzipped ? 1 : 0, body: received.body });
    },
    items: (resource, position) => {
      const staged = body.get(resource, position)!;
      const text = (staged.gzipped ? gunzipSync(staged.body) : staged.body).toString('utf8');
      return (JSON.parse(text) as { items: unknown[] }).items;
    },
    clear: (resource) => {
      clear.run(resource);
    },
    close: () => sqlite.close(),
  };
}
