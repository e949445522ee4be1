import { type CallError, useCommand } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import type { SubmissionKind } from './kinds.ts';

export interface Downloads {
  download: (which: 'sent' | 'answer', id: string) => void;
  error: CallError | null;
  reset: () => void;
}

/** 下載 of what was sent and of the answer to it. */
export function useDownloads(kind: SubmissionKind): Downloads {
  const sent = useCommand('submissions.downloadSent');
  const answer = useCommand('submissions.downloadAnswer');
  const saveFile = useSaveFile();
  const download = async (which: 'sent' | 'answer', id: string) => {
    const made = await (which === 'sent' ? sent : answer).run({ kind, id });
    if (made) await saveFile(made.file);
  };
  return {
    download: (which, id) => void download(which, id),
    error: sent.error ?? answer.error,
    reset: () => {
      sent.reset();
      answer.reset();
    },
  };
}
