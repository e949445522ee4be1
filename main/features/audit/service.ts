import { taipeiDay } from '../../../domain/roc-date.ts';
import type { Audit } from '../../application/audit.ts';
import type { Verification } from '../../application/audit-chain.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import type { GridQuery } from '../../application/grid-contract.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { Handlers } from '../../application/router.ts';
import { ApplicationError, reportOf } from '../../platform/errors.ts';
import type { TaskRun } from '../../platform/task-pool.ts';
import { type audit, auditGrid } from './contract.ts';
import { auditSource, entryDetail, keepOperationTitles } from './queries.ts';

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
  { foundation, tasks, connection, clock, log, write, changed }: FeatureServices,
  written: Audit,
): AuditService {
  const { sqlite } = connection;
  let known: { verification: Verification; verifiedAt: string } | null = null;
  let running: Promise<unknown> | undefined;
  const stopping = new AbortController();

  /** The instant at which the day of Taipei began, so many days ago. */
  const startOfDaysAgo = (days: number) =>
    new Date(Date.parse(`${taipeiDay(clock.now())}T00:00:00+08:00`) - days * 24 * 60 * 60_000).toISOString();

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
