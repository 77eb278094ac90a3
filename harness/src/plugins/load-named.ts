/** Loads a strategy into this thread, by name or path: for commands that run it at once, without a worker. */
import type { Strategy } from '@s2bench/core';
import { PluginError, UsageError } from '../cli/errors.ts';
import { resolveOursForPlugins } from '../cli/installation.ts';
import { discoverStrategies } from './discover.ts';
import { loadStrategy } from './load.ts';
import { locateStrategy } from './locate.ts';

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
