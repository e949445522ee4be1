import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from '../main/platform/resources.ts';

/** What goes into `out/`: when any of it is newer than the last build, it is built again. */
const sources = ['domain', 'db', 'main', 'preload', 'renderer', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.json'];
const stamp = join(programRoot, 'out', '.built');

/** Newest modification below a path, in ms. Folders count too: a removed file changes only its folder. */
function newestOf(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path, { withFileTypes: true })
    .map((entry) => newestOf(join(path, entry.name)))
    .reduce((newest, time) => Math.max(newest, time), mtimeMs);
}

export function isBuilt(): boolean {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return sources.every((source) => newestOf(join(programRoot, source)) <= built);
}

/** Builds the three bundles where they are missing or old. @throws when the build fails; its output says why */
export function buildIfStale(say: (line: string) => void): void {
  if (isBuilt()) return;
  say('建置程式…（原始碼比上次建置新）');
  const begun = new Date();
  const tool = join(programRoot, 'node_modules/electron-vite/bin/electron-vite.js');
  const result = spawnSync(process.execPath, [tool, 'build', '--logLevel', 'warn'], { cwd: programRoot, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`建置失敗：\n${result.stdout}\n${result.stderr}`);
  writeFileSync(stamp, `${begun.toISOString()}\n`);
}
