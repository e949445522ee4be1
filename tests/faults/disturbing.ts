import { chownSync, copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../db/sample/random.ts';
import { temporaryFolder } from '../support/directories.ts';
import { signInto, trialPassword } from '../support/trial.ts';
import type { Campaign } from './campaign.ts';
import { carryOut } from './errands.ts';
import { type FaultlessRun, faultlessRun } from './faultless-run.ts';
import { violations, workLeft } from './invariants.ts';
import type { Laid } from './laid.ts';
import { readableSecrets } from './plaintext.ts';
import { type FromProgram, type Program, Programs } from './program.ts';
import { importTemplate, layImport } from './transfer-in.ts';
import { exportTemplate, layExport } from './transfer-out.ts';

/** A fault that comes upon the work of a program and leaves the program alive: it must fail in good order and be able to go on. */
export interface Disturbance {
  name: string;
  title: string;
  impossible?: Campaign['impossible'];
  /** Who the program runs as, and whose the directory is, where it may not be root. */
  userId?: () => number | undefined;
  /** With what work may fail because of it. */
  codes: readonly string[];
  /** The fault may come when the work is done and only to be written down, or told: it failed then, and is there. */
  mayHaveEnded?: boolean;
  /** Readies the fault in a program that waits for work. */
  bring: (scene: Scene) => Fault | Promise<Fault>;
}

export interface Scene {
  program: Program;
  directory: string;
  random: Random;
  run: FaultlessRun;
}

export interface Fault {
  words: string;
  /** Hears what is told of the work. */
  heard?: (line: FromProgram) => void;
  /** The fault itself keeps the program from removing its work folder; then the next work does. */
  keepsWorkFolder?: boolean;
  /** Ends the fault. */
  lift?: () => void | Promise<void>;
}

/** The clerk's file lies where that user can read it. */
function giveFile({ errand }: Laid, folder: string): void {
  if (errand.work !== 'import') return;
  const path = join(folder, errand.file.fileName);
  copyFileSync(errand.file.path, path);
  errand.file = { ...errand.file, path };
}

/** @returns whether a condition did not come true within some seconds */
async function neverTrue(condition: () => boolean): Promise<boolean> {
  for (const until = performance.now() + 5_000; performance.now() < until; await pause(20)) if (condition()) return false;
  return true;
}

/** Work that is disturbed: 匯出 and 匯入 by turns. */
interface Work {
  lay: (directory: string, random: Random) => Laid;
  run: FaultlessRun;
}

interface Disturbing {
  works: readonly Work[];
  programs: Programs;
  temporary: string;
  remove: () => void;
}

let runs: Promise<Work[]> | undefined;

/** Both, with a run of each; made once a process. */
function works(): Promise<Work[]> {
  runs ??= (async () => {
    const [exporting, importing] = [await exportTemplate(), await importTemplate()];
    const lays: Work['lay'][] = [
      (directory, random) => layExport(exporting, directory, random),
      (directory, random) => layImport(importing, directory, random),
    ];
    const folder = temporaryFolder('faults-runs');
    const programs = new Programs({ temporary: join(folder.path, 'temporary') });
    try {
      const made: Work[] = [];
      for (const [index, lay] of lays.entries()) {
        const directory = join(folder.path, String(index));
        made.push({ lay, run: await faultlessRun(await programs.take(), lay(directory, new Random(1)), directory) });
      }
      return made;
    } finally {
      await programs.close();
      folder.remove();
    }
  })();
  return runs;
}

/** The folder and everything in it become another user's. */
function give(folder: string, userId: number | undefined): void {
  if (userId === undefined) return;
  chownSync(folder, userId, userId);
  for (const entry of readdirSync(folder, { recursive: true })) chownSync(join(folder, String(entry)), userId, userId);
}

export function disturbing({ name, title, impossible, userId, codes, mayHaveEnded = false, bring }: Disturbance): Campaign<Disturbing> {
  return {
    name,
    title,
    impossible,
    prepare: async () => {
      const folder = temporaryFolder(`faults-${name}`);
      const temporary = join(folder.path, 'temporary');
      const programs = new Programs({ temporary, userId: userId?.() });
      give(folder.path, userId?.());
      return { works: await works(), programs, temporary, remove: folder.remove };
    },
    finish: async ({ programs, remove }) => {
      await programs.close();
      remove();
    },
    attempt: async ({ works, programs, temporary }, { random, folder, tried, note, hold }) => {
      const { lay, run } = random.pick(works);
      const directory = join(folder, 'data');
      const laid = lay(directory, random);
      giveFile(laid, folder);
      give(folder, userId?.());
      const program = await programs.take();
      programs.ready();
      const told = (...kinds: FromProgram['told'][]) => program.next(...kinds, 'finished', 'failed');
      program.send({ order: 'open', directory, accountName: laid.accountName });
      await told('opened');
      const { words, heard, lift, keepsWorkFolder = false } = await bring({ program, directory, random, run });
      if (heard) program.onTold(heard);
      const when = `${JSON.stringify(laid.errand)}; ${words}`;
      program.send({ order: 'carryOut', errand: laid.errand });
      const first = await told();
      await lift?.();
      const failure = first?.told === 'failed' ? first.code : null;
      tried(failure !== null);
      if (first === null) hold(when, [`the program ended. ${(await program.ended).errors}`]);
      if (failure !== null && !codes.includes(failure)) hold(when, [`the work failed with ${failure}`]);
      const left = () => [
        ...workLeft(directory, program.processId),
        ...readableSecrets(directory, laid.secrets),
        ...readableSecrets(temporary, laid.secrets, []),
      ];
      // A thread ends a moment after its work has failed, and what it left goes then.
      if (!keepsWorkFolder && (await neverTrue(() => left().length === 0))) hold(`while the program goes on after ${when}`, left());

      program.send({ order: 'arm', strike: null });
      program.send({ order: 'carryOut', errand: laid.errand });
      const second = await told();
      if (second?.told !== 'finished')
        hold(`again after ${when}`, [`it failed with ${second?.told === 'failed' ? second.code : 'its end'}`]);
      if (await neverTrue(() => left().length === 0)) hold(`while the program goes on after ${when} and again`, left());
      program.letEnd();
      const { status, errors } = await program.ended;
      if (status !== 0) hold(`at the end after ${when}`, [`the program ended with ${status}. ${errors}`]);

      const school = await signInto(directory, laid.accountName, trialPassword);
      try {
        const done = failure === null ? 2 : 1;
        const recorded = laid.timesDone?.(school) ?? done;
        const ended = mayHaveEnded && failure !== null && recorded === 2;
        if (ended) note('failed when it was done');
        hold(`at the start after ${when}`, [
          ...violations(school),
          ...(await laid.wrongAtStart(school)),
          ...(recorded === done || (mayHaveEnded && failure !== null && recorded === 2)
            ? []
            : [`done ${recorded} times, finished ${done} times`]),
        ]);
        hold(`done again after ${when}`, await laid.wrongAtEnd(school, await carryOut(school, laid.errand)));
      } finally {
        await school.close();
      }
    },
  };
}
