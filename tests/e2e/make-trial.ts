/**
 * Makes the trial school of an end-to-end test, in a process of its own: Playwright's loader compiles what it imports,
 * and the backend's workers must run as they are.
 *
 *   node tests/e2e/make-trial.ts DIRECTORY '{"students":60}'
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../db/connection.ts';
import { auditLog } from '../../main/application/audit-log.ts';
import { createTrialSchool } from '../../main/application/trial.ts';
import { deriveKey, keyFileStore, loadMasterKey } from '../../main/platform/secret-store.ts';

const [dataDirectory, given] = process.argv.slice(2);
if (!dataDirectory) throw new Error('usage: make-trial.ts DIRECTORY OPTIONS');
const { oldAuditEntries = 0, ...options } = JSON.parse(given ?? '{}') as { oldAuditEntries?: number };
const masterKey = await loadMasterKey(keyFileStore(dataDirectory), dataDirectory);
mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
await createTrialSchool({
  schoolCode: '999999',
  schoolName: '測試高中',
  students: 60,
  years: 3,
  seed: 1,
  withoutPortfolios: false,
  ...options,
  dataDirectory,
  masterKey,
});

if (oldAuditEntries > 0) {
  const { sqlite, close } = openDatabase(join(dataDirectory, 'portfolio.db'), { key: deriveKey(masterKey, 'database') });
  const log = auditLog(sqlite);
  const entry = { accountName: '999999adm', operation: 'students.list', action: 'view', module: null, summary: '查看學生清單' };
  sqlite.transaction(() => {
    for (let index = 0; index < oldAuditEntries; index += 1) {
      const at = new Date(Date.now() - (6 * 366 * 24 - index) * 3_600_000).toISOString();
      log.append({ ...entry, studentIds: [], studentCount: 30, outcome: 'done' }, at);
    }
  })();
  close();
}
