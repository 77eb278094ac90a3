/** What other agents can see of a lock section: its writes, TLB invalidations, barriers and cache maintenance. */

/** Which accesses a barrier orders. */
export type BarrierKind = 'ishst' | 'ish';

/** One action of the stage-2 code on memory, TLBs or caches, in program order. */
export type MicroOp =
  /** A descriptor was stored. It is visible to walkers at the next barrier at the latest. */
  | { readonly do: 'write'; readonly entry: number; readonly low: number; readonly high: number }
  | { readonly do: 'barrier'; readonly kind: BarrierKind }
  /** A TLBI is issued; it is complete at the next `dsb ish` of the same CPU. */
  | { readonly do: 'tlbi-vmid' }
  /** IPAS2E1IS with a level hint, of which 0 is none, for one page; RIPAS2E1IS, with no hint, for more. */
  | { readonly do: 'tlbi-ipa'; readonly ipa: number; readonly pages: number; readonly level: number }
  /** VMALLE1IS: the combined entries of what a TLBI by IPA that is complete has taken from stage 2. */
  | { readonly do: 'tlbi-stage1' }
  /** Clean and invalidate to the point of coherency, with its barrier. */
  | { readonly do: 'clean'; readonly pa: number; readonly sizeBytes: number }
  /** Invalidate without a clean: what the line held is lost. */
  | { readonly do: 'discard'; readonly pa: number; readonly sizeBytes: number }
  | { readonly do: 'icache'; readonly pa: number; readonly sizeBytes: number }
  | {
      readonly do: 'alloc';
      readonly slot: number;
      readonly serial: number;
      readonly level: number;
      readonly base: number;
    }
  | { readonly do: 'free'; readonly slot: number };

/** A mistake in the counts that shows while the section runs, not only at its end. */
export interface CountMistake {
  /** Index of the micro-op at which it shows. */
  readonly at: number;
  readonly text: string;
}
