import { createHash } from 'node:crypto';
import type { Task } from '../../application/task-context.ts';
import { byteProgress, piecesOf } from './context.ts';
import type { BackupOrder, MadeBackup } from './making.ts';
import { exportWhole, makeWholeBackup } from './whole.ts';

export interface WholeInput {
  order: BackupOrder;
  /** The caller's own folder, in which the file comes to lie. */
  folder: string;
  /** A backup of the list, made whole; the school as it is now without one. */
  from?: string;
}

export interface WholeBackup extends MadeBackup {
  /** Of the file, for whoever copies it. */
  sha256: string;
}

/** Everything in one file. */
export const run: Task<WholeInput, WholeBackup> = async ({ order, folder, from }, context) => {
  const made = from === undefined ? await makeWholeBackup(context, order, folder) : await exportWhole(context, from, folder);
  const hash = createHash('sha256');
  const onBytes = byteProgress(context, '計算雜湊值', made.bytes);
  for (const piece of piecesOf(made.path)) {
    hash.update(piece);
    await onBytes(piece.byteLength);
  }
  return { ...made, sha256: hash.digest('hex') };
};
