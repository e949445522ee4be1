import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, Session, WebContents, WebFrameMain } from 'electron';
import type { Backend } from '../../main/application/backend-client.ts';
import type { HeldFile } from '../../main/application/backend-protocol.ts';
import type { ApplicationEvent, Outcome } from '../../main/application/contract.ts';
import type { ElectronApi } from '../../main/shell/electron-api.ts';
import type { WindowMemory } from '../../main/shell/window.ts';

/** Electron as far as the shell uses it, so that what the shell asks of it can be seen. No window opens. */

class StandInContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  readonly sent: { channel: string; value: unknown }[] = [];
  readonly printed: unknown[] = [];
  printOutcome: { printed: boolean; reason: string } = { printed: true, reason: '' };
  reloads = 0;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  send(channel: string, value: unknown): void {
    this.sent.push({ channel, value });
  }
  print(options: unknown, done: (printed: boolean, reason: string) => void): void {
    this.printed.push(options);
    done(this.printOutcome.printed, this.printOutcome.reason);
  }
  reload(): void {
    this.reloads += 1;
  }
}

export class StandInWindow extends EventEmitter {
  static opened: StandInWindow[] = [];
  static onOpen: (contents: StandInContents) => void = () => {};
  readonly webContents = new StandInContents();
  readonly loaded: string[] = [];
  readonly options: BrowserWindowConstructorOptions;
  destroyed = false;
  focused = 0;
  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    StandInWindow.opened.push(this);
    StandInWindow.onOpen(this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
  }
  show(): void {}
  maximize(): void {}
  focus(): void {
    this.focused += 1;
  }
  isMinimized = () => false;
  isMaximized = () => false;
  isDestroyed = () => this.destroyed;
  getNormalBounds = () => ({ x: 10, y: 20, width: 1400, height: 900 });
  /** As Electron does it: asks by 'close' first. */
  close(): void {
    let prevented = false;
    this.emit('close', { preventDefault: () => (prevented = true) });
    if (!prevented) this.destroy();
  }
  destroy(): void {
    this.destroyed = true;
  }
}

type Handler = (event: { sender: unknown; senderFrame: unknown }, ...values: unknown[]) => Promise<Outcome<unknown>>;

export function standInElectron(options: { firstInstance?: boolean; keyring?: boolean; packaged?: boolean; downloads?: string } = {}) {
  const order: string[] = [];
  const handlers = new Map<string, Handler>();
  const schemes: unknown[] = [];
  let protocolHandler: ((request: Request) => Promise<Response>) | null = null;
  const dialogs = {
    messages: [] as { message: string; buttons?: string[] }[],
    responses: [] as number[],
    open: [] as string[][],
    save: [] as (string | null)[],
  };
  const permissions: {
    request?: Parameters<Session['setPermissionRequestHandler']>[0];
    check?: Parameters<Session['setPermissionCheckHandler']>[0];
    device?: Parameters<Session['setDevicePermissionHandler']>[0];
    network?: { urls: string[]; cancel: boolean };
  } = {};
  const app = Object.assign(new EventEmitter(), {
    isPackaged: options.packaged ?? true,
    requestSingleInstanceLock: () => options.firstInstance ?? true,
    enableSandbox: () => order.push('sandbox'),
    whenReady: async () => void order.push('ready'),
    quit: () => order.push('quit'),
    relaunch: ({ args }: { args: string[] }) => order.push(`relaunch ${args.join(' ')}`),
    getPath: () => options.downloads ?? '/downloads',
  });
  StandInWindow.opened = [];
  StandInWindow.onOpen = (contents) => app.emit('web-contents-created', {}, contents);
  const available = options.keyring ?? true;
  const safeStorage = {
    isAsyncEncryptionAvailable: async () => available,
    getSelectedStorageBackend: () => (available ? 'gnome_libsecret' : 'basic_text'),
    // Not encryption: enough to see that what is kept is not what was given.
    encryptStringAsync: async (text: string) => Buffer.from(text).reverse(),
    decryptStringAsync: async (sealed: Buffer) => {
      if (sealed.toString() === 'foreign') throw new Error('Error while decrypting the ciphertext');
      return { result: Buffer.from(sealed).reverse().toString(), shouldReEncrypt: false };
    },
  };
  const powerMonitor = new EventEmitter();
  const electron = {
    app,
    BrowserWindow: StandInWindow,
    dialog: {
      showMessageBox: async (...given: unknown[]) => {
        dialogs.messages.push(given.at(-1) as { message: string });
        return { response: dialogs.responses.shift() ?? 1 };
      },
      showOpenDialog: async () => {
        const filePaths = dialogs.open.shift() ?? [];
        return { canceled: filePaths.length === 0, filePaths };
      },
      showSaveDialog: async () => {
        const filePath = dialogs.save.shift() ?? '';
        return { canceled: filePath === '', filePath };
      },
    },
    ipcMain: {
      handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
      removeHandler: (channel: string) => handlers.delete(channel),
    },
    Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: () => {} },
    powerMonitor,
    protocol: {
      registerSchemesAsPrivileged: (given: unknown[]) => {
        order.push('scheme');
        schemes.push(...given);
      },
      handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => {
        protocolHandler = handler;
      },
    },
    safeStorage,
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: typeof permissions.request) => {
          permissions.request = handler;
        },
        setPermissionCheckHandler: (handler: typeof permissions.check) => {
          permissions.check = handler;
        },
        setDevicePermissionHandler: (handler: typeof permissions.device) => {
          permissions.device = handler;
        },
        webRequest: {
          onBeforeRequest: (
            { urls }: { urls: string[] },
            decide: (details: object, answer: (response: { cancel: boolean }) => void) => void,
          ) => {
            decide({}, ({ cancel }) => {
              permissions.network = { urls, cancel };
            });
          },
        },
      },
    },
  } as unknown as ElectronApi;
  return {
    electron,
    order,
    app,
    powerMonitor,
    permissions,
    dialogs,
    schemes,
    handlers,
    fetch: (url: string, method = 'GET') => protocolHandler!({ url, method } as Request),
    /** As the preload of a frame would ask. */
    invoke: (channel: string, sender: unknown, senderFrame: unknown, ...values: unknown[]) =>
      handlers.get(channel)!({ sender: sender as WebContents, senderFrame: senderFrame as WebFrameMain | null }, ...values),
  };
}

export const topFrame = { parent: null, url: 'app://portfolio/#/slips' };

/** A backend that answers by itself and tells what it was asked. */
export function standInBackend(account: string | null = '999999adm') {
  const calls: { connectionId: string; name: string; input: unknown }[] = [];
  const listeners = new Set<(event: ApplicationEvent, accountName: string | null) => void>();
  const held = new Map<string, HeldFile>();
  /** Bytes of what has no path. */
  const contents = new Map<string, Buffer>();
  const state = {
    running: 0,
    closed: false,
    received: [] as { path: string; name: string; removeAfter: boolean }[],
    released: [] as string[],
  };
  const backend: Backend = {
    whenStarted: Promise.resolve(null),
    offersRescue: () => false,
    call: async (connectionId, name, input) => {
      calls.push({ connectionId, name, input });
      return { ok: true, data: { name } };
    },
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    accountOf: () => account,
    endConnection: () => {},
    runningJobs: () => state.running,
    receive: async (path, name, removeAfter) => {
      state.received.push({ path, name, removeAfter });
      return { token: 'in-1', name, bytes: 1 };
    },
    outgoing: async (token) => held.get(token)!,
    readOutgoing: async (token, start, length) => contents.get(token)!.subarray(start, start + length),
    release: async (token) => {
      state.released.push(token);
    },
    makeWorkFolder: async () => '/nowhere',
    close: async () => {
      state.closed = true;
    },
  };
  const publish = (event: ApplicationEvent, accountName: string | null) => {
    for (const listener of listeners) listener(event, accountName);
  };
  return { backend, calls, held, contents, state, publish };
}

export function memoryOfWindow(): WindowMemory & { kept: ReturnType<WindowMemory['get']> } {
  const memory = {
    kept: { bounds: null, maximized: false } as ReturnType<WindowMemory['get']>,
    get: () => memory.kept,
    set: (value: ReturnType<WindowMemory['get']>) => {
      memory.kept = value;
    },
  };
  return memory;
}
