/** What a lock section does to what others see, one action at a time, and what it gets to know by that. */
import type { NamedPages } from '../hardware/tlbi.ts';
import type { BarrierKind } from '../kernel/micro-op.ts';

/** What a TLBI names. */
export type Tlbi = 'vmid' | NamedPages;

/** One action of a section. What it says is announced before it is done. */
export type Step =
  /** A descriptor is read; the reply is its words. */
  | { readonly do: 'read'; readonly entry: number }
  /** A descriptor is exchanged for another where it still is what was read; the reply says whether. */
  | {
      readonly do: 'exchange';
      readonly entry: number;
      readonly oldLow: number;
      readonly oldHigh: number;
      readonly low: number;
      readonly high: number;
    }
  /** A plain store; with release, all that the CPU has stored before is seen by whoever sees it. */
  | {
      readonly do: 'store';
      readonly entry: number;
      readonly low: number;
      readonly high: number;
      readonly releases: boolean;
    }
  /** The low word alone; the high word stays what it is. */
  | { readonly do: 'store-low'; readonly entry: number; readonly low: number }
  | { readonly do: 'get' | 'put'; readonly slot: number; readonly count: number }
  /** The reply is the number of references, or of valid entries. */
  | { readonly do: 'references' | 'valid'; readonly slot: number }
  /** The reply is level and base of a table page. */
  | { readonly do: 'page'; readonly slot: number }
  /** The reply is the slot. */
  | { readonly do: 'alloc'; readonly level: number; readonly base: number }
  | { readonly do: 'free'; readonly slot: number }
  /** A table page waits for a grace period. */
  | { readonly do: 'unlink'; readonly slot: number; readonly level: number }
  | { readonly do: 'barrier'; readonly kind: BarrierKind }
  /** Issued; complete at the next `dsb ish` of the CPU. `orders`: a `dsb ishst` comes before it. */
  | { readonly do: 'tlbi'; readonly what: Tlbi; readonly orders: boolean }
  /** `dsb ish`, and for a TLBI by IPA what is combined with stage 1. */
  | { readonly do: 'complete' }
  /** TLBI and barriers that the CPU does for itself alone. */
  | { readonly do: 'tlbi-local'; readonly what: Tlbi }
  /** With its barrier. */
  | { readonly do: 'clean' | 'discard' | 'icache'; readonly pa: number; readonly sizeBytes: number };

/** What a step replies: two words, of which most steps need none or one. */
export type Reply = readonly [number, number];

export const NO_REPLY: Reply = [0, 0];

/** Steps that a section does in one go with the one before: nobody else can notice when they are done. */
const QUIET: ReadonlySet<Step['do']> = new Set([
  'get',
  'put',
  'references',
  'valid',
  'page',
  'alloc',
  'free',
  'unlink',
]);
/** Under the exclusive lock nobody else stores either. */
const QUIET_ALONE: ReadonlySet<Step['do']> = new Set([...QUIET, 'read']);

/** Whether a step is done in one go with the one before. */
export function isQuiet(step: Step, alone: boolean): boolean {
  return (alone ? QUIET_ALONE : QUIET).has(step.do);
}

/** Actions after which hardware may hold more than before. */
export const CHANGES_WALKS: ReadonlySet<Step['do']> = new Set([
  'exchange',
  'store',
  'store-low',
  'barrier',
  'tlbi',
  'complete',
]);

/** A value that walkers need not see yet, and whose CPU's barrier shows it. */
export interface Unseen {
  readonly agent: number;
  readonly low: number;
  readonly high: number;
}

/** A table page that waits for a grace period. */
export interface Unlinked {
  readonly slot: number;
  /** Sections that were under way when it was unlinked, and still are: a bit per agent. */
  waits: number;
}
