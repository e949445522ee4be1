import { join } from 'node:path';
import type { CityRecord } from '../../main/central/embedded/index.ts';
import { type EmbeddedCity, type EmbeddedCityOptions, openCityStore, startEmbeddedCity } from '../../main/central/embedded/index.ts';
import { temporaryFolder } from './directories.ts';

export interface TestCity extends EmbeddedCity {
  schoolCode: string;
  address: { url: string; schoolCode: string; deviceId: string; deviceKey: string };
}

/** A real embedded city on a fresh store that holds the given records. */
export async function startTestCity(
  records: Iterable<CityRecord> = [],
  options: Omit<EmbeddedCityOptions, 'storePath'> = {},
): Promise<TestCity> {
  const folder = temporaryFolder('city');
  const storePath = join(folder.path, 'city.db');
  const schoolCode = '999999';
  const settings = { schoolCode, schoolName: '測試高中', deviceId: 'office', deviceKey: 'a key: with %2F, 漢字' };
  const store = openCityStore(storePath, { settings });
  store.fill(records);
  store.close();
  const city = await startEmbeddedCity({ storePath, ...options });
  return {
    ...city,
    schoolCode,
    address: { url: city.url, schoolCode, deviceId: city.deviceId, deviceKey: city.deviceKey },
    close: async () => {
      await city.close();
      folder.remove();
    },
  };
}
