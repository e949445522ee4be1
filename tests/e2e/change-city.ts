/**
 * Changes the trial city of an end-to-end test while the program runs, as its own office, or the national database behind it, would. In a
 * process of its own, as make-trial.ts is.
 *
 *   node tests/e2e/change-city.ts DIRECTORY '{"list":"cadres"}' prints the records
 *   node tests/e2e/change-city.ts DIRECTORY '{"amend":[{"resource":"cadres","id":"…","set":{…}}],"refuse":[…],"resultDelay":0}'
 */
import { openCityStore, type RefusalRule, receiptStatementOf } from '../../main/central/embedded/index.ts';
import type { ResourceName } from '../../main/central/resources.ts';
import { openDataDirectory } from '../../main/platform/data-directory.ts';
import { deriveKey, keyFileStore, loadMasterKey } from '../../main/platform/secret-store.ts';

export interface CityOrder {
  list?: ResourceName;
  amend?: { resource: ResourceName; id: string; set: Record<string, unknown> }[];
  /** What the national database refuses from now on. */
  refuse?: RefusalRule[];
  /** The FID of an accepted roster: prints the ministry's 收訖明細 of it, in base64. */
  statementOf?: string;
  /** Milliseconds from handing a roster in to its result. */
  resultDelay?: number;
}

const [dataDirectory, text] = process.argv.slice(2);
if (!dataDirectory || !text) throw new Error('usage: change-city.ts DIRECTORY ORDER');
const order = JSON.parse(text) as CityOrder;
const masterKey = await loadMasterKey(keyFileStore(dataDirectory), dataDirectory);
const store = openCityStore(openDataDirectory(dataDirectory).trialCity, { key: deriveKey(masterKey, 'trialCity') });
try {
  const all = (resource: ResourceName): { id: string; version: number; [field: string]: unknown }[] =>
    JSON.parse(`[${store.page(resource, 0, 1_000_000, false).items}]`);
  for (const { resource, id, set } of order.amend ?? []) {
    const before = all(resource).find((record) => record.id === id);
    if (!before) throw new Error(`no ${resource} ${id}`);
    // The city passes over what it does not know; a test must not.
    const unknown = Object.keys(set).filter((field) => !(field in before));
    if (unknown.length > 0) throw new Error(`${resource} has no ${unknown.join(', ')}`);
    const { version, deleted: _deleted, ...data } = before;
    const change = { idempotencyKey: crypto.randomUUID(), resource, id, baseVersion: version, operation: 'update' as const };
    const [fate] = store.change([{ ...change, data: { ...data, ...set } }]);
    if (fate?.outcome !== 'accepted') throw new Error(JSON.stringify(fate));
  }
  if (order.refuse) store.submissions.refuse(order.refuse);
  if (order.resultDelay !== undefined) store.submissions.delayResults(order.resultDelay);
  if (order.statementOf) process.stdout.write((await receiptStatementOf(store, order.statementOf)).toString('base64'));
  if (order.list) process.stdout.write(JSON.stringify(all(order.list).filter(({ deleted }) => !deleted)));
} finally {
  store.close();
}
