/** The address of a grid's screen with a filter in it, so that a number can link to the rows it counts. */

const prefix = 'f.';

/** Filters by column key, of a search part `f.className=一年一班&f.ticked=0`. */
export function filterIn(search: string): Record<string, string> {
  const filter: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (name.startsWith(prefix) && value !== '') filter[name.slice(prefix.length)] = value;
  }
  return filter;
}

/** A search part without its filter: `term=1091`. */
export function withoutFilter(search: string): string {
  const kept = new URLSearchParams(search);
  for (const name of [...kept.keys()]) if (name.startsWith(prefix)) kept.delete(name);
  return kept.toString();
}

/** A value as an exact filter of a text column, so that 一年一班 does not also find 資訊一年一班. */
export const exactly = (text: string): string => `"${text}"`;

/**
 * `/outcomes?term=1091&f.tickedCount=0`.
 * @param filter by column key, as it would be typed under the heading
 * @param parameters what else the screen reads from its address: a term, a tab
 */
export function gridAddress(
  path: string,
  filter: Readonly<Record<string, string | number>> = {},
  parameters: Readonly<Record<string, string>> = {},
): string {
  const search = new URLSearchParams(parameters);
  for (const [key, value] of Object.entries(filter)) search.set(`${prefix}${key}`, String(value));
  return search.size === 0 ? path : `${path}?${search}`;
}
