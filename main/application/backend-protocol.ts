import type { ErrorReport } from '../platform/errors.ts';
import type { ApplicationEvent, Outcome } from './contract.ts';

/** What the backend's worker thread is started with; keys stay in memory. */
export interface BackendData {
  dataDirectory: string;
  masterKey: Uint8Array;
  /** Fixed time for tests, ISO; otherwise the system's. */
  fixedNow?: string;
}

/** A file that is ready to be saved, opened or printed by the host. */
export interface HeldFile {
  /** Null for what lies in the encrypted store: its bytes are asked for by `readOutgoing`. */
  path: string | null;
  name: string;
  mediaType: string;
  bytes: number;
}

/** What a host may ask beside the contract: the one port for files in and out. Each answers an `Outcome`. */
export type HostRequest =
  | { type: 'call'; connectionId: string; name: string; input: unknown }
  | { type: 'receive'; path: string; name: string; removeAfter: boolean }
  | { type: 'outgoing'; token: string }
  | { type: 'readOutgoing'; token: string; start: number; length: number }
  | { type: 'release'; token: string }
  | { type: 'workFolder'; purpose: string };

export type ToBackend =
  | { type: 'request'; id: number; request: HostRequest }
  | { type: 'endConnection'; connectionId: string }
  | { type: 'close' };

export type FromBackend =
  | { type: 'ready' }
  | { type: 'startFailed'; error: ErrorReport }
  /** The application was closed and is created again in the same thread; nobody is signed in any more. */
  | { type: 'startsAnew'; reason: string }
  | {
      type: 'answer';
      id: number;
      outcome: Outcome<unknown>;
      /** Of a call: who is signed in on its connection now. */
      account?: { connectionId: string; name: string | null };
    }
  | { type: 'event'; event: ApplicationEvent; accountName: string | null };
