import type { JobState, OutgoingFile } from '../../main/application/contract.ts';

/** The file a finished job made, where its result has one under `file` (workbooks, documents). */
export function outgoingOf(job: Pick<JobState, 'state' | 'result'>): OutgoingFile | null {
  if (job.state !== 'done') return null;
  const file = (job.result as { file?: Partial<OutgoingFile> } | null)?.file;
  return typeof file?.token === 'string' && typeof file.name === 'string' ? (file as OutgoingFile) : null;
}
