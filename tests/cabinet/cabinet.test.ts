import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { byteRange } from '../../main/platform/byte-range.ts';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
beforeEach(async () => {
  trial = await openTrial();
});
afterEach(() => trial.close());

const sqlite = () => trial.application.foundation.connection.sqlite;
/** The student who has one of everything. */
const exemplary = () =>
  sqlite()
    .prepare(
      `select o.student_id from learning_outcomes o where o.document_sha256 is not null
       and exists (select 1 from diverse_performances p where p.student_id = o.student_id and p.media_sha256 is not null)
       group by o.student_id order by count(*) desc limit 1`,
    )
    .pluck()
    .get() as string;
const open = (kind: 'outcome' | 'performance', recordId: string, slot: 'document' | 'media') =>
  trial.runJob('cabinet.openFile', { kind, recordId, slot });

describe('學習歷程檔案櫃', () => {
  test('has every section with as many records as the tables, the identity masked until it is asked for', async () => {
    const studentId = exemplary();
    const cabinet = await trial.call('cabinet.read', { studentId });
    const count = (table: string) =>
      sqlite().prepare(`select count(*) from ${table} where student_id = ? and deleted_at is null`).pluck().get(studentId);
    expect(cabinet.learningOutcomes).toHaveLength(count('learning_outcomes') as number);
    expect(cabinet.performances).toHaveLength(count('diverse_performances') as number);
    expect(cabinet.cadres).toHaveLength(count('cadres') as number);
    expect(cabinet.courseRecords).toHaveLength(count('course_records') as number);
    expect(cabinet.enrollments.length).toBeGreaterThan(0);
    expect(cabinet.student.identity).toMatch(/^[A-Z].\*{4}\d{4}$/);
    const { identity } = await trial.call('cabinet.revealIdentity', { studentId });
    expect(identity).toMatch(/^[A-Z]\w\d{8}$/);
    const audited = sqlite()
      .prepare("select action, student_ids as ids from audit_entries where operation like 'cabinet.%' order by sequence")
      .all();
    expect(audited).toEqual([
      { action: 'view', ids: JSON.stringify([studentId]) },
      { action: 'reveal', ids: JSON.stringify([studentId]) },
    ]);
  });

  test('by 學號 it is the same student, and an unknown one is refused', async () => {
    const studentId = exemplary();
    const byId = await trial.call('cabinet.read', { studentId });
    expect(await trial.call('cabinet.read', { studentNumber: byId.student.studentNumber })).toEqual(byId);
    await expect(trial.call('cabinet.read', { studentId: 'nobody' })).rejects.toMatchObject({ code: 'student.unknown' });
  });

  test('every file of a record is known with its size, its kind and whether it is damaged', async () => {
    const damaged = sqlite().prepare('select id from damaged_files').pluck().all() as string[];
    const studentId = sqlite()
      .prepare('select student_id from learning_outcomes where document_sha256 = ?')
      .pluck()
      .get(damaged[0]!) as string;
    const { files, learningOutcomes, performances } = await trial.call('cabinet.read', { studentId });
    const named = [...learningOutcomes, ...performances].flatMap((record) => [record.documentSha256, record.mediaSha256]).filter(Boolean);
    for (const sha256 of named)
      expect(files[String(sha256)]).toMatchObject({ bytes: expect.any(Number), mediaType: expect.stringMatching(/\//) });
    expect(files[damaged[0]!]!.damaged).toBe(true);
  });
});

describe('a record’s file', () => {
  test('is fetched from the city when it is opened, and read piece by piece out of the store, never from a path', async () => {
    const { id, sha256 } = sqlite()
      .prepare('select id, media_sha256 as sha256 from diverse_performances where media_sha256 is not null limit 1')
      .get() as { id: string; sha256: string };
    const { attachments } = trial.application.foundation;
    expect(attachments.has(sha256)).toBe(false);
    const { file } = await open('performance', id, 'media');
    const { files } = trial.application;
    expect(files.outgoing(file.token)).toMatchObject({ path: null, bytes: file.bytes });
    expect(() => files.outgoingPath(file.token)).toThrow();
    const whole = attachments.read(sha256);
    expect(whole.byteLength).toBe(file.bytes);
    expect(Buffer.from(files.readOutgoing(file.token, 0, file.bytes)).equals(whole)).toBe(true);
    const middle = Math.floor(file.bytes / 2);
    expect(Buffer.from(files.readOutgoing(file.token, middle, 100)).equals(whole.subarray(middle, middle + 100))).toBe(true);
    expect(files.readOutgoing(file.token, file.bytes, 10).byteLength).toBe(0);
  });

  test('a record without one, and one that rotted, are refused with what to do', async () => {
    const { id, sha256 } = sqlite()
      .prepare(
        'select id, document_sha256 as sha256 from learning_outcomes where media_sha256 is null and document_sha256 is not null limit 1',
      )
      .get() as { id: string; sha256: string };
    await expect(open('outcome', id, 'media')).rejects.toMatchObject({ code: 'cabinet.noFile' });
    await open('outcome', id, 'document');
    trial.application.foundation.attachments.sqlite.prepare('update chunks set content = zeroblob(10) where sha256 = ?').run(sha256);
    await expect(open('outcome', id, 'document')).rejects.toMatchObject({ code: 'attachment.damaged' });
  });

  test('opened again and again, only the newest offers are kept', async () => {
    const { files } = trial.application;
    const content = { bytes: 1, read: () => new Uint8Array(1) };
    const first = files.offerContent(content, 'a.pdf', 'application/pdf');
    for (let count = 0; count < 200; count += 1) files.offerContent(content, 'b.pdf', 'application/pdf');
    expect(() => files.outgoing(first.token)).toThrow(expect.objectContaining({ code: 'file.unknown' }));
  });
});

test('a Range header is one stretch, the whole file, or outside it', () => {
  expect(byteRange(undefined, 100)).toBeNull();
  expect(byteRange('bytes=0-', 100)).toEqual({ start: 0, end: 99 });
  expect(byteRange('bytes=10-19', 100)).toEqual({ start: 10, end: 19 });
  expect(byteRange('bytes=90-500', 100)).toEqual({ start: 90, end: 99 });
  expect(byteRange('bytes=-10', 100)).toEqual({ start: 90, end: 99 });
  expect(byteRange('bytes=100-', 100)).toBe('outside');
  expect(byteRange('bytes=20-10', 100)).toBe('outside');
  expect(byteRange('bytes=-0', 100)).toBe('outside');
  expect(byteRange('bytes=0-1,5-6', 100)).toBeNull();
  expect(byteRange('items=0-1', 100)).toBeNull();
});
