/** Runs `act` when the signal is or becomes aborted. */
export function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}

/**
 * Runs two works at the same time. The first that fails stops the other, and is thrown when both have ended: nothing
 * goes on behind whoever waits.
 */
export async function sideBySide<First, Second>(
  outer: AbortSignal,
  first: (signal: AbortSignal) => Promise<First>,
  second: (signal: AbortSignal) => Promise<Second>,
): Promise<[First, Second]> {
  const failing = new AbortController();
  const signal = AbortSignal.any([outer, failing.signal]);
  const works = [first(signal), second(signal)] as const;
  for (const work of works) work.catch((error: unknown) => failing.abort(error));
  await Promise.allSettled(works);
  if (failing.signal.aborted) throw failing.signal.reason;
  return [await works[0], await works[1]];
}
