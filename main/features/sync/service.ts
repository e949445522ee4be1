import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { OutgoingFile } from '../../application/contract.ts';
import type { Foundation } from '../../application/foundation.ts';
import { requireUnpurged } from '../../application/purged-files.ts';
import type { Handlers } from '../../application/router.ts';
import { hasRight } from '../../application/sessions.ts';
import { type CityAddress, type CityClient, createCityClient } from '../../central/client.ts';
import { type CityThread, startCityThread } from '../../central/embedded/worker.ts';
import type { SchoolAnswer } from '../../central/protocol.ts';
import type { RecordOf, ResourceName } from '../../central/resources.ts';
import { ApplicationError, cancelled, reportOf } from '../../platform/errors.ts';
import { makeOneTimePassword } from '../../platform/one-time-password.ts';
import type { RecoveryLock } from '../../platform/recovery-key.ts';
import { deriveKey } from '../../platform/secret-store.ts';
import type { TaskRun } from '../../platform/task-pool.ts';
import { administratorName, createAdministrator } from '../session/accounts.ts';
import { changeModules, type SyncResourceName, type SyncResult, type sync, syncResourceNames } from './contract.ts';
import type { FetchFilesInput } from './files-task.ts';
import { readChanges, resourcesOf, settleChange } from './office-changes.ts';
import { type OfficeRecords, officeRecords } from './outbox.ts';
import { disputedRecords, lastCompleteAt, syncProblems, syncStates, waitingToSend } from './queries.ts';
import { resourceTables } from './records/index.ts';
import type { SyncRunInput } from './run-task.ts';
import { nextDue, resourcesMissed, startSchedule } from './schedule.ts';

export type { OfficeRecords } from './outbox.ts';
export { disputedRecords } from './queries.ts';

export interface SyncService {
  handlers: Handlers<typeof sync>;
  /** Starts the schedule and catches up on what was missed; a trial school's city is started when it is first needed. */
  start: (options: { schedule: boolean }) => Promise<void>;
  stop: () => Promise<void>;
  /** 學籍及人員資料 is brought up to date when someone signs in (manual §2.1); in the background, and silently when offline. */
  afterSignIn: () => void;
  /**
   * Fetches files that are not in the attachment store yet, each checked against its hash.
   * Errors: sync.offline, sync.unauthorized, attachment.damaged, job.cancelled.
   */
  fetchFiles: (
    sha256s: readonly string[],
    options: { signal: AbortSignal; onProgress?: (done: number, total: number) => void },
  ) => Promise<void>;
  /** As `fetchFiles`, but goes on past files that the city does not have or has damaged. @returns their SHA-256 */
  fetchFilesThere: (
    sha256s: readonly string[],
    options: { signal: AbortSignal; onProgress?: (done: number, total: number) => void },
  ) => Promise<string[]>;
  /**
   * Changes shared records: the rows and what the city is told of them in one transaction, sent as soon as the city can be reached.
   * The caller tells its own topic afterwards.
   */
  changeShared: <Result>(accountName: string, change: (records: OfficeRecords) => Result) => Promise<Result>;
  /** Sends what waits in the outbox, a moment after the last of several calls; for changes that a task wrote. */
  sendChanges: () => void;
  /** Writes a record as the city answered it to a request of its own, not to a change: what the next synchronisation would bring. */
  keepRecord: <Name extends ResourceName>(resource: Name, record: RecordOf<Name>) => Promise<void>;
  /** Throws away what was received and not applied; the next run receives it again. Nothing while one runs. */
  forgetStaged: () => Promise<void>;
  /** A client of the school's city, for what only the city can do; close it. Errors: sync.notConnected. */
  openCity: () => Promise<CityClient>;
  /** Keeps, for the top bar, whether the city answered. */
  observed: <Result>(ask: () => Promise<Result>) => Promise<Result>;
  /** One synchronisation outside a job: for the schedule, and for a trial school's first one. */
  synchronise: (request: { resources?: readonly SyncResourceName[]; full?: boolean }, run?: TaskRun) => Promise<SyncResult>;
}

/** Milliseconds after a change of the office until it is sent: several of one minute's work go together. */
const sendingPause = 1000;

const notConnected = () =>
  new ApplicationError('sync.notConnected', '這個資料庫還沒有連線到市級系統，請先在第一次啟動的頁面輸入網址與裝置金鑰。');

/** 同步作業 (manual §2.1) and every other way to the city. */
export function createSyncService(
  foundation: Foundation,
  /** Makes the 復原金鑰 of a school that is new here, and its page; the lock is kept with the school. */
  giveRecoveryKey: (school: {
    schoolCode: string;
    schoolName: string;
  }) => Promise<{ text: string; lock: RecoveryLock; file: OutgoingFile }>,
): SyncService {
  const { connection, settings, clock, log, tasks, write, directory, masterKey, changed, attachments } = foundation;
  let city: Promise<CityThread> | undefined;
  let schedule: { stop: () => void } | undefined;
  let running: { ended: Promise<unknown>; background: boolean } | undefined;
  let online: boolean | null = null;
  const stopping = new AbortController();

  const address = async (): Promise<CityAddress> => {
    const schoolCode = settings.get('school.code');
    if (settings.get('school.trial') && schoolCode && existsSync(directory.trialCity)) {
      city ??= startCityThread({
        storePath: directory.trialCity,
        key: deriveKey(masterKey, 'trialCity'),
        clockShift: clock.now().getTime() - Date.now(),
      });
      return { ...(await city).address, schoolCode };
    }
    const [url, deviceId, deviceKey] = [settings.get('city.url'), settings.get('city.deviceId'), settings.get('city.deviceKey')];
    if (!schoolCode || !url || !deviceId || !deviceKey) throw notConnected();
    return { url, schoolCode, deviceId, deviceKey };
  };

  /** Keeps whether the city answered, for the status in the top bar. */
  const observed = async <Result>(ask: () => Promise<Result>): Promise<Result> => {
    try {
      const result = await ask();
      online = true;
      return result;
    } catch (error) {
      if (reportOf(error).code === 'sync.offline') online = false;
      throw error;
    }
  };

  const fetchFiles = async (
    sha256s: readonly string[],
    tolerant: boolean,
    { signal, onProgress }: Parameters<SyncService['fetchFiles']>[1],
  ): Promise<string[]> => {
    const missing = sha256s.filter((sha256) => !attachments.has(sha256));
    if (missing.length === 0) return [];
    requireUnpurged(connection.sqlite, missing);
    return observed(async () => {
      const input: FetchFilesInput = { city: await address(), sha256s: missing, tolerant };
      return tasks.run<string[]>('sync.fetchFiles', input, { signal, onProgress: ({ done, total }) => onProgress?.(done, total) });
    });
  };

  /** Notes how a run ended on the resources that it did not finish. */
  const noteEarlyEnd = (names: readonly SyncResourceName[], startedAt: string, error: unknown) => {
    const { code, message } = reportOf(error);
    const result = code === 'job.cancelled' ? 'cancelled' : 'failed';
    const note = connection.sqlite.prepare(
      `insert into sync_cursors (resource, cursor, last_started_at, last_finished_at, last_result, last_error) values (?, '', ?, ?, ?, ?)
       on conflict (resource) do update set last_started_at = excluded.last_started_at, last_finished_at = excluded.last_finished_at,
         last_result = excluded.last_result, last_error = excluded.last_error
       where sync_cursors.last_finished_at is null or sync_cursors.last_finished_at < excluded.last_started_at`,
    );
    return write(() => {
      for (const name of names) note.run(name, startedAt, clock.now().toISOString(), result, result === 'failed' ? message : null);
    });
  };

  const carryOut = async (names: readonly SyncResourceName[], full: boolean, run: TaskRun): Promise<SyncResult> => {
    const startedAt = clock.now().toISOString();
    const signal = run.signal ? AbortSignal.any([run.signal, stopping.signal]) : stopping.signal;
    try {
      const result = await observed(async () => {
        const input: SyncRunInput = { city: await address(), resources: names, full };
        return tasks.run<SyncResult>('sync.run', input, { ...run, signal });
      });
      const rows = result.resources.reduce((sum, { upserted, deleted }) => sum + upserted + deleted, 0);
      log.info('synchronised', { rows, pushed: result.pushed, pending: result.pending });
      // What the city took is at the city: other screens than this feature's own say so.
      changed('sync', ...(rows > 0 ? ['students'] : []), ...(result.pushed > 0 ? ['outbox'] : []));
      return result;
    } catch (error) {
      await noteEarlyEnd(names, startedAt, error);
      changed('sync');
      throw error;
    }
  };

  const start = async (
    { resources, full = false }: Parameters<SyncService['synchronise']>[0],
    run: TaskRun,
    background: boolean,
  ): Promise<SyncResult> => {
    // What runs by itself is waited for; the office never has to know of it.
    while (running?.background) await running.ended;
    if (running) throw new ApplicationError('sync.running', '同步正在進行中，請等它完成，或先取消再重新開始。');
    // An empty list is a run that only sends.
    const work = carryOut(resources ?? syncResourceNames, full, run).finally(() => {
      running = undefined;
    });
    running = { ended: work.catch(() => {}), background };
    return work;
  };

  const synchronise: SyncService['synchronise'] = (request, run = {}) => start(request, run, false);

  /** A run nobody waits for: its failure is on the screen (同步作業) and in the log. */
  const inBackground = async (resources: readonly SyncResourceName[]): Promise<void> => {
    if (running || stopping.signal.aborted) return;
    try {
      await start({ resources }, {}, true);
    } catch (error) {
      log.warn('background synchronisation ended early', { code: reportOf(error).code });
    }
  };

  let sending: NodeJS.Timeout | undefined;
  /** Sends what waits, a moment after the last of several changes; what runs meanwhile is waited for. */
  const sendSoon = () => {
    if (!schedule || !isConnected()) return;
    clearTimeout(sending);
    sending = setTimeout(async () => {
      await running?.ended;
      await inBackground([]);
    }, sendingPause);
    sending.unref();
  };

  const isConnected = () => settings.get('school.trial') === true || settings.get('city.url') !== undefined;

  return {
    handlers: {
      overview: () => {
        const items = syncStates(connection.sqlite);
        return {
          items,
          lastCompleteAt: lastCompleteAt(items),
          waiting: waitingToSend(connection.sqlite),
          disputed: disputedRecords(connection.sqlite),
          online,
          nextRunAt: schedule ? nextDue(clock.now()).toISOString() : null,
        };
      },
      changes: ({ resources, disputedOnly }, { session }) => {
        const visible = resourcesOf((module) => session !== null && hasRight(session, module, 'view'));
        const asked = resources ? visible.filter((name) => resources.includes(name)) : visible;
        return readChanges(connection.sqlite, asked, { disputedOnly });
      },
      settleChange: async ({ resource, recordId, choice }, { session, accountName }) => {
        if (!session || !changeModules[resource].some((module) => hasRight(session, module, 'update'))) {
          throw new ApplicationError('permission.denied', '您的帳號沒有修改這項設定的權限，請洽學校管理者設定角色權限。', { resource });
        }
        const schoolCode = settings.get('school.code') ?? '';
        const studentId = await write(() =>
          settleChange(connection.sqlite, { resource, recordId, choice }, { at: clock.now().toISOString(), accountName, schoolCode }),
        );
        changed('sync', 'students');
        sendSoon();
        return { done: true, studentId };
      },
      problems: () => syncProblems(connection.sqlite),
      run: ({ resources, full }, { signal, report }) => synchronise({ resources, full }, { signal, onProgress: report }),
      connect: async ({ url, schoolCode, deviceId, deviceKey, firstPassword }, context) => {
        if (settings.get('school.code') && !context.session?.administrator) {
          throw new ApplicationError('session.required', '這個資料庫已經屬於一所學校，請以學校管理者登入後再變更連線。');
        }
        if (settings.get('school.code') && settings.get('school.code') !== schoolCode) {
          throw new ApplicationError('sync.otherSchool', '這個資料庫屬於另一所學校，請為新的學校另選資料夾。');
        }
        const client = createCityClient({ url: new URL(url).origin, schoolCode, deviceId, deviceKey }, { clock });
        let school: SchoolAnswer;
        try {
          school = await observed(() => client.school());
        } finally {
          client.close();
        }
        const fresh = settings.get('school.code') === undefined;
        const password = firstPassword ?? makeOneTimePassword();
        const recovery = fresh ? await giveRecoveryKey({ schoolCode, schoolName: school.name }) : null;
        if (fresh) {
          await createAdministrator(foundation, {
            schoolCode,
            schoolName: school.name,
            password,
            mustChange: firstPassword === undefined,
          });
        }
        await write(() => {
          if (recovery) settings.set('backup.recovery', recovery.lock);
          settings.set('city.url', new URL(url).origin);
          settings.set('city.deviceId', deviceId);
          settings.set('city.deviceKey', deviceKey);
          settings.set('city.fileLinks', school.fileLinks);
        });
        changed('session', 'sync');
        const made = fresh && firstPassword === undefined ? password : null;
        return {
          schoolCode,
          schoolName: school.name,
          accountName: administratorName(schoolCode),
          firstPassword: made,
          recoveryKey: recovery && { text: recovery.text, keyId: recovery.lock.keyId, file: recovery.file },
        };
      },
      checkConnection: async (_input, { signal }) => {
        const client = createCityClient(await address(), { clock, patience: { attempts: 1 } });
        try {
          await observed(() => client.school(signal));
        } finally {
          client.close();
        }
        return { done: true };
      },
    },
    start: async ({ schedule: wanted }) => {
      if (!wanted) return;
      schedule = startSchedule(inBackground, clock.now);
      if (!isConnected()) return;
      const finished = new Map(
        syncStates(connection.sqlite).map((item) => [item.resource, item.lastResult === 'done' ? item.lastFinishedAt : null]),
      );
      const missed = resourcesMissed(clock.now(), finished);
      if (missed.length > 0) void inBackground(missed);
    },
    stop: async () => {
      schedule?.stop();
      clearTimeout(sending);
      stopping.abort(cancelled());
      await running?.ended;
      const thread = await city?.catch(() => undefined);
      await thread?.close();
    },
    afterSignIn: () => {
      if (isConnected()) void inBackground(['students']);
    },
    fetchFiles: async (sha256s, options) => {
      await fetchFiles(sha256s, false, options);
    },
    fetchFilesThere: (sha256s, options) => fetchFiles(sha256s, true, options),
    changeShared: async (accountName, change) => {
      const schoolCode = settings.get('school.code') ?? '';
      const result = await write(() =>
        change(officeRecords(connection.sqlite, { at: clock.now().toISOString(), accountName, schoolCode })),
      );
      changed('sync');
      sendSoon();
      return result;
    },
    sendChanges: () => {
      changed('sync');
      sendSoon();
    },
    keepRecord: (resource: ResourceName, record) =>
      write(() => {
        const context = { sqlite: connection.sqlite, schoolCode: settings.get('school.code') ?? '', now: clock.now().toISOString() };
        // The compiler cannot follow that writer and record are of the same resource.
        (resourceTables[resource].writer(context) as { write: (record: object) => boolean }).write(record);
      }),
    forgetStaged: async () => {
      if (running) return;
      for (const suffix of ['', '-wal', '-shm']) await rm(`${directory.staging}${suffix}`, { force: true });
    },
    openCity: async () => createCityClient(await address(), { clock }),
    observed,
    synchronise,
  };
}
