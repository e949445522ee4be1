import { createHmac } from 'node:crypto';
import type { Sqlite } from '../../db/sqlite.ts';
import { deriveKey } from '../platform/secret-store.ts';

/** Students whose data was deleted after its retention (main/features/retention), known by a keyed hash of the city's id alone. */
export interface PurgedStudents {
  any: boolean;
  has: (studentId: string) => boolean;
  hashOf: (studentId: string) => string;
  /** Of one who is in school again. In the caller's transaction. */
  forget: (studentId: string) => void;
}

/** As the list is now: read once, for a synchronisation asks a hundred thousand times. */
export function purgedStudents(sqlite: Sqlite, masterKey: Uint8Array): PurgedStudents {
  const key = deriveKey(masterKey, 'purgedStudents');
  const hashes = new Set(sqlite.prepare<[], string>('select id_hash from purged_students').pluck().all());
  const known = new Map<string, boolean>();
  const hashOf = (studentId: string) => createHmac('sha256', key).update(studentId).digest('hex');
  return {
    any: hashes.size > 0,
    has: (studentId) => {
      if (hashes.size === 0) return false;
      let purged = known.get(studentId);
      if (purged === undefined) {
        purged = hashes.has(hashOf(studentId));
        known.set(studentId, purged);
      }
      return purged;
    },
    hashOf,
    forget: (studentId) => {
      const hash = hashOf(studentId);
      hashes.delete(hash);
      known.delete(studentId);
      sqlite.prepare('delete from purged_students where id_hash = ?').run(hash);
    },
  };
}
