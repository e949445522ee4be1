/**
 * Opens a directory and purges its audit log; says so the moment it begins, so that it can be killed.
 *
 *   node tests/audit/purging.ts DIRECTORY ACCOUNT PASSWORD
 */
import { createApplication } from '../../main/application/application.ts';
import { testMasterKey } from '../support/directories.ts';

const [dataDirectory, accountName, password] = process.argv.slice(2);
const application = await createApplication({
  dataDirectory: dataDirectory!,
  masterKey: testMasterKey,
  clock: { now: () => new Date('2026-11-24T09:00:00+08:00') },
  schedule: false,
});
await application.signIn('window', accountName!, password!);
application.onEvent((event) => {
  if (event.event === 'job' && event.job.step === '清除') process.stdout.write('purging\n');
});
await application.call({ connectionId: 'window' }, 'audit.purge', { entries: 120 });
