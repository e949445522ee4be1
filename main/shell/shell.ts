/** Entry of the desktop program: the only file that runs with Electron loaded, and the only one that reads its arguments. */
import { join, resolve } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, powerMonitor, protocol, safeStorage, session } from 'electron';
import Store from 'electron-store';
import { keepOutOfCoreDumps } from '../platform/core-dumps.ts';
import { defaultDataDirectory } from '../platform/data-location.ts';
import { runShell } from './run-shell.ts';
import { safeStorageStore } from './secrets.ts';
import type { WindowMemory } from './window.ts';

keepOutOfCoreDumps();

const argumentAfter = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

const named = argumentAfter('--data');
const dataDirectory = named ? resolve(named) : defaultDataDirectory();
// A directory of its own has a window of its own: its own instance lock and its own memory.
if (named) app.setPath('userData', join(dataDirectory, 'electron'));

/** Window bounds belong to the computer, not to the school. */
function windowMemory(): WindowMemory {
  const store = new Store<ReturnType<WindowMemory['get']>>({ name: 'window', defaults: { bounds: null, maximized: false } });
  return { get: () => store.store, set: (value) => store.set(value) };
}

/** `學習歷程校管理端 --cli COMMAND …`: the command line, with the keys of this computer's keyring. Ends the process itself. */
async function runCommand(args: readonly string[]): Promise<void> {
  const { runCommandLine } = await import('../cli/run.ts');
  await app.whenReady();
  app.exit(
    await runCommandLine(args, {
      defaultDataDirectory: dataDirectory,
      secretStore: (directory) => safeStorageStore(safeStorage, directory),
    }),
  );
}

async function openProgram(): Promise<void> {
  await runShell(
    { app, BrowserWindow, dialog, ipcMain, Menu, powerMonitor, protocol, safeStorage, session },
    { dataDirectory, windowMemory: windowMemory() },
  );
}

function endWith(error: unknown): void {
  process.stderr.write(`${(error as Error | null)?.stack ?? error}\n`);
  app.exit(1);
}

// Not awaited here: Electron becomes ready only when this module has been read to its end.
const commandLine = process.argv.indexOf('--cli');
if (commandLine < 0) openProgram().catch(endWith);
else runCommand(process.argv.slice(commandLine + 1)).catch(endWith);
