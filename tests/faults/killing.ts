import { join } from 'node:path';
import { Random } from '../../db/sample/random.ts';
import { temporaryFolder } from '../support/directories.ts';
import { signInto, type Trial, trialPassword } from '../support/trial.ts';
import type { Attempt, Campaign } from './campaign.ts';
import { carryOut } from './errands.ts';
import { type FaultlessRun, faultlessRun } from './faultless-run.ts';
import { awaitInstant, describeInstant, describeStrike, type Instant, randomInstant, randomStrike } from './instants.ts';
import { violations } from './invariants.ts';
import type { Laid } from './laid.ts';
import type { Strike } from './operations.ts';
import { readableSecrets } from './plaintext.ts';
import { type FromProgram, Programs } from './program.ts';
import { straysLeft } from './strays.ts';

/** A piece of work that is killed, and done again. */
export interface KilledWork<Template> {
  name: string;
  title: string;
  /** Made once; what is under it is removed by whoever made it. */
  prepare: () => Promise<Template>;
  /** A violation that is known and will be mended: counted under this figure, not as a loss. */
  known?: (violation: string) => string | null;
  /** Puts a fresh data directory at a path and says what is to be done there. */
  lay: (template: Template, directory: string, random: Random) => Laid | Promise<Laid>;
}

export interface Killing<Template> {
  template: Template;
  run: FaultlessRun;
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
export function killing<Template>(work: KilledWork<Template>): Campaign<Killing<Template>> {
  return {
    name: work.name,
    title: work.title,
    prepare: async () => {
      const template = await work.prepare();
      const folder = temporaryFolder(`faults-${work.name}`);
      const temporary = join(folder.path, 'temporary');
      const programs = new Programs({ temporary });
      const directory = join(folder.path, 'data');
      const laid = await work.lay(template, directory, new Random(1));
      return { template, run: await faultlessRun(await programs.take(), laid, directory), programs, temporary, remove: folder.remove };
    },
    finish: async ({ programs, remove }) => {
      await programs.close();
      remove();
    },
    attempt: async (prepared, attempt) => {
      const { random, folder } = attempt;
      const directory = join(folder, 'data');
      const laid = await work.lay(prepared.template, directory, random);
      const kills = random.between(1, mostKills);
      const story = [JSON.stringify(laid.errand)];
      const begun: BegunJob[] = [];
      const hold = (when: string, wrong: readonly string[]) =>
        attempt.hold(`${when} ${story.join('; ')}`, withoutKnown(work, attempt, wrong));
      const holdStrays = async () => {
        const left = await straysLeft(directory, strayPatience);
        hold(
          `${strayPatience / 1000} s after`,
          left.map((processId) => `process ${processId} still works in the data directory`),
        );
      };
      for (let kill = 1; kill <= kills; kill += 1) {
        const end = await killOnce(prepared, laid, directory, random);
        attempt.tried(end.struck);
        story.push(end.words);
        if (end.job && end.struck) begun.push(end.job);
        // Half of the time the office starts the program again before what it had started is gone.
        if (random.chance(0.5)) await holdStrays();
        // A second kill may come while the start cleans up after the first.
        if (kill < kills && random.chance(0.5)) continue;
        const school = await signInto(directory, laid.accountName, trialPassword);
        try {
          hold('at the start after', [
            ...violations(school),
            ...(await notInterrupted(school, begun.splice(0))),
            ...(await laid.wrongAtStart(school)),
            ...readableSecrets(directory, laid.secrets),
            ...readableSecrets(prepared.temporary, laid.secrets, []),
          ]);
          if (kill === kills) {
            const job = await carryOut(school, laid.errand);
            hold('done again after', [
              ...violations(school),
              ...(await laid.wrongAtEnd(school, job)),
              ...readableSecrets(directory, laid.secrets),
            ]);
          }
        } finally {
          await school.close();
        }
      }
      await holdStrays();
    },
  };
}

function withoutKnown({ known }: Pick<KilledWork<unknown>, 'known'>, { note }: Attempt, wrong: readonly string[]): string[] {
  return wrong.filter((violation) => {
    const figure = known?.(violation) ?? null;
    if (figure !== null) note(figure);
    return figure === null;
  });
}

/** The jobs that were killed are shown as interrupted, as the window asks for them. */
async function notInterrupted(school: Trial, begun: readonly BegunJob[]): Promise<string[]> {
  const { jobs } = await school.call('jobs.list', {});
  return begun.flatMap(({ id, underWay }) => {
    const shown = jobs.find((job) => job.id === id);
    // Killed before it had noted that it began: then it has not.
    if (!shown && !underWay) return [];
    return shown?.state === 'interrupted' ? [] : [`job ${id} is shown as ${shown?.state ?? 'nothing'}, not as interrupted`];
  });
}

async function killOnce(
  { programs, run }: Killing<unknown>,
  { accountName, errand }: Laid,
  directory: string,
  random: Random,
): Promise<End> {
  const fault: Strike | Instant = random.chance(0.5) ? randomStrike(random, run.operations, 'kill') : randomInstant(random, run);
  const program = await programs.take();
  const seen: { last: FromProgram['told']; job: BegunJob | null } = { last: 'loaded', job: null };
  program.onTold((line) => {
    seen.last = line.told;
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
    struck: killed && last !== 'finished' && last !== 'closed',
    job,
    words: killed ? `killed ${words}, when it had told “${last}”` : 'not killed',
  };
}
