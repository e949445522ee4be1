import type { BrowserWindow, IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import type { Backend } from '../application/backend-client.ts';
import type { Outcome } from '../application/contract.ts';
import { ApplicationError, reportOf } from '../platform/errors.ts';
import { channels } from './channels.ts';
import type { ElectronApi } from './electron-api.ts';
import type { ShellFiles } from './files.ts';
import { isTrustedSender } from './lockdown.ts';

export interface BridgeOptions {
  window: BrowserWindow;
  /** Of the window's session; it stays when the page is loaded again. */
  connectionId: string;
  backend: Backend;
  files: ShellFiles;
}

const operationName = z.string().max(200);

/**
 * Binds one handler to each channel of the preload. Whoever is not the top frame of our window is refused, and every
 * answer is an `Outcome`: Electron's own errors would carry a message alone.
 * @returns unbinds them
 */
export function bindBridge({ ipcMain }: Pick<ElectronApi, 'ipcMain'>, { window, connectionId, backend, files }: BridgeOptions): () => void {
  const answer = (channel: string, work: (...values: unknown[]) => Promise<Outcome<unknown>>) => {
    ipcMain.handle(channel, async ({ sender, senderFrame }: IpcMainInvokeEvent, ...values: unknown[]): Promise<Outcome<unknown>> => {
      try {
        if (!isTrustedSender(sender, senderFrame, window.webContents)) {
          throw new ApplicationError('call.untrusted', '拒絕來自其他來源的要求。');
        }
        return await work(...values);
      } catch (error) {
        const report = reportOf(error);
        return { ok: false, error: { ...report, details: { ...report.details } } };
      }
    });
  };
  const answerData = (channel: string, work: (value: unknown) => Promise<unknown>) =>
    answer(channel, async (value) => ({ ok: true, data: await work(value) }));

  answer(channels.call, (name, input) => backend.call(connectionId, operationName.parse(name), input));
  answerData(channels.chooseFile, files.chooseFile);
  answerData(channels.receiveDropped, files.receiveDropped);
  answerData(channels.letGo, files.letGo);
  answerData(channels.saveFile, files.saveFile);
  answerData(channels.readFile, files.readFile);
  answerData(channels.printFile, files.printFile);

  const stopEvents = backend.onEvent((event, accountName) => {
    if (window.isDestroyed()) return;
    if (accountName === null || backend.accountOf(connectionId) === accountName) window.webContents.send(channels.event, event);
  });
  return () => {
    stopEvents();
    for (const channel of Object.values(channels)) ipcMain.removeHandler(channel);
  };
}
