import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTrial, type Trial } from '../support/trial.ts';

let trial: Trial;
beforeEach(async () => {
  trial = await openTrial();
});
afterEach(() => trial.close());

const state = () => trial.call('terms.state', {});
const offered = async () => (await trial.call('terms.offered', {})).terms.map(({ academicYear, semester }) => `${academicYear}${semester}`);

test('until one is set, the day decides the current term', async () => {
  const { byDate, current, today } = await state();
  expect(byDate).toBe(true);
  expect(current).toEqual(today);
  const { rows } = await trial.call('terms.list', { pageSize: 100 });
  expect(rows.filter((row) => row.current === 1)).toMatchObject([current]);
  for (const row of rows) expect(Number(row.classes)).toBeGreaterThan(0);
});

test('setting another is one current term, whatever was set before, and the city hears of both', async () => {
  const [newest, other, third] = (await trial.call('terms.offered', {})).terms;
  const set = ({ academicYear, semester }: { academicYear: number; semester: number }) =>
    trial.call('terms.setCurrent', { academicYear, semester });
  await set(other!);
  await set(third!);
  expect((await state()).current).toEqual({ academicYear: third!.academicYear, semester: third!.semester });
  expect((await trial.call('session.status', {})).term).toEqual((await state()).current);
  const { rows } = await trial.call('terms.list', { pageSize: 100 });
  expect(rows.filter((row) => row.current === 1)).toHaveLength(1);
  const { pushed } = await trial.application.synchronise({ resources: [] });
  expect(pushed).toBe(3);
  await trial.application.synchronise({ resources: ['school-terms'], full: true });
  expect((await state()).current).toEqual({ academicYear: third!.academicYear, semester: third!.semester });
  await trial.call('terms.useDate', {});
  expect(await state()).toMatchObject({ byDate: true, current: { academicYear: newest!.academicYear, semester: newest!.semester } });
});

test('a term that is not offered is in no select; the current one always is', async () => {
  const terms = (await trial.call('terms.offered', {})).terms;
  const old = terms.at(-1)!;
  const { academicYear, semester } = old;
  await trial.call('terms.offer', { academicYear, semester, offered: false });
  expect(await offered()).not.toContain(`${academicYear}${semester}`);
  const { current } = await state();
  await expect(trial.call('terms.offer', { ...current, offered: false })).rejects.toMatchObject({ code: 'terms.currentOffered' });
  await trial.call('terms.setCurrent', { academicYear, semester });
  expect(await offered()).toContain(`${academicYear}${semester}`);
  await expect(trial.call('terms.setCurrent', { academicYear: 90, semester: 1 })).rejects.toMatchObject({ code: 'terms.unknown' });
});
