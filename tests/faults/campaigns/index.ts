import type { Campaign } from '../campaign.ts';
import { fuzzTransfer } from './fuzz-transfer.ts';
import { killExport } from './kill-export.ts';
import { killImport } from './kill-import.ts';

/** Every campaign there is, in the order of the table. */
export const campaigns = [killExport, killImport, fuzzTransfer] as unknown as readonly Campaign[];
