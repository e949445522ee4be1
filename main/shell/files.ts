import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { BrowserWindow } from 'electron';
import { z } from 'zod';
import type { Backend } from '../application/backend-client.ts';
import type { HeldFile } from '../application/backend-protocol.ts';
import { type IncomingFile, incomingFile, outgoingFile } from '../application/contract.ts';
import { outgoingContent } from '../application/outgoing-content.ts';
import { ApplicationError } from '../platform/errors.ts';
import { printPath, windowAddress } from './address.ts';
import type { ElectronApi } from './electron-api.ts';

/** Files in and out by native dialogs and printing. Tokens only reach the window; paths stay here. */
export interface ShellFiles {
  chooseFile: (accept: unknown) => Promise<IncomingFile | null>;
  /** @param path as the preload got it from the dropped file itself */
  receiveDropped: (path: unknown) => Promise<IncomingFile>;
  /** Forgets a file of the clerk's, which stays where it is. */
  letGo: (file: unknown) => Promise<void>;
  saveFile: (file: unknown) => Promise<{ saved: boolean; where: string | null }>;
  readFile: (file: unknown) => Promise<Uint8Array>;
  printFile: (file: unknown) => Promise<void>;
}

/** A preview larger than this is not read into the window. */
const previewLimit = 256 * 1024 * 1024;
const endings = z.array(z.string().regex(/^\.[a-z0-9]{1,10}$/i)).max(20);

export function shellFiles(
  electron: Pick<ElectronApi, 'app' | 'dialog' | 'BrowserWindow'>,
  window: BrowserWindow,
  backend: Backend,
): ShellFiles {
  const { app, dialog } = electron;
  /** Where the clerk saved last, this time the program runs. */
  let folder = app.getPath('downloads');

  const takeIn = async (path: string): Promise<IncomingFile> => {
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) throw new ApplicationError('file.notFound', '找不到這個檔案，請重新選擇。');
    return backend.receive(path, basename(path), false);
  };

  /** Whole or not at all: under another name first, then in place of what stood there. */
  const putAt = async (token: string, source: HeldFile, target: string): Promise<void> => {
    const unfinished = join(dirname(target), `.${basename(target)}.part`);
    try {
      await pipeline(outgoingContent(backend, token, source), createWriteStream(unfinished, { mode: 0o600 }));
      await rename(unfinished, target);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  };

  return {
    chooseFile: async (accept) => {
      const extensions = endings.parse(accept).map((ending) => ending.slice(1));
      const filters = extensions.length > 0 ? [{ name: extensions.map((ending) => `*.${ending}`).join(' '), extensions }] : [];
      const { canceled, filePaths } = await dialog.showOpenDialog(window, { title: '選擇檔案', properties: ['openFile'], filters });
      const [path] = filePaths;
      return canceled || path === undefined ? null : takeIn(path);
    },
    receiveDropped: (path) => takeIn(z.string().min(1).max(4096).parse(path)),
    letGo: (file) => backend.release(incomingFile.parse(file).token),
    saveFile: async (file) => {
      const { token } = outgoingFile.parse(file);
      const held = await backend.outgoing(token);
      const { canceled, filePath } = await dialog.showSaveDialog(window, { title: '另存新檔', defaultPath: join(folder, held.name) });
      if (canceled || !filePath) return { saved: false, where: null };
      await putAt(token, held, filePath);
      folder = dirname(filePath);
      return { saved: true, where: basename(folder) };
    },
    readFile: async (file) => {
      const { token } = outgoingFile.parse(file);
      const held = await backend.outgoing(token);
      if (held.bytes > previewLimit) {
        throw new ApplicationError('file.tooLargeToShow', '檔案太大，無法在視窗中預覽，請另存新檔後開啟。');
      }
      return buffer(outgoingContent(backend, token, held));
    },
    printFile: (file) => print(electron, outgoingFile.parse(file).token),
  };
}

/** Shows the document in a window that is not seen and opens the system's print dialog on it. */
async function print({ BrowserWindow }: Pick<ElectronApi, 'BrowserWindow'>, token: string): Promise<void> {
  const paper = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, plugins: true },
  });
  try {
    await paper.loadURL(new URL(`${printPath}${encodeURIComponent(token)}`, windowAddress).href);
    await new Promise<void>((resolve, reject) => {
      paper.webContents.print({ silent: false, printBackground: true }, (printed, reason) => {
        // The clerk closing the dialog is no failure.
        if (printed || /cancel/i.test(reason)) resolve();
        else reject(new ApplicationError('print.failed', '無法列印，請確認印表機已連線，或另存 PDF 後列印。', { reason }));
      });
    });
  } finally {
    paper.destroy();
  }
}
