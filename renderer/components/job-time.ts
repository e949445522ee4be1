import type { JobState } from '../../main/application/contract.ts';

/**
 * Seconds a running job will still take at the pace it has had towards its present total; null while too little is done
 * to tell (less than 5 % or less than 2 seconds), so that no figure jumps about.
 */
export function remainingSeconds(job: Pick<JobState, 'done' | 'total' | 'countedSince'>, now: Date): number | null {
  const elapsed = (now.getTime() - new Date(job.countedSince).getTime()) / 1000;
  if (job.total <= 0 || job.done >= job.total || elapsed < 2 || job.done / job.total < 0.05) return null;
  return Math.ceil((elapsed / job.done) * (job.total - job.done));
}
