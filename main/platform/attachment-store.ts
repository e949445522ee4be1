import { hash } from 'node:crypto';
import { type OpenOptions, openSqlite, type Sqlite } from '../../db/sqlite.ts';
import { type Arrivals, arrivalsOf, arrivalTables, presentFiles } from './arrivals.ts';
import { ApplicationError } from './errors.ts';

/** Bytes of one chunk. A file is at most 10 MB, so at most 40 of them. */
export const chunkBytes = 256 * 1024;

/** Eight times SQLite's usual page: files of megabytes are written 1.7 and read 1.8 times as fast (measured, ChaCha20). */
const pageBytes = 32 * 1024;

export interface StoredFile {
  sha256: string;
  md5: string;
  bytes: number;
}

/**
 * The second encrypted database: files by their SHA-256, in chunks that can be streamed. The same bytes once; a file
 * is there whole or not at all, since its chunks come in one transaction.
 */
export interface AttachmentStore {
  /** For questions about all files there is `present_files`, which leaves out those still arriving. */
  sqlite: Sqlite;
  has: (sha256: string) => boolean;
  /** Puts a file in for good; the same again does nothing. Call with the write lease. */
  put: (content: Uint8Array) => StoredFile;
  /** Files that come in before it is known whether they stay. */
  arrivals: Arrivals;
  /** @throws `attachment.missing` */
  size: (sha256: string) => number;
  /** The chunks in order, from byte `start` on. @throws `attachment.missing` */
  chunks: (sha256: string, start?: number) => Generator<Buffer>;
  /** Bytes from the middle, for whoever shows or plays it. @throws `attachment.missing` */
  slice: (sha256: string, start: number, length: number) => Buffer;
  /** The whole file, its hash checked. @throws `attachment.missing`, `attachment.damaged` */
  read: (sha256: string) => Buffer;
  remove: (sha256: string) => void;
  close: () => void;
}

const missing = (sha256: string) => new ApplicationError('attachment.missing', '這個檔案還沒有下載到本機，請連線後再試一次。', { sha256 });

export function openAttachmentStore(path: string, options: OpenOptions): AttachmentStore {
  const sqlite = openSqlite(path, { ...options, pageSize: pageBytes });
  if (!options.readonly) {
    sqlite.exec(`
      CREATE TABLE IF NOT EXISTS files (sha256 TEXT PRIMARY KEY NOT NULL, md5 TEXT NOT NULL, bytes INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS chunks (
        sha256 TEXT NOT NULL REFERENCES files (sha256) ON DELETE CASCADE, position INTEGER NOT NULL, content BLOB NOT NULL,
        PRIMARY KEY (sha256, position)) STRICT;
      ${arrivalTables}`);
  }
  // Only read, one of an earlier version has no arrivals, and all its files are present.
  const knowsArrivals = sqlite.prepare("select 1 from sqlite_schema where name = 'arriving'").get() !== undefined;
  sqlite.exec(`CREATE TEMP VIEW present_files AS ${knowsArrivals ? presentFiles : 'SELECT * FROM files'}`);
  // What is removed is as unreadable without the key as what stays: nothing is gained by writing zeros over it, which takes ten times as long.
  sqlite.pragma('secure_delete=FAST');
  const find = sqlite.prepare<[string], { md5: string; bytes: number }>('select md5, bytes from present_files where sha256 = ?');
  const prepareToWrite = (sql: string) => (options.readonly ? null : sqlite.prepare(sql));
  const insertFile = prepareToWrite('insert or ignore into files values (?, ?, ?)');
  const insertChunk = prepareToWrite('insert into chunks values (?, ?, ?)');
  const releaseClaims = prepareToWrite('delete from arriving where sha256 = ?');
  const selectChunk = sqlite.prepare<[string, number], { content: Buffer }>('select content from chunks where sha256 = ? and position = ?');

  const insert = (file: StoredFile, content: Uint8Array) => {
    if (insertFile!.run(file.sha256, file.md5, file.bytes).changes === 0) return false;
    for (let start = 0, position = 0; start < content.byteLength; start += chunkBytes, position += 1) {
      insertChunk!.run(file.sha256, position, content.subarray(start, start + chunkBytes));
    }
    return true;
  };
  const putForGood = sqlite.transaction((file: StoredFile, content: Uint8Array) => {
    if (!insert(file, content)) releaseClaims!.run(file.sha256);
  });
  let arrivals: Arrivals | undefined;

  const store: AttachmentStore = {
    sqlite,
    get arrivals() {
      arrivals ??= arrivalsOf(sqlite, insert);
      return arrivals;
    },
    has: (sha256) => find.get(sha256) !== undefined,
    put: (content) => {
      const file = { sha256: hash('sha256', content), md5: hash('md5', content), bytes: content.byteLength };
      putForGood(file, content);
      return file;
    },
    size: (sha256) => {
      const file = find.get(sha256);
      if (!file) throw missing(sha256);
      return file.bytes;
    },
    chunks: function* (sha256, start = 0) {
      const total = store.size(sha256);
      for (let position = Math.floor(start / chunkBytes); position * chunkBytes < total; position += 1) {
        const chunk = selectChunk.get(sha256, position);
        if (!chunk) throw missing(sha256);
        const skip = Math.max(0, start - position * chunkBytes);
        yield skip > 0 ? chunk.content.subarray(skip) : chunk.content;
      }
    },
    slice: (sha256, start, length) => {
      const pieces: Buffer[] = [];
      let left = Math.min(length, store.size(sha256) - start);
      if (left <= 0) return Buffer.alloc(0);
      for (const chunk of store.chunks(sha256, start)) {
        pieces.push(chunk.subarray(0, left));
        left -= chunk.byteLength;
        if (left <= 0) break;
      }
      return Buffer.concat(pieces);
    },
    read: (sha256) => {
      const content = Buffer.concat([...store.chunks(sha256)]);
      if (hash('sha256', content) !== sha256) {
        throw new ApplicationError('attachment.damaged', '本機保存的檔案已毀損，將於下次同步時重新下載。', { sha256 });
      }
      return content;
    },
    remove: (sha256) => {
      sqlite.prepare('delete from files where sha256 = ?').run(sha256);
    },
    close: () => sqlite.close(),
  };
  return store;
}
