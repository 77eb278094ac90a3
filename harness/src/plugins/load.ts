/** Imports a plugin's module. Runs foreign code: the harness does it in a worker, where it can be stopped. */
import type { Strategy } from '@s2bench/core';
import { oneLine } from '../cli/one-line.ts';
import { checkStrategy } from './check.ts';

/** A plugin that cannot be used. The message is one line. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
}

/**
 * Loads a strategy.
 *
 * @throws PluginError where its module throws, or exports something else
 */
export async function loadStrategy(entryUrl: string): Promise<Strategy> {
  let module: { default?: unknown };
  try {
    module = (await import(entryUrl)) as { default?: unknown };
  } catch (error) {
    throw new PluginError(`cannot be loaded: ${oneLine(error)}`);
  }
  const checked = checkStrategy(module.default);
  if ('problem' in checked) throw new PluginError(checked.problem);
  return checked.strategy;
}
