/**
 * `npm run faults`: has faults come upon the real program for as long as one likes, and prints what came of it.
 *
 *   npm run faults -- --minutes 10
 *   npm run faults -- --campaign kill-export --seed 7 --attempt 3     one attempt again
 */
import { parseArgs } from 'node:util';
import { type Campaign, type Report, runCampaign } from './campaign.ts';
import { campaigns } from './campaigns/index.ts';
import { printReports } from './table.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    campaign: { type: 'string', multiple: true },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    attempt: { type: 'string' },
  },
});
const seed = Number(values.seed);
const attempt = values.attempt === undefined ? undefined : Number(values.attempt);
const unknown = values.campaign?.filter((name) => !campaigns.some((campaign) => campaign.name === name)) ?? [];
if (unknown.length > 0 || !Number.isFinite(seed) || !(Number(values.minutes) > 0)) {
  console.error(`Campaigns: ${campaigns.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const chosen = campaigns.filter(({ name }) => !values.campaign || values.campaign.includes(name));
const milliseconds = (Number(values.minutes) * 60_000) / chosen.length;

async function run(campaign: Campaign): Promise<Report> {
  console.log(`${campaign.name}: ${campaign.title} …`);
  return runCampaign(campaign, {
    seed,
    first: attempt ?? 1,
    goOn: ({ attempts, seconds }) => attempts === 0 || (attempt === undefined && seconds * 1000 < milliseconds),
    onFailure: (failure) =>
      console.error(
        `\n✗ ${campaign.name} --seed ${failure.seed} --attempt ${failure.attempt}, kept in ${failure.kept}\n${failure.message}\n`,
      ),
  });
}

const reports: Report[] = [];
for (const campaign of chosen) reports.push(await run(campaign));
printReports(reports, seed);
process.exit(reports.some(({ failures }) => failures.length > 0) ? 1 : 0);
