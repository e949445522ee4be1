/** Every task that runs in a worker thread of its own, loaded when it is first needed. */
export const tasks = {
  'workbook.write': () => import('./grid-workbook-task.ts'),
  'slips.print': () => import('../features/slips/print-task.ts'),
} as const;

export type TaskName = keyof typeof tasks;
