/** The kernel models that a strategy is tried on: those of the walkers that it is written for. */
import { type Strategy, type Walker, walkersOf } from '@s2bench/core';
import { type KernelModel, kernelModelOf } from '@s2bench/kernel';

/** Of each walker first the one in which what strategies decide about matters most. */
const KERNELS: Readonly<Record<Walker, readonly KernelModel[]>> = {
  // Leaves are cleaned where they are installed; by v5.12 a remap answers EAGAIN, and by v5.11 not.
  v5: [kernelModelOf('v5.12p1'), kernelModelOf('v5.11')],
  v6: [kernelModelOf('v6.12'), kernelModelOf('v6.4')],
};

/**
 * What small worlds are of, for each walker: they are played in one order, where sections that share mmu_lock cannot meet, so
 * that they are taken one at a time, on a model without TLBIs that only meeting sections need.
 */
const EXPLORED: Readonly<Record<Walker, string>> = {
  v5: 'v5.12p1',
  v6: 'v6.4?unmap-hint=unknown&map-lock=exclusive',
};

/** The kernel models of random scripts, the main one first. */
export function scriptKernels(strategy: Strategy): readonly KernelModel[] {
  return walkersOf(strategy).flatMap((walker) => KERNELS[walker]);
}

/** The kernel models of small worlds, by name. */
export function worldKernels(strategy: Strategy): readonly string[] {
  return walkersOf(strategy).map((walker) => EXPLORED[walker]);
}

/** The kernel model of a coalesce, for each walker. */
export function mainKernels(strategy: Strategy): readonly KernelModel[] {
  return walkersOf(strategy).flatMap((walker) => KERNELS[walker].slice(0, 1));
}
