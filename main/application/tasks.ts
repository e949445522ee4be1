/** Every task that runs in a worker thread of its own, loaded when it is first needed. */
export const tasks = {
  'audit.purge': () => import('../features/audit/purge-task.ts'),
  'audit.verify': () => import('../features/audit/verify-task.ts'),
  'transferIn.apply': () => import('../features/transfer-in/apply-task.ts'),
  'transferIn.read': () => import('../features/transfer-in/read-task.ts'),
  'transferIn.file': () => import('../features/transfer-in/file-task.ts'),
  'transferOut.produce': () => import('../features/transfer-out/produce-task.ts'),
  'transferOut.handover': () => import('../features/transfer-out/handover-task.ts'),
  'workbook.write': () => import('./grid-workbook-task.ts'),
  'certification.report': () => import('../features/certification/report-task.ts'),
  'receiptStatements.read': () => import('../features/receipt-statements/read-task.ts'),
  'receiptStatements.print': () => import('../features/receipt-statements/print-task.ts'),
  'slips.print': () => import('../features/slips/print-task.ts'),
  'submissions.check': () => import('../features/submissions/check-task.ts'),
  'submissions.export': () => import('../features/submissions/export-task.ts'),
  'submissions.produce': () => import('../features/submissions/produce-task.ts'),
  'submissions.readAnswer': () => import('../features/submissions/answer-task.ts'),
  'sync.run': () => import('../features/sync/run-task.ts'),
  'sync.fetchFiles': () => import('../features/sync/files-task.ts'),
  'temporaryAccounts.notice': () => import('../features/temporary-accounts/notice-task.ts'),
} as const;

export type TaskName = keyof typeof tasks;
