/** Entry of the backend's worker thread: the whole application, behind messages (backend-protocol.ts). */
import { parentPort, workerData } from 'node:worker_threads';
import { formatRocDateTime } from '../../domain/roc-date.ts';
import { createRescue, type Rescue } from '../features/backup/rescue.ts';
import { systemClock } from '../platform/clock.ts';
import { type DataDirectory, openDataDirectory } from '../platform/data-directory.ts';
import { type ErrorReport, errorFrom, reportOf } from '../platform/errors.ts';
import type { FileExchange } from '../platform/file-exchange.ts';
import { createLogger } from '../platform/logger.ts';
import { type Application, createApplication } from './application.ts';
import type { BackendData, FromBackend, HostRequest, ToBackend } from './backend-protocol.ts';
import type { Outcome } from './contract.ts';

const port = parentPort!;
const { dataDirectory, masterKey, fixedNow, keyLost } = workerData as BackendData;
const send = (message: FromBackend) => port.postMessage(message);

async function asked(
  { files, makeWorkFolder }: { files: FileExchange; makeWorkFolder: DataDirectory['makeWorkFolder'] },
  request: Exclude<HostRequest, { type: 'call' }>,
): Promise<unknown> {
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
      return makeWorkFolder(request.purpose);
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

const clock = fixedNow ? { now: () => new Date(fixedNow) } : systemClock;
const key = new Uint8Array(masterKey);

/** What answers: the school, or what can bring it back where it cannot be opened. */
type Serving = { application: Application } | { rescue: Rescue; directory: DataDirectory };

/** What serves now, or will in a moment: what is asked meanwhile waits for it. */
let serving: Promise<Serving | null> = keyLost ? rescueFrom(keyLost, keepKey) : open();

async function open(): Promise<Serving | null> {
  try {
    const application = await createApplication({
      dataDirectory,
      masterKey: key,
      ...(fixedNow ? { clock } : {}),
      onRestored: () => void startAnew(() => application.close()),
    });
    application.onEvent((event, accountName) => send({ type: 'event', event, accountName }));
    return { application };
  } catch (error) {
    const report = reportOf(error);
    if (report.code === 'database.damaged') return rescueFrom(report);
    const stack = report.code === 'internal' ? { stack: (error as Error | null)?.stack } : {};
    send({ type: 'startFailed', error: { ...report, details: { ...report.details, ...stack } }, rescue: false });
    return null;
  }
}

/** The school cannot be opened; a backup can take its place. */
async function rescueFrom(failure: ErrorReport, keepNewKey?: () => Promise<void>): Promise<Serving> {
  const directory = openDataDirectory(dataDirectory);
  const log = createLogger(directory.logs);
  const rescue = createRescue({ directory, masterKey: key, clock, log, failure, keepKey: keepNewKey });
  send({ type: 'startFailed', error: { ...failure, details: { ...failure.details } }, rescue: true });
  return { rescue, directory };
}

/** Settled by the host's answer. */
let keyKept: ((error: ErrorReport | null) => void) | undefined;
async function keepKey(): Promise<void> {
  const answered = new Promise<ErrorReport | null>((resolve) => {
    keyKept = resolve;
  });
  send({ type: 'keepKey' });
  const error = await answered;
  if (error) throw errorFrom(error);
}

/** A restore is prepared: the databases are exchanged while nothing has them open. */
async function startAnew(close: () => Promise<void>): Promise<void> {
  serving = close().then(open);
  const now = await serving;
  if (!now || !('application' in now)) return;
  const { restored } = now.application;
  if (restored && 'refused' in restored) return send({ type: 'startsAnew', reason: restored.refused.message });
  const madeAt = restored ? formatRocDateTime(restored.applied.backup.madeAt) : '';
  send({ type: 'startsAnew', reason: `已還原 ${madeAt} 的備份，請重新登入。` });
}

async function answer(id: number, request: HostRequest): Promise<void> {
  const now = await serving;
  if (!now) return; // The host was told why, and refuses by itself.
  if ('rescue' in now) {
    const { rescue, directory } = now;
    if (request.type !== 'call') {
      const { files } = rescue;
      return send({
        type: 'answer',
        id,
        outcome: await outcomeOf(() => asked({ files, makeWorkFolder: directory.makeWorkFolder }, request)),
      });
    }
    const outcome = await rescue.call(request.name, request.input);
    send({ type: 'answer', id, outcome });
    if (request.name === 'backup.rescue' && outcome.ok) await startAnew(rescue.close);
    return;
  }
  const { application } = now;
  if (request.type !== 'call') {
    const { files, foundation } = application;
    const { makeWorkFolder } = foundation.directory;
    return send({ type: 'answer', id, outcome: await outcomeOf(() => asked({ files, makeWorkFolder }, request)) });
  }
  const { connectionId, name, input } = request;
  const outcome = await application.call({ connectionId }, name, input);
  send({ type: 'answer', id, outcome, account: { connectionId, name: application.accountOf(connectionId) } });
}

async function close(): Promise<void> {
  const now = await serving;
  if (now && 'rescue' in now) await now.rescue.close();
  else await now?.application.close();
}

port.on('message', (message: ToBackend) => {
  if (message.type === 'request') void answer(message.id, message.request);
  else if (message.type === 'keyKept') keyKept?.(message.error);
  else if (message.type === 'endConnection') {
    void serving.then((now) => now && 'application' in now && now.application.endConnection(message.connectionId));
  }
  // Failing to close is an uncaught error of this thread: the client sees it and does not wait longer.
  else void close().then(() => process.exit(0));
});
const first = await serving;
if (first === null) port.close();
else if ('application' in first) send({ type: 'ready' });
