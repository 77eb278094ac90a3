/** Keeps a strategy's modules from those of Node that reach beyond its thread, or into how it talks to the program. */
import { registerHooks } from 'node:module';
import { OURS } from '../cli/installation.ts';
import { withoutSearch } from './realms.ts';

const BEYOND = /^(node:)?(child_process|cluster|inspector|module|repl|v8|vm|wasi|worker_threads|trace_events)(\/|$)/;

/** Modules that a strategy is made of, by URL. */
const strategyModules = new Set<string>();
let isHooked = false;

/** Has a module, and all that it imports but what is ours, do without Node's modules that reach beyond a thread. */
export function confine(moduleUrl: string): void {
  strategyModules.add(withoutSearch(moduleUrl));
  if (isHooked) return;
  isHooked = true;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const { parentURL } = context;
      if (parentURL === undefined || !strategyModules.has(withoutSearch(parentURL)))
        return nextResolve(specifier, context);
      if (BEYOND.test(specifier))
        throw new Error(`imports ${specifier}, which reaches beyond its thread; a strategy imports @s2bench/core`);
      const resolved = nextResolve(specifier, context);
      if (!OURS.test(specifier)) strategyModules.add(withoutSearch(resolved.url));
      return resolved;
    },
  });
}
