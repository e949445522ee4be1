import type { ApplicationEvent, IncomingFile, Outcome, OutgoingFile } from '../main/application/contract.ts';
import type { PortfolioBridge } from './portfolio.ts';

/**
 * The bridge of a window in a plain browser: the contract over the WebSocket of main/browser, files as uploads and
 * downloads. Guarded by the cookie that the one-time address left.
 */

type FromHost = { id: number; outcome: Outcome<unknown> } | { event: ApplicationEvent };

/** How long a call waits for a lost connection to come back before it says so. */
const patience = 5_000;
const longestPause = 4_000;

const lostError = {
  code: 'connection.lost',
  message: '與程式的連線中斷。請確認程式仍在執行；若已關閉，請重新啟動並開啟它顯示的新網址。',
  details: {},
};
const lost: Outcome<never> = { ok: false, error: lostError };

/** One socket that comes back by itself. */
class HostConnection {
  readonly #eventListeners = new Set<(event: ApplicationEvent) => void>();
  readonly #stateListeners = new Set<(state: 'connected' | 'lost') => void>();
  readonly #pending = new Map<number, (outcome: Outcome<unknown>) => void>();
  readonly #waiting = new Set<() => void>();
  #socket: WebSocket | null = null;
  #nextId = 1;
  #pause = 100;
  #reportedLost = false;

  constructor() {
    this.#connect();
  }

  #connect(): void {
    const socket = new WebSocket(`ws://${location.host}/socket`);
    socket.onopen = () => {
      this.#socket = socket;
      this.#pause = 100;
      for (const go of this.#waiting) go();
      this.#waiting.clear();
      if (this.#reportedLost) this.#tell('connected');
    };
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)) as FromHost);
    socket.onclose = () => {
      this.#socket = null;
      for (const answer of this.#pending.values()) answer(lost);
      this.#pending.clear();
      if (!this.#reportedLost) this.#tell('lost');
      setTimeout(() => this.#connect(), this.#pause);
      this.#pause = Math.min(this.#pause * 2, longestPause);
    };
  }

  #tell(state: 'connected' | 'lost'): void {
    this.#reportedLost = state === 'lost';
    for (const listener of this.#stateListeners) listener(state);
  }

  #receive(message: FromHost): void {
    if ('event' in message) {
      for (const listener of this.#eventListeners) listener(message.event);
      return;
    }
    this.#pending.get(message.id)?.(message.outcome);
    this.#pending.delete(message.id);
  }

  async #opened(): Promise<WebSocket | null> {
    if (this.#socket) return this.#socket;
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      setTimeout(() => {
        this.#waiting.delete(resolve);
        resolve();
      }, patience);
    });
    return this.#socket;
  }

  async call(name: string, input: unknown): Promise<Outcome<unknown>> {
    const socket = await this.#opened();
    if (!socket) return lost;
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#pending.set(id, resolve);
      socket.send(JSON.stringify({ id, name, input }));
    });
  }

  onEvent(listener: (event: ApplicationEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  onState(listener: (state: 'connected' | 'lost') => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }
}

type Refusal = Extract<Outcome<never>, { ok: false }>['error'];

/** What the renderer catches: an error with the code and the Chinese sentence of a refused file. */
function refusal({ code, message, details }: Refusal): Error {
  return Object.assign(new Error(message), { code, details });
}

async function upload(file: File): Promise<IncomingFile> {
  let response: Response;
  try {
    response = await fetch('/files', {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream', 'X-File-Name': encodeURIComponent(file.name) },
      body: file,
    });
  } catch {
    throw refusal(lostError);
  }
  const outcome = (await response.json()) as Outcome<IncomingFile>;
  if (!outcome.ok) throw refusal(outcome.error);
  return outcome.data;
}

function pickFile(accept: string[]): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept.join(',');
    input.hidden = true;
    const settle = (file: File | null) => {
      input.remove();
      resolve(file);
    };
    input.addEventListener('change', () => settle(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => settle(null));
    document.body.append(input);
    input.click();
  });
}

const addressOf = (file: { token: string }) => `/files/${encodeURIComponent(file.token)}`;

async function letGo(file: IncomingFile): Promise<void> {
  try {
    await fetch(addressOf(file), { method: 'DELETE' });
  } catch {
    // The host is gone, and its uploads with it.
  }
}

async function readFile(file: OutgoingFile): Promise<ArrayBuffer> {
  const response = await fetch(addressOf(file));
  if (!response.ok) {
    const outcome = (await response.json()) as Outcome<never>;
    if (!outcome.ok) throw refusal(outcome.error);
  }
  return response.arrayBuffer();
}

function saveFile(file: OutgoingFile): { saved: boolean; where: string | null } {
  const link = document.createElement('a');
  link.href = addressOf(file);
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  return { saved: true, where: null };
}

let printFrame: HTMLIFrameElement | null = null;

/** Prints through the browser's own PDF viewer in a frame that is not seen; it stays until the next print. */
function printFile(file: OutgoingFile): Promise<void> {
  printFrame?.remove();
  const frame = document.createElement('iframe');
  printFrame = frame;
  // Not display: none, which some browsers do not lay out and so print empty.
  Object.assign(frame.style, { position: 'fixed', width: '1px', height: '1px', right: '0', bottom: '0', opacity: '0', border: '0' });
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');
  return new Promise((resolve, reject) => {
    frame.addEventListener('load', () => {
      try {
        frame.contentWindow!.focus();
        frame.contentWindow!.print();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
    frame.src = `${addressOf(file)}?inline`;
    document.body.append(frame);
  });
}

/** Connects at once. */
function createBrowserBridge(): PortfolioBridge {
  const connection = new HostConnection();
  return {
    host: 'browser',
    call: (name, input) => connection.call(name, input),
    onEvent: (listener) => connection.onEvent(listener),
    onConnection: (listener) => connection.onState(listener),
    chooseFile: async (accept) => {
      const file = await pickFile(accept);
      return file && upload(file);
    },
    receiveDropped: upload,
    letGo,
    saveFile: async (file) => saveFile(file),
    readFile,
    printFile,
    addressOf: (file) => `${addressOf(file)}?inline`,
  };
}

// Electron's preload has put its own bridge there already; in a plain browser this one serves.
window.portfolio ??= createBrowserBridge();
