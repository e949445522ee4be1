import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { ApplicationEvent, Outcome } from '../main/application/contract.ts';
import { filePath, windowAddress } from '../main/shell/address.ts';
import { channels } from '../main/shell/channels.ts';
import type { PortfolioBridge } from './portfolio.ts';

/** Names of the contract's operations, put in by the build (electron.vite.config.ts); schemas stay out of the preload. */
declare const operationNames: readonly string[];

const known = new Set(operationNames);

/** Asks the shell; what it refuses is thrown as the bare fields of the error, the only thing that crosses the bridge whole. */
async function ask<Data>(channel: string, ...values: unknown[]): Promise<Data> {
  const outcome = (await ipcRenderer.invoke(channel, ...values)) as Outcome<Data>;
  return outcome.ok ? outcome.data : Promise.reject(outcome.error);
}

const bridge: PortfolioBridge = {
  host: 'electron',
  call: async (name, input) => {
    if (!known.has(name)) {
      return {
        ok: false,
        error: { code: 'call.unknown', message: '程式版本不一致，請重新啟動程式。', details: { operation: String(name) } },
      };
    }
    return ipcRenderer.invoke(channels.call, name, input) as Promise<Outcome<unknown>>;
  },
  onEvent: (listener) => {
    const receive = (_event: IpcRendererEvent, event: ApplicationEvent) => listener(event);
    ipcRenderer.on(channels.event, receive);
    return () => ipcRenderer.off(channels.event, receive);
  },
  // The shell and its window live and die together; a backend that died says so by `signedOut`.
  onConnection: () => () => {},
  chooseFile: (accept) => ask(channels.chooseFile, accept),
  receiveDropped: (file) => ask(channels.receiveDropped, webUtils.getPathForFile(file)),
  letGo: async (file) => {
    await ipcRenderer.invoke(channels.letGo, file);
  },
  saveFile: (file) => ask(channels.saveFile, file),
  readFile: async (file) => {
    const bytes = await ask<Uint8Array>(channels.readFile, file);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  },
  printFile: (file) => ask(channels.printFile, file),
  addressOf: ({ token }) => new URL(`${filePath}${encodeURIComponent(token)}`, windowAddress).href,
};

contextBridge.exposeInMainWorld('portfolio', bridge);
