import { cpSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openDatabase } from '../../db/connection.ts';
import { schoolSettings } from '../../main/application/school-settings.ts';
import { type EmbeddedCity, startEmbeddedCity } from '../../main/central/embedded/index.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { testMasterKey } from '../support/directories.ts';
import { trialToday } from '../support/trial.ts';

/** A city in this process, which goes on when the program is killed that talks to it. */

export const cityKey = deriveKey(testMasterKey, 'trialCity');
const now = new Date(`${trialToday}T09:00:00+08:00`);

/** @param storePath of a city's store */
export const startCity = (storePath: string): Promise<EmbeddedCity> =>
  startEmbeddedCity({ storePath, key: cityKey, clock: { now: () => now } });

/** The store of a trial school's own city, closed, becomes that of a city elsewhere. */
export function takeCity(directory: string, storePath: string): void {
  mkdirSync(dirname(storePath), { recursive: true });
  cpSync(openDataDirectory(directory).trialCity, storePath);
}

/** From now on the school talks to that city, and to none of its own. */
export function pointAt(directory: string, { url, deviceId, deviceKey }: EmbeddedCity): void {
  const connection = openDatabase(openDataDirectory(directory).database, { key: deriveKey(testMasterKey, 'database'), create: false });
  const settings = schoolSettings(connection);
  settings.set('school.trial', false);
  settings.set('city.url', url);
  settings.set('city.deviceId', deviceId);
  settings.set('city.deviceKey', deviceKey);
  connection.close();
}
