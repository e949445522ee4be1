import { expect, test } from 'vitest';
import { operations } from '../../main/features/contract.ts';
import { runCampaign } from './campaign.ts';
import { fuzzContract } from './campaigns/fuzz-contract.ts';
import { printReports } from './table.ts';

const seed = Number(process.env.PORTFOLIO_FAULTS_SEED ?? 1);

test('given calls of every operation with inputs made up, when they are made on a live backend, then each is answered, or refused with a code', async () => {
  const report = await runCampaign(fuzzContract, {
    seed,
    goOn: ({ attempts, failures }) => attempts < operations.size && failures.length < 5,
  });
  printReports([report], seed);
  expect(report.failures.map(({ attempt, message, kept }) => `seed ${seed}, attempt ${attempt}, kept in ${kept}: ${message}`)).toEqual([]);
  // Some come through, some are refused by the schema, some by the operation itself.
  for (const figure of ['answered', 'refused by the schema', 'refused by the operation'])
    expect(report.figures[figure]).toBeGreaterThan(100);
  expect(report.figures['refusals that changed nothing']).toBeGreaterThan(10);
}, 600_000);
