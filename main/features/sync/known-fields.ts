import { type ResourceName, resourceSchemas, tombstone } from '../../central/resources.ts';

/** Of fields that schemas know: those that no screen shows and no table has. */
const unneeded: Partial<Record<ResourceName, readonly string[]>> = {
  attendance: ['day'],
  rewards: ['day', 'reason'],
  'psychological-tests': ['testName', 'takenOn'],
};

/**
 * A record of the city as it may be kept whole, until what it waits for is there or the office has chosen: what its schema does not know (a special
 * status, what came of a test), no screen needs, and it is left behind. Rows never have it: writers name their columns.
 */
export function knownFields<Value>(resource: ResourceName, record: Value): Value {
  if (record === null || typeof record !== 'object') return record;
  const schema = (record as { deleted?: unknown }).deleted === true ? tombstone : resourceSchemas[resource];
  const { data } = schema.safeParse(record);
  // One that breaks its schema keeps what it has of the fields.
  const known = Object.entries(data ?? record).filter(([key]) => key in schema.shape && !unneeded[resource]?.includes(key));
  return Object.fromEntries(known) as Value;
}
