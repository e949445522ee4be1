import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { programRoot } from '../platform/resources.ts';
import { windowAddress } from './address.ts';
import type { ElectronApi } from './electron-api.ts';

/** What this computer remembers of the window (electron-store in the shell). */
export interface WindowMemory {
  get: () => { bounds: Rectangle | null; maximized: boolean };
  set: (value: { bounds: Rectangle; maximized: boolean }) => void;
}

/** Sandboxed, isolated, without Node; the preload is its only way out. */
export function windowOptions(memory: WindowMemory, packaged: boolean): BrowserWindowConstructorOptions {
  const { bounds } = memory.get();
  return {
    width: 1366,
    height: 768,
    ...bounds,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor: '#f5f7f7',
    title: '學習歷程檔案校管理端',
    webPreferences: {
      preload: join(programRoot, 'out/preload/electron.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      // The spelling dictionaries would be fetched from the network.
      spellcheck: false,
      devTools: !packaged,
    },
  };
}

/** Opens the window where it was; its page is loaded again, once a minute at most, when its process dies. */
export function openWindow({ app, BrowserWindow }: Pick<ElectronApi, 'app' | 'BrowserWindow'>, memory: WindowMemory): BrowserWindow {
  const window = new BrowserWindow(windowOptions(memory, app.isPackaged));
  window.once('ready-to-show', () => {
    if (memory.get().maximized) window.maximize();
    window.show();
  });
  window.on('close', () => memory.set({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
  let lastReload = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || performance.now() - lastReload < 60_000) return;
    lastReload = performance.now();
    window.webContents.reload();
  });
  void window.loadURL(windowAddress);
  return window;
}
