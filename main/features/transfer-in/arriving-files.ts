import { statfs } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { TransferStudent } from '../../../domain/transfer-content.ts';
import type { Foundation } from '../../application/foundation.ts';
import type { TaskContext } from '../../application/task-context.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import { processLives } from '../../platform/data-directory.ts';
import type { Arrival } from './transfer-attachments.ts';

/**
 * An import's files on their way into the store (main/platform/arrivals.ts): put in by its task as they are checked, shown when every check has
 * passed, and settled by the backend whatever came of the task. What a killed program left is settled at the next start.
 */

/** Bytes that stay free on the disk beside what comes in: the database's log, and others' work. */
const spareBytes = 256 * 1024 * 1024;

/** @param id an arrival that was begun */
export function arrivalInto(
  { arrivals, sqlite }: AttachmentStore,
  id: string,
  context: TaskContext,
  wants: (student: TransferStudent) => boolean,
): Arrival & { show: () => Promise<void> } {
  return {
    wants,
    expect: async (bytes) => {
      const { bavail, bsize } = await statfs(context.directory.root);
      const reusable =
        (sqlite.pragma('freelist_count', { simple: true }) as number) * (sqlite.pragma('page_size', { simple: true }) as number);
      // As the disk would say it half-way; so the store does not grow for nothing.
      if (bytes + spareBytes > bavail * bsize + reusable) throw Object.assign(new Error('the disk is too small'), { code: 'ENOSPC' });
    },
    put: (files) => context.withWriteLease(() => arrivals.put(id, files)),
    show: () => context.withWriteLease(() => arrivals.show(id)),
  };
}

type Store = Pick<Foundation, 'attachments' | 'connection' | 'writeGate' | 'log'>;

/** Keeps what records point at and removes the rest, letting others write in between. */
async function settle({ attachments, connection, writeGate }: Store, id: string): Promise<void> {
  const known = connection.sqlite.prepare<[string], number>('select 1 from attachments where sha256 = ?').pluck();
  const isUsed = (sha256: string) => known.get(sha256) !== undefined;
  while (await writeGate.run(() => attachments.arrivals.settleSome(id, isUsed))) await setImmediate();
}

/** Runs imports, each with an arrival of its own that is settled behind it. */
export class ArrivingImports {
  readonly #store: Store;
  readonly #running = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param work gets the arrival's id; it may fail, be cancelled, or its thread die */
  async during<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const { attachments, writeGate, log } = this.#store;
    await this.settleLeft();
    await writeGate.run(() => attachments.arrivals.begin(id));
    this.#running.add(id);
    try {
      return await work();
    } finally {
      try {
        await settle(this.#store, id);
      } catch (error) {
        // What came of the import matters more; the next one, or the next start, tries again.
        log.error('arrived files could not be settled', { stack: (error as Error)?.stack });
      }
      this.#running.delete(id);
    }
  }

  /** Settles what imports of programs that are gone left behind, or of this one that could not be settled. */
  async settleLeft(): Promise<void> {
    for (const { id, processId } of this.#store.attachments.arrivals.open()) {
      const left = processId === process.pid ? !this.#running.has(id) : !processLives(processId);
      if (left) await settle(this.#store, id);
    }
  }
}
