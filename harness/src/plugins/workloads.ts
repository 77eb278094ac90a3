/** The workloads that come with s2bench, found by a name with options. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readOptions, splitOptions } from '@s2bench/core';
import { KERNEL_MODELS, kernelModelOf } from '@s2bench/kernel';
import { notModelledText } from '@s2bench/kernel/not-modelled';
import { type Workload, WORKLOADS } from '@s2bench/workloads';
import { knownNames, PluginError, UsageError } from '../cli/errors.ts';
import { describeWorkload } from './load-data.ts';
import { configureWorkload } from './load-workload.ts';
import {
  findInstalledPackage,
  locationOf,
  looksLikePath,
  relativeSpec,
  type StrategyLocation,
  withOptionsOf,
} from './locate.ts';
import { baseOf, parseStrategy } from './strategy-text.ts';

/** A workload of a run: what it says of itself, and where its module is unless it comes with s2bench. */
export type KnownWorkload = Omit<Workload, 'plan'> & { readonly location?: StrategyLocation };

/** Workloads that can be named: those of s2bench, and by their text those of a matrix that are of somebody else. */
export interface NameableWorkloads {
  readonly builtIn: readonly Workload[];
  readonly foreign: ReadonlyMap<string, KnownWorkload>;
}

/**
 * Finds and loads, each in a thread, what texts name that does not come with s2bench.
 *
 * @param texts - one workload each, with options or without
 * @param origin - the option that they stand in, for messages
 * @throws UsageError where there is none, what is there cannot be used, or two bear one name
 */
export async function loadForeignWorkloads(
  texts: readonly string[],
  { cwd, origin, builtIn }: { readonly cwd: string; readonly origin: string; readonly builtIn: readonly Workload[] },
): Promise<Map<string, KnownWorkload>> {
  const foreign = new Map<string, KnownWorkload>();
  for (const text of texts) {
    const { base, options } = parseStrategy(text, origin, 'workloads');
    const path = looksLikePath(base) ? resolve(cwd, base) : findInstalledPackage(base, cwd);
    if (foreign.has(text) || path === undefined || builtIn.some(({ name }) => name === base)) continue;
    const label = `${origin} ${text}`;
    if (!existsSync(path)) throw new UsageError(`${label}: there is no such file or folder`);
    const spec = looksLikePath(base) ? relativeSpec(path, cwd) : base;
    const location = withOptionsOf(locationOf(path, spec, label, 'workload'), options);
    const found = await describeWorkload(location.entryUrl);
    if (!found.ok) throw new UsageError(`${label}: ${found.problem}`);
    const { needs, ...metadata } = found.workload;
    const known = { ...metadata, ...(needs && { needs }), location };
    const ownName = baseOf(known.name);
    const twin =
      builtIn.find(({ name }) => name === ownName)?.name ??
      [...foreign.values()].find(
        (other) => baseOf(other.name) === ownName && other.location?.sourcePath !== location.sourcePath,
      )?.location?.spec;
    if (twin !== undefined)
      throw new UsageError(`${label}: is named ${ownName}, as ${twin} is; give one of them another name`);
    foreign.set(text, known);
  }
  return foreign;
}

/**
 * Reads one workload: a name with options.
 *
 * @param origin - the option that the text stands in, for messages
 * @param workloads - those that can be named
 * @throws UsageError where there is none, or an option is not one of its own
 */
export function parseWorkload(text: string, origin: string, { builtIn, foreign }: NameableWorkloads): KnownWorkload {
  const known = foreign.get(text);
  if (known !== undefined) return known;
  const { base, options } = parseStrategy(text, origin, 'workloads');
  const names = builtIn.map(({ name }) => name);
  const workload = builtIn.find(({ name }) => name === base);
  if (workload === undefined) {
    const known = knownNames(base, names);
    throw new UsageError(`${origin} ${text}: unknown workload; ${known}${notModelledText(base)}`);
  }
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
