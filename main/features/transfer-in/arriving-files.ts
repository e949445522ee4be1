import { setImmediate } from 'node:timers/promises';
import type { TaskContext } from '../../application/task-context.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import type { CheckedFile } from './transfer-attachments.ts';
import type { TransferFile } from './transfer-file.ts';

/** An import's files on their way into the store, before any record points at them. */

/** Bytes of attachments that go into the store in one transaction. */
const batchBytes = 32 * 1024 * 1024;

/** Puts in what is not there yet, a batch a transaction. @param put receives the hashes, for taking them back */
export async function putAttachments(
  files: readonly CheckedFile[],
  { content }: TransferFile,
  store: AttachmentStore,
  { signal, report, withWriteLease }: TaskContext,
  put: string[],
): Promise<void> {
  const missing = files.filter(({ sha256 }) => !store.has(sha256));
  let next = 0;
  while (next < missing.length) {
    const batch: { sha256: string; bytes: Buffer }[] = [];
    for (let bytes = 0; next < missing.length && bytes < batchBytes; next += 1) {
      await setImmediate();
      signal.throwIfAborted();
      const attachment = missing[next]!;
      batch.push({ sha256: attachment.sha256, bytes: await content(attachment) });
      bytes += attachment.bytes;
    }
    await withWriteLease(() => {
      put.push(...batch.map(({ sha256 }) => sha256));
      store.sqlite.transaction(() => {
        for (const { bytes } of batch) store.put(bytes);
      })();
    });
    report({ step: '保存附件', done: next, total: missing.length, unit: '件' });
  }
}

/** Removes attachments that no record came to use. Asks for no lease of its own thread: a cancelled task gets none. */
export async function takeBack(put: readonly string[], store: AttachmentStore, { openReader }: TaskContext): Promise<void> {
  if (put.length === 0) return;
  const used = openReader().sqlite.prepare<[string], number>('select 1 from attachments where sha256 = ?').pluck();
  store.sqlite.transaction(() => {
    for (const sha256 of put) if (used.get(sha256) === undefined) store.remove(sha256);
  })();
}
