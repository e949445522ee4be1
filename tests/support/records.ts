import { type ResourceName, resourceSchemas } from '../../main/central/resources.ts';

/** What is wrong with a record that the office sends, by the city's own schema: nothing where the city would take it. */
export function faultsOfRecord(resource: string, data: object): string[] {
  const parsed = resourceSchemas[resource as ResourceName].strict().safeParse({ ...data, version: 1, deleted: false });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
