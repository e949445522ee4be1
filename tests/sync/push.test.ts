import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '../../main/central/embedded/answer.ts';
import type { DraftOf } from '../../main/central/resources.ts';
import { type OfficeRecords, officeRecords } from '../../main/features/sync/outbox.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { type ConnectedOffice, connectOffice } from '../support/office.ts';
import { cadre, outcome, smallSchool } from '../support/small-school.ts';

describe('given changes of the office that wait for the city', () => {
  let city: TestCity;
  let office: ConnectedOffice;
  let sequence = 0;
  /** The city takes changes, and what it answers does not arrive. */
  let lostAnswers = false;

  beforeEach(async () => {
    sequence = 0;
    lostAnswers = false;
    city = await startTestCity([...smallSchool(), outcome('o1', 's1')], {
      intervene: (request, answer) => (lostAnswers && request.url?.endsWith('/changes') ? problem(400, 'request.invalid') : answer),
    });
    office = await connectOffice(city);
    await office.application.synchronise({});
  });
  afterEach(async () => {
    await office.close();
    await city.close();
  });

  const enqueue = (key: string, resource: string, id: string, baseVersion: number, operation: string, data: object) => {
    sequence += 1;
    office.sqlite
      .prepare(
        `insert into outbox (idempotency_key, sequence, resource, record_id, base_version, operation, data, created_at, created_by, state)
         values (?, ?, ?, ?, ?, ?, ?, '2026-11-24T00:00:00Z', '999999adm', 'waiting')`,
      )
      .run(key, sequence, resource, id, baseVersion, operation, JSON.stringify(data));
  };
  const stateOf = (key: string) => office.value('select state from outbox where idempotency_key = ?', key);

  test('they are accepted, met by a conflict or refused, and the answers are kept', async () => {
    const { id: _cadre, ...made } = cadre('k1', 's1').record as { id: string } & Record<string, unknown>;
    const { id: _outcome, ...edited } = outcome('o1', 's1', { summary: '校正' }).record as { id: string } & Record<string, unknown>;
    const version = office.value("select version from learning_outcomes where id = 'o1'") as number;
    enqueue('create-cadre', 'cadres', 'k1', 0, 'create', made);
    enqueue('edit-outcome', 'outcomes', 'o1', version, 'update', edited);
    enqueue('edit-outcome-again', 'outcomes', 'o1', version, 'update', { ...edited, summary: '再校正' });
    enqueue('stale-student', 'students', 's1', 1, 'update', {});
    enqueue('broken-cadre', 'cadres', 'k2', 0, 'create', { studentId: 's1' });
    const result = await office.application.synchronise({});
    expect([result.pushed, result.pending]).toEqual([3, 0]);
    expect(['create-cadre', 'edit-outcome', 'edit-outcome-again', 'stale-student', 'broken-cadre'].map(stateOf)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'conflict',
      'refused',
    ]);
    expect(JSON.parse(office.value("select answer from outbox where idempotency_key = 'stale-student'") as string)).toMatchObject({
      id: 's1',
    });
    expect(office.value("select summary from learning_outcomes where id = 'o1'")).toBe('再校正');
    expect(office.value("select unit_name from cadres where id = 'k1'")).toBe('班聯會');
    const again = await office.application.synchronise({});
    expect(again.pushed).toBe(0);
  });

  test('a file an import brought is put before the record that needs it, and may be fetched again', async () => {
    const content = Buffer.from('%PDF-1.4 brought by an import');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { foundation } = office.application;
    const { md5, bytes } = foundation.attachments.put(content);
    await foundation.write(() => {
      office.sqlite
        .prepare("insert into attachments (sha256, md5, bytes, media_type) values (?, ?, ?, 'application/pdf')")
        .run(sha256, md5, bytes);
      office.sqlite.prepare("insert into file_outbox (sha256, created_at) values (?, '2026-11-24T00:00:00Z')").run(sha256);
    });
    await office.application.synchronise({});
    expect(office.value('select count(*) from file_outbox')).toBe(0);
    expect(office.value('select at_city from attachments where sha256 = ?', sha256)).toBe(1);
    expect(city.store.file(sha256)).toMatchObject({ content, mediaType: 'application/pdf' });

    foundation.attachments.remove(sha256);
    const other = Buffer.alloc(600_000, 7);
    const otherHash = createHash('sha256').update(other).digest('hex');
    city.store.putFile(otherHash, 'image/png', other);
    await office.application.fetchFiles([sha256, otherHash, sha256], { signal: new AbortController().signal });
    expect(foundation.attachments.read(sha256).equals(content)).toBe(true);
    expect(foundation.attachments.read(otherHash).equals(other)).toBe(true);
  });

  test('what never went out is withdrawn when it is taken back; what may be there, and its answer lost, is deleted there', async () => {
    const { id: cadreId, ...made } = cadre('k1', 's1').record as { id: string } & Record<string, unknown>;
    const desk = () => officeRecords(office.sqlite, { at: '2026-11-24T01:00:00.000Z', accountName: '999999adm', schoolCode: '999999' });
    const change = <Result>(work: (records: OfficeRecords) => Result) => office.application.foundation.write(() => work(desk()));
    const save = () => change((records) => records.save('cadres', { ...made, id: cadreId } as DraftOf<'cadres'>));
    const atCity = () => city.store.page('cadres', 0, 10, false).items;

    const unsent = await save();
    expect(await change((records) => records.takeBack(unsent))).toBe('withdrawn');
    expect(office.value("select count(*) from cadres where id = 'k1'")).toBe(0);
    expect((await office.application.synchronise({ resources: [] })).pushed).toBe(0);
    expect(atCity()).toBe('');

    const sent = await save();
    lostAnswers = true;
    await expect(office.application.synchronise({ resources: [] })).rejects.toThrow();
    lostAnswers = false;
    expect([stateOf(sent), atCity()]).toEqual(['waiting', expect.stringContaining('班聯會')]);
    expect(await change((records) => records.takeBack(sent))).toBe('told');
    expect(office.value("select deleted_at is not null from cadres where id = 'k1'")).toBe(1);
    await office.application.synchronise({});
    await office.application.synchronise({});
    expect(JSON.parse(atCity())).toMatchObject({ id: 'k1', deleted: true });
    expect(office.value("select count(*) from outbox where state not in ('accepted', 'withdrawn')")).toBe(0);

    const edited = await change((records) => {
      const { version: _version, deleted: _deleted, ...record } = records.read('outcomes', 'o1')!;
      return records.save('outcomes', { ...record, summary: '改過' });
    });
    expect(await change((records) => records.takeBack(edited))).toBe('withdrawn');
    expect(office.value("select summary from learning_outcomes where id = 'o1'")).toBe('');
  });
});
