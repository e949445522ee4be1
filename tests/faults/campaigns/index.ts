import type { Campaign } from '../campaign.ts';
import { cancelTransfers } from './cancel-transfers.ts';
import { failOperations } from './fail-operations.ts';
import { fillDisk } from './fill-disk.ts';
import { fuzzContract } from './fuzz-contract.ts';
import { fuzzTransfer } from './fuzz-transfer.ts';
import { killExport } from './kill-export.ts';
import { killImport } from './kill-import.ts';
import { killThreads } from './kill-threads.ts';
import { takePermission } from './take-permission.ts';

/** Every campaign there is, in the order of the table. */
export const campaigns = [
  killExport,
  killImport,
  cancelTransfers,
  killThreads,
  fillDisk,
  failOperations,
  takePermission,
  fuzzTransfer,
  fuzzContract,
] as unknown as readonly Campaign[];
