import type { Campaign } from '../campaign.ts';
import { cancelTransfers } from './cancel-transfers.ts';
import { cutPower } from './cut-power.ts';
import { failOperations } from './fail-operations.ts';
import { fillDisk } from './fill-disk.ts';
import { fuzzContract } from './fuzz-contract.ts';
import { fuzzTransfer } from './fuzz-transfer.ts';
import { killBackup } from './kill-backup.ts';
import { killExport } from './kill-export.ts';
import { killImport } from './kill-import.ts';
import { killMigration } from './kill-migration.ts';
import { killPush } from './kill-push.ts';
import { killRestore } from './kill-restore.ts';
import { killSettings } from './kill-settings.ts';
import { killSync } from './kill-sync.ts';
import { killThreads } from './kill-threads.ts';
import { killUndo } from './kill-undo.ts';
import { takePermission } from './take-permission.ts';

/** Every campaign there is, in the order of the table. */
export const campaigns = [
  killExport,
  killImport,
  killUndo,
  killSync,
  killPush,
  killBackup,
  killRestore,
  killMigration,
  killSettings,
  cutPower,
  cancelTransfers,
  killThreads,
  fillDisk,
  failOperations,
  takePermission,
  fuzzTransfer,
  fuzzContract,
] as unknown as readonly Campaign[];
