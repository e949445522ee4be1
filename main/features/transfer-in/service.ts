import type { GridSource } from '../../../db/grid-query.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import { hasRight } from '../../application/sessions.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { Applied, ApplyInput } from './apply-task.ts';
import { type transferIn, transferInGrid } from './contract.ts';
import { readDetails } from './details.ts';
import type { ReadInput, ReadResult } from './read-task.ts';
import { recentChecks } from './recent-checks.ts';
import type { OpenInput } from './transfer-file.ts';

const gridSource: GridSource = {
  from: 'transfer_ins i',
  columns: {
    id: 'i.id',
    createdAt: 'i.created_at',
    fileName: 'i.file_name',
    senderSchoolCode: 'i.sender_school_code',
    outcome: "('匯入' || i.student_count || '人，完成' || i.completed_count || '人')",
    createdBy: 'i.created_by',
  },
  tieBreaker: 'i.id',
};

interface Given {
  file: { token: string };
  md5: string;
  password: string;
  md5WaivedReason?: string | undefined;
}

/** 匯入學生學習歷程資料 (manual §3.16). */
export function transferInHandlers({ foundation, sync }: FeatureServices): Handlers<typeof transferIn> {
  const { sqlite } = foundation.connection;

  const opened = ({ file, md5, password, md5WaivedReason }: Given, { session }: CallContext, optional: boolean): OpenInput => {
    const { path, name } = foundation.files.incomingPath(file.token);
    const waivedReason = md5WaivedReason?.trim() || undefined;
    if (waivedReason && !(session && hasRight(session, 'S0220S', 'update'))) {
      throw new ApplicationError('permission.denied', '略過 MD5 核對需要「匯入學生學習歷程資料」的修改權限，請洽學校管理者。', {
        right: 'update',
      });
    }
    return { path, fileName: name, password, md5: { typed: md5, optional, waivedReason } };
  };

  const read = (input: ReadInput, { signal, report }: CallContext) =>
    foundation.tasks.run<ReadResult>('transferIn.read', input, { signal, onProgress: report });

  const checks = recentChecks();

  return {
    ...gridHandlers(foundation, transferInGrid, () => gridSource),

    inspect: async (input, context) => (await read({ ...opened(input, context, true), purpose: 'inspect' }, context)).inspection,

    preview: async (input, context) => {
      const { conflicts, ...found } = await read({ ...opened(input, context, false), purpose: 'preview' }, context);
      return { check: checks.keep(context.accountName, conflicts), ...found };
    },

    conflicts: ({ check, keys }, { accountName }) => {
      const found = checks.find(accountName, check, keys);
      return { students: [...new Set(found.map(({ studentId }) => studentId))], conflicts: found.map(({ sides }) => sides) };
    },

    run: async (input, context) => {
      const task: ApplyInput = {
        ...opened(input, context, false),
        accountName: context.accountName,
        choices: { choices: input.choices, otherwise: input.conflicts },
      };
      const applied = await foundation.tasks.run<Applied>('transferIn.apply', task, { signal: context.signal, onProgress: context.report });
      foundation.changed('transferIn', 'transferCases', 'students', 'outcomes', 'performances', 'cadres');
      sync.sendChanges();
      return applied;
    },

    details: ({ id }) => readDetails(sqlite, id),
  };
}
