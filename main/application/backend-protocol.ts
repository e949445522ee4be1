import type { ErrorReport } from '../platform/errors.ts';
import type { ApplicationEvent, Outcome } from './contract.ts';

/** What the backend's worker thread is started with; keys stay in memory. */
export interface BackendData {
  dataDirectory: string;
  masterKey: Uint8Array;
  /** Fixed time for tests, ISO; otherwise the system's. */
  fixedNow?: string;
  /** Set where the directory's key is lost and `masterKey` is a new one, not kept yet: why. */
  keyLost?: ErrorReport;
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
  /** The new master key lies in this computer's secret store, or why it does not. */
  | { type: 'keyKept'; error: ErrorReport | null }
  | { type: 'close' };

export type FromBackend =
  | { type: 'ready' }
  /** @param rescue whether a backup may take the school's place: then `backup.rescue…` and files are answered */
  | { type: 'startFailed'; error: ErrorReport; rescue: boolean }
  /** The new master key is about to be needed for good: keep it. */
  | { type: 'keepKey' }
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
