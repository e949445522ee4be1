import { type CityStore, openCityStore } from '../../main/central/embedded/index.ts';
import type { ResourceName } from '../../main/central/resources.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { testMasterKey } from './directories.ts';
import type { Trial } from './trial.ts';

export type CityRow = { id: string; version: number; deleted: boolean } & Record<string, unknown>;

function withStore<Result>({ application }: Trial, use: (store: CityStore) => Result): Result {
  const store = openCityStore(application.foundation.directory.trialCity, { key: deriveKey(testMasterKey, 'trialCity') });
  try {
    return use(store);
  } finally {
    store.close();
  }
}

/** Everything a trial school's own city has of a resource, tombstones too: read beside the running city. */
export const cityRows = (trial: Trial, resource: ResourceName): CityRow[] =>
  withStore(trial, (store) => JSON.parse(`[${store.page(resource, 0, 1_000_000, false).items}]`) as CityRow[]);

/** A living record as the city has it. */
export const cityRecord = (trial: Trial, resource: ResourceName, id: string): CityRow | undefined =>
  cityRows(trial, resource).find((record) => record.id === id && !record.deleted);

/** Whether the city has a file's bytes. */
export const cityHasFile = (trial: Trial, sha256: string): boolean => withStore(trial, (store) => store.file(sha256) !== undefined);

/** Changes a record at the city as another office would. */
export function amendAtCity(trial: Trial, resource: ResourceName, id: string, set: Record<string, unknown>): void {
  const { version, deleted: _deleted, ...data } = cityRecord(trial, resource, id)!;
  const change = { idempotencyKey: crypto.randomUUID(), resource, id, baseVersion: version, operation: 'update' as const };
  const [fate] = withStore(trial, (store) => store.change([{ ...change, data: { ...data, ...set } }]));
  if (fate?.outcome !== 'accepted') throw new Error(JSON.stringify(fate));
}
