import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../../db/sample/random.ts';
import { signInto, trialPassword } from '../../support/trial.ts';
import type { Campaign } from '../campaign.ts';
import { carryOut, failureOf } from '../errands.ts';
import { awaitInstant, describeInstant, type Instant, type Profile, randomInstant } from '../instants.ts';
import { violations, workLeft } from '../invariants.ts';
import type { Laid } from '../laid.ts';
import { readableSecrets } from '../plaintext.ts';
import { mountSmallDisk, noSmallDisk, type SmallDisk } from '../small-disk.ts';
import { importTemplate, layImport } from '../transfer-in.ts';
import { exportTemplate, layExport } from '../transfer-out.ts';

interface Prepared {
  disk: SmallDisk;
  lays: ((directory: string, random: Random) => Laid)[];
}

/** Room enough for what an import wants to see free before it begins. */
const diskBytes = 640 * 1024 * 1024;
/** More than any of the transfers takes up at its height. */
const mostNeeded = 24 * 1024 * 1024;

/** About what a transfer takes; an instant after its end is none. */
const usual: Profile = { milliseconds: 800, reports: 8 };

/** A disk that fills up while a transfer is at work; space is made, and the same program does it again. */
export const fillDisk: Campaign<Prepared> = {
  name: 'fill-disk',
  title: 'the disk fills up during a transfer',
  impossible: noSmallDisk,
  prepare: async () => {
    const [exporting, importing] = [await exportTemplate(), await importTemplate()];
    return {
      disk: mountSmallDisk(diskBytes),
      lays: [
        (directory, random) => layExport(exporting, directory, random),
        (directory, random) => layImport(importing, directory, random),
      ],
    };
  },
  finish: ({ disk }) => Promise.resolve(disk.remove()),
  attempt: async ({ disk, lays }, { random, folder, tried, note, hold }) => {
    const directory = join(disk.path, 'data');
    rmSync(directory, { recursive: true, force: true });
    disk.clear();
    const laid = random.pick(lays)(directory, random);
    // Half of them where it is nearly full: there the small writes fail, of the database, the log and the records.
    const free = Math.floor(random.fraction() * (random.chance(0.5) ? mostNeeded : 512 * 1024));
    // Full when the work begins, or filled by somebody else while it is under way.
    const instant: Instant = random.chance(0.3) ? { at: 'time', milliseconds: 0 } : randomInstant(random, usual);
    const when = `${JSON.stringify(laid.errand)} with ${free} bytes free ${describeInstant(instant)}`;
    const { heard, come } = awaitInstant(instant);
    let over = false;
    void come.then(() => {
      if (!over) disk.fill(free);
    });
    try {
      let school = await signInto(directory, laid.accountName, trialPassword);
      try {
        if (instant.at === 'time' && instant.milliseconds === 0) disk.fill(free);
        const failure = await failureOf(school, laid.errand, heard);
        over = true;
        tried(failure !== null);
        if (failure !== null) note(failure);
        if (failure !== null && failure !== 'disk.full') hold(when, [`the work failed with ${failure}`]);
        hold(`while the program goes on after ${when}`, [...workLeft(directory, process.pid), ...readableSecrets(directory, laid.secrets)]);
        disk.clear();
        await carryOut(school, laid.errand);
        await school.close();
        school = await signInto(directory, laid.accountName, trialPassword);
        const done = failure === null ? 2 : 1;
        const recorded = laid.timesDone?.(school) ?? done;
        // Done, and no space to write down that it was.
        const ended = failure !== null && recorded === 2;
        if (ended) note('failed when it was done');
        hold(`at the start after ${when}`, [
          ...violations(school),
          ...(await laid.wrongAtStart(school)),
          ...(recorded === done || ended ? [] : [`done ${recorded} times, finished ${done} times`]),
        ]);
        hold(`done again after ${when}`, await laid.wrongAtEnd(school, await carryOut(school, laid.errand)));
      } finally {
        disk.clear();
        await school.close();
      }
    } catch (error) {
      // The disk goes with the campaign; what there was to see is kept.
      cpSync(directory, join(folder, 'data'), { recursive: true });
      throw error;
    }
  },
};
