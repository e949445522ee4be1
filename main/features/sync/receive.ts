import type { CityClient } from '../../central/client.ts';
import { type ResourceName, resourceSchemas, tombstone } from '../../central/resources.ts';
import type { RecordProblem, StagedPage, Staging } from './staging.ts';

/** Records asked for at once: large enough that requests cost nothing, small enough that a page is read in a blink. */
export const pageLimit = 1000;

export interface Received {
  resource: ResourceName;
  pages: StagedPage[];
}

interface Checked {
  deleted: number;
  problems: RecordProblem[];
}

function rulesBroken(issues: readonly { path: readonly PropertyKey[]; code: string }[]): string {
  return issues
    .slice(0, 5)
    .map(({ path, code }) => `${path.map(String).join('.') || '-'}: ${code}`)
    .join('; ');
}

/** Begins the name of a record that came without a usable id: the place where it came. */
export const placeMark = '?';

/** Holds each record of a page against its schema: one bad record is counted and listed, the others go on. */
export function checkItems(resource: ResourceName, items: readonly unknown[], place: string): Checked {
  const living = resourceSchemas[resource];
  const checked: Checked = { deleted: 0, problems: [] };
  items.forEach((item, index) => {
    const gone = (item as { deleted?: unknown } | null)?.deleted === true;
    if (gone) checked.deleted += 1;
    const { error } = gone ? tombstone.safeParse(item) : living.safeParse(item);
    if (!error) return;
    const id = (item as { id?: unknown } | null)?.id;
    checked.problems.push({
      id: typeof id === 'string' && id !== '' && id.length <= 64 ? id : `${placeMark}${place}-${index}`,
      message: rulesBroken(error.issues),
    });
  });
  return checked;
}

/**
 * Fetches what is new of a resource and stages it, going on behind what an earlier run staged.
 * @param cursor where the database stands; empty for everything
 * @param onProgress records staged so far and, once known, how many there will be
 */
export async function receive(
  city: CityClient,
  staging: Staging,
  resource: ResourceName,
  cursor: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, total: number) => void },
): Promise<Received> {
  const pages = staging.pages(resource, cursor);
  let done = pages.reduce((sum, page) => sum + page.count, 0);
  let total = 0;
  let last = pages.at(-1);
  // Asked even behind a complete staging: what changed since is applied in the same transaction.
  do {
    signal.throwIfAborted();
    const fromCursor = last?.nextCursor ?? cursor;
    const received = await city.page(resource, fromCursor, { limit: pageLimit, count: total === 0, signal });
    const { items, nextCursor, hasMore } = received.page;
    total ||= done + (received.page.total ?? 0);
    last = {
      fromCursor,
      nextCursor,
      hasMore,
      count: items.length,
      bytes: received.body.byteLength,
      ...checkItems(resource, items, fromCursor),
    };
    if (items.length === 0) break;
    staging.add(resource, received, last);
    pages.push(last);
    done += items.length;
    onProgress(done, Math.max(total, done));
  } while (last.hasMore);
  return { resource, pages };
}
