import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Application, createApplication } from '../../main/application/application.ts';
import { type RecordOf, type ResourceName, resourceNames } from '../../main/central/resources.ts';
import { makeBackup } from '../../main/features/backup/make.ts';
import { prepareRestore } from '../../main/features/backup/restore.ts';
import { resourceTables } from '../../main/features/sync/records/index.ts';
import { officeResources, recordReader } from '../../main/features/sync/records/reading.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { temporaryFolder, testMasterKey } from '../support/directories.ts';
import { outcome, smallSchool, student } from '../support/small-school.ts';
import { contextOf } from './support.ts';

const folder = temporaryFolder('restore-sync');
afterAll(folder.remove);

let city: TestCity;
let directory: string;
let application: Application;

const openOffice = () => createApplication({ dataDirectory: directory, masterKey: testMasterKey, schedule: false });
const call = async (name: string, input: unknown) => {
  const outcome = await application.call({ connectionId: 'desk' }, name, input);
  if (!outcome.ok) throw new Error(outcome.error.code);
  return outcome.data;
};
const signIn = async () => expect((await application.signIn('desk', '999999adm', 'a password of the office')).ok).toBe(true);
const value = (sql: string, ...parameters: string[]) =>
  application.foundation.connection.sqlite
    .prepare(sql)
    .pluck()
    .get(...parameters);

beforeEach(async () => {
  const parameters = { resource: 'parameters', record: { id: 'outcomesPerTerm', value: 6 } as { id: string } } as const;
  city = await startTestCity([...smallSchool(), outcome('o1', 's1'), parameters]);
  directory = join(folder.path, `office-${Math.random()}`);
  application = await openOffice();
  await call('sync.connect', { ...city.address, firstPassword: 'a password of the office' });
  await signIn();
  await application.synchronise({});
});
afterEach(async () => {
  await application.close();
  await city.close();
});

type Listed = { id: string; version: number; deleted: boolean } & Record<string, unknown>;
const recordsOfCity = (resource: ResourceName) => JSON.parse(`[${city.store.page(resource, 0, 100_000, false).items}]`) as Listed[];

/** Record for record: what the city has is here in the same version, with the same content where the office can say it, and nothing else. */
function expectAgreement(): void {
  const { sqlite } = application.foundation.connection;
  for (const resource of resourceNames) {
    const { table } = resourceTables[resource];
    const theirs = recordsOfCity(resource);
    const here = sqlite
      .prepare<[], { id: string; version: number; deleted: number }>(
        `select id, version, deleted_at is not null as deleted from ${table} ${table === 'receive_records' ? "where origin = 'city'" : ''}`,
      )
      .all();
    // Terms come from the classes too, without the city having a record of them.
    const known = here.filter(({ version }) => version > 0);
    const plain = (records: readonly { id: string; version: number; deleted: unknown }[]) =>
      records.map(({ id, version, deleted }) => `${id} ${version} ${Boolean(deleted)}`).sort();
    expect([resource, plain(known)]).toEqual([resource, plain(theirs)]);
    if (!(officeResources as readonly string[]).includes(resource)) continue;
    for (const record of theirs.filter(({ deleted }) => !deleted)) {
      expect(recordReader(sqlite).read(resource as (typeof officeResources)[number], record.id)).toEqual(
        record as unknown as RecordOf<'parameters'>,
      );
    }
  }
}

const changeAtCity = (resource: ResourceName, id: string, data: Record<string, unknown>) => {
  const [fate] = city.store.change([
    {
      idempotencyKey: `${resource}-${id}-${Math.random()}`,
      resource,
      id,
      baseVersion: recordsOfCity(resource).find((record) => record.id === id)?.version ?? 0,
      operation: recordsOfCity(resource).some((record) => record.id === id) ? 'update' : 'create',
      data,
    },
  ]);
  expect(fate).toMatchObject({ outcome: 'accepted' });
};

describe('given changes before and after a backup, sent and not', () => {
  test('when it is restored and synchronised, then city and school agree, and nothing was taken twice', async () => {
    // Before: one group is at the city; a parameter, a group and a file wait.
    const { id: settled } = (await call('selfStudy.createGroup', { kind: 'subject', name: '已送出' })) as { id: string };
    await application.synchronise({});
    const { attachments, write, connection } = application.foundation;
    const content = Buffer.from('%PDF-1.4 brought by an import');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { md5, bytes } = attachments.put(content);
    await write(() => {
      connection.sqlite
        .prepare("insert into attachments (sha256, md5, bytes, media_type) values (?, ?, ?, 'application/pdf')")
        .run(sha256, md5, bytes);
      connection.sqlite.prepare("insert into file_outbox (sha256, created_at) values (?, '2026-11-24T00:00:00Z')").run(sha256);
    });
    const { id: waiting } = (await call('selfStudy.createGroup', { kind: 'subject', name: '備份時待送' })) as { id: string };
    await call('selfStudy.changeMembers', { groupId: waiting, add: ['t1', 't2'], remove: [] });
    const made = await makeBackup(contextOf(directory), { reason: 'manual', accountName: '999999adm' });

    // After: what waited is sent, more is made and sent, the city changes too, and the last change never leaves.
    expect((await application.synchronise({})).pushed).toBe(2);
    await call('selfStudy.renameGroup', { id: settled, name: '備份後改名' });
    await call('selfStudy.renameGroup', { id: waiting, name: '備份後也改名' });
    const { id: later } = (await call('selfStudy.createGroup', { kind: 'custom', name: '備份後新增' })) as { id: string };
    await application.synchronise({});
    const { id: gone, ...other } = student(9).record as { id: string } & Record<string, unknown>;
    changeAtCity('students', gone, other);
    const { id, ...first } = student(1, { name: '改名的學生' }).record as { id: string } & Record<string, unknown>;
    changeAtCity('students', id, first);
    await application.synchronise({});
    await call('selfStudy.createGroup', { kind: 'custom', name: '沒有送出' });
    const cityBefore = resourceNames.map((resource) => [resource, city.store.latest(resource)]);

    await prepareRestore(contextOf(directory), {
      path: made.path,
      unlocking: { masterKey: testMasterKey, schoolCode: '999999' },
      accountName: '999999adm',
    });
    await application.close();
    application = await openOffice();
    await signIn();
    expect(value("select count(*) from outbox where state = 'waiting'")).toBe(2);
    expect(value('select count(*) from file_outbox')).toBe(1);
    expect(value('select name from certifier_groups where id = ?', later)).toBeUndefined();

    const { pushed, pending } = await application.synchronise({});
    expect([pushed, pending]).toEqual([2, 0]);
    // The city knew what was sent again: no record of it has another version.
    expect(resourceNames.map((resource) => [resource, city.store.latest(resource)])).toEqual(cityBefore);
    expectAgreement();
    expect(value('select name from certifier_groups where id = ?', later)).toBe('備份後新增');
    expect(value('select name from certifier_groups where id = ?', waiting)).toBe('備份後也改名');
    expect(value('select count(*) from certifier_group_members where certifier_group_id = ?', waiting)).toBe(2);
    expect(value("select count(*) from certifier_groups where name = '沒有送出'")).toBe(0);
    expect(value('select name from students where id = ?', id)).toBe('改名的學生');
    expect(value('select at_city from attachments where sha256 = ?', sha256)).toBe(1);
    expect(value("select count(*) from outbox where state <> 'accepted'")).toBe(0);
    const again = await application.synchronise({});
    expect([again.pushed, again.resources.reduce((sum, { upserted }) => sum + upserted, 0)]).toEqual([0, 0]);
  });

  test('when the city went on from a change that waited in the backup, then the newer version stands', async () => {
    await call('selfStudy.createGroup', { kind: 'subject', name: '甲' });
    const made = await makeBackup(contextOf(directory), { reason: 'manual', accountName: '999999adm' });
    await application.synchronise({});
    const [group] = recordsOfCity('certifier-groups');
    const { id, version: _version, deleted: _deleted, ...data } = group!;
    changeAtCity('certifier-groups', id, { ...data, name: '市級系統改過' });
    await prepareRestore(contextOf(directory), { path: made.path, unlocking: { masterKey: testMasterKey }, accountName: '-' });
    await application.close();
    application = await openOffice();
    await application.synchronise({});
    // Accepted at the time, known again; then the city's newer version came with the pull.
    expect(value('select name from certifier_groups where id = ?', id)).toBe('市級系統改過');
    expect(value("select count(*) from outbox where state = 'accepted'")).toBe(1);
    expectAgreement();
  });
});
