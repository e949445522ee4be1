/** How rows of a list are picked with mouse and keyboard, as in every file manager. */
export interface Picking {
  picked: ReadonlySet<string>;
  /** Where a Shift click counts from. */
  anchor: string | null;
}

export const nothingPicked: Picking = { picked: new Set(), anchor: null };

/**
 * A click on a row: alone it toggles the row, with Shift it picks everything from the last one clicked.
 * @param shown ids as they stand in the list, filtered
 */
export function pick({ picked, anchor }: Picking, id: string, shift: boolean, shown: readonly string[]): Picking {
  const next = new Set(picked);
  const [from, to] = [anchor === null ? -1 : shown.indexOf(anchor), shown.indexOf(id)];
  if (shift && from >= 0 && to >= 0) {
    for (const each of shown.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(each);
    return { picked: next, anchor };
  }
  if (next.has(id)) next.delete(id);
  else next.add(id);
  return { picked: next, anchor: id };
}

/** Picks all that is shown, or none of it when all is picked already; what the filter hides keeps its state. */
export function pickAll({ picked }: Picking, shown: readonly string[]): Picking {
  const next = new Set(picked);
  const all = shown.length > 0 && shown.every((id) => next.has(id));
  for (const id of shown) {
    if (all) next.delete(id);
    else next.add(id);
  }
  return { picked: next, anchor: null };
}
