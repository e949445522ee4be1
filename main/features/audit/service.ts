import { taipeiDay } from '../../../domain/roc-date.ts';
import type { Audit } from '../../application/audit.ts';
import type { Verification } from '../../application/audit-chain.ts';
import { auditCheckpoints } from '../../application/audit-log.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { GridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError, reportOf } from '../../platform/errors.ts';
import type { TaskRun } from '../../platform/task-pool.ts';
import type { OutputOf } from '../contract.ts';
import { type audit, auditGrid, defaultKeptYears } from './contract.ts';
import type { PurgeInput } from './purge-task.ts';
import { auditSource, beginningOf, dueEntries, entryDetail, keepOperationTitles, keptFrom } from './queries.ts';

export interface AuditService {
  handlers: Handlers<typeof audit>;
  /**
   * Keeps the titles of all operations, and where someone will look at the log, verifies it in the background.
   * @param titles of every operation by name
   */
  start: (titles: ReadonlyMap<string, string>, options: { verify: boolean }) => Promise<void>;
  stop: () => Promise<void>;
}

/** 稽核紀錄 (S0223S). */
export function createAuditService(
  { foundation, tasks, connection, settings, clock, log, write, changed }: FeatureServices,
  written: Audit,
): AuditService {
  const { sqlite } = connection;
  let known: { verification: Verification; verifiedAt: string } | null = null;
  let running: Promise<unknown> | undefined;
  const stopping = new AbortController();

  /** The instant at which the day of Taipei began, so many days ago. */
  const startOfDaysAgo = (days: number) => beginningOf(taipeiDay(new Date(clock.now().getTime() - days * 24 * 60 * 60_000)));
  const years = () => settings.get('audit.keptYears') ?? defaultKeptYears;

  const verify = async (run: TaskRun): Promise<Verification> => {
    const verifying = tasks.run<Verification>('audit.verify', null, run);
    running = verifying;
    changed('audit');
    try {
      const verification = await verifying;
      known = { verification, verifiedAt: clock.now().toISOString() };
      const { ok, entries, head, faults, faultCount } = verification;
      // In the log file too: whoever rewrites the database has not rewritten what was noted there.
      if (ok) log.info('audit log verified', { entries, sequence: head?.sequence ?? 0, hash: head?.hash ?? '' });
      else log.error('audit log is broken', { entries, faultCount, kind: faults[0]?.kind, sequence: faults[0]?.sequence });
      return verification;
    } finally {
      if (running === verifying) running = undefined;
      changed('audit');
    }
  };

  return {
    handlers: {
      ...gridHandlers(foundation, auditGrid, ({ student, days }: GridQuery & { student?: string | undefined; days?: number | undefined }) =>
        auditSource({ student, from: days === undefined ? undefined : startOfDaysAgo(days - 1) }),
      ),
      detail: ({ sequence }) => {
        const detail = entryDetail(sqlite, sequence);
        if (!detail) throw new ApplicationError('audit.unknown', '找不到這一筆稽核紀錄，可能已超過保存年限清除。', { sequence });
        return detail;
      },
      state: () => ({
        verifying: running !== undefined,
        verifiedAt: known?.verifiedAt ?? null,
        verification: known?.verification ?? null,
      }),
      verify: (_input, { signal, report }) => verify({ signal, onProgress: report }),
      retention: () => {
        const keptYears = years();
        const from = keptFrom(clock.now(), keptYears);
        const { entries, oldestAt } = sqlite
          .prepare<[], { entries: number; oldestAt: string | null }>('select count(*) as entries, min(at) as oldestAt from audit_entries')
          .get()!;
        const purges = auditCheckpoints(sqlite)
          .reverse()
          .map(({ entryCount, createdAt, createdBy, lastHash: _last, previousHash: _previous, ...purge }) => ({
            ...purge,
            entries: entryCount,
            purgedAt: createdAt,
            purgedBy: createdBy,
          }));
        return { keptYears, entries, oldestAt, due: dueEntries(sqlite, beginningOf(from)).entries, keptFrom: from, purges };
      },
      saveRetention: async ({ keptYears }) => {
        await write(() => settings.set('audit.keptYears', keptYears));
        changed('audit');
        return { done: true };
      },
      // Not to be cancelled: it is one transaction, and either all of it happened or nothing.
      purge: async ({ entries }, { accountName, callId, report }) => {
        const input: PurgeInput = { before: beginningOf(keptFrom(clock.now(), years())), entries, accountName, callId: callId! };
        const purged = await tasks.run<OutputOf<'audit.purge'>>('audit.purge', input, { onProgress: report });
        log.info('audit log purged', { throughSequence: purged.throughSequence, checkpoint: purged.checkpoint });
        await verify({});
        return purged;
      },
      acceptEnd: async ({ reason }, { accountName, callId }) => {
        if (!written.endFault()) throw new ApplicationError('audit.endsWhole', '稽核紀錄的結尾沒有問題，不需要承認。');
        await written.acceptEnd({ accountName, callId, reason });
        await verify({});
        return { done: true };
      },
    },
    start: async (titles, options) => {
      await write(() => keepOperationTitles(sqlite, titles));
      if (!options.verify) return;
      verify({ signal: stopping.signal }).catch((error) => {
        const { code } = reportOf(error);
        if (code !== 'job.cancelled') log.error('audit log could not be verified', { code });
      });
    },
    stop: async () => {
      stopping.abort();
      await running?.catch(() => {});
    },
  };
}
