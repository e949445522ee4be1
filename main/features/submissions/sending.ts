import type { FeatureServices } from '../../application/foundation.ts';
import { workbookMediaType } from '../../application/grid-handlers.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { RosterScope, submissions } from './contract.ts';
import type { ProducedRoster, ProduceRosterInput } from './produce-task.ts';
import { archivedAt, windowOf } from './queries.ts';
import type { RosterSchool } from './roster-sources.ts';

type Sending = Pick<Handlers<typeof submissions>, 'send' | 'prepareUpload'>;

/** What 提交紀錄 shows of an upload by hand until its answer is entered. */
const waitingText = '已產生上傳檔，尚未登錄檢核結果';

/** What the city says of a roster handed in, in words for the office. */
const cityRefusals: Readonly<Record<string, (details: Record<string, unknown>) => ApplicationError>> = {
  'submission.windowClosed': (details) => windowClosed(details),
};

function windowClosed(details: Record<string, unknown> = {}): ApplicationError {
  return new ApplicationError(
    'submissions.windowClosed',
    '現在不在提交期限內，市級系統不會收件。請在期限內提交，或洽國教署與市級系統開放補提交。',
    details,
  );
}

/** The two ways to hand in: through the city, and the file to upload by hand at the national site. */
export function createSending(services: FeatureServices, school: () => RosterSchool): Sending {
  const { connection, clock, sync, tasks, attachments, files, write, changed } = services;
  const { sqlite } = connection;

  /** @throws `submissions.archived` */
  const requireOpen = (scope: RosterScope) => {
    const archived = archivedAt(sqlite, scope);
    if (archived === null) return;
    throw new ApplicationError('submissions.archived', '這個學年期的名冊已經封存，不能再提交；確定要重新提交時，請先解除封存。', {
      archivedAt: archived,
    });
  };

  const produce = async (
    { precheckId, confirmWarnings, ...scope }: RosterScope & { precheckId: string; confirmWarnings: boolean },
    way: ProduceRosterInput['way'],
    { signal, report, accountName }: CallContext,
  ): Promise<ProducedRoster> => {
    requireOpen(scope);
    const input: ProduceRosterInput = { scope, school: school(), precheckId, confirmWarnings, way, accountName, waitingText };
    return tasks.run<ProducedRoster>('submissions.produce', input, { signal, onProgress: report });
  };

  return {
    send: async (input, context) => {
      const { kind, academicYear, semester, batch, division } = input;
      const scope = { kind, academicYear, semester, batch, division };
      const window = windowOf(sqlite, scope, clock.now());
      if (window?.state !== 'open') throw windowClosed({ window });
      const made = await produce(input, 'city', context);
      const { signal, report, accountName } = context;
      report({ step: '送交市級系統', done: 0, total: 0, unit: '項' });
      const city = await sync.openCity();
      try {
        const { submissionFileId, record } = await sync.observed(async () => {
          await city.putFile(made.sha256, workbookMediaType, attachments.read(made.sha256), signal);
          return city.submit(
            {
              idempotencyKey: made.idempotencyKey,
              ...scope,
              rosterCode: made.rosterCode,
              rosterName: made.rosterName,
              sha256: made.sha256,
              rows: made.rows,
              submittedBy: accountName,
            },
            signal,
          );
        });
        await sync.keepRecord('submission-results', record);
        await write(() =>
          sqlite
            .prepare('update sent_rosters set submission_id = ? where id = ? and submission_id is null')
            .run(record.id, made.sentRosterId),
        );
        changed('submissions', 'dashboard');
        return { id: record.id, submissionFileId, rows: made.rows, students: made.students };
      } catch (error) {
        if (!(error instanceof ApplicationError)) throw error;
        const refusal = cityRefusals[String(error.details.cityCode)];
        throw refusal ? refusal(error.details) : error;
      } finally {
        city.close();
      }
    },
    prepareUpload: async (input, context) => {
      const made = await produce(input, 'manual', context);
      changed('submissions', 'dashboard');
      const file = files.offerContent(
        { bytes: attachments.size(made.sha256), read: (start, length) => attachments.slice(made.sha256, start, length) },
        made.fileName,
        workbookMediaType,
      );
      return { id: made.submissionId!, file, rows: made.rows, students: made.students };
    },
  };
}
