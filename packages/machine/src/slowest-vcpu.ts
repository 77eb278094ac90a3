/** Which vCPU has done the fewest accesses: asked after every event, and seldom another than before. */
import type { Vcpu } from './vcpu.ts';

/** How far the slowest of some vCPUs is. */
export class SlowestVcpu {
  readonly #vcpus: readonly Vcpu[];
  #least = 0;
  /** vCPUs that have done no more; 0 where it has to be looked who is the slowest now. */
  #slowest = 0;

  constructor(vcpus: readonly Vcpu[]) {
    this.#vcpus = vcpus;
  }

  /** Accesses that it has done. */
  get accesses(): number {
    if (this.#slowest === 0) {
      this.#least = this.#vcpus.reduce((least, vcpu) => Math.min(least, vcpu.accesses), Infinity);
      for (const vcpu of this.#vcpus) if (vcpu.accesses === this.#least) this.#slowest++;
    }
    return this.#least;
  }

  /** The same in accesses of the profile. */
  get units(): number {
    const { accesses } = this;
    return this.#vcpus.find((vcpu) => vcpu.accesses === accesses)?.units ?? 0;
  }

  /** A vCPU is about to have done more. */
  moves(vcpu: Vcpu): void {
    if (this.#slowest > 0 && vcpu.accesses === this.#least) this.#slowest--;
  }
}
