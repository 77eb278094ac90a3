/** The same operations under another strategy: for questions about what two of them have in common. */
import type { Strategy } from '@s2bench/core';
import { makeSmallGeometry } from '../small-geometry.ts';
import type { World } from '../world.ts';
import { beginState } from './backing-state.ts';
import type { Section } from './kernel.ts';
import { Kernel } from './kernel.ts';
import type { KernelState } from './kernel-state.ts';

/** Runs what one strategy has run with another one. */
export class OtherTable {
  readonly #kernel: Kernel;
  readonly #begin: KernelState;

  constructor(strategy: Strategy, world: World, fwb: boolean) {
    this.#kernel = new Kernel({ subject: { strategy }, world, geometry: makeSmallGeometry(world.levels), fwb });
    this.#begin = this.#kernel.begin(beginState(world.slot));
  }

  /**
   * The protected state after a section, had this strategy run it and all that came before it. States of equal `key`
   * have the same descriptors, counts and free pages. Where that is so after every section that one strategy can come
   * to, both come to the same states, whichever way they took.
   */
  stateAfter({ from, operation, backing }: Pick<Section, 'from' | 'operation' | 'backing'>): KernelState {
    let state = this.#begin;
    for (const past of from.path) state = this.#kernel.section(state, past.operation, past.backing).to;
    return this.#kernel.section(state, operation, backing).to;
  }
}
