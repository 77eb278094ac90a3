/** Values that come from a closed list. */
import { KERNEL_MODELS, type KernelModel, kernelModelOf } from '@s2bench/core';
import { knownNames } from '../cli/nearest.ts';
import { UsageError } from '../cli/usage-error.ts';
import { optionValues } from '../plugins/options-of.ts';
import { PluginError } from '../plugins/plugin-error.ts';
import { parseStrategy } from '../plugins/strategy-text.ts';
import { splitList } from './run-flags.ts';

/**
 * Takes a value that must be one of `names`.
 *
 * @param origin - the option that it stands in, for messages
 * @param what - what the names are names of, for messages: "kernel model"
 * @throws UsageError with the nearest name and all names
 */
export function parseChoice<T extends string>(text: string, origin: string, what: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UsageError(`${origin} ${text}: unknown ${what}; ${knownNames(text, names)}`);
  return found;
}

/**
 * Takes a comma-separated list of such values; one that stands there twice counts once.
 *
 * @throws UsageError at the first that is none of the names
 */
export function parseChoices<T extends string>(text: string, origin: string, what: string, names: readonly T[]): T[] {
  return [...new Set(splitList(text).map((item) => parseChoice(item, origin, what, names)))];
}

/**
 * Takes a kernel model with its options: `v5.12`, `v5.12?aligned-walk=on`.
 *
 * @throws UsageError where there is none, or an option is not one of its own
 */
export function parseKernel(text: string, origin: string): KernelModel {
  const { base, options } = parseStrategy(text, origin, 'kernel models');
  const known = KERNEL_MODELS.find(({ name }) => name === base);
  try {
    if (known !== undefined) optionValues(known, options, 'kernel');
    return kernelModelOf(text);
  } catch (error) {
    if (error instanceof PluginError) throw new UsageError(`${origin} ${text}: ${error.message}`);
    throw error instanceof RangeError ? new UsageError(`${origin} ${error.message}`) : error;
  }
}
