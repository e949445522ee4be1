import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../db/sample/random.ts';
import { temporaryFolder } from '../support/directories.ts';
import { signInto, type Trial, trialPassword } from '../support/trial.ts';
import type { Attempt, Campaign } from './campaign.ts';
import { carryOut, startedAnew } from './errands.ts';
import type { FaultlessRun } from './faultless-run.ts';
import { awaitInstant, describeInstant, describeStrike, type Instant, randomInstant, randomStrike } from './instants.ts';
import { violations } from './invariants.ts';
import type { Laid } from './laid.ts';
import type { Strike } from './operations.ts';
import { readableSecrets } from './plaintext.ts';
import { mountPowerDisk, noPowerDisk, type PowerDisk } from './power.ts';
import { type FromProgram, Programs } from './program.ts';
import { straysLeft } from './strays.ts';
import { type PreparedWork, preparedWork, type Work } from './work.ts';

/** Work that is killed, and done again. */
export interface KilledWork {
  name: string;
  title: string;
  /** One is drawn for each attempt. */
  works: readonly Work[];
  /** With each kill the power goes too: what was not flushed to the disk is lost. */
  power?: boolean;
}

export interface Killing {
  works: readonly PreparedWork[];
  programs: Programs;
  /** Where the program puts what it calls temporary. */
  temporary: string;
  remove: () => void;
}

/** A killed program's own programs may go on for so long. */
const strayPatience = 10_000;
const mostKills = 3;

interface BegunJob {
  id: string;
  /** It had told of something that it did. */
  underWay: boolean;
}

interface End {
  /** Killed before it had told that the work is finished. */
  struck: boolean;
  job: BegunJob | null;
  words: string;
}

/** Kills the program one to three times at random instants, looks at what the next start finds, and does the work again. */
export function killing({ name, title, works, power = false }: KilledWork): Campaign<Killing> {
  return {
    name,
    title,
    ...(power ? { impossible: noPowerDisk } : {}),
    prepare: async () => {
      const prepared: PreparedWork[] = [];
      for (const work of works) prepared.push(await preparedWork(work));
      const folder = temporaryFolder(`faults-${name}`);
      const temporary = join(folder.path, 'temporary');
      return { works: prepared, programs: new Programs({ temporary }), temporary, remove: folder.remove };
    },
    finish: async ({ programs, remove }) => {
      await programs.close();
      remove();
    },
    attempt: async (prepared, attempt) => {
      const { random, folder } = attempt;
      const work = random.pick(prepared.works);
      const disk = power ? mountPowerDisk(join(folder, 'disk'), random) : null;
      const directory = join(disk?.path ?? folder, 'data');
      let laid: Laid | undefined;
      try {
        laid = await work.lay(directory, random);
        disk?.settle();
        await killAndLook(prepared, { laid, directory, run: work.run, disk }, attempt);
      } catch (error) {
        // The disk goes with the attempt; what there was to see is kept.
        if (disk) cpSync(directory, join(folder, 'data'), { recursive: true });
        throw error;
      } finally {
        await laid?.end?.();
        disk?.remove();
      }
    },
  };
}

interface Scene {
  laid: Laid;
  directory: string;
  run: FaultlessRun;
  disk: PowerDisk | null;
}

async function killAndLook(prepared: Killing, scene: Scene, attempt: Attempt): Promise<void> {
  const { laid, directory, disk } = scene;
  const { random } = attempt;
  const kills = random.between(1, mostKills);
  const story = [JSON.stringify(laid.errand)];
  const begun: BegunJob[] = [];
  const hold = (when: string, wrong: readonly string[]) => attempt.hold(`${when} ${story.join('; ')}`, wrong);
  const holdStrays = async () => {
    const left = await straysLeft(directory, strayPatience);
    hold(
      `${strayPatience / 1000} s after`,
      left.map((processId) => `process ${processId} still works in the data directory`),
    );
  };
  for (let kill = 1; kill <= kills; kill += 1) {
    const end = await killOnce(prepared, scene, random);
    attempt.tried(end.struck);
    story.push(end.words);
    if (end.job && end.struck) begun.push(end.job);
    if (disk) {
      // Whatever else was running ends with the power.
      await holdStrays();
      disk.cut();
      story.push(disk.words);
    } else if (random.chance(0.5)) {
      // Half of the time the office starts the program again before what it had started is gone.
      await holdStrays();
    }
    // A second kill may come while the start cleans up after the first.
    if (kill < kills && random.chance(0.5)) continue;
    let school = await signInto(directory, laid.accountName, trialPassword);
    try {
      hold('at the start after', [
        ...violations(school),
        ...(await notInterrupted(school, laid, begun.splice(0))),
        ...(await laid.wrongAtStart(school)),
        ...readableSecrets(directory, laid.secrets),
        ...readableSecrets(prepared.temporary, laid.secrets, []),
      ]);
      if (kill === kills) {
        const result = await carryOut(school, laid.errand, laid.heard);
        school = await startedAnew(school, laid.errand, laid.accountName);
        hold('done again after', [
          ...violations(school),
          ...(await laid.wrongAtEnd(school, result)),
          ...readableSecrets(directory, laid.secrets),
        ]);
      }
    } finally {
      await school.close();
    }
  }
  await holdStrays();
}

/** The jobs that were killed are shown as interrupted, as the window asks for them. */
async function notInterrupted(school: Trial, { errand }: Laid, begun: readonly BegunJob[]): Promise<string[]> {
  const { jobs } = await school.call('jobs.list', {});
  const stateOf = school.application.foundation.connection.sqlite.prepare<[string], string>('select state from jobs where id = ?').pluck();
  return begun.flatMap(({ id, underWay }) => {
    const state = stateOf.get(id);
    // Killed before it had noted that it began: then it has not. A school that was restored has never heard of it.
    if (state === undefined && (!underWay || errand.work === 'restore')) return [];
    // Killed when its end was noted, before anyone had heard of it.
    if (state !== undefined && state !== 'interrupted' && state !== 'running') return [];
    const shown = jobs.find((job) => job.id === id);
    return shown?.state === 'interrupted' ? [] : [`job ${id} is shown as ${shown?.state ?? 'nothing'}, not as interrupted`];
  });
}

async function killOnce({ programs }: Killing, { laid, directory, run }: Scene, random: Random): Promise<End> {
  const { accountName, errand, heard: hears } = laid;
  const fault: Strike | Instant = random.chance(0.5) ? randomStrike(random, run.operations, 'kill') : randomInstant(random, run);
  const program = await programs.take();
  const seen: { last: FromProgram['told']; job: BegunJob | null } = { last: 'loaded', job: null };
  program.onTold((line) => {
    seen.last = line.told;
    if (line.told === 'acknowledged') hears?.(line);
    if (line.told === 'begun') seen.job = { id: line.jobId, underWay: false };
    if (line.told === 'progress' && seen.job && line.step !== '準備中') seen.job.underWay = true;
    if (line.told === 'finished' || line.told === 'failed') program.letEnd();
  });
  if ('at' in fault) {
    const { heard, come } = awaitInstant(fault);
    program.onTold(heard);
    void come.then(program.kill);
  }
  program.send({ order: 'arm', strike: 'at' in fault ? null : fault });
  program.send({ order: 'open', directory, accountName });
  program.send({ order: 'carryOut', errand });
  const { killed, status, errors } = await program.ended;
  // The next one loads while this one's directory is looked at.
  programs.ready();
  const { last, job } = seen;
  if (!killed && (status !== 0 || last !== 'closed')) {
    throw new Error(`The program ended by itself (${status}) after it told “${last}”. ${errors}`);
  }
  const words = 'at' in fault ? describeInstant(fault) : describeStrike(fault);
  return {
    struck: killed && last !== 'finished' && last !== 'failed' && last !== 'closed',
    job,
    words: killed ? `killed ${words}, when it had told “${last}”` : 'not killed',
  };
}
