/**
 * Makes the trial school of an end-to-end test, in a process of its own: Playwright's loader compiles what it imports,
 * and the backend's workers must run as they are.
 *
 *   node tests/e2e/make-trial.ts DIRECTORY '{"students":60}'
 */
import { mkdirSync } from 'node:fs';
import { createTrialSchool } from '../../main/application/trial.ts';
import { keyFileStore, loadMasterKey } from '../../main/platform/secret-store.ts';

const [dataDirectory, options] = process.argv.slice(2);
if (!dataDirectory) throw new Error('usage: make-trial.ts DIRECTORY OPTIONS');
mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
await createTrialSchool({
  schoolCode: '999999',
  schoolName: '測試高中',
  students: 60,
  years: 3,
  seed: 1,
  withoutPortfolios: false,
  ...(JSON.parse(options ?? '{}') as object),
  dataDirectory,
  masterKey: await loadMasterKey(keyFileStore(dataDirectory), dataDirectory),
});
