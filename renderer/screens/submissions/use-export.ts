import { useState } from 'react';
import type { RosterScope } from '../../../main/features/submissions/contract.ts';
import { type JobHandle, useJob } from '../../app/backend.ts';
import { useSaveFile } from '../../app/save-file.ts';
import type { SubmissionKind } from './kinds.ts';

export interface RosterExport {
  job: JobHandle<'submissions.exportRoster'>;
  /** The roster that was asked for last. */
  roster: RosterScope | null;
  /** @param evenWithErrors to look at only: it can't be uploaded */
  start: (roster: RosterScope, evenWithErrors: boolean) => void;
}

/** 匯出 of a roster's workbook: made, then saved. */
export function useRosterExport(kind: SubmissionKind): RosterExport {
  const job = useJob('submissions.exportRoster', kind);
  const [roster, setRoster] = useState<RosterScope | null>(null);
  const saveFile = useSaveFile();
  const start = async (wanted: RosterScope, evenWithErrors: boolean) => {
    setRoster(wanted);
    const result = await job.start({ ...wanted, evenWithErrors });
    if (result) await saveFile(result.file);
  };
  return { job, roster, start: (wanted, evenWithErrors) => void start(wanted, evenWithErrors) };
}
