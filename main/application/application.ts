import { audit as auditFeature } from '../features/audit/contract.ts';
import { createAuditService } from '../features/audit/service.ts';
import { backup as backupFeature } from '../features/backup/contract.ts';
import { namingTheBackup } from '../features/backup/damage.ts';
import type { RestoreOutcome } from '../features/backup/pending-restore.ts';
import { recordBackup, takeOverRecords } from '../features/backup/records.ts';
import { giveRecoveryKey } from '../features/backup/recovery-page.ts';
import { createBackupService } from '../features/backup/service.ts';
import { cabinet } from '../features/cabinet/contract.ts';
import { cabinetHandlers } from '../features/cabinet/service.ts';
import { certification } from '../features/certification/contract.ts';
import { certificationHandlers } from '../features/certification/service.ts';
import { coTeaching } from '../features/co-teaching/contract.ts';
import { coTeachingHandlers } from '../features/co-teaching/service.ts';
import { type OutputOf, operations } from '../features/contract.ts';
import { counselors } from '../features/counselors/contract.ts';
import { counselorsHandlers } from '../features/counselors/service.ts';
import { courseCounselors } from '../features/course-counselors/contract.ts';
import { courseCounselorsHandlers } from '../features/course-counselors/service.ts';
import { dashboard } from '../features/dashboard/contract.ts';
import { dashboardHandlers } from '../features/dashboard/service.ts';
import { jobs as jobsFeature } from '../features/jobs/contract.ts';
import { jobsHandlers } from '../features/jobs/service.ts';
import { outcomes } from '../features/outcomes/contract.ts';
import { outcomesHandlers } from '../features/outcomes/service.ts';
import { parameters } from '../features/parameters/contract.ts';
import { parametersHandlers } from '../features/parameters/service.ts';
import { performances } from '../features/performances/contract.ts';
import { performancesHandlers } from '../features/performances/service.ts';
import { receiptStatements } from '../features/receipt-statements/contract.ts';
import { receiptStatementsHandlers } from '../features/receipt-statements/service.ts';
import { receipts } from '../features/receipts/contract.ts';
import { receiptsHandlers } from '../features/receipts/service.ts';
import { retention } from '../features/retention/contract.ts';
import { createRetentionService } from '../features/retention/service.ts';
import { roles } from '../features/roles/contract.ts';
import { rolesHandlers } from '../features/roles/service.ts';
import { schedule } from '../features/schedule/contract.ts';
import { scheduleHandlers } from '../features/schedule/service.ts';
import { selfStudy } from '../features/self-study/contract.ts';
import { selfStudyHandlers } from '../features/self-study/service.ts';
import { session as sessionFeature } from '../features/session/contract.ts';
import { createSessionService } from '../features/session/service.ts';
import { slips } from '../features/slips/contract.ts';
import { slipsHandlers } from '../features/slips/service.ts';
import { students } from '../features/students/contract.ts';
import { studentsHandlers } from '../features/students/service.ts';
import { submissions } from '../features/submissions/contract.ts';
import { submissionsHandlers } from '../features/submissions/service.ts';
import { sync } from '../features/sync/contract.ts';
import { createSyncService, type SyncService } from '../features/sync/service.ts';
import { temporaryAccounts } from '../features/temporary-accounts/contract.ts';
import { temporaryAccountsHandlers } from '../features/temporary-accounts/service.ts';
import { terms } from '../features/terms/contract.ts';
import { termsHandlers } from '../features/terms/service.ts';
import { transferCases } from '../features/transfer-cases/contract.ts';
import { transferCasesHandlers } from '../features/transfer-cases/service.ts';
import { ArrivingImports } from '../features/transfer-in/arriving-files.ts';
import { transferIn } from '../features/transfer-in/contract.ts';
import { transferInHandlers } from '../features/transfer-in/service.ts';
import { transferOut } from '../features/transfer-out/contract.ts';
import { transferOutHandlers } from '../features/transfer-out/service.ts';
import { takeBackUnrecorded } from '../features/transfer-out/unrecorded-files.ts';
import { usage } from '../features/usage/contract.ts';
import { usageHandlers } from '../features/usage/service.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { type DataDirectory, openDataDirectory } from '../platform/data-directory.ts';
import { createFileExchange, type FileExchange } from '../platform/file-exchange.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { TaskPool } from '../platform/task-pool.ts';
import { WriteGate } from '../platform/write-gate.ts';
import { createAudit } from './audit.ts';
import type { ApplicationEvent, JobState, Outcome } from './contract.ts';
import type { FeatureServices, Foundation } from './foundation.ts';
import { createJobs, markInterruptedJobs } from './jobs.ts';
import { type OpenedSchool, openSchool, restoreEntry, watchDamage } from './open-school.ts';
import { type Caller, createRouter, route } from './router.ts';
import { schoolSettings } from './school-settings.ts';
import { createSessions } from './sessions.ts';

export interface ApplicationOptions {
  dataDirectory: string;
  /** From the host's secret store (main/platform/secret-store.ts). */
  masterKey: Uint8Array;
  /** For tests: the system's clock otherwise. */
  clock?: Clock;
  /** False for a command that ends soon: no schedule, no sync at start. */
  schedule?: boolean;
  /** A restore is prepared: close the application and create it again. Without it the restore takes place at the next start. */
  onRestored?: () => void;
}

/** The program without a window: one typed way in, events out, files through one port. */
export interface Application {
  /** Calls an operation of the contract on behalf of a connection (window, page, command). Never rejects. */
  call: (caller: Caller, name: string, input: unknown) => Promise<Outcome<unknown>>;
  /** Signs a command in: as in a window, audit and slowing included, but without a 驗證碼. No window can reach this. */
  signIn: (connectionId: string, accountName: string, password: string) => Promise<Outcome<OutputOf<'session.signIn'>>>;
  /** @param accountName of the connection's session; a job's events go to its owner only */
  onEvent: (listener: (event: ApplicationEvent, accountName: string | null) => void) => () => void;
  files: FileExchange;
  /** Name of the account signed in on a connection. */
  accountOf: (connectionId: string) => string | null;
  /** Resolves with a job's final state. */
  waitForJob: (jobId: string) => Promise<JobState>;
  endConnection: (connectionId: string) => void;
  /** A synchronisation without anyone signed in: a trial school's first one. */
  synchronise: SyncService['synchronise'];
  /** Files of the city into the attachment store, as 匯出 does before it makes a file. */
  fetchFiles: SyncService['fetchFiles'];
  foundation: Foundation;
  /** What became of a restore that was prepared before; null where there was none. */
  restored: RestoreOutcome;
  close: () => Promise<void>;
}

/**
 * The composition root: opens the data directory, migrates, builds every service once and binds the contract.
 * @throws `dataDirectory.unusable`, `database.newer`, `database.otherHistory`, SQLITE_NOTADB …
 */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const clock = options.clock ?? systemClock;
  const directory = openDataDirectory(options.dataDirectory);
  const log = createLogger(directory.logs);
  const opened = await openSchool(directory, { masterKey: options.masterKey, clock, log });
  try {
    return await assemble(options, { directory, log, clock, opened });
  } catch (error) {
    // Nothing of a school that cannot be used stays open: a backup may have to take its place.
    opened.attachments.close();
    opened.connection.close();
    throw namingTheBackup(directory, error);
  }
}

/** Builds every service on what was opened, and binds the contract. */
async function assemble(
  options: ApplicationOptions,
  { directory, log, clock, opened }: { directory: DataDirectory; log: Logger; clock: Clock; opened: OpenedSchool },
): Promise<Application> {
  const { connection, attachments, restored, backedUp } = opened;
  markInterruptedJobs({ connection, clock });
  takeBackUnrecorded(connection.sqlite, directory.transfers);

  const listeners = new Set<(event: ApplicationEvent, accountName: string | null) => void>();
  const publish = (event: ApplicationEvent, accountName: string | null = null) => {
    for (const listener of listeners) listener(event, accountName);
  };

  const writeGate = new WriteGate();
  const damage = watchDamage();
  const foundation: Foundation = {
    directory,
    connection,
    write: (change) => writeGate.run(() => damage.watched(() => connection.sqlite.transaction(change).immediate())),
    writeGate,
    attachments,
    tasks: new TaskPool(
      writeGate,
      {
        dataDirectory: directory.root,
        masterKey: options.masterKey,
        ...(options.clock ? { fixedNow: options.clock.now().toISOString() } : {}),
      },
      { keepsSpare: options.schedule ?? true },
    ),
    files: createFileExchange(),
    clock,
    log,
    masterKey: options.masterKey,
    settings: schoolSettings(connection),
    changed: (...topics) => publish({ event: 'changed', topics }),
  };

  const sessions = createSessions();
  const audit = createAudit(foundation);
  const jobs = createJobs(foundation, (job, accountName) => {
    publish({ event: 'job', job }, accountName);
    if (job.operation === 'backup.restore' && job.state === 'done') options.onRestored?.();
  });
  const backupService = createBackupService(foundation, {
    damagedAt: damage.foundAt,
    noteDamage: () => {
      damage.note(clock.now());
      publish({ event: 'changed', topics: ['backup'] });
    },
  });
  const syncService = createSyncService(foundation, (school) => giveRecoveryKey(foundation, school));
  const sessionService = createSessionService(foundation, sessions, syncService.afterSignIn);

  const services: FeatureServices = { ...foundation, foundation, sync: syncService, session: sessionService, backup: backupService };
  const auditService = createAuditService(services, audit);
  const retentionService = createRetentionService(services, audit.appended);

  const router = createRouter(
    [
      ...route(sessionFeature, sessionService.handlers),
      ...route(jobsFeature, jobsHandlers(jobs)),
      ...route(dashboard, dashboardHandlers(foundation)),
      ...route(sync, syncService.handlers),
      ...route(students, studentsHandlers(foundation)),
      ...route(roles, rolesHandlers(services)),
      ...route(parameters, parametersHandlers(services)),
      ...route(courseCounselors, courseCounselorsHandlers(services)),
      ...route(coTeaching, coTeachingHandlers(services)),
      ...route(performances, performancesHandlers(services)),
      ...route(cabinet, cabinetHandlers(services)),
      ...route(schedule, scheduleHandlers(services)),
      ...route(outcomes, outcomesHandlers(services)),
      ...route(receipts, receiptsHandlers(services)),
      ...route(certification, certificationHandlers(services)),
      ...route(usage, usageHandlers(services)),
      ...route(selfStudy, selfStudyHandlers(services)),
      ...route(temporaryAccounts, temporaryAccountsHandlers(services)),
      ...route(counselors, counselorsHandlers(services)),
      ...route(terms, termsHandlers(services)),
      ...route(submissions, submissionsHandlers(services)),
      ...route(transferOut, transferOutHandlers(foundation, syncService)),
      ...route(transferIn, transferInHandlers(services)),
      ...route(transferCases, transferCasesHandlers(foundation)),
      ...route(slips, slipsHandlers(foundation)),
      ...route(receiptStatements, receiptStatementsHandlers(foundation)),
      ...route(auditFeature, auditService.handlers),
      ...route(retention, retentionService.handlers),
      ...route(backupFeature, backupService.handlers),
    ],
    {
      sessions,
      jobs,
      audit,
      alwaysAllowed: new Set([
        'session.status',
        'session.changePassword',
        'session.unlock',
        'session.signOut',
        'session.lock',
        'session.signIn',
        'session.newCaptcha',
        'session.readCaptchaAloud',
      ]),
      log,
    },
  );

  await new ArrivingImports(foundation).settleLeft();
  const inWindow = options.schedule ?? true;
  await audit.settleInterrupted();
  await auditService.start(new Map([...operations].map(([name, { title }]) => [name, title])), { verify: inWindow });
  await foundation.write(() => {
    if (restored && 'applied' in restored) takeOverRecords(connection.sqlite, restored.applied.backupRecords);
    if (backedUp) recordBackup(connection.sqlite, backedUp);
  });
  if (restored && 'applied' in restored) await audit.note(restoreEntry(restored.applied));
  await backupService.start({ schedule: inWindow });
  await retentionService.settle();
  await syncService.start({ schedule: inWindow });

  return {
    call: async (caller, name, input) => {
      if (backupService.restoring() && !whileRestoring.has(name)) return restarting;
      const outcome = await router.call(caller, name, input);
      if (!outcome.ok && outcome.error.code === 'database.damaged') damage.note(clock.now());
      // After its answer is on the way: nobody can ask again who waits for it.
      if (name === 'backup.rescue' && outcome.ok) setImmediate(() => options.onRestored?.());
      return outcome;
    },
    signIn: (connectionId, accountName, password) => {
      sessionService.exemptFromCaptcha(connectionId);
      return router.call({ connectionId }, 'session.signIn', { accountName, password }) as Promise<Outcome<OutputOf<'session.signIn'>>>;
    },
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    files: foundation.files,
    accountOf: (connectionId) => sessions.get(connectionId)?.accountName ?? null,
    waitForJob: jobs.wait,
    endConnection: (connectionId) => sessions.end(connectionId),
    synchronise: syncService.synchronise,
    fetchFiles: syncService.fetchFiles,
    foundation,
    restored,
    close: async () => {
      await backupService.stop();
      await syncService.stop();
      await auditService.stop();
      await jobs.close();
      await foundation.tasks.close();
      await foundation.files.releaseAll();
      audit.close();
      attachments.close();
      connection.close();
    },
  };
}

const whileRestoring: ReadonlySet<string> = new Set(['session.signOut', 'session.status', 'jobs.list']);

/** What is asked between the preparation of a restore and the new start: nothing may be changed any more. */
const restarting: Outcome<never> = {
  ok: false,
  error: { code: 'backup.restoring', message: '正在還原備份，程式即將重新開啟資料。請稍候重新登入。', details: {} },
};
