/** The TLBs of all vCPUs of a machine, and what the TLBIs of KVM take from them. */
import type { Ipa } from '@s2bench/core/stage2';
import { Tlb } from './tlb.ts';

/** A TLBI that all cores hear of. */
export type Flush = 'vmid' | 'stage-2';

/** The TLBs of the vCPUs. */
export class Tlbs {
  /** By vCPU. */
  readonly of: readonly Tlb[];
  readonly #flushes = { vmid: 0, stage1: 0 };

  /** @param capacity - entries of each */
  constructor(vcpus: number, capacity: number) {
    this.of = Array.from({ length: vcpus }, () => new Tlb(capacity, this.#flushes));
  }

  copyFrom(other: Tlbs): void {
    for (const [vcpu, tlb] of this.of.entries()) {
      const from = other.of[vcpu];
      if (from !== undefined) tlb.copyFrom(from);
    }
  }

  /**
   * A TLBI is complete.
   *
   * @param flush - of the VMID, or of a range by IPA, which KVM follows by one of all that is combined with stage 1
   * @param sizeBytes - of the range; of no meaning for the VMID
   */
  flush(flush: Flush, address: Ipa, sizeBytes: number): void {
    if (flush === 'vmid') {
      this.#flushes.vmid++;
      return;
    }
    this.#flushes.stage1++;
    for (const tlb of this.of) tlb.drop(address, sizeBytes);
  }

  /** A TLBI by IPA is complete that only the core of this vCPU hears of. */
  flushLocally(vcpu: number): void {
    this.of[vcpu]?.flushLocally();
  }
}
