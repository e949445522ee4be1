import { hash as digest } from 'node:crypto';

/** How entries of the audit log hang together, and what can be read from a log about whether they still do. */

export const genesisHash = '0'.repeat(64);

/** An entry as it is kept; `studentIds` is the JSON text, of which the hash is made. */
export interface KeptEntry {
  sequence: number;
  at: string;
  accountName: string;
  operation: string;
  action: string;
  module: string | null;
  summary: string;
  studentIds: string;
  studentCount: number;
  outcome: string;
  previousHash: string;
  hash: string;
}

/** What stands for purged entries: the chain had got to `lastHash` at `throughSequence`. */
export interface Checkpoint {
  throughSequence: number;
  fromSequence: number;
  entryCount: number;
  firstAt: string;
  lastAt: string;
  lastHash: string;
  createdAt: string;
  createdBy: string;
  previousHash: string;
  hash: string;
}

/** Where the log had got to, as it is kept outside the database (audit-anchor.ts). */
export interface Head {
  sequence: number;
  hash: string;
}

const hashOf = (fields: readonly (string | number | null)[]): string => digest('sha256', JSON.stringify(fields), 'hex');

/** SHA-256 of the hash before it and an entry's own fields, in this order. */
export function entryHash(entry: Omit<KeptEntry, 'hash'>): string {
  return hashOf([
    entry.previousHash,
    entry.sequence,
    entry.at,
    entry.accountName,
    entry.operation,
    entry.action,
    entry.module,
    entry.summary,
    entry.studentIds,
    entry.studentCount,
    entry.outcome,
  ]);
}

export function checkpointHash(checkpoint: Omit<Checkpoint, 'hash'>): string {
  return hashOf([
    checkpoint.previousHash,
    checkpoint.fromSequence,
    checkpoint.throughSequence,
    checkpoint.entryCount,
    checkpoint.firstAt,
    checkpoint.lastAt,
    checkpoint.lastHash,
    checkpoint.createdAt,
    checkpoint.createdBy,
  ]);
}

/** The operation whose entry names a checkpoint in its summary, by hash: so the chain vouches for what was purged. */
export const purgeOperation = 'audit.purge';

/**
 * `altered`: an entry's own fields do not make its hash. `missing`: entries before this one are not there. `unlinked`: it does
 * not follow the one before, which was replaced. `checkpoint`: what stands for purged entries does not hold. `tail`: the log ends before,
 * or elsewhere than, where it is known to have been. `anchor`: where it is known to have been is gone or was tampered with.
 */
export type FaultKind = 'altered' | 'missing' | 'unlinked' | 'checkpoint' | 'tail' | 'anchor';

export interface ChainFault {
  /** The entry at which it shows. */
  sequence: number;
  kind: FaultKind;
  message: string;
}

export interface Verification {
  ok: boolean;
  /** Entries that are there. */
  entries: number;
  /** Entries that checkpoints stand for. */
  purged: number;
  /** The last entry; null of an empty log. */
  head: Head | null;
  /** The first of them, at most twenty; `faultCount` counts all. */
  faults: ChainFault[];
  faultCount: number;
}

/** What is wrong and what to do, in a sentence. */
export function brokenLog({ faults, faultCount }: Pick<Verification, 'faults' | 'faultCount'>): string {
  const more = faultCount > 1 ? `共 ${faultCount} 處；` : '';
  return `稽核紀錄不完整：${faults[0]?.message ?? ''}${more}請保留這個資料夾與備份，不要自行修復，並通知學校資安窗口。`;
}

const mostFaults = 20;

/** Walks a log from its first entry to its last. */
export class ChainWalk {
  readonly #checkpoints: readonly Checkpoint[];
  readonly #faults: ChainFault[] = [];
  #faultCount = 0;
  #entries = 0;
  #head: Head | null = null;
  #checkpointNamed = false;

  /** @param checkpoints in the order of their sequences */
  constructor(checkpoints: readonly Checkpoint[]) {
    this.#checkpoints = checkpoints;
    let previousHash = genesisHash;
    let through = 0;
    for (const checkpoint of checkpoints) {
      const { fromSequence, throughSequence, hash } = checkpoint;
      if (checkpoint.previousHash !== previousHash || fromSequence !== through + 1 || checkpointHash(checkpoint) !== hash) {
        this.fault(throughSequence, 'checkpoint', `第 ${fromSequence} 到 ${throughSequence} 筆的清除紀錄被更改過。`);
      }
      previousHash = hash;
      through = throughSequence;
    }
  }

  fault(sequence: number, kind: FaultKind, message: string): void {
    this.#faultCount += 1;
    if (this.#faults.length < mostFaults) this.#faults.push({ sequence, kind, message });
  }

  #firstFollows(entry: KeptEntry): void {
    const checkpoint = this.#checkpoints.at(-1);
    const expected = checkpoint ? { sequence: checkpoint.throughSequence, hash: checkpoint.lastHash } : { sequence: 0, hash: genesisHash };
    this.#follows(entry, expected);
  }

  #follows(entry: KeptEntry, before: Head): void {
    const { sequence } = entry;
    if (sequence !== before.sequence + 1) {
      const first = before.sequence + 1;
      this.fault(sequence, 'missing', `第 ${first === sequence - 1 ? first : `${first} 到 ${sequence - 1}`} 筆不見了。`);
    } else if (entry.previousHash !== before.hash) {
      this.fault(sequence, 'unlinked', `第 ${sequence} 筆不是接在原來的前一筆之後，前一筆被換過。`);
    }
  }

  step(entry: KeptEntry): void {
    if (this.#head) this.#follows(entry, this.#head);
    else this.#firstFollows(entry);
    if (entryHash(entry) !== entry.hash) this.fault(entry.sequence, 'altered', `第 ${entry.sequence} 筆的內容被更改過。`);
    const newest = this.#checkpoints.at(-1);
    if (newest && entry.operation === purgeOperation && entry.summary.includes(newest.hash)) this.#checkpointNamed = true;
    this.#entries += 1;
    this.#head = { sequence: entry.sequence, hash: entry.hash };
  }

  /** Call once behind the last entry. */
  end(): Verification {
    const newest = this.#checkpoints.at(-1);
    if (newest && !this.#checkpointNamed) {
      this.fault(newest.throughSequence, 'checkpoint', `沒有任何一筆紀錄說明第 ${newest.throughSequence} 筆以前是誰清除的。`);
    }
    return {
      ok: this.#faultCount === 0,
      entries: this.#entries,
      purged: this.#checkpoints.reduce((sum, { entryCount }) => sum + entryCount, 0),
      head: this.#head,
      faults: this.#faults,
      faultCount: this.#faultCount,
    };
  }
}
