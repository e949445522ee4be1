import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../db/sample/random.ts';
import type { OutputOf } from '../../../main/features/contract.ts';
import { ApplicationError } from '../../../main/platform/errors.ts';
import { temporaryFolder } from '../../support/directories.ts';
import { traces } from '../../support/transfer.ts';
import { signInto, type Trial, trialPassword } from '../../support/trial.ts';
import type { Campaign } from '../campaign.ts';
import { carryOut } from '../errands.ts';
import { awaitInstant, describeInstant, type Profile, randomInstant } from '../instants.ts';
import { violations } from '../invariants.ts';
import type { Laid } from '../laid.ts';
import { readableSecrets } from '../plaintext.ts';
import { programsAtWorkIn } from '../strays.ts';
import { importTemplate, layImport } from '../transfer-in.ts';
import { exportTemplate, layExport } from '../transfer-out.ts';

/** A school whose office starts a transfer and thinks better of it; a cancellation leaves nothing, so it serves many. */
interface Cancelling {
  lay: (directory: string, random: Random) => Laid;
  directory: string;
  laid: Laid;
  school: Trial;
  profile: Profile;
}

interface Prepared {
  schools: Cancelling[];
  remove: () => void;
}

/** So long a cancellation may take before it counts as one that does not come; the goal is a second (issue 5), and the longest is told. */
const patience = 5_000;

async function open(directory: string, lay: Cancelling['lay'], random: Random): Promise<{ laid: Laid; school: Trial }> {
  rmSync(directory, { recursive: true, force: true });
  const laid = lay(directory, random);
  return { laid, school: await signInto(directory, laid.accountName, trialPassword) };
}

/** Undoes work that was done before its cancellation came. */
async function takeBack(at: Cancelling, result: unknown, random: Random): Promise<void> {
  if (at.laid.errand.work === 'export') {
    for (const { id } of (result as OutputOf<'transferOut.produce'>).files) await at.school.call('transferOut.remove', { id });
    return;
  }
  await at.school.close();
  Object.assign(at, await open(at.directory, at.lay, random));
}

export const cancelTransfers: Campaign<Prepared> = {
  name: 'cancel-transfers',
  title: 'cancelled during a transfer',
  prepare: async () => {
    const folder = temporaryFolder('faults-cancel');
    const [exporting, importing] = [await exportTemplate(), await importTemplate()];
    const lays = [
      (directory: string, random: Random) => layExport(exporting, directory, random),
      (directory: string, random: Random) => layImport(importing, directory, random),
    ];
    const schools: Cancelling[] = [];
    for (const [index, lay] of lays.entries()) {
      const directory = join(folder.path, String(index));
      const at: Cancelling = { lay, directory, profile: { milliseconds: 0, reports: 0 }, ...(await open(directory, lay, new Random(1))) };
      const began = performance.now();
      const result = await carryOut(at.school, at.laid.errand, ({ told }) => {
        if (told === 'progress') at.profile.reports += 1;
      });
      at.profile.milliseconds = performance.now() - began;
      await takeBack(at, result, new Random(1));
      schools.push(at);
    }
    return { schools, remove: folder.remove };
  },
  finish: async ({ schools, remove }) => {
    for (const { school } of schools) await school.close();
    remove();
  },
  attempt: async ({ schools }, { random, tried, most, note, hold }) => {
    const at = random.pick(schools);
    const { school, laid, directory } = at;
    const before = JSON.stringify(traces(school));
    const instant = randomInstant(random, at.profile);
    const { heard, come } = awaitInstant(instant);
    let jobId: string | undefined;
    let askedAt: number | undefined;
    const work = carryOut(school, laid.errand, (line) => {
      if (line.told === 'begun') jobId = line.jobId;
      heard(line);
    });
    const cancelled = come.then(async () => {
      if (!jobId) return;
      askedAt = performance.now();
      await school.call('jobs.cancel', { jobId }).catch(ifOver);
    });
    let result: unknown = null;
    try {
      result = await work;
    } catch (error) {
      if (!(error instanceof ApplicationError && error.code === 'job.cancelled')) throw error;
      const milliseconds = performance.now() - askedAt!;
      most('longest, ms', milliseconds);
      if (milliseconds > 1_000) note('over a second');
      hold(describeInstant(instant), milliseconds > patience ? [`the cancellation took ${Math.round(milliseconds)} ms`] : []);
    }
    await Promise.race([cancelled, Promise.resolve()]);
    tried(result === null);
    if (result) await takeBack(at, result, random);
    const after = JSON.stringify(traces(at.school));
    hold(`${laid.errand.work} cancelled ${describeInstant(instant)}`, [
      ...(after === before ? [] : [`there was ${before}, there is ${after}`]),
      ...violations(at.school),
      ...readableSecrets(directory, laid.secrets),
      ...programsAtWorkIn(directory).map((processId) => `process ${processId} still works in the data directory`),
    ]);
  },
};

/** A job that ended at the same moment needs no cancelling. */
function ifOver(error: unknown): void {
  if (!(error instanceof ApplicationError && error.code === 'job.notRunning')) throw error;
}
