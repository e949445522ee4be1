import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTrial, type Trial, type TrialSetting } from '../support/trial.ts';

let trial: Trial | undefined;
afterEach(() => trial?.close());

const statesOf = async (setting: TrialSetting) => {
  trial = await openTrial(setting);
  const leavers = (await trial.call('transferCases.leavers', {})).rows;
  const arrivals = (await trial.call('transferCases.arrivals', {})).rows;
  return { leavers, arrivals, states: [leavers, arrivals].map((rows) => rows.map(({ state }) => String(state)).sort()) };
};

test('the trial school has a leaver at each step, with real files, and arrivals that were asked for and received', async () => {
  const { leavers, states } = await statesOf({ students: 240 });
  expect(states).toEqual([
    ['acknowledged', 'fileMade', 'handedOver', 'unneeded', 'withoutFile'],
    ['received', 'requested', 'unneeded'],
  ]);
  const files = leavers.flatMap(({ fileName }) => (fileName === null ? [] : [String(fileName)]));
  expect(files).toHaveLength(3);
  for (const name of files) expect(existsSync(join(trial!.application.foundation.directory.transfers, name))).toBe(true);
});

test('a school that receives has arrivals without files, and nothing done', async () => {
  const { states } = await statesOf({ students: 240, withoutPortfolios: true });
  expect(new Set(states[0])).toEqual(new Set(['withoutFile']));
  expect(new Set(states[1])).toEqual(new Set(['expected']));
});
