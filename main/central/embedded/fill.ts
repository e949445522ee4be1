import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type SampleOptions, sampleSchool } from '../../../db/sample/index.ts';
import { openCityStore } from './store.ts';

/**
 * Makes a city store and fills it with a trial school, streamed.
 * @param key of the store itself; without one it is opened without one
 * @param deviceKey of its one device; made up unless told
 * @returns the number of students
 */
export function fillTrialCity(
  storePath: string,
  sample: SampleOptions,
  key?: Uint8Array,
  deviceKey = randomBytes(24).toString('base64url'),
): number {
  mkdirSync(dirname(storePath), { recursive: true, mode: 0o700 });
  const school = sampleSchool(sample);
  const store = openCityStore(storePath, {
    key,
    settings: {
      schoolCode: sample.schoolCode,
      schoolName: sample.schoolName,
      deviceId: 'office',
      deviceKey,
    },
  });
  try {
    store.fill(school.records());
    return school.students;
  } finally {
    store.close();
  }
}
