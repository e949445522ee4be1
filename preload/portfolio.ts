import type { ApplicationEvent, IncomingFile, Outcome, OutgoingFile } from '../main/application/contract.ts';

/**
 * What a host gives the window, as `window.portfolio`: the contract by name, the events, and files in and out. Both
 * preloads (electron, browser) implement it; the renderer knows nothing else of where it runs.
 */
export interface PortfolioBridge {
  host: 'electron' | 'browser';
  /** Calls an operation of the contract. Never rejects: a lost host answers with code `connection.lost`. */
  call(name: string, input: unknown): Promise<Outcome<unknown>>;
  /** @returns stops listening */
  onEvent(listener: (event: ApplicationEvent) => void): () => void;
  /** Tells when the window loses its backend and has it again. @returns stops listening */
  onConnection(listener: (state: 'connected' | 'lost') => void): () => void;
  /** Lets the clerk choose a file; null when he thinks better of it. @param accept endings, `['.zip']` */
  chooseFile(accept: string[]): Promise<IncomingFile | null>;
  receiveDropped(file: File): Promise<IncomingFile>;
  /** Says that a file chosen or dropped is wanted no more: a copy that the host made of it is removed. Never rejects. */
  letGo(file: IncomingFile): Promise<void>;
  /** Asks where to keep a file (electron) or downloads it (browser); `where` is the folder's name for the message. */
  saveFile(file: OutgoingFile): Promise<{ saved: boolean; where: string | null }>;
  readFile(file: OutgoingFile): Promise<ArrayBuffer>;
  printFile(file: OutgoingFile): Promise<void>;
  /** Where the window may show or play a file in place: a picture, sound, video or PDF. */
  addressOf(file: OutgoingFile): string;
  /** Where the host can speak; otherwise the window uses the browser's own speech. */
  readAloud?(text: string): Promise<void>;
}

declare global {
  interface Window {
    portfolio: PortfolioBridge;
  }
}
