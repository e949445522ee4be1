import { join } from 'node:path';
import { type Application, createApplication } from '../../main/application/application.ts';
import type { Clock } from '../../main/platform/clock.ts';
import type { TestCity } from './city.ts';
import { temporaryFolder, testMasterKey } from './directories.ts';

export interface ConnectedOffice {
  application: Application;
  sqlite: Application['foundation']['connection']['sqlite'];
  /** One value of the first row. */
  value: (sql: string, ...parameters: (string | number)[]) => unknown;
  close: () => Promise<void>;
}

/** An office on a fresh data directory, pointed at a city the way the first start does it. */
export async function connectOffice(city: TestCity, clock?: Clock): Promise<ConnectedOffice> {
  const folder = temporaryFolder('office');
  const application = await createApplication({
    dataDirectory: join(folder.path, 'data'),
    masterKey: testMasterKey,
    clock,
    schedule: false,
  });
  const outcome = await application.call({ connectionId: 'first start' }, 'sync.connect', {
    ...city.address,
    firstPassword: 'a password of the office',
  });
  if (!outcome.ok) throw new Error(outcome.error.code);
  const { sqlite } = application.foundation.connection;
  return {
    application,
    sqlite,
    value: (sql, ...parameters) =>
      sqlite
        .prepare<unknown[], unknown>(sql)
        .pluck()
        .get(...parameters),
    close: async () => {
      await application.close();
      folder.remove();
    },
  };
}
