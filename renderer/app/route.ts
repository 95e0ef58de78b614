// The route lives in the hash, so every object has a link; back and forward are the browser's own.
// How links are written is link-syntax.ts.
import { useSyncExternalStore } from 'react';
import { parseRoute, type Route } from './link-syntax.ts';

export { href, hrefOfFile, type Route, type View } from './link-syntax.ts';

/** Goes to a link made by `href`. `replace` leaves no step in the history. */
export function navigate(target: string, options: { readonly replace?: boolean } = {}): void {
  if (options.replace) {
    history.replaceState(null, '', target);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else if (location.hash !== target) location.hash = target;
}

let cached: { readonly hash: string; readonly route: Route | null } | null = null;

/** The current route; stable while the hash does not change. */
export function currentRoute(): Route | null {
  const { hash } = location;
  if (cached?.hash !== hash) cached = { hash, route: parseRoute(hash) };
  return cached.route;
}

export function useRoute(): Route | null {
  return useSyncExternalStore(subscribe, currentRoute);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
