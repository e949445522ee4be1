import { expect } from 'vitest';
import { runCampaign } from './campaign.ts';
import { campaigns } from './campaigns/index.ts';
import { printReports } from './table.ts';

/**
 * A bounded share of a campaign for `npm test`, the same instants each time as far as instants can be the same;
 * `PORTFOLIO_FAULTS_SEED` chooses others, and `npm run faults` goes on for as long as one likes.
 */
export async function holdsFor(name: string, faults: number): Promise<void> {
  const campaign = campaigns.find((one) => one.name === name)!;
  const seed = Number(process.env.PORTFOLIO_FAULTS_SEED ?? 1);
  const report = await runCampaign(campaign, { seed, goOn: ({ tried, failures }) => tried < faults && failures.length === 0 });
  printReports([report], seed);
  expect(report.failures.map(({ attempt, message, kept }) => `seed ${seed}, attempt ${attempt}, kept in ${kept}: ${message}`)).toEqual([]);
  if (report.skipped === null) expect(report.tried).toBeGreaterThanOrEqual(faults);
}
