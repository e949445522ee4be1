import { join } from 'node:path';
import { Random } from '../../db/sample/random.ts';
import { temporaryFolder } from '../support/directories.ts';
import { type FaultlessRun, faultlessRun } from './faultless-run.ts';
import type { Laid } from './laid.ts';
import { Programs } from './program.ts';

/** Puts a fresh data directory at a path and says what is to be done there. */
export type Lay = (directory: string, random: Random) => Laid | Promise<Laid>;

/** A piece of work that faults come upon. */
export interface Work {
  name: string;
  /** Makes what all attempts start from and are held against; whoever makes it removes it when the process ends. */
  prepare: () => Promise<Lay>;
}

export interface PreparedWork {
  name: string;
  lay: Lay;
  run: FaultlessRun;
}

const prepared = new Map<Work, Promise<PreparedWork>>();

/** The work with a run of it without faults; made once a process, for all campaigns. */
export function preparedWork(work: Work): Promise<PreparedWork> {
  const known = prepared.get(work);
  if (known) return known;
  const making = prepare(work);
  prepared.set(work, making);
  return making;
}

async function prepare({ name, prepare: prepareLay }: Work): Promise<PreparedWork> {
  const lay = await prepareLay();
  const folder = temporaryFolder(`faults-run-${name}`);
  const programs = new Programs({ temporary: join(folder.path, 'temporary') });
  const directory = join(folder.path, 'data');
  const laid = await lay(directory, new Random(1));
  try {
    return { name, lay, run: await faultlessRun(await programs.take(), laid, directory) };
  } finally {
    await laid.end?.();
    await programs.close();
    folder.remove();
  }
}
