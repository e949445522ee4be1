import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../db/sample/random.ts';

/** A kind of fault, tried again and again on the real program (docs/faults.md). */
export interface Campaign<Prepared = unknown> {
  name: string;
  /** What is tried, as the table names it. */
  title: string;
  /** Why it cannot be tried on this machine; nothing where it can. */
  impossible?: () => string | null;
  /** What all attempts start from and are held against: templates, and what a run without faults leaves. Made once. */
  prepare: () => Promise<Prepared>;
  /** One attempt in an empty folder: faults, and what must hold afterwards. @throws `Loss`, or whatever went wrong */
  attempt: (prepared: Prepared, attempt: Attempt) => Promise<void>;
  finish: (prepared: Prepared) => Promise<void>;
}

export interface Attempt {
  /** Which of the campaign's attempts it is, from 1. */
  number: number;
  random: Random;
  /** Empty, of this attempt alone; kept when it fails. */
  folder: string;
  /** Counts a fault; @param struck whether it came while the work was under way */
  tried: (struck: boolean) => void;
  /** Adds to a figure of the campaign's own. */
  note: (figure: string, amount?: number) => void;
  /** Keeps the largest of a figure of the campaign's own. */
  most: (figure: string, amount: number) => void;
  /** Fails the attempt where something is wrong. @throws `Loss` */
  hold: (when: string, wrong: readonly string[]) => void;
}

/** What was lost, doubled, left or laid open by a fault. */
export class Loss extends Error {
  constructor(when: string, wrong: readonly string[]) {
    super(`${when}:\n${[...new Set(wrong)].map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'Loss';
  }
}

export interface Failure {
  seed: number;
  attempt: number;
  message: string;
  /** The attempt's folder, for whoever wants to know. */
  kept: string;
}

export interface Report {
  name: string;
  title: string;
  attempts: number;
  tried: number;
  struck: number;
  survived: number;
  failures: Failure[];
  figures: Record<string, number>;
  seconds: number;
  /** Why nothing was tried. */
  skipped: string | null;
}

export interface RunOptions {
  seed: number;
  /** Number of the first attempt: a failure is tried again by its seed and number. */
  first?: number;
  /** Asked before each attempt, with what was done so far. */
  goOn: (report: Report) => boolean;
  /** Told of each failure as it happens. */
  onFailure?: (failure: Failure) => void;
}

const emptyReport = ({ name, title }: Pick<Campaign, 'name' | 'title'>): Report => ({
  name,
  title,
  attempts: 0,
  tried: 0,
  struck: 0,
  survived: 0,
  failures: [],
  figures: {},
  seconds: 0,
  skipped: null,
});

/** Runs attempts of a campaign until it is told to stop. Never rejects for a failed attempt: that is in the report. */
export async function runCampaign<Prepared>(campaign: Campaign<Prepared>, options: RunOptions): Promise<Report> {
  const report = emptyReport(campaign);
  report.skipped = campaign.impossible?.() ?? null;
  if (report.skipped !== null) return report;
  const prepared = await campaign.prepare();
  const began = performance.now();
  try {
    for (let number = options.first ?? 1; options.goOn(report); number += 1) {
      await oneAttempt(campaign, prepared, number, options, report);
      report.seconds = (performance.now() - began) / 1000;
    }
  } finally {
    await campaign.finish(prepared);
  }
  return report;
}

async function oneAttempt<Prepared>(
  campaign: Campaign<Prepared>,
  prepared: Prepared,
  number: number,
  { seed, onFailure }: RunOptions,
  report: Report,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `portfolio-fault-${campaign.name}-`));
  let tried = 0;
  report.attempts += 1;
  try {
    await campaign.attempt(prepared, {
      number,
      random: new Random(seed, number),
      folder,
      tried: (struck) => {
        tried += 1;
        report.tried += 1;
        if (struck) report.struck += 1;
      },
      note: (figure, amount = 1) => {
        report.figures[figure] = (report.figures[figure] ?? 0) + amount;
      },
      most: (figure, amount) => {
        report.figures[figure] = Math.max(report.figures[figure] ?? 0, amount);
      },
      hold: (when, wrong) => {
        if (wrong.length > 0) throw new Loss(when, wrong);
      },
    });
    report.survived += tried;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    const message = error instanceof Loss ? error.message : String((error as Error)?.stack ?? error);
    const failure = { seed, attempt: number, message, kept: folder };
    report.failures.push(failure);
    onFailure?.(failure);
  }
}
