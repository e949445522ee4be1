import type { SqliteConnection } from '../../../db/sqlite.ts';
import type { CityClient } from '../../central/client.ts';
import { type Change, type ChangeFate, largestFile, mostChanges } from '../../central/protocol.ts';
import type { ResourceName } from '../../central/resources.ts';
import type { AttachmentStore } from '../../platform/attachment-store.ts';
import { reportOf } from '../../platform/errors.ts';
import { knownFields } from './known-fields.ts';
import { resourceTables } from './records/index.ts';

export interface PushContext {
  city: CityClient;
  connection: SqliteConnection;
  attachments: () => AttachmentStore;
  now: () => Date;
  signal: AbortSignal;
  /** Runs a change as the only writer, in one transaction. */
  write: <Result>(change: () => Result) => Promise<Result>;
  onProgress: (done: number, total: number) => void;
}

interface Waiting extends Omit<Change, 'data'> {
  data: string;
}

const tableOf = (resource: string): string | undefined =>
  Object.hasOwn(resourceTables, resource) ? resourceTables[resource as ResourceName].table : undefined;

/**
 * Sends what the office changed: first the files, which records of the same import point at, then the changes in the order in which
 * they were made. What the city answered is kept with the change; nothing is dropped, nothing is sent again once it was settled.
 * @returns how many changes the city accepted
 */
export async function push(context: PushContext): Promise<number> {
  await pushFiles(context);
  return pushChanges(context);
}

async function pushFiles({ city, connection: { sqlite }, attachments, signal, write, onProgress }: PushContext): Promise<void> {
  const waiting = sqlite
    .prepare<[], { sha256: string; mediaType: string }>(
      `select file.sha256, coalesce(attachments.media_type, 'application/octet-stream') as mediaType
       from file_outbox file left join attachments on attachments.sha256 = file.sha256 order by file.created_at, file.sha256`,
    )
    .all();
  if (waiting.length === 0) return;
  const store = attachments();
  const sent = sqlite.prepare('delete from file_outbox where sha256 = ?');
  const acknowledge = sqlite.prepare('update attachments set at_city = 1 where sha256 = ?');
  const failed = sqlite.prepare('update file_outbox set attempts = attempts + 1, last_error = ? where sha256 = ?');
  for (const [index, { sha256, mediaType }] of waiting.entries()) {
    signal.throwIfAborted();
    onProgress(index, waiting.length);
    try {
      if (store.size(sha256) <= largestFile && !(await city.hasFile(sha256, signal))) {
        await city.putFile(sha256, mediaType, store.read(sha256), signal);
      }
    } catch (error) {
      const { code } = reportOf(error);
      await write(() => failed.run(code, sha256));
      // A file that is damaged or refused does not hold the others up; a city that cannot be reached does.
      if (code === 'sync.refused' || code.startsWith('attachment.')) continue;
      throw error;
    }
    await write(() => {
      sent.run(sha256);
      acknowledge.run(sha256);
    });
  }
}

/**
 * A change is marked before it goes out: one that was ever on its way may have reached the city though its answer never came, and is not
 * taken back without telling the city.
 */
async function pushChanges({ city, connection: { sqlite }, now, signal, write, onProgress }: PushContext): Promise<number> {
  const select = sqlite.prepare<[number], Waiting>(
    `select idempotency_key as idempotencyKey, resource, record_id as id, base_version as baseVersion, operation, data
     from outbox where state = 'waiting' order by sequence limit ?`,
  );
  const count = sqlite.prepare("select count(*) from outbox where state = 'waiting'").pluck();
  const leave = sqlite.prepare('update outbox set attempts = attempts + 1 where idempotency_key = ?');
  const settle = sqlite.prepare('update outbox set state = ?, answer = ?, settled_at = ? where idempotency_key = ?');
  /** Later changes of the same record were made on what the city has now accepted. */
  const rebase = sqlite.prepare("update outbox set base_version = ? where resource = ? and record_id = ? and state = 'waiting'");
  const total = count.get() as number;
  let done = 0;
  let accepted = 0;
  while (done < total) {
    signal.throwIfAborted();
    onProgress(done, total);
    const batch = await write(() => {
      const going = oneOfEachRecord(select.all(mostChanges));
      for (const { idempotencyKey } of going) leave.run(idempotencyKey);
      return going;
    });
    if (batch.length === 0) break;
    const changes = batch.map((waiting) => ({ ...waiting, data: JSON.parse(waiting.data) as Record<string, unknown> }));
    const fates = new Map((await city.sendChanges(changes, signal)).map((fate) => [fate.idempotencyKey, fate]));
    await write(() => {
      for (const { idempotencyKey, resource, id } of batch) {
        const fate = fates.get(idempotencyKey);
        if (!fate) continue;
        settle.run(fate.outcome, answerOf(fate, resource as ResourceName), now().toISOString(), idempotencyKey);
        if (fate.outcome !== 'accepted') continue;
        accepted += 1;
        rebase.run(fate.version, resource, id);
        const table = tableOf(resource);
        if (table) sqlite.prepare(`update ${table} set version = ? where id = ? and version < ?`).run(fate.version, id, fate.version);
      }
    });
    if (fates.size === 0) break;
    done += batch.length;
  }
  return accepted;
}

/** The first change of each record: the next one of it goes when the first one's version is known. */
function oneOfEachRecord(waiting: readonly Waiting[]): Waiting[] {
  const seen = new Set<string>();
  return waiting.filter(({ resource, id }) => {
    const key = `${resource} ${id}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function answerOf(fate: ChangeFate, resource: ResourceName): string | null {
  if (fate.outcome === 'accepted') return null;
  return JSON.stringify(fate.outcome === 'conflict' ? knownFields(resource, fate.current) : { code: fate.code, message: fate.message });
}
