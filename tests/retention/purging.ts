/**
 * Opens a directory and purges everyone who is due; is killed by its own hand at a step, or by whoever started it.
 *
 *   node tests/retention/purging.ts DIRECTORY PASSWORD STUDENTS [STEP]
 */
import { createApplication } from '../../main/application/application.ts';
import { testMasterKey } from '../support/directories.ts';

const [dataDirectory, password, students, step] = process.argv.slice(2);
const application = await createApplication({
  dataDirectory: dataDirectory!,
  masterKey: testMasterKey,
  clock: { now: () => new Date('2026-11-24T09:00:00+08:00') },
  schedule: false,
});
await application.signIn('window', '999999adm', password!);
application.onEvent((event) => {
  if (event.event !== 'job') return;
  if (event.job.step === step) process.kill(process.pid, 'SIGKILL');
  if (event.job.step === '清除資料') process.stdout.write('purging\n');
});
await application.call({ connectionId: 'window' }, 'retention.purge', { students: Number(students), reason: '超過保存期限' });
