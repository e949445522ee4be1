import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutgoingFile } from '../../application/contract.ts';
import type { Foundation } from '../../application/foundation.ts';
import { makeRecoveryKey, type RecoveryLock } from '../../platform/recovery-key.ts';
import type { RecoveryPageInput } from './recovery-page-task.ts';

/**
 * Makes a recovery key and its page. The words are in the answer and on the page, which lies in memory only; kept is the lock, by the
 * caller.
 */
export async function giveRecoveryKey(
  foundation: Pick<Foundation, 'clock' | 'directory' | 'tasks' | 'files'>,
  { schoolCode, schoolName }: { schoolCode: string; schoolName: string },
): Promise<{ text: string; lock: RecoveryLock; file: OutgoingFile }> {
  const { clock, directory, tasks, files } = foundation;
  const { text, lock } = makeRecoveryKey(clock.now());
  const folder = directory.makeWorkFolder('recovery');
  try {
    const path = join(folder, 'page.pdf');
    const input: RecoveryPageInput = { path, schoolCode, schoolName, text, keyId: lock.keyId, madeAt: lock.madeAt };
    await tasks.run('backup.recoveryPage', input);
    const pdf = await readFile(path);
    const content = { bytes: pdf.byteLength, read: (start: number, length: number) => pdf.subarray(start, start + length) };
    return { text, lock, file: files.offerContent(content, `${schoolCode}_復原金鑰_${lock.keyId}.pdf`, 'application/pdf') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
