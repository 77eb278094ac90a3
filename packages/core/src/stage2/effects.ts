/** The stream of effects: every memory-system action of the stage-2 code, in order. */
import type { EntryId } from '../strategy.ts';
import type { Ipa, Pa } from './geometry.ts';

/**
 * Consumes the effects of a run. One consumer times them, another counts them, another checks them; none of them
 * is known to a strategy. Calls carry plain numbers so that a page costs no allocation.
 *
 * Addresses and sizes are in bytes. Effects come in program order; a consumer that keeps a clock advances it at
 * each call.
 */
export interface EffectSink {
  /**
   * Set where neither order nor addresses are any matter, since effects are added up and nothing else: pages of level 3 are
   * told of together then. One that keeps a clock, writes down what comes, or looks at the table meanwhile has none.
   */
  readonly pageTotals?: PageTotals;
  /**
   * `count` descriptors were read by a software walk: neighbours of which `entry` is the first, or the one that a walk for
   * one address ends at and those above it. -1 where it was no entry of this table: a table page's count, the host's tables.
   */
  descriptorsRead(count: number, entry: EntryId): void;
  /** Bit 0 of a valid entry was cleared: the break of break-before-make, or an unmap. */
  entryInvalidated(entry: EntryId, address: Ipa, level: number): void;
  /** A valid block or page descriptor was stored. `address` is that of the walk. */
  leafInstalled(entry: EntryId, address: Ipa, level: number): void;
  /** A table descriptor was stored where no valid entry stood. */
  tableInstalled(entry: EntryId, address: Ipa, level: number): void;
  /**
   * From v6.2 on: an entry that did not translate was made invalid and locked, so that whoever meets it lets it be. One
   * that translated is invalidated in the same way, and then {@link entryInvalidated} says so.
   */
  entryLocked(entry: EntryId, address: Ipa, level: number): void;
  /** From v6.5 on: `count` neighbouring entries of a table page were stored that no walk can reach yet. */
  entriesBuilt(entry: EntryId, address: Ipa, level: number, count: number): void;
  /** Attributes of `count` valid leaves of one table page changed in place, beginning with `entry` at `address`. */
  leavesChanged(entry: EntryId, address: Ipa, level: number, count: number): void;
  /** TLB invalidation of the whole VMID, with its barriers (VMALLS12E1IS). */
  tlbiVmid(): void;
  /** TLB invalidation by IPA with a level hint, 0 for none, with its barriers (IPAS2E1IS, then VMALLE1IS). */
  tlbiIpa(address: Ipa, level: number): void;
  /** As {@link tlbiIpa}, but for the core that does it alone (non-shareable). */
  tlbiIpaLocal(address: Ipa, level: number): void;
  /** TLB invalidation of `pages` pages by range, with its barriers (RIPAS2E1IS, then VMALLE1IS). */
  tlbiRange(address: Ipa, pages: number): void;
  /** D-cache clean and invalidate to the point of coherency. */
  dcacheClean(address: Pa, sizeBytes: number): void;
  /** I-cache invalidate to the point of unification. */
  icacheInvalidate(address: Pa, sizeBytes: number): void;
  /** A table page was taken from the memory cache. `serial` counts allocations and is never reused. */
  tableAllocated(serial: number): void;
  /** A table page was given back. */
  tableFreed(serial: number): void;
  /** From v6.2 on: a table page of entries below `level` left the tree, and goes with all below it after a grace period. */
  tableUnlinked(serial: number, level: number): void;
  /** An RCU grace period has ended: what was unlinked before it began can be freed. */
  gracePeriodEnded(): void;
  /** `count` references on table pages were taken. */
  referencesTaken(count: number): void;
  /** `count` references on table pages were dropped. */
  referencesDropped(count: number): void;

  // Of the abort handler and the host around the stage-2 code.

  /** A vCPU left the guest with an abort, and its syndrome was decoded. */
  guestExited(): void;
  /** VMA look-up, memory-cache top-up and pinning of a host page that is there, `sizeBytes` of it. */
  hostPagePinned(address: Pa, sizeBytes: number): void;
  /** The host took a page fault of its own to give the backing a page. */
  hostPageFaulted(): void;
  /** The host stored to memory through its caches: zeroing on first touch, a copy, an image that was loaded. */
  hostWrote(address: Pa, sizeBytes: number): void;
  /** `count` pages were marked in the dirty bitmap, beginning at `address`. */
  dirtyMarked(address: Ipa, count: number): void;
  /**
   * A memslot was replaced by one that logs, or by one that no longer does (KVM_SET_USER_MEMORY_REGION).
   *
   * @param bitmapBytes - of the dirty bitmap that was allocated, zeroed, for it; 0 where none was
   */
  memslotReplaced(bitmapBytes: number): void;
  /** The vCPU went back into the guest. */
  guestEntered(): void;
}

/** Takes what is done with neighbouring pages of level 3 as a sum, in the place of the effects of each. */
export interface PageTotals {
  /**
   * `count` leaves were installed, and a reference taken for each.
   *
   * @param cleans - {@link EffectSink.dcacheClean} of each page, and `invalidates` {@link EffectSink.icacheInvalidate}
   */
  pagesMapped(count: number, cleans: boolean, invalidates: boolean): void;
  /**
   * `count` leaves were invalidated, and a reference dropped for each.
   *
   * @param flushes - {@link EffectSink.tlbiIpa} for each
   * @param cleaned - pages among them that {@link EffectSink.dcacheClean} was for
   */
  pagesUnmapped(count: number, flushes: boolean, cleaned: number): void;
}

/** Names of numbers, as many as a call has. */
type NamesOf<Call> = Call extends (...values: infer Values) => void
  ? { readonly [Index in keyof Values]: string }
  : never;

/** Every effect with the names of its numbers: what sinks, tees, logs and their text derive from. */
export const EFFECTS = {
  descriptorsRead: ['count', 'entry'],
  entryInvalidated: ['entry', 'address', 'level'],
  leafInstalled: ['entry', 'address', 'level'],
  tableInstalled: ['entry', 'address', 'level'],
  entryLocked: ['entry', 'address', 'level'],
  entriesBuilt: ['entry', 'address', 'level', 'count'],
  leavesChanged: ['entry', 'address', 'level', 'count'],
  tlbiVmid: [],
  tlbiIpa: ['address', 'level'],
  tlbiIpaLocal: ['address', 'level'],
  tlbiRange: ['address', 'pages'],
  dcacheClean: ['address', 'sizeBytes'],
  icacheInvalidate: ['address', 'sizeBytes'],
  tableAllocated: ['serial'],
  tableFreed: ['serial'],
  tableUnlinked: ['serial', 'level'],
  gracePeriodEnded: [],
  referencesTaken: ['count'],
  referencesDropped: ['count'],
  guestExited: [],
  hostPagePinned: ['address', 'sizeBytes'],
  hostPageFaulted: [],
  hostWrote: ['address', 'sizeBytes'],
  dirtyMarked: ['address', 'count'],
  memslotReplaced: ['bitmapBytes'],
  guestEntered: [],
} as const satisfies { readonly [Name in EffectName]: NamesOf<EffectSink[Name]> };

/** The name of an effect. */
export type EffectName = Exclude<keyof EffectSink, 'pageTotals'>;
/** The names of all effects. */
export const EFFECT_NAMES = Object.keys(EFFECTS) as EffectName[];

/** What is called for every effect, whichever it is. No effect has more than four numbers. */
type AnyEffect = (a?: number, b?: number, c?: number, d?: number) => void;

/** Makes a sink of one function for each effect. */
export function makeSink(methodOf: (name: EffectName) => AnyEffect): EffectSink {
  return Object.fromEntries(EFFECT_NAMES.map((name) => [name, methodOf(name)])) as unknown as EffectSink;
}

/** A sink that ignores everything: for state that is built outside of any timing, and for sinks that look at a few effects. */
export const IgnoreEffects = function IgnoreEffects() {} as unknown as new () => EffectSink;
Object.assign(
  IgnoreEffects.prototype,
  makeSink(() => () => undefined),
);

/** A sink that hands every effect on to several, in their order. */
export function teeEffects(...sinks: readonly EffectSink[]): EffectSink {
  return makeSink((name) => (a, b, c, d) => {
    for (const sink of sinks) (sink as unknown as Record<EffectName, AnyEffect>)[name](a, b, c, d);
  });
}
