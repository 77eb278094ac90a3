/** States that cells have in common: what the stages before the first timed one lead to. */
import type { Machine } from '@s2bench/machine';

/**
 * Keeps the state that was built last. Cells that differ in their vCPUs or in their machine's costs alone come to the
 * same tables before the first timed stage, since nothing there depends on time: building them is most of the work.
 */
export class BuiltStates {
  #key: string | undefined;
  #machine: Machine | undefined;

  /** The machine of a key; `build` makes it if it is not the one that was built last. */
  get(key: string, build: () => Machine): Machine {
    if (this.#machine === undefined || this.#key !== key) {
      // Two large states at a time would be one too many.
      this.#machine = undefined;
      this.#machine = build();
      this.#key = key;
    }
    return this.#machine;
  }
}
