import type { Report } from './campaign.ts';

/** The figures of campaigns as one table, and a line for each failure. */
export function printReports(reports: readonly Report[], seed: number): void {
  const rows = reports.map(({ name, title, tried, struck, survived, failures, figures, seconds, skipped }) => ({
    campaign: name,
    what: title,
    tried,
    'at work': struck,
    survived,
    losses: failures.length,
    figures:
      skipped ??
      Object.entries(figures)
        .map(([figure, amount]) => `${figure} ${Math.round(amount * 100) / 100}`)
        .join(', '),
    seconds: Math.round(seconds),
  }));
  console.table(rows);
  const sum = (pick: (report: Report) => number) => reports.reduce((total, report) => total + pick(report), 0);
  console.log(
    `faults: ${sum(({ tried }) => tried)} tried, ${sum(({ survived }) => survived)} survived; losses: ${sum(({ failures }) => failures.length)}; seed ${seed}`,
  );
  for (const { name, skipped } of reports) if (skipped !== null) console.log(`SKIPPED ${name}: ${skipped}`);
}
