import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataDirectory } from '../platform/data-directory.ts';
import { deriveKey } from '../platform/secret-store.ts';
import type { Head } from './audit-chain.ts';

/**
 * Where the audit log had got to, in a small file beside the database: a chain alone cannot tell that its last entries
 * were cut off. Sealed with a key of its own, so that it can't be made to fit without the school's master key. It may lag behind the
 * log (a program killed between the two), never run ahead of it.
 */
export interface AuditAnchor {
  /** Null where there is none; `forged` where the seal does not fit what it says. */
  read: () => (Head & { forged: boolean }) | null;
  /** Whole or not at all, and on the disk when it returns. */
  write: (head: Head) => void;
  remove: () => void;
}

export function auditAnchor({ root, work }: Pick<DataDirectory, 'root' | 'work'>, masterKey: Uint8Array): AuditAnchor {
  const path = join(root, 'audit.head');
  const key = deriveKey(masterKey, 'auditAnchor');
  const seal = ({ sequence, hash }: Head) => createHmac('sha256', key).update(`${sequence} ${hash}`).digest('hex');
  const fits = (head: Head, given: string) => {
    const expected = Buffer.from(seal(head));
    const actual = Buffer.from(given);
    return expected.byteLength === actual.byteLength && timingSafeEqual(expected, actual);
  };
  return {
    read: () => {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
      const [, sequence, hash, given] = /^(\d+) ([0-9a-f]{64}) ([0-9a-f]{64})\n$/.exec(text) ?? [];
      if (sequence === undefined || hash === undefined || given === undefined) return { sequence: 0, hash: '', forged: true };
      const head = { sequence: Number(sequence), hash };
      return { ...head, forged: !fits(head, given) };
    },
    write: (head) => {
      // Each process its own, and swept with the work folders of those that died.
      const unfinished = join(work, `${process.pid}-audit.head`);
      writeFileSync(unfinished, `${head.sequence} ${head.hash} ${seal(head)}\n`, { mode: 0o600, flush: true });
      renameSync(unfinished, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}
