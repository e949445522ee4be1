import { useSyncExternalStore } from 'react';
import type { BaseLocationHook, BaseSearchHook } from 'wouter';

/**
 * The window's address lies whole in the hash, `#/outcomes?term=1091&f.tickedCount=0`. wouter's own hook keeps the part behind the
 * question mark before the hash, where it stays when the clerk goes on to another screen: that screen's grid would then be filtered
 * by what was clicked on the one before.
 */
const address = () => `/${window.location.hash.replace(/^#?\/?/, '')}`;

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

function navigate(to: string, { state = null, replace = false }: { state?: unknown; replace?: boolean } = {}): void {
  const oldURL = window.location.href;
  const hash = `#/${to.replace(/^#?\/?/, '')}`;
  if (replace) window.history.replaceState(state, '', hash);
  else window.history.pushState(state, '', hash);
  // The browser tells only of a hash that was typed or gone back to.
  window.dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: window.location.href }));
}

const pathOf = () => address().split('?', 1)[0]!;
const searchOf = () => address().slice(pathOf().length + 1);

/** For wouter's `Router`: the path of the hash, and the way to another. */
export const useHashLocation: BaseLocationHook = () => [useSyncExternalStore(subscribe, pathOf), navigate];
useHashLocation.hrefs = (href: string) => `#${href}`;

/** For wouter's `Router`: what stands behind the question mark of the hash. */
export const useHashSearch: BaseSearchHook = () => useSyncExternalStore(subscribe, searchOf);
