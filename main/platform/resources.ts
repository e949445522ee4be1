import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the program's own files lie: the project's root in a checkout and inside the packed asar alike, since
 * `package.json` stands at the root of both. Found from this module upwards, so source and bundle agree.
 */
function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json of the program was not found');
    folder = parent;
  }
  return folder;
}

export const programRoot = findRoot();

/** A file or folder shipped with the program, `db/migrations`, `assets/fonts/…`; readable inside the asar. */
export function resourcePath(relative: string): string {
  return join(programRoot, relative);
}

/** The same outside the asar, for files another program must open or start (7-Zip). */
export function unpackedPath(path: string): string {
  return path.replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
}

const runsFromSource = import.meta.url.endsWith('.ts');

/**
 * The file to start a worker from: `main/application/task-worker.ts` in a checkout, `out/main/task-worker.js` where
 * the main process was bundled (electron.vite.config.ts has an entry for each).
 */
export function workerEntry(source: `main/${string}.ts`): string {
  if (runsFromSource) return join(programRoot, source);
  return join(programRoot, 'out/main', `${source.slice(source.lastIndexOf('/') + 1, -3)}.js`);
}

/** The program's version, as it stands in what it makes. */
export const programVersion: string = (JSON.parse(readFileSync(resourcePath('package.json'), 'utf8')) as { version: string }).version;
