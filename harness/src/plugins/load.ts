/**
 * Imports a plugin's module. Runs foreign code: the harness does it in a worker, where it can be stopped, but for
 * commands that run it at once.
 */
import { isConfigurable, isHookAlone, type Strategy } from '@s2bench/core';
import { PluginError, UsageError } from '../cli/errors.ts';
import { resolveOursForPlugins } from '../cli/installation.ts';
import { checkStrategy, checkVisitors } from './check.ts';
import { besideHooks, splitHooks } from './hooks.ts';
import { importPlugin } from './import-plugin.ts';
import { discoverStrategies, locateStrategy } from './locate.ts';
import { configure, describeOptions } from './options-of.ts';

/** How a strategy is loaded. */
export interface LoadOptions {
  /** Anew, with all modules that it is made of: nothing of what it has remembered is left. */
  readonly isFresh?: boolean;
}

/**
 * Loads a strategy.
 *
 * @param entryUrl - of its module; the query holds its options, as `locateStrategy` writes them, the fragment the modules of
 * hooks beside it, as `withHooksOf` does
 * @throws PluginError where its module throws or exports something else, or an option cannot be
 */
export async function loadStrategy(entryUrl: string, options: LoadOptions = {}): Promise<Strategy> {
  const { own, hooks } = splitHooks(entryUrl);
  const strategy = await loadPlugin(own, options);
  if (isHookAlone(strategy))
    throw new PluginError(
      `${strategy.name} has hooks and no visitors: it stands beside a strategy, as in --strategy upstream --log-stop ${strategy.name}`,
    );
  if (hooks.size === 0) return strategy;
  const [start, stop] = await Promise.all(
    (['start', 'stop'] as const).map((where) => loadHook(hooks.get(where), options)),
  );
  return besideHooks(strategy, { start, stop });
}

async function loadHook(entryUrl: string | undefined, options: LoadOptions): Promise<Strategy | undefined> {
  return entryUrl === undefined ? undefined : loadPlugin(entryUrl, options);
}

/**
 * Loads a plugin, a strategy or hooks alone.
 *
 * @param entryUrl - as that of a strategy without hooks of others
 * @throws PluginError as {@link loadStrategy}
 */
async function loadPlugin(entryUrl: string, options: LoadOptions = {}): Promise<Strategy> {
  const strategy = configure(await loadExported(entryUrl, options), [...new URL(entryUrl).searchParams]);
  const problem = checkVisitors(strategy);
  if (problem !== undefined) throw new PluginError(problem);
  return strategy;
}

/**
 * Loads a strategy as its module exports it: one with options can still be given some.
 *
 * @throws PluginError where its module throws, or exports something else
 */
async function loadExported(entryUrl: string, { isFresh = false }: LoadOptions = {}): Promise<Strategy> {
  const checked = checkStrategy(await importPlugin(entryUrl, isFresh));
  if ('problem' in checked) throw new PluginError(checked.problem);
  return checked.strategy;
}

/** What a strategy says of itself. */
export interface Described {
  readonly summary: string;
  readonly source: string;
  readonly contractVersion: number;
  /** Each option, and what it may be. */
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * Loads a strategy for what it says of itself.
 *
 * @throws PluginError where its module throws, or exports something else
 */
export async function describeStrategy(entryUrl: string): Promise<Described> {
  const strategy = await loadExported(entryUrl);
  const { summary, source, contractVersion } = strategy;
  const options = isConfigurable(strategy) ? describeOptions(strategy) : undefined;
  return { summary, source, contractVersion, ...(options && { options }) };
}

/**
 * Loads a strategy.
 *
 * @param text - one strategy, with options or without
 * @param origin - the option that the text stands in, for messages
 * @throws UsageError where there is none, or what is there cannot be used
 */
export async function loadNamedStrategy(text: string, cwd: string, origin: string): Promise<Strategy> {
  const { entryUrl, label } = locateStrategy(text, discoverStrategies(cwd), cwd, origin);
  resolveOursForPlugins();
  try {
    return await loadStrategy(entryUrl);
  } catch (error) {
    if (error instanceof PluginError) throw new UsageError(`${label}: ${error.message}`);
    throw error;
  }
}
