import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from '../main/platform/resources.ts';

/** What goes into `out/`: when any of it is newer than the last build, it is built again. */
const sources = ['domain', 'db', 'main', 'preload', 'renderer', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.json'];
/** electron-vite writes the main process first and the renderer last. */
const firstBuilt = join(programRoot, 'out/main/shell.js');
const lastBuilt = join(programRoot, 'out/renderer/index.html');
/** Holds the process id of whoever builds, so that two at once do not empty the folder under each other. */
const lock = join(programRoot, 'node_modules', '.building');

/** Newest modification below a path, in ms. Folders count too: a removed file changes only its folder. */
function newestOf(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestOf(join(path, name))), stats.mtimeMs);
}

export function isBuilt(): boolean {
  if (!existsSync(firstBuilt) || !existsSync(lastBuilt)) return false;
  const built = statSync(firstBuilt).mtimeMs;
  return statSync(lastBuilt).mtimeMs >= built && sources.every((source) => newestOf(join(programRoot, source)) <= built);
}

function builderLives(): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch {
    return false; // The file is gone, or its process is.
  }
}

function acquireLock(): void {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (builderLives()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      else rmSync(lock, { force: true });
    }
  }
}

function build(say: (line: string) => void): void {
  if (isBuilt()) return;
  say('建置程式…（尚未建置，或原始碼比上次建置新）');
  const tool = join(programRoot, 'node_modules/electron-vite/bin/electron-vite.js');
  const result = spawnSync(process.execPath, [tool, 'build', '--logLevel', 'warn'], { cwd: programRoot, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`建置失敗：\n${result.stdout}\n${result.stderr}`);
}

/** Builds the three bundles where they are missing or old. @throws when the build fails; its output says why */
export function buildIfStale(say: (line: string) => void): void {
  if (isBuilt()) return;
  acquireLock();
  try {
    build(say);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The same, and nobody else builds while `work` reads what was built. */
export async function withBuild<Result>(say: (line: string) => void, work: () => Promise<Result>): Promise<Result> {
  acquireLock();
  try {
    build(say);
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}
