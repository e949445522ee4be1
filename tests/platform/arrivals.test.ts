import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../db/sqlite.ts';
import type { ArrivingFile } from '../../main/platform/arrivals.ts';
import { type AttachmentStore, openAttachmentStore } from '../../main/platform/attachment-store.ts';

const key = new Uint8Array(32).fill(4);
let folder: string;
let store: AttachmentStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arrivals-'));
  store = openAttachmentStore(join(folder, 'attachments.db'), { key });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const fileOf = (text: string): ArrivingFile => {
  const content = Buffer.from(text);
  return { sha256: hash('sha256', content), md5: hash('md5', content), bytes: content.byteLength, content };
};
const [outcome, performance, other] = ['課程學習成果', '多元表現', '別的'].map(fileOf) as [ArrivingFile, ArrivingFile, ArrivingFile];
const rows = (table: string) => store.sqlite.prepare(`select count(*) from ${table}`).pluck().get();
const settle = (id: string, used: readonly ArrivingFile[] = []) => {
  while (store.arrivals.settleSome(id, (sha256) => used.some((file) => file.sha256 === sha256)));
};
const begin = (id: string, ...files: ArrivingFile[]) => {
  store.arrivals.begin(id);
  store.arrivals.put(id, files);
};

describe('files on their way in', () => {
  it('are not there for anyone until their arrival is shown', () => {
    begin('import', outcome, performance);
    expect(store.has(outcome.sha256)).toBe(false);
    expect(() => store.read(outcome.sha256)).toThrow(expect.objectContaining({ code: 'attachment.missing' }));
    expect(rows('present_files')).toBe(0);
    store.arrivals.show('import');
    expect(store.read(outcome.sha256).equals(outcome.content)).toBe(true);
    expect(rows('present_files')).toBe(2);
  });

  it('go with everything of them when the arrival was never shown, used or not', () => {
    begin('import', outcome, performance);
    expect(store.arrivals.open()).toEqual([{ id: 'import', processId: process.pid }]);
    settle('import', [outcome]);
    expect(['files', 'chunks', 'arriving', 'arrivals'].map(rows)).toEqual([0, 0, 0, 0]);
  });

  it('stay where something uses them once the arrival was shown, and go where nothing does', () => {
    begin('import', outcome, performance);
    store.arrivals.show('import');
    settle('import', [outcome]);
    expect([outcome, performance].map(({ sha256 }) => store.has(sha256))).toEqual([true, false]);
    expect(['files', 'chunks', 'arriving', 'arrivals'].map(rows)).toEqual([1, 1, 0, 0]);
  });

  it('are never taken from a store that had them before, nor from one that was given them meanwhile', () => {
    store.put(outcome.content);
    begin('import', outcome, performance, other);
    expect(rows('arriving')).toBe(2);
    store.put(performance.content);
    expect(store.has(performance.sha256)).toBe(true);
    settle('import');
    expect([outcome, performance, other].map(({ sha256 }) => store.has(sha256))).toEqual([true, true, false]);
  });

  it('stay for the other arrival that brings the same, whichever ends first', () => {
    begin('first', outcome);
    begin('second', outcome);
    settle('first');
    expect([rows('files'), store.has(outcome.sha256)]).toEqual([1, false]);
    store.arrivals.show('second');
    settle('second', [outcome]);
    expect(store.has(outcome.sha256)).toBe(true);

    begin('third', other);
    begin('fourth', other);
    store.arrivals.show('third');
    settle('third', [other]);
    settle('fourth');
    expect(store.has(other.sha256)).toBe(true);
  });

  it('are settled in pieces, so that nobody waits for all of them', () => {
    const many = Array.from({ length: 450 }, (_, index) => fileOf(`檔案${index}`));
    begin('import', ...many);
    let pieces = 1;
    while (store.arrivals.settleSome('import', () => false)) pieces += 1;
    expect(pieces).toBe(3);
    expect(rows('files')).toBe(0);
  });

  it('and a store of an earlier version, only read, has all its files', () => {
    const path = join(folder, 'earlier.db');
    const sqlite = openSqlite(path, { key });
    sqlite.exec(`CREATE TABLE files (sha256 TEXT PRIMARY KEY NOT NULL, md5 TEXT NOT NULL, bytes INTEGER NOT NULL) STRICT;
      CREATE TABLE chunks (sha256 TEXT NOT NULL, position INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (sha256, position)) STRICT;`);
    sqlite.prepare('insert into files values (?, ?, ?)').run(outcome.sha256, outcome.md5, outcome.bytes);
    sqlite.prepare('insert into chunks values (?, 0, ?)').run(outcome.sha256, outcome.content);
    sqlite.close();
    const earlier = openAttachmentStore(path, { key, readonly: true });
    expect(earlier.read(outcome.sha256).equals(outcome.content)).toBe(true);
    earlier.close();
  });
});
