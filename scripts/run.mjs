/**
 * The way into every npm command on a fresh machine: installs the dependencies when they are not there or not those
 * of the lockfile, then goes on under the pinned Node of node_modules (the system's may be older than better-sqlite3
 * needs). Plain JavaScript, runs on Node 20.
 *
 *   node scripts/run.mjs <script.ts | tool> [arguments …]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaries = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';
const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

function packagesOf(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, 'utf8')).packages : {};
}

/** What npm noted when it last finished installing holds every package of the lockfile; optional ones may be another system's. */
function installed() {
  const there = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json')));
  return existsSync(node) && wanted.every(([path, { version, optional }]) => path === '' || optional || there[path]?.version === version);
}

if (!installed()) {
  process.stderr.write('安裝所需套件（第一次約需一兩分鐘）… Installing dependencies …\n');
  const npm = (args, stdio) =>
    spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio, shell: windows });
  // `npm ci` refuses a lockfile without the binaries of other platforms, which not every registry carries; `npm install`
  // takes the same locked versions and, with --no-save, leaves the lockfile as it is.
  const result = npm(['ci'], 'ignore').status === 0 ? { status: 0 } : npm(['install', '--no-save'], ['ignore', 2, 2]);
  if (result.status !== 0) {
    process.stderr.write('套件安裝失敗，請確認網路後再試一次。npm install failed.\n');
    process.exit(result.status ?? 1);
  }
}

const [target, ...rest] = process.argv.slice(2);
const environment = {
  ...process.env,
  PATH: `${binaries}${delimiter}${process.env.PATH}`,
  // Each thread loads its TypeScript by itself; what one has compiled, the others take from here.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-compile'),
};

// Node reads TypeScript with WebAssembly. V8 may die when two threads replace its much called wrappers at once
// ("Check failed: jit_page.has_value()", nodejs/node#64500), so it is told never to.
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--wasm-wrapper-tiering-budget=2147483647'];
const isScript = /\.(ts|mjs|js)$/.test(target);
const child = isScript
  ? spawn(node, [...nodeFlags, join(root, target), ...rest], { stdio: 'inherit', env: environment })
  : spawn(join(binaries, windows ? `${target}.cmd` : target), rest, { stdio: 'inherit', env: environment, cwd: root, shell: windows });
// Whoever stops this process means the program behind it; the terminal's Ctrl+C reaches both by itself.
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGHUP', () => child.kill('SIGHUP'));
process.on('SIGINT', () => {
  // Without a terminal nobody else tells the program.
  if (!process.stdin.isTTY) child.kill('SIGINT');
});
// npm tells its shell to end, and the shell tells nobody: where it is gone, the program goes too.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500).unref();
}
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  process.removeAllListeners('SIGTERM');
  if (signal) process.kill(process.pid, signal);
  else process.exit(code ?? 1);
});
