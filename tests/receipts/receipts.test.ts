import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
beforeAll(async () => {
  trial = await openTrial();
});
afterAll(() => trial.close());

test('given records of the city and of this program, then the newest stands first and both are told apart', async () => {
  const { rows, total } = await trial.call('receipts.list', { pageSize: 1000 });
  const times = rows.map(({ receivedAt }) => String(receivedAt));
  expect(times).toEqual([...times].sort().reverse());
  const origins = new Set(rows.map(({ origin }) => origin));
  expect(origins).toEqual(new Set(['city', 'sync']));
  const city = await trial.call('receipts.list', { filter: { origin: 'city' } });
  const own = await trial.call('receipts.list', { filter: { origin: 'sync' } });
  expect(city.total + own.total).toBe(total);
  for (const row of city.rows) expect(row.rows).toBeNull();
  for (const row of own.rows) expect(Number(row.rows)).toBeGreaterThan(0);
});

test('given records not received whole, when 全部已接收 is filtered by 否, then only those are listed', async () => {
  const { rows } = await trial.call('receipts.list', { pageSize: 1000 });
  const partial = await trial.call('receipts.list', { filter: { allReceived: '否' }, pageSize: 1000 });
  expect(partial.total).toBe(rows.filter(({ allReceived }) => allReceived === 0).length);
  expect(partial.total).toBeGreaterThan(0);
});
