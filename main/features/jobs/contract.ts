import { z } from 'zod';
import { command, defineFeature, done, jobState, nothing, query } from '../../application/contract.ts';

/** The job tray. Everyone sees and cancels their own. */
export const jobs = defineFeature('jobs', {
  list: query({ title: '查看作業', input: nothing, output: z.object({ jobs: z.array(jobState) }), access: 'signedIn' }),
  /** Takes a job out of the tray that an earlier run of the program did not finish. */
  dismiss: command({ title: '移除中斷的作業', input: z.object({ jobId: z.string() }), output: done, access: 'signedIn' }),
  cancel: command({ title: '取消作業', input: z.object({ jobId: z.string() }), output: done, access: 'signedIn' }),
});
