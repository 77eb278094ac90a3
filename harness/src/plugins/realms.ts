/**
 * Fresh instances of a plugin's modules: what one of them remembers, another exploration does not find. A module is known
 * by its URL, so a number in the query makes another one of it.
 */
import { registerHooks } from 'node:module';

const REALM = 's2bench-realm';

let realms = 0;
let isHooked = false;

/**
 * The URL of a module that nobody has loaded yet. What it imports by a relative path, or by a name of its own package,
 * is fresh as well; what it imports of other packages is not.
 */
export function inFreshRealm(moduleUrl: URL): URL {
  if (!isHooked) followRealms();
  isHooked = true;
  const url = new URL(moduleUrl);
  url.searchParams.set(REALM, String(++realms));
  return url;
}

/** Has the modules of a realm import from the same realm. Registers a hook for the thread that it is called in. */
function followRealms(): void {
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context);
      const realm = realmOf(context.parentURL);
      // What is required is known by its path, where a query has no place.
      if (realm === null || !/^[./#]/.test(specifier) || context.conditions.includes('require')) return resolved;
      if (!resolved.url.startsWith('file:')) return resolved;
      const url = new URL(resolved.url);
      url.searchParams.set(REALM, realm);
      return { ...resolved, url: url.href };
    },
  });
}

function realmOf(moduleUrl: string | undefined): string | null {
  if (moduleUrl?.includes(REALM) !== true) return null;
  return new URL(moduleUrl).searchParams.get(REALM);
}

/** A module's URL without what options or realms have added to it. */
export function withoutSearch(url: string): string {
  return url.replace(/[?#].*$/, '');
}
