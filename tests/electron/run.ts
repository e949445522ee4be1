/**
 * The main job in the real desktop window: `npm test` calls it last. Runs only where Electron's binary and a display
 * are; elsewhere it says loudly that nothing was tested.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { programRoot } from '../../main/platform/resources.ts';
import { buildIfStale } from '../../scripts/build-if-stale.ts';
import { hasDisplay, installedElectron, isRoot } from '../../scripts/desktop.ts';

const missing = [
  ...(installedElectron() ? [] : ['Electron’s binary is not installed (npx install-electron fetches it)']),
  ...(hasDisplay() ? [] : ['there is no display (xvfb-run gives one)']),
  ...(isRoot() ? ['Electron’s sandbox does not run as root'] : []),
];
if (missing.length > 0) {
  console.log(
    `\n!!! SKIPPED: the Electron tests did not run: ${missing.join('; ')}.\n!!! Nothing of the desktop window itself was tested.\n`,
  );
  process.exit(0);
}
buildIfStale(console.log);
const playwright = join(programRoot, 'node_modules/@playwright/test/cli.js');
const { status } = spawnSync(process.execPath, [playwright, 'test', '-c', 'tests/electron/playwright.config.ts'], {
  cwd: programRoot,
  stdio: 'inherit',
});
process.exit(status ?? 1);
