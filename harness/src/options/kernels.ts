/** Which strategies go with which kernel models, and which models can be explored. */
import type { Strategy } from '@s2bench/core';
import { type CoalesceOrder, type KernelModel, kernelModelOf, whyNotWritten } from '@s2bench/kernel';
import { UsageError } from '../cli/errors.ts';

/** What stands for whatever a release itself does at a coalesce. */
export const UPSTREAM = 'upstream';

/** The package of each order that a release has. */
const PACKAGES: Readonly<Record<CoalesceOrder, string>> = {
  'v5.11': 'baseline',
  'v5.14': 'upstream-5-14',
  'v6.2': 'upstream-6-2',
};

/** The strategy that does what a kernel model's release does. */
export function upstreamOf(kernel: Pick<KernelModel, 'coalesceOrder'>): string {
  return PACKAGES[kernel.coalesceOrder];
}

/** The name of a strategy under a kernel model: `upstream` is what that one does. */
export function strategyOf({ strategy, kernel }: { readonly strategy: string; readonly kernel: string }): string {
  return strategy === UPSTREAM ? upstreamOf(kernelModelOf(kernel)) : strategy;
}

/** The strategies that `upstream` stands for on kernel models, each once. */
export function upstreamOn(kernels: readonly string[]): string[] {
  return [...new Set(kernels.map((kernel) => upstreamOf(kernelModelOf(kernel))))];
}

/** Whether a strategy is there to be what a later release does: it is not meant where none was asked for. */
export function isLaterUpstream(name: string): boolean {
  return name !== 'baseline' && Object.values(PACKAGES).includes(name);
}

/**
 * Refuses a strategy on a kernel model whose walker it is not written for.
 *
 * @param label - the option and the text that it stands in
 * @throws UsageError
 */
export function requireWritten(
  strategy: Pick<Strategy, 'name' | 'walkers'>,
  kernel: Pick<KernelModel, 'name' | 'walker'>,
  label: string,
): void {
  const problem = whyNotWritten(strategy, kernel);
  if (problem !== undefined) throw new UsageError(`${label}: ${problem}`);
}

/**
 * The kernel model that is explored for one that was asked for, by its full name. Sections that share mmu_lock are
 * interleaved where map faults do; where only relaxations of logged pages share it they are taken one at a time, and the
 * name says so.
 *
 * @throws UsageError where it cannot be explored
 */
export function exploredKernel(kernel: KernelModel, origin: string): string {
  const problem = whyNotExplored(kernel);
  if (problem !== undefined) throw new UsageError(`${origin} ${kernel.name}: ${problem}`);
  const { name, mapLock, relaxLock, walker } = kernel;
  if (mapLock === 'shared' || relaxLock === 'exclusive' || walker === 'v6') return name;
  return kernelModelOf(`${name}${name.includes('?') ? '&' : '?'}relax-lock=exclusive`).name;
}

/** Why a kernel model is not explored, and what would be; `undefined` where it is. */
export function whyNotExplored({ name, mapLock, relaxLock, relaxFlush, walker }: KernelModel): string | undefined {
  if (mapLock === 'shared') return undefined;
  if (walker === 'v6' && relaxFlush === 'local')
    return 'a TLBI that one core does for itself alone is explored where map faults share mmu_lock; add relax-flush=broadcast, or leave map-lock out';
  if (relaxLock !== 'exclusive' && walker !== 'v6' && name.includes('relax-lock'))
    return 'relaxations alone that share mmu_lock are not interleaved; leave relax-lock out';
  return undefined;
}
