import type { GridSource } from '../../../db/grid-query.ts';
import type { Foundation } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import { hasRight } from '../../application/sessions.ts';
import { ApplicationError } from '../../platform/errors.ts';
import type { Applied, ApplyInput } from './apply-task.ts';
import { type ImportedStudent, type Inspection, type transferIn, transferInGrid } from './contract.ts';
import type { ReadInput } from './read-task.ts';
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

interface KeptStudent {
  nationalId: string;
  name: string;
  studentId: string | null;
  completed: number;
  counts: string;
  messages: string;
}

interface Given {
  file: { token: string };
  md5: string;
  password: string;
  md5WaivedReason?: string | undefined;
}

/** 匯入學生學習歷程資料 (manual §3.16). */
export function transferInHandlers(foundation: Foundation): Handlers<typeof transferIn> {
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
    foundation.tasks.run<{ inspection: Inspection; students: ImportedStudent[] }>('transferIn.read', input, { signal, onProgress: report });

  return {
    ...gridHandlers(foundation, transferInGrid, () => gridSource),

    inspect: async (input, context) => (await read({ ...opened(input, context, true), purpose: 'inspect' }, context)).inspection,

    preview: (input, context) => read({ ...opened(input, context, false), purpose: 'preview' }, context),

    run: async (input, context) => {
      const task: ApplyInput = { ...opened(input, context, false), accountName: context.accountName };
      const applied = await foundation.tasks.run<Applied>('transferIn.apply', task, { signal: context.signal, onProgress: context.report });
      foundation.changed('transferIn', 'transferCases', 'students', 'outcomes', 'performances', 'cadres', 'sync');
      return applied;
    },

    details: ({ id }) => {
      const kept = sqlite
        .prepare<[string], { fileName: string; createdAt: string }>(
          'select file_name as fileName, created_at as createdAt from transfer_ins where id = ?',
        )
        .get(id);
      if (!kept) throw new ApplicationError('transferIn.unknown', '找不到這筆匯入紀錄，請重新整理後再試一次。', { id });
      const students = sqlite
        .prepare<[string], KeptStudent>(
          `select identity as nationalId, name, student_id as studentId, completed, counts, messages
           from transfer_in_students where transfer_in_id = ? order by position`,
        )
        .all(id);
      return {
        ...kept,
        students: students.map(({ completed, counts, messages, ...student }) => ({
          ...student,
          completed: completed === 1,
          ...(JSON.parse(counts) as Pick<ImportedStudent, 'added' | 'unchanged' | 'conflicts' | 'problems'>),
          messages: JSON.parse(messages) as string[],
        })),
      };
    },
  };
}
