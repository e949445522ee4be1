import { purgedStudents } from '../../application/purged-students.ts';
import { schoolSettings } from '../../application/school-settings.ts';
import type { Task, TaskContext } from '../../application/task-context.ts';
import { type CityAddress, type CityClient, createCityClient } from '../../central/client.ts';
import { type ResourceName, resourceNames } from '../../central/resources.ts';
import { reportOf } from '../../platform/errors.ts';
import { deriveKey } from '../../platform/secret-store.ts';
import { apply, type ResourceOutcome } from './apply.ts';
import { type SyncResult, syncItems } from './contract.ts';
import { push } from './push.ts';
import { type Received, receive } from './receive.ts';
import { openStaging, type Staging } from './staging.ts';

export interface SyncRunInput {
  city: CityAddress;
  /** All of them where none is named. */
  resources?: readonly ResourceName[];
  full: boolean;
}

/** How many resources are fetched ahead of the one being applied. */
const fetchedAhead = 2;

/**
 * One synchronisation (how it ended is noted by the service, which sees a cancel and a dead worker too): sends what the office changed, then receives resource by resource, fetching the next ones while one is applied.
 * Killed or cut off at any instant, the next run goes on behind what was staged and applied.
 */
export const run: Task<SyncRunInput, SyncResult> = async (input, context) => {
  const { clock, signal, directory, masterKey } = context;
  const connection = context.openWriter();
  const city = createCityClient(input.city, { clock });
  const staging = openStaging(directory.staging, deriveKey(masterKey, 'staging'));
  try {
    const write = <Result>(change: () => Result) => context.withWriteLease(() => connection.sqlite.transaction(change).immediate());
    const pushed = await push({
      city,
      connection,
      attachments: () => context.openAttachments('read'),
      now: clock.now,
      signal,
      write,
      onProgress: (done, total) => context.report({ step: '送出本校的變更', done, total, unit: '件' }),
    });
    await keepFileLinks(city, connection, signal, write);
    const resources = await pull(input, context, { connection, city, staging, write });
    const pending = connection.sqlite
      .prepare("select (select count(*) from outbox where state = 'waiting') + (select count(*) from file_outbox)")
      .pluck()
      .get() as number;
    return { resources, pushed, pending };
  } finally {
    staging.close();
    city.close();
  }
};

/** Where the city says that the national database finds files, for the links in rosters; it may move. */
async function keepFileLinks(
  city: CityClient,
  connection: PullParts['connection'],
  signal: AbortSignal,
  write: PullParts['write'],
): Promise<void> {
  const settings = schoolSettings(connection);
  const { fileLinks } = await city.school(signal);
  if (settings.get('city.fileLinks') !== fileLinks) await write(() => settings.set('city.fileLinks', fileLinks));
}

interface PullParts {
  connection: ReturnType<TaskContext['openWriter']>;
  city: CityClient;
  staging: Staging;
  write: <Result>(change: () => Result) => Promise<Result>;
}

async function pull(
  { city: address, resources: wanted, full }: SyncRunInput,
  context: TaskContext,
  { connection, city, staging, write }: PullParts,
): Promise<ResourceOutcome[]> {
  const { clock, report } = context;
  const { sqlite } = connection;
  // Always in the order in which references point backwards, however they were named.
  const names = resourceNames.filter((name) => !wanted || wanted.includes(name));
  const cursorOf = sqlite.prepare<[string], string>('select cursor from sync_cursors where resource = ?').pluck();
  const hasProblem = sqlite.prepare('select 1 from sync_problems where resource = ? limit 1').pluck();
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);

  const purged = purgedStudents(sqlite, context.masterKey);

  const startedAt = new Map<ResourceName, string>();
  const step = (name: ResourceName, done: number, total: number) => {
    const place = `（${names.indexOf(name) + 1}／${names.length}）`;
    report({ step: `接收${syncItems[name].title}${place}`, done, total, unit: '件' });
  };
  let applying: ResourceName | undefined;
  const fetching = new Map<ResourceName, Promise<Received>>();
  const fetchFrom = (index: number) => {
    for (const name of names.slice(index, index + 1 + fetchedAhead)) {
      if (fetching.has(name)) continue;
      startedAt.set(name, clock.now().toISOString());
      const received = receive(city, staging, name, full ? '' : (cursorOf.get(name) ?? ''), {
        signal,
        onProgress: (done, total) => (applying === undefined && names[index] === name ? step(name, done, total) : undefined),
      });
      received.catch(() => {});
      fetching.set(name, received);
    }
  };

  const outcomes: ResourceOutcome[] = [];
  const unchanged: ResourceName[] = [];
  let firstFailure: unknown;
  try {
    for (const [index, name] of names.entries()) {
      fetchFrom(index);
      step(name, 0, 0);
      const began = performance.now();
      const received = await fetching.get(name)!;
      const rows = received.pages.reduce((sum, page) => sum + page.count, 0);
      if (rows === 0 && cursorOf.get(name) !== undefined && hasProblem.get(name) === undefined) {
        unchanged.push(name);
        outcomes.push({ name, received: 0, upserted: 0, deleted: 0, problems: 0, seconds: seconds(began) });
        continue;
      }
      try {
        const outcome = await context.withWriteLease(async () => {
          applying = name;
          return apply(connection, staging, received, {
            schoolCode: address.schoolCode,
            cityHost: new URL(address.url).hostname,
            startedAt: startedAt.get(name)!,
            now: clock.now,
            full,
            purged,
            signal,
            onProgress: (done) => step(name, done, rows),
          });
        });
        outcomes.push({ ...outcome, seconds: seconds(began) });
      } catch (error) {
        if (reportOf(error).code !== 'sync.massDelete') throw error;
        // Refused for itself; the other resources go on, and the run says so at its end.
        staging.clear(name);
        await write(() => noteRefusal(connection, name, error, startedAt.get(name)!, clock.now()));
        firstFailure ??= error;
      } finally {
        applying = undefined;
      }
    }
  } finally {
    stop.abort();
    await Promise.allSettled(fetching.values());
  }
  if (unchanged.length > 0) await write(() => noteUnchanged(connection, unchanged, startedAt, clock.now()));
  if (firstFailure) throw firstFailure;
  return outcomes;
}

const seconds = (began: number) => (performance.now() - began) / 1000;

function noteUnchanged(
  { sqlite }: PullParts['connection'],
  names: readonly ResourceName[],
  startedAt: ReadonlyMap<ResourceName, string>,
  now: Date,
): void {
  const note = sqlite.prepare(
    `update sync_cursors set last_started_at = ?, last_finished_at = ?, last_result = 'done', last_error = null, received = 0
     where resource = ?`,
  );
  for (const name of names) note.run(startedAt.get(name), now.toISOString(), name);
}

function noteRefusal({ sqlite }: PullParts['connection'], name: ResourceName, error: unknown, startedAt: string, now: Date): void {
  sqlite
    .prepare(`update sync_cursors set last_started_at = ?, last_finished_at = ?, last_result = 'failed', last_error = ? where resource = ?`)
    .run(startedAt, now.toISOString(), reportOf(error).message, name);
}
