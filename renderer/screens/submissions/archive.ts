import { type CallError, useCommand } from '../../app/backend.ts';
import type { SubmissionKind } from './kinds.ts';

/** The question of 封存, in the manual's manner. */
export const archiveWords = (kind: SubmissionKind) => ({
  question: '確定要封存這筆提交紀錄？',
  consequence: kind === 'cadres' ? '封存後，這個學期不能再提交。' : '封存後，這個學年的這個梯次不能再提交。',
  confirmText: '封存',
});

export const unarchiveWords = {
  question: '確定要解除封存？',
  consequence: '解除後可以再提交一次；已經提交的紀錄不會改變。',
  confirmText: '解除封存',
} as const;

export interface Archive {
  archive: (id: string) => Promise<void>;
  unarchive: (id: string) => Promise<void>;
  error: CallError | null;
  reset: () => void;
}

/** 封存 and 解除封存 of a line of 提交紀錄. The question's own button shows that it waits: the one behind it becomes another, and would keep half of its icon. */
export function useArchive(kind: SubmissionKind): Archive {
  const archive = useCommand('submissions.archive');
  const unarchive = useCommand('submissions.unarchive');
  return {
    archive: async (id) => void (await archive.run({ kind, id })),
    unarchive: async (id) => void (await unarchive.run({ kind, id })),
    error: archive.error ?? unarchive.error,
    reset: () => {
      archive.reset();
      unarchive.reset();
    },
  };
}
