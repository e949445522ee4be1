/** The backend's worker, and one operation more, `test.die`, that ends its thread as a crash would. */
import { parentPort } from 'node:worker_threads';
import type { ToBackend } from '../../main/application/backend-protocol.ts';

await import('../../main/application/backend-worker.ts');
parentPort!.on('message', (message: ToBackend) => {
  if (message.type === 'request' && message.request.type === 'call' && message.request.name === 'test.die') process.exit(9);
});
