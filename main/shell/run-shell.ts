import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { type Backend, type BackendOptions, startBackend } from '../application/backend-client.ts';
import { type ErrorReport, reportOf } from '../platform/errors.ts';
import { programRoot } from '../platform/resources.ts';
import { masterKeyOrNew } from '../platform/secret-store.ts';
import { bindBridge } from './bridge.ts';
import { channels } from './channels.ts';
import type { ElectronApi } from './electron-api.ts';
import { shellFiles } from './files.ts';
import { lockNavigation, lockPermissions } from './lockdown.ts';
import { setMenu } from './menu.ts';
import { declareScheme, serveWindow } from './protocol.ts';
import { safeStorageStore } from './secrets.ts';
import { openWindow, type WindowMemory } from './window.ts';

export interface ShellOptions {
  dataDirectory: string;
  windowMemory: WindowMemory;
  /** For tests: the real one otherwise. */
  start?: (options: BackendOptions) => Backend;
}

/**
 * The program as a desktop window. Call before Electron is ready; resolves when the window stands, or null when
 * another instance has it or the data cannot be opened.
 */
export async function runShell(electron: ElectronApi, options: ShellOptions): Promise<BrowserWindow | null> {
  const { app, session } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return null;
  }
  app.enableSandbox();
  declareScheme(electron);
  lockNavigation(electron);
  await app.whenReady();
  lockPermissions(session.defaultSession);
  setMenu(electron);

  const backend = await openBackend(electron, options);
  if (!backend) return null;
  serveWindow(electron, join(programRoot, 'out/renderer'), backend);
  const window = openWindow(electron, options.windowMemory);
  const connectionId = `window-${randomUUID()}`;
  const unbind = bindBridge(electron, { window, connectionId, backend, files: shellFiles(electron, window, backend) });

  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  lockWithComputer(electron, backend, connectionId, window);
  waitForJobs(electron, window, backend);
  endInOrder(electron, backend, unbind);
  void backend.whenStarted.then((failure) => {
    // The window itself offers a backup.
    if (failure && !backend.offersRescue()) void explainFailure(electron, failure, options.dataDirectory);
  });
  return window;
}

async function openBackend(electron: ElectronApi, { dataDirectory, start = startBackend }: ShellOptions): Promise<Backend | null> {
  try {
    const key = await masterKeyOrNew(safeStorageStore(electron.safeStorage, dataDirectory), dataDirectory);
    return start({ dataDirectory, ...key });
  } catch (error) {
    await explainFailure(electron, reportOf(error), dataDirectory);
    return null;
  }
}

/** What the clerk can do when the data cannot be opened; nothing is made or removed on the way. */
async function explainFailure({ app, dialog }: ElectronApi, { message, code }: ErrorReport, dataDirectory: string): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: '無法開啟資料',
    message,
    detail: `資料夾：${dataDirectory}\n代碼：${code}`,
    buttons: ['選擇其他資料夾', '結束'],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) {
    const { canceled, filePaths } = await dialog.showOpenDialog({ title: '選擇資料夾', properties: ['openDirectory', 'createDirectory'] });
    const [chosen] = filePaths;
    if (!canceled && chosen !== undefined) app.relaunch({ args: [...programArguments(app.isPackaged), '--data', chosen] });
  }
  app.quit();
}

/** In a checkout Electron's first argument names the program. */
const programArguments = (packaged: boolean) => (packaged ? [] : process.argv.slice(1, 2));

/** Who leaves the computer leaves the program locked. */
function lockWithComputer({ powerMonitor }: ElectronApi, backend: Backend, connectionId: string, window: BrowserWindow): void {
  const lock = async () => {
    if (backend.accountOf(connectionId) === null) return;
    await backend.call(connectionId, 'session.lock', {});
    if (!window.isDestroyed()) window.webContents.send(channels.event, { event: 'changed', topics: ['session'] });
  };
  powerMonitor.on('lock-screen', () => void lock());
  powerMonitor.on('suspend', () => void lock());
}

/** Closing the window while jobs run asks whether to wait for them. */
function waitForJobs({ dialog }: ElectronApi, window: BrowserWindow, backend: Backend): void {
  let decided = false;
  window.on('close', (event) => {
    const running = backend.runningJobs();
    if (decided || running === 0) return;
    event.preventDefault();
    void dialog
      .showMessageBox(window, {
        type: 'question',
        title: '還有作業正在執行',
        message: `還有 ${running} 項作業正在執行。`,
        detail: '取消的作業不會留下未完成的資料。',
        buttons: ['等作業完成後結束', '取消作業並結束', '不結束'],
        defaultId: 0,
        cancelId: 2,
      })
      .then(({ response }) => {
        if (response === 2) return;
        decided = response === 1;
        if (decided || backend.runningJobs() === 0) return window.close();
        const stop = backend.onEvent(() => {
          if (backend.runningJobs() > 0 || window.isDestroyed()) return;
          stop();
          window.close();
        });
      });
  });
}

/** The program ends when the backend has closed its databases, not before. */
function endInOrder({ app }: ElectronApi, backend: Backend, unbind: () => void): void {
  let over = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (over) return;
    event.preventDefault();
    unbind();
    void backend.close().then(() => {
      over = true;
      app.quit();
    });
  });
}
