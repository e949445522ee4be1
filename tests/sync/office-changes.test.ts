import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { officeChange } from '../../main/features/sync/contract.ts';
import { officeRecords } from '../../main/features/sync/outbox.ts';
import { startTestCity, type TestCity } from '../support/city.ts';
import { type ConnectedOffice, connectOffice } from '../support/office.ts';
import { smallSchool } from '../support/small-school.ts';

const at = '2026-11-24T01:00:00.000Z';

describe('given a setting that the office shares with the city', () => {
  let city: TestCity;
  let office: ConnectedOffice;
  let another: ConnectedOffice;

  beforeEach(async () => {
    city = await startTestCity([
      ...smallSchool(),
      { resource: 'parameters', record: { id: 'outcomesPerTerm', value: 6 } as { id: string } },
    ]);
    office = await connectOffice(city);
    another = await connectOffice(city);
    for (const one of [office, another]) {
      await one.application.synchronise({});
      const { connectionId } = { connectionId: 'desk' };
      const signedIn = await one.application.signIn(connectionId, '999999adm', 'a password of the office');
      expect(signedIn.ok).toBe(true);
    }
  });
  afterEach(async () => {
    await office.close();
    await another.close();
    await city.close();
  });

  const set = (where: ConnectedOffice, value: number | null) =>
    where.application.foundation.write(() =>
      officeRecords(where.sqlite, { at, accountName: '999999adm', schoolCode: '999999' }).save('parameters', {
        id: 'outcomesPerTerm',
        value,
      }),
    );
  const valueIn = (where: ConnectedOffice) => where.value("select value from function_parameters where id = 'outcomesPerTerm'");
  const ask = async (where: ConnectedOffice, name: string, input: unknown) => {
    const outcome = await where.application.call({ connectionId: 'desk' }, name, input);
    if (!outcome.ok) throw new Error(outcome.error.code);
    return outcome.data;
  };
  const changesOf = async (where: ConnectedOffice) =>
    ((await ask(where, 'sync.changes', {})) as { changes: unknown[] }).changes.map((change) => officeChange.parse(change));
  const settle = (where: ConnectedOffice, choice: 'mine' | 'theirs') =>
    ask(where, 'sync.settleChange', { resource: 'parameters', recordId: 'outcomesPerTerm', choice });

  test('a change waits, is sent, and comes to the other office', async () => {
    await set(office, 50);
    expect((await changesOf(office)).map(({ state, label, fields }) => [state, label, fields])).toEqual([
      ['waiting', '學生學習成果上傳數量', [{ label: '數量', mine: '50', theirs: '6', differs: true }]],
    ]);
    expect((await office.application.synchronise({ resources: [] })).pushed).toBe(1);
    expect(await changesOf(office)).toEqual([]);
    await another.application.synchronise({});
    expect(valueIn(another)).toBe(50);
  });

  test('changed on both sides, the second is shown both versions and its own is kept until it chooses', async () => {
    await set(office, 50);
    await set(another, 9);
    await office.application.synchronise({});
    await another.application.synchronise({});
    expect(valueIn(another)).toBe(9);
    expect((await changesOf(another)).map(({ state, fields }) => [state, fields[0]])).toEqual([
      ['conflict', { label: '數量', mine: '9', theirs: '50', differs: true }],
    ]);
    expect(await ask(another, 'sync.overview', {})).toMatchObject({ waiting: 0, disputed: 1 });
    await settle(another, 'mine');
    expect(await ask(another, 'sync.overview', {})).toMatchObject({ waiting: 1, disputed: 0 });
    await another.application.synchronise({});
    expect(await changesOf(another)).toEqual([]);
    await office.application.synchronise({});
    expect([valueIn(office), valueIn(another)]).toEqual([9, 9]);
  });

  test('choosing the city’s takes it over and sends nothing more', async () => {
    await set(office, 50);
    await set(another, 9);
    await set(another, 10);
    await office.application.synchronise({});
    await another.application.synchronise({});
    await settle(another, 'theirs');
    expect(valueIn(another)).toBe(50);
    expect((await another.application.synchronise({})).pushed).toBe(0);
    expect(await changesOf(another)).toEqual([]);
    await expect(settle(another, 'theirs')).rejects.toThrow('sync.changeUnknown');
  });

  test('a refused change can be taken back to what was before', async () => {
    await set(office, 50);
    office.sqlite.prepare(`update outbox set data = '{"value":"many"}'`).run();
    await office.application.synchronise({});
    const [refused] = await changesOf(office);
    expect(refused).toMatchObject({ state: 'refused', refusal: '資料格式不正確：value' });
    await settle(office, 'theirs');
    expect(valueIn(office)).toBe(6);
    expect(await changesOf(office)).toEqual([]);
  });

  test('a record deleted here and changed there: both sides are shown, and either can win', async () => {
    const remove = () =>
      another.application.foundation.write(() =>
        officeRecords(another.sqlite, { at, accountName: '999999adm', schoolCode: '999999' }).remove('parameters', 'outcomesPerTerm'),
      );
    await set(office, 50);
    await remove();
    await office.application.synchronise({});
    await another.application.synchronise({});
    expect((await changesOf(another)).map(({ operation, state, fields }) => [operation, state, fields[0]])).toEqual([
      ['delete', 'conflict', { label: '數量', mine: null, theirs: '50', differs: true }],
    ]);
    await settle(another, 'mine');
    await another.application.synchronise({});
    await office.application.synchronise({});
    expect(office.value("select deleted_at is not null from function_parameters where id = 'outcomesPerTerm'")).toBe(1);
  });
});
