import { auditAnchor } from '../../application/audit-anchor.ts';
import type { Verification } from '../../application/audit-chain.ts';
import { verifyAuditLog } from '../../application/audit-log.ts';
import { schoolSettings } from '../../application/school-settings.ts';
import type { Task } from '../../application/task-context.ts';

/** Holds the whole audit log against its chain, in a thread and on a connection of its own. */
export const run: Task<null, Verification> = (_input, { directory, masterKey, openReader, report, signal }) => {
  const connection = openReader();
  return verifyAuditLog(connection.sqlite, {
    anchor: auditAnchor(directory, masterKey).read(),
    anchored: schoolSettings(connection).get('audit.anchored') ?? false,
    onProgress: (done, total) => {
      signal.throwIfAborted();
      report({ step: '驗證稽核紀錄', done, total, unit: '件' });
    },
  });
};
