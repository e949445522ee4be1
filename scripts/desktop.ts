import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { programRoot } from '../main/platform/resources.ts';

/** What this computer has to show a window with. */

const electronFolder = join(programRoot, 'node_modules/electron');

export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Chromium's sandbox, and so Electron's, refuses to run as root. */
export const isRoot = () => process.getuid?.() === 0;

/** The Electron executable, where it was downloaded or a distribution is named; never downloads. */
export function installedElectron(): string | null {
  const pathFile = join(electronFolder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : process.platform === 'win32' ? 'electron.exe' : 'electron';
  const executable = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronFolder, 'dist'), name);
  return existsSync(executable) ? executable : null;
}

/** Electron's package comes without its binary: fetches it (about 110 MB), once, where the network lets us. */
export function fetchElectron(): string | null {
  spawnSync(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'ignore', timeout: 180_000 });
  return installedElectron();
}

const browsersOfPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];

/** An installed Chromium, Chrome or Edge, for a window without address bar. */
export function installedChromium(): string | null {
  const candidates =
    process.platform === 'win32'
      ? [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
          .filter((folder) => folder !== undefined)
          .flatMap((folder) => [
            join(folder, 'Google/Chrome/Application/chrome.exe'),
            join(folder, 'Microsoft/Edge/Application/msedge.exe'),
          ])
      : process.platform === 'darwin'
        ? ['Google Chrome', 'Microsoft Edge', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
        : (process.env.PATH ?? '').split(delimiter).flatMap((folder) => browsersOfPath.map((name) => join(folder, name)));
  return candidates.find((path) => existsSync(path)) ?? null;
}
