import type { Jobs } from '../../application/jobs.ts';
import type { Handlers } from '../../application/router.ts';
import type { jobs } from './contract.ts';

/** The job tray's view of main/application/jobs. */
export function jobsHandlers(running: Jobs): Handlers<typeof jobs> {
  return {
    list: (_input, { accountName }) => ({ jobs: running.list(accountName) }),
    dismiss: async ({ jobId }, { accountName }) => {
      await running.dismiss(jobId, accountName);
      return { done: true };
    },
    cancel: ({ jobId }, { accountName }) => {
      running.cancel(jobId, accountName);
      return { done: true };
    },
  };
}
