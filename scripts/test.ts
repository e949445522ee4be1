/**
 * `npm test`: everything, in the order in which a failure says most. One line a step, the full output of a step
 * as it runs, and at the end what passed. CI calls the same.
 *
 *   npm test                     all steps
 *   npm test -- unit e2e         some of them
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from '../main/platform/resources.ts';

interface Step {
  name: string;
  title: string;
  command: readonly [string, ...string[]];
}

const chromium = process.env.PORTFOLIO_CHROMIUM ?? '/usr/bin/chromium';

const steps: readonly Step[] = [
  { name: 'lint', title: 'lint and import directions', command: ['biome', 'check', '--error-on-warnings'] },
  { name: 'types', title: 'types', command: ['tsc', '-p', '.'] },
  { name: 'build', title: 'build', command: ['electron-vite', 'build', '--logLevel', 'warn'] },
  { name: 'unit', title: 'unit and integration', command: ['vitest', 'run'] },
  { name: 'e2e', title: 'end to end, in a real Chromium', command: ['playwright', 'test'] },
  {
    name: 'electron',
    title: 'the same in Electron, where its binary is',
    command: ['node', '--disable-warning=ExperimentalWarning', 'tests/electron/run.ts'],
  },
];

function ensureChromium(): void {
  if (existsSync(chromium)) return;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Chromium is not installed; installing the distribution’s for the end-to-end tests …');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  if (!existsSync(chromium)) {
    console.error(`The end-to-end tests need a Chromium: install one, or name it in PORTFOLIO_CHROMIUM (looked for ${chromium}).`);
    process.exit(1);
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. Steps: ${steps.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

const passed: string[] = [];
for (const step of steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  if (step.name === 'e2e') ensureChromium();
  console.log(`\n── ${step.title} ──`);
  const started = performance.now();
  const [command, ...rest] = step.command;
  const result = spawnSync(join(programRoot, 'node_modules/.bin', command), rest, {
    cwd: programRoot,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error(`\n✗ ${step.title} failed. ${passed.length} steps passed, 1 failed`);
    process.exit(1);
  }
  passed.push(`${step.title} (${Math.round((performance.now() - started) / 1000)} s)`);
}
console.log(`\n✓ ${passed.join('\n✓ ')}\n\n${passed.length} passed, 0 failed`);
