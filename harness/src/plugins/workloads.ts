/** The workloads that come with s2bench, found by a name with options. */
import { readOptions, splitOptions, z } from '@s2bench/core';
import { KERNEL_MODELS, kernelModelOf } from '@s2bench/kernel';
import { isConfigurableWorkload, type Workload, WORKLOADS, workloadWith } from '@s2bench/workloads';
import { knownNames, oneLine, PluginError, UsageError } from '../cli/errors.ts';
import { optionValues } from './options-of.ts';
import { parseStrategy } from './strategy-text.ts';

/**
 * The workload with options given as texts.
 *
 * @throws PluginError in one line, naming the option, its value and what would be right
 */
export function configureWorkload(workload: Workload, texts: readonly (readonly [string, string])[]): Workload {
  if (!isConfigurableWorkload(workload)) {
    const [first] = texts;
    if (first === undefined) return workload;
    throw new PluginError(`option ${first[0]}: workload ${workload.name} has no options`);
  }
  const given = optionValues(workload, texts, 'workload');
  try {
    return workloadWith(workload, given);
  } catch (error) {
    // Values that are right one by one and wrong together.
    const issue = error instanceof z.ZodError ? error.issues[0]?.message : undefined;
    throw new PluginError(issue === undefined ? `behaviour: ${oneLine(error)}` : `options: ${issue}`);
  }
}

/**
 * Reads one workload: a name with options.
 *
 * @param origin - the option that the text stands in, for messages
 * @param workloads - those that can be named
 * @throws UsageError where there is none, or an option is not one of its own
 */
export function parseWorkload(text: string, origin: string, workloads: readonly Workload[]): Workload {
  const { base, options } = parseStrategy(text, origin, 'workloads');
  const names = workloads.map(({ name }) => name);
  const workload = workloads.find(({ name }) => name === base);
  if (workload === undefined) throw new UsageError(`${origin} ${text}: unknown workload; ${knownNames(base, names)}`);
  try {
    return configureWorkload(workload, options);
  } catch (error) {
    if (error instanceof PluginError) throw new UsageError(`${origin} ${text}: ${error.message}`);
    throw error;
  }
}

/**
 * The workload that comes with s2bench and has this name, options included.
 *
 * @throws Error where there is none: a cell's workload was found before
 */
export function workloadNamed(name: string): Workload {
  const { base, query } = splitOptions(name);
  const workload = WORKLOADS.find((one) => one.name === base);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  const options = readOptions(query ?? '').map(([option, [value = '']]) => [option, value] as const);
  return configureWorkload(workload, options);
}

/** Why a workload cannot be run under a kernel model, as far as that splits blocks; `undefined` where it can. */
export function whyNoSplit({ needs = [] }: Pick<Workload, 'needs'>, kernel: string): string | undefined {
  if (!needs.includes('eager-split') || kernelModelOf(kernel).splits) return undefined;
  const able = KERNEL_MODELS.filter(({ name }) => kernelModelOf(name).splits).map(({ name }) => name);
  return `splits blocks eagerly, which kernel model ${kernel} cannot; these can: ${able.join(', ')}`;
}
