import type { Connection } from '../../db/connection.ts';
import type { BackupService } from '../features/backup/service.ts';
import type { SessionService } from '../features/session/service.ts';
import type { SyncService } from '../features/sync/service.ts';
import type { AttachmentStore } from '../platform/attachment-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { DataDirectory } from '../platform/data-directory.ts';
import type { FileExchange } from '../platform/file-exchange.ts';
import type { Logger } from '../platform/logger.ts';
import type { TaskPool } from '../platform/task-pool.ts';
import type { WriteGate } from '../platform/write-gate.ts';
import type { SchoolSettings } from './school-settings.ts';

/** What every feature's service is built from. Made once by `createApplication`. */
export interface Foundation {
  directory: DataDirectory;
  /** The backend's one writing connection. Writes go through `write`. */
  connection: Connection;
  /** Runs a synchronous change as the only writer, in one transaction. */
  write: <Result>(change: () => Result) => Promise<Result>;
  writeGate: WriteGate;
  attachments: AttachmentStore;
  tasks: TaskPool;
  files: FileExchange;
  clock: Clock;
  log: Logger;
  masterKey: Uint8Array;
  settings: SchoolSettings;
  /** Tells the windows which topics changed, so that they ask again: `students`, `transferOut`, `sync` … */
  changed: (...topics: string[]) => void;
}

/** What a feature's handlers are built from: the foundation and the services that many features work through. */
export interface FeatureServices extends Foundation {
  foundation: Foundation;
  /** Shared changes, files and calls to the city. */
  sync: SyncService;
  session: SessionService;
  /** A verified backup before what cannot be undone otherwise. */
  backup: Pick<BackupService, 'backupBefore'>;
}
