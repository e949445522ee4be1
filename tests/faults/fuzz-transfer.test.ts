import { expect, test } from 'vitest';
import { runCampaign } from './campaign.ts';
import { fuzzTransfer } from './campaigns/fuzz-transfer.ts';
import { printReports } from './table.ts';

/** As long as it is given; `npm run faults -- --campaign fuzz-transfer --seed S --attempt N` tries a failure again. */
const seconds = Number(process.env.PORTFOLIO_FUZZ_SECONDS ?? 20);
/** However slow the machine. */
const fewest = 100;
const seed = Number(process.env.PORTFOLIO_FAULTS_SEED ?? 1);

test(
  'given good transfer files changed at random, when they are read, then each is refused with a code or is what it was',
  async () => {
    let began = 0;
    const report = await runCampaign(fuzzTransfer, {
      seed,
      goOn: ({ attempts, failures }) => {
        began ||= performance.now();
        return (performance.now() - began < seconds * 1000 || attempts < fewest) && failures.length < 5;
      },
    });
    printReports([report], seed);
    expect(report.failures.map(({ attempt, message, kept }) => `seed ${seed}, attempt ${attempt}, kept in ${kept}: ${message}`)).toEqual(
      [],
    );
    // Not all are refused, and not all for the same reason.
    expect(report.figures.accepted).toBeGreaterThan(0);
    expect(Object.keys(report.figures).length).toBeGreaterThan(8);
  },
  (seconds + 300) * 1000,
);
