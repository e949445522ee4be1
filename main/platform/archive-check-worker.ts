/** Entry of the thread that checks archives while another writes them (archive-checker.ts). */
import { parentPort } from 'node:worker_threads';
import { ArchiveFault, checkArchive } from './archive-check.ts';
import type { FromChecker, ToChecker } from './archive-checker.ts';
import { reportOf } from './errors.ts';

const port = parentPort!;

port.on('message', (message: ToChecker) => {
  if (message.type === 'end') return port.close();
  let answer: FromChecker;
  try {
    answer = { state: 'right', archive: checkArchive(message.check) };
  } catch (error) {
    answer =
      error instanceof ArchiveFault
        ? { state: 'wrong', fault: error.reason, sha256: error.sha256 }
        : { state: 'failed', error: reportOf(error) };
  }
  port.postMessage(answer);
});
