/**
 * Hooks of other plugins beside a strategy: where the strategy is, and what hooks it is given, are one location and one URL, so
 * that whatever loads it gives them to it, and no task or message has a field for them.
 */
import { type HookChoice, type Strategy, whyNoHook, withHooks } from '@s2bench/core';
import { PluginError } from '../cli/errors.ts';
import { locateStrategy, readManifest, type StrategyLocation } from './locate.ts';

/** Where plugins are whose hooks a strategy is given. */
type HookLocations = { readonly [Where in keyof HookChoice]?: StrategyLocation };

/** The key of each in the fragment of a URL. */
const KEYS = { start: 'log-start', stop: 'log-stop' } as const satisfies Record<keyof HookChoice, string>;

/** What is written for the hooks that the kernel model itself has: none of a plugin's. */
export const NO_HOOK = 'upstream';

/** The strategy, to be loaded with these hooks. */
function withHooksOf(found: StrategyLocation, { start, stop }: HookLocations): StrategyLocation {
  const hooks = [start, stop].filter((hook) => hook !== undefined);
  if (hooks.length === 0) return found;
  const url = new URL(found.entryUrl);
  const given = [start && [KEYS.start, start.entryUrl], stop && [KEYS.stop, stop.entryUrl]];
  url.hash = new URLSearchParams(given.filter((one): one is [string, string] => one !== undefined)).toString();
  const all = [found, ...hooks];
  return {
    ...found,
    spec: all.map(({ spec }) => spec).join('+'),
    label: all.map(({ label }) => label).join(' '),
    entryUrl: url.href,
    hooks,
  };
}

/**
 * Where the plugins of a list of hooks are; `undefined` for what the kernel itself does, which an empty list means too.
 *
 * @throws UsageError as `locateStrategy`
 */
export function locateHooks(
  texts: readonly string[] | undefined,
  known: ReadonlyMap<string, string>,
  cwd: string,
  origin: string,
): (StrategyLocation | undefined)[] {
  return (texts ?? [NO_HOOK]).map((text) => (text === NO_HOOK ? undefined : locateStrategy(text, known, cwd, origin)));
}

/** Each strategy with each choice of hooks, the last of them fastest. */
export function spanHooks(
  strategies: readonly StrategyLocation[],
  starts: readonly (StrategyLocation | undefined)[],
  stops: readonly (StrategyLocation | undefined)[],
): StrategyLocation[] {
  return strategies.flatMap((strategy) =>
    starts.flatMap((start) =>
      stops.map((stop) => withHooksOf(strategy, { ...(start && { start }), ...(stop && { stop }) })),
    ),
  );
}

/** Keywords of packages that have hooks and no visitors: known before anything is loaded. */
const KEYWORDS = ['s2bench-log-start', 's2bench-log-stop'];

/** Whether a folder is the package of hooks alone. */
export function isHookPackage(sourcePath: string): boolean {
  return KEYWORDS.some((keyword) => readManifest(sourcePath)?.keywords?.includes(keyword) === true);
}

/** The URL of a strategy without hooks, and those of its hooks. */
export function splitHooks(entryUrl: string): {
  readonly own: string;
  readonly hooks: ReadonlyMap<keyof HookChoice, string>;
} {
  const url = new URL(entryUrl);
  const given = new URLSearchParams(url.hash.slice(1));
  url.hash = '';
  const hooks = new Map<keyof HookChoice, string>();
  for (const where of ['start', 'stop'] as const) {
    const hookUrl = given.get(KEYS[where]);
    if (hookUrl !== null) hooks.set(where, hookUrl);
  }
  return { own: url.href, hooks };
}

/**
 * The strategy with the hooks.
 *
 * @throws PluginError in one line, where a plugin has no such hook, or no kernel has the walkers that all are written for
 */
export function besideHooks(strategy: Strategy, hooks: HookChoice): Strategy {
  for (const where of ['start', 'stop'] as const) {
    const plugin = hooks[where];
    const problem = plugin && whyNoHook(plugin, where);
    if (problem !== undefined) throw new PluginError(`--${KEYS[where]}: ${problem}`);
  }
  const both = withHooks(strategy, hooks);
  if (both.walkers?.length === 0)
    throw new PluginError(
      `no kernel model has the walkers of all: ${[strategy, hooks.start, hooks.stop]
        .filter((plugin) => plugin !== undefined)
        .map(({ name, walkers = ['v5'] }) => `${name} is written for ${walkers.join(' and ')}`)
        .join(', ')}`,
    );
  return both;
}

/** A strategy by the plugins that it is made of. */
export interface StrategyParts {
  readonly strategy: string;
  readonly logStart?: string;
  readonly logStop?: string;
}

/** The plugins that a strategy is made of, by their names. */
export function partsOf(entryUrl: string, name: string): StrategyParts {
  const { hooks } = splitHooks(entryUrl);
  if (hooks.size === 0) return { strategy: name };
  // An option's value may have a plus sign of its own, before a digit: 1e+5.
  const [strategy = name, ...others] = name.split(/\+(?=[a-z])/);
  const logStart = hooks.has('start') ? others.shift() : undefined;
  const logStop = hooks.has('stop') ? others.shift() : undefined;
  return { strategy, ...(logStart !== undefined && { logStart }), ...(logStop !== undefined && { logStop }) };
}
