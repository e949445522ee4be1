import type { Foundation } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { sync } from './contract.ts';

export interface SyncService {
  handlers: Handlers<typeof sync>;
  /** In a trial directory starts the embedded city first; then the schedule. */
  start: (options: { schedule: boolean }) => Promise<void>;
  stop: () => Promise<void>;
  /**
   * Fetches files that are not in the attachment store yet, each checked against its hash.
   * Errors: sync.offline, sync.unauthorized, attachment.damaged, job.cancelled.
   */
  fetchFiles: (
    sha256s: readonly string[],
    options: { signal: AbortSignal; onProgress?: (done: number, total: number) => void },
  ) => Promise<void>;
}

export function createSyncService(_foundation: Foundation): SyncService {
  throw new Error('being built');
}
