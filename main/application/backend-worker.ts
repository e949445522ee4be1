/** Entry of the backend's worker thread: the whole application, behind messages (backend-protocol.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import { reportOf } from '../platform/errors.ts';
import { type Application, createApplication } from './application.ts';
import type { BackendData, FromBackend, HostRequest, ToBackend } from './backend-protocol.ts';
import type { Outcome } from './contract.ts';

const port = parentPort!;
const { dataDirectory, masterKey, fixedNow } = workerData as BackendData;
const send = (message: FromBackend) => port.postMessage(message);

async function asked(application: Application, request: Exclude<HostRequest, { type: 'call' }>): Promise<unknown> {
  const { files, foundation } = application;
  switch (request.type) {
    case 'receive':
      return files.receive(request.path, request.name, request.removeAfter);
    case 'outgoing':
      return files.outgoing(request.token);
    case 'readOutgoing':
      return files.readOutgoing(request.token, request.start, request.length);
    case 'release':
      return files.release(request.token);
    case 'workFolder':
      return foundation.directory.makeWorkFolder(request.purpose);
  }
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome<unknown>> {
  try {
    return { ok: true, data: await work() };
  } catch (error) {
    const report = reportOf(error);
    return { ok: false, error: { ...report, details: { ...report.details } } };
  }
}

const options = {
  dataDirectory,
  masterKey: new Uint8Array(masterKey),
  ...(fixedNow ? { clock: { now: () => new Date(fixedNow) } } : {}),
};

/** The application that serves now, or will in a moment: what is asked meanwhile waits for it. */
let serving: Promise<Application> = open();

async function open(): Promise<Application> {
  const application = await createApplication({ ...options, onRestored: () => void startAnew(application) });
  application.onEvent((event, accountName) => send({ type: 'event', event, accountName }));
  return application;
}

/** A restore is prepared: the databases are exchanged while nothing has them open. */
async function startAnew(application: Application): Promise<void> {
  serving = application.close().then(open);
  try {
    const { restored } = await serving;
    const failed = restored && 'refused' in restored ? restored.refused.message : null;
    send({ type: 'startsAnew', reason: failed ?? '已還原備份，請重新登入。' });
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  const report = reportOf(error);
  const stack = report.code === 'internal' ? { stack: (error as Error | null)?.stack } : {};
  send({ type: 'startFailed', error: { ...report, details: { ...report.details, ...stack } } });
}

async function answer(id: number, request: HostRequest): Promise<void> {
  const application = await serving.catch(() => null);
  if (!application) return; // The host was told why, and has refused what it asked.
  if (request.type !== 'call') return send({ type: 'answer', id, outcome: await outcomeOf(() => asked(application, request)) });
  const { connectionId, name, input } = request;
  const outcome = await application.call({ connectionId }, name, input);
  send({ type: 'answer', id, outcome, account: { connectionId, name: application.accountOf(connectionId) } });
}

function serve(): void {
  port.on('message', (message: ToBackend) => {
    if (message.type === 'request') void answer(message.id, message.request);
    else if (message.type === 'endConnection') void serving.then((application) => application.endConnection(message.connectionId));
    // Failing to close is an uncaught error of this thread: the client sees it and does not wait longer.
    else void serving.then((application) => application.close()).then(() => process.exit(0));
  });
  send({ type: 'ready' });
}

try {
  await serving;
  serve();
} catch (error) {
  fail(error);
}
