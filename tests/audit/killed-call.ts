/**
 * Opens a trial directory, starts a synchronisation, and is killed in the middle of it, by its own hand and without a word.
 *
 *   node tests/audit/killed-call.ts DIRECTORY ACCOUNT PASSWORD
 */
import { createApplication } from '../../main/application/application.ts';
import { testMasterKey } from '../support/directories.ts';

const [dataDirectory, accountName, password] = process.argv.slice(2);
const application = await createApplication({ dataDirectory: dataDirectory!, masterKey: testMasterKey, schedule: false });
await application.signIn('window', accountName!, password!);
application.onEvent((event) => {
  // Past the beginning, which is kept before any work: something was reported.
  if (event.event === 'job' && event.job.step !== '準備中') process.kill(process.pid, 'SIGKILL');
});
await application.call({ connectionId: 'window' }, 'sync.run', { full: true });
