import { join } from 'node:path';
import { Random } from '../../db/sample/random.ts';
import type { JobState } from '../../main/application/contract.ts';
import { temporaryFolder } from '../support/directories.ts';
import { signInto, type Trial, trialPassword } from '../support/trial.ts';
import type { Attempt, Campaign } from './campaign.ts';
import { carryOut, type Errand } from './errands.ts';
import { describeInstant, type Instant, type Profile, randomInstant } from './instants.ts';
import { violations } from './invariants.ts';
import { readableSecrets, type Secret } from './plaintext.ts';
import { type FromProgram, type Program, startProgram } from './program.ts';
import { straysLeft } from './strays.ts';

/** A piece of work that is killed, and done again. */
export interface KilledWork<Template> {
  name: string;
  title: string;
  prepare: () => Promise<Template>;
  finish: (template: Template) => void | Promise<void>;
  /** A violation that is known and will be mended: counted under this figure, not as a loss. */
  known?: (violation: string) => string | null;
  /** Puts a fresh data directory at a path and says what is to be done there. */
  lay: (template: Template, directory: string, random: Random) => Laid | Promise<Laid>;
}

export interface Laid {
  accountName: string;
  errand: Errand;
  secrets: readonly Secret[];
  /** What must hold at every start, beside what must hold always. */
  wrongAtStart: (school: Trial) => string[] | Promise<string[]>;
  /** Held against a run that was never killed, once the same has been done again to its end. */
  wrongAtEnd: (school: Trial, job: JobState) => string[] | Promise<string[]>;
}

export interface Killing<Template> {
  template: Template;
  profile: Profile;
  programs: Programs;
  /** Where the program puts what it calls temporary. */
  temporary: string;
  remove: () => void;
}

/** A killed program's own programs may go on for so long. */
const strayPatience = 10_000;
const mostKills = 3;

/** Starts the next program while the last one is looked at: loading its modules is most of an attempt. */
class Programs {
  readonly #temporary: string;
  #spare: Program | null = null;

  constructor(temporary: string) {
    this.#temporary = temporary;
  }

  async take(): Promise<Program> {
    const program = this.#spare ?? startProgram({ temporary: this.#temporary });
    this.#spare = null;
    await program.told('loaded');
    return program;
  }

  ready(): void {
    this.#spare ??= startProgram({ temporary: this.#temporary });
  }

  async close(): Promise<void> {
    this.#spare?.kill();
    await this.#spare?.ended;
  }
}

interface End {
  /** Killed before it had told that the work is finished. */
  struck: boolean;
  /** The job it had begun, and whether it had been at work on it. */
  job: { id: string; underWay: boolean } | null;
  words: string;
}

/** Kills the program one to three times at random instants, looks at what the next start finds, and does the work again. */
export function killing<Template>(work: KilledWork<Template>): Campaign<Killing<Template>> {
  return {
    name: work.name,
    title: work.title,
    prepare: async () => {
      const folder = temporaryFolder(`faults-${work.name}`);
      const temporary = join(folder.path, 'temporary');
      const template = await work.prepare();
      const programs = new Programs(temporary);
      const directory = join(folder.path, 'data');
      const laid = await work.lay(template, directory, new Random(1));
      return { template, profile: await measured(programs, laid, directory), programs, temporary, remove: folder.remove };
    },
    finish: async ({ template, programs, remove }) => {
      await programs.close();
      await work.finish(template);
      remove();
    },
    attempt: async ({ template, profile, programs, temporary }, attempt) => {
      const { random, folder, tried } = attempt;
      const hold = (when: string, wrong: readonly string[]) => {
        const unknown = wrong.filter((violation) => {
          const figure = work.known?.(violation) ?? null;
          if (figure !== null) attempt.note(figure);
          return figure === null;
        });
        attempt.hold(when, unknown);
      };
      const directory = join(folder, 'data');
      const laid = await work.lay(template, directory, random);
      const kills = random.between(1, mostKills);
      const story: string[] = [`${JSON.stringify(laid.errand)}`];
      const begun: NonNullable<End['job']>[] = [];
      for (let kill = 1; kill <= kills; kill += 1) {
        const end = await killOnce(await programs.take(), laid, directory, randomInstant(random, profile));
        programs.ready();
        tried(end.struck);
        story.push(end.words);
        if (end.job && end.struck) begun.push(end.job);
        // Half of the time the office starts the program again before what it had started is gone.
        if (random.chance(0.5)) await holdStrays(attempt, directory, story);
        // A second kill may come while the start cleans up after the first.
        if (kill < kills && random.chance(0.5)) continue;
        const school = await signInto(directory, laid.accountName, trialPassword);
        try {
          hold(`at the start after ${story.join('; ')}`, [
            ...violations(school),
            ...(await notInterrupted(school, begun.splice(0))),
            ...(await laid.wrongAtStart(school)),
            ...readableSecrets(directory, laid.secrets),
            ...readableSecrets(temporary, laid.secrets, []),
          ]);
          if (kill === kills) {
            const job = await carryOut(school, laid.errand);
            const when = `done again after ${story.join('; ')}`;
            hold(when, [...violations(school), ...(await laid.wrongAtEnd(school, job)), ...readableSecrets(directory, laid.secrets)]);
          }
        } finally {
          await school.close();
        }
      }
      await holdStrays(attempt, directory, story);
    },
  };
}

async function holdStrays({ hold }: Attempt, directory: string, story: readonly string[]): Promise<void> {
  const left = await straysLeft(directory, strayPatience);
  hold(
    `${strayPatience / 1000} s after ${story.join('; ')}`,
    left.map((processId) => `process ${processId} still works in the data directory`),
  );
}

/** The jobs that were killed are shown as interrupted, as the window asks for them. */
async function notInterrupted(school: Trial, begun: readonly { id: string; underWay: boolean }[]): Promise<string[]> {
  const { jobs } = await school.call('jobs.list', {});
  return begun.flatMap(({ id, underWay }) => {
    const shown = jobs.find((job) => job.id === id);
    // Killed before it had noted that it began: then it has not.
    if (!shown && !underWay) return [];
    return shown?.state === 'interrupted' ? [] : [`job ${id} is shown as ${shown?.state ?? 'nothing'}, not as interrupted`];
  });
}

/** One run without faults, to know what instants there are. */
async function measured(programs: Programs, { accountName, errand }: Laid, directory: string): Promise<Profile> {
  const program = await programs.take();
  let reports = 0;
  program.onTold(({ told }) => {
    if (told === 'progress') reports += 1;
  });
  const began = performance.now();
  program.send({ order: 'open', directory, accountName, strike: null });
  program.send({ order: 'carryOut', errand });
  const finished = await program.told('finished');
  const milliseconds = performance.now() - began;
  program.letEnd();
  const closed = await program.told('closed');
  const { errors } = await program.ended;
  if (!finished || !closed) throw new Error(`The run without faults did not come to its end. ${errors}`);
  return { milliseconds, reports, operations: closed.operations };
}

async function killOnce(program: Program, { accountName, errand }: Laid, directory: string, instant: Instant): Promise<End> {
  const seen: { last: FromProgram['told']; job: End['job']; reports: number } = { last: 'loaded', job: null, reports: 0 };
  let timer: NodeJS.Timeout | undefined;
  const killIn = (milliseconds: number) => {
    if (milliseconds === 0) program.kill();
    else timer = setTimeout(program.kill, milliseconds);
  };
  program.onTold((line) => {
    seen.last = line.told;
    if (line.told === 'begun') seen.job = { id: line.jobId, underWay: false };
    if (line.told === 'finished' || line.told === 'failed') program.letEnd();
    if (line.told !== 'progress') return;
    seen.reports += 1;
    if (seen.job && line.step !== '準備中') seen.job.underWay = true;
    if (instant.at === 'progress' && instant.report === seen.reports) killIn(instant.milliseconds);
  });
  program.send({ order: 'open', directory, accountName, strike: instant.at === 'operation' ? instant.strike : null });
  program.send({ order: 'carryOut', errand });
  if (instant.at === 'time') killIn(instant.milliseconds);
  const { killed, status, errors } = await program.ended;
  clearTimeout(timer);
  const { last, job } = seen;
  if (!killed && (status !== 0 || last !== 'closed')) {
    throw new Error(`The program ended by itself (${status}) after it told “${last}”. ${errors}`);
  }
  const struck = killed && last !== 'finished' && last !== 'closed';
  return { struck, job, words: killed ? `killed ${describeInstant(instant)}, when it had told “${last}”` : 'not killed' };
}
