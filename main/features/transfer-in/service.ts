import { randomUUID } from 'node:crypto';
import type { GridSource } from '../../../db/grid-query.ts';
import type { FeatureServices } from '../../application/foundation.ts';
import { gridHandlers } from '../../application/grid-handlers.ts';
import type { CallContext, Handlers } from '../../application/router.ts';
import { hasRight } from '../../application/sessions.ts';
import { ApplicationError, reportOf } from '../../platform/errors.ts';
import type { Applied, ApplyInput } from './apply-task.ts';
import { ArrivingImports } from './arriving-files.ts';
import { type transferIn, transferInGrid } from './contract.ts';
import { readDetails } from './details.ts';
import type { FileInput } from './file-task.ts';
import type { ReadInput, ReadResult } from './read-task.ts';
import { recentChecks, recentLooks } from './recent-checks.ts';
import type { OpenInput } from './transfer-file.ts';
import type { UndoInput, UndoResult } from './undo-task.ts';

const gridSource: GridSource = {
  from: 'transfer_ins i',
  columns: {
    id: 'i.id',
    createdAt: 'i.created_at',
    fileName: 'i.file_name',
    senderSchoolCode: 'i.sender_school_code',
    outcome: `('匯入' || i.student_count || '人，完成' || i.completed_count || '人' || case
      when i.undone_count = 0 then '' when i.undone_count >= i.student_count then '，已復原' else '，已復原' || i.undone_count || '人' end)`,
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
export function transferInHandlers({ foundation, sync, attachments, files }: FeatureServices): Handlers<typeof transferIn> {
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
  const looks = recentLooks();
  const imports = new ArrivingImports(foundation);

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

    openFile: async ({ check, key, side, slot, ...input }, context) => {
      const [conflict] = checks.find(context.accountName, check, [key]);
      const file = conflict!.files[side][slot];
      if (!file) throw new ApplicationError('cabinet.noFile', '這筆紀錄沒有檔案，請重新檢查檔案。');
      const { sha256, name, mediaType } = file;
      const stored = { bytes: file.bytes, read: (start: number, length: number) => attachments.slice(sha256, start, length) };
      const { studentId } = conflict!;
      if (side === 'here') await sync.fetchFiles([sha256], { signal: context.signal });
      if (attachments.has(sha256)) return { file: files.offerContent(stored, name, mediaType), studentId };
      const content = await foundation.tasks.run<Uint8Array>(
        'transferIn.file',
        { ...opened(input, context, false), sha256 } satisfies FileInput,
        {
          signal: context.signal,
          onProgress: context.report,
        },
      );
      return { file: files.offerContent(looks.keep(content), name, mediaType), studentId };
    },

    run: async (input, context) => {
      const task: ApplyInput = {
        ...opened(input, context, false),
        accountName: context.accountName,
        choices: { choices: input.choices, otherwise: input.conflicts },
        arrivalId: randomUUID(),
      };
      const applied = await imports.during(task.arrivalId, () =>
        foundation.tasks.run<Applied>('transferIn.apply', task, { signal: context.signal, onProgress: context.report }),
      );
      // What was uploaded for it is in the register and the store now; where it cannot be removed, the end of the program removes it.
      await files
        .release(input.file.token)
        .catch((error) => foundation.log.warn('an upload could not be removed', { code: reportOf(error).code }));
      foundation.changed('transferIn', 'transferCases', 'students', 'outcomes', 'performances', 'cadres');
      sync.sendChanges();
      return applied;
    },

    undoPlan: ({ id, position }, { accountName }) =>
      foundation.tasks.run<UndoResult>('transferIn.undo', { importId: id, position, carryOut: false, accountName } satisfies UndoInput),

    undo: async ({ id, position }, { accountName, signal, report }) => {
      const task: UndoInput = { importId: id, position, carryOut: true, accountName };
      const undone = await foundation.tasks.run<UndoResult>('transferIn.undo', task, { signal, onProgress: report });
      foundation.changed('transferIn', 'transferCases', 'students', 'outcomes', 'performances', 'cadres');
      sync.sendChanges();
      return undone;
    },

    details: ({ id }) => readDetails(sqlite, id, foundation.clock.now()),
  };
}
