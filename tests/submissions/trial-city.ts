import { join } from 'node:path';
import { type CityStore, openCityStore } from '../../main/central/embedded/index.ts';
import type { ResourceName } from '../../main/central/resources.ts';
import { deriveKey } from '../../main/platform/secret-store.ts';
import { testMasterKey } from '../support/directories.ts';
import type { Trial } from '../support/trial.ts';

/** The city's own database of a trial school, opened beside the running city: for what students, teachers and the ministry do. */
export async function inTrialCity<Result>({ directory }: Trial, work: (store: CityStore) => Result | Promise<Result>): Promise<Result> {
  const store = openCityStore(join(directory, 'trial', 'city.db'), { key: deriveKey(testMasterKey, 'trialCity') });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Changes a record at the city, as its student or teacher would there, and brings it here. */
export async function changeAtCity(trial: Trial, resource: ResourceName, id: string, change: Record<string, unknown>): Promise<void> {
  await inTrialCity(trial, (store) => {
    let found: (Record<string, unknown> & { version: number }) | undefined;
    for (let after = 0; !found; ) {
      const page = store.page(resource, after, 2000, false);
      found = (JSON.parse(`[${page.items}]`) as (Record<string, unknown> & { version: number })[]).find((record) => record.id === id);
      if (!found && !page.hasMore) throw new Error(`the city has no ${resource} ${id}`);
      after = page.next;
    }
    const { version, deleted: _deleted, id: _id, ...data } = found;
    const [fate] = store.change([
      {
        idempotencyKey: `test ${resource} ${id} ${version}`,
        resource,
        id,
        baseVersion: version,
        operation: 'update',
        data: { ...data, ...change },
      },
    ]);
    if (fate?.outcome !== 'accepted') throw new Error(JSON.stringify(fate));
  });
  await trial.application.synchronise({});
}
