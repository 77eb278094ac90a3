/**
 * What a person can do in C and a strategy cannot do through its contract: single barriers, a TLBI without them, any
 * store to a descriptor. Mistakes below the contract are made of these; a strategy never sees them.
 */
import type { BarrierKind } from './kernel/micro-op.ts';

/** Acts past the contract. Every action is seen by the explorer as any other. */
export interface RawActions {
  /** A DSB on its own. */
  barrier(kind: BarrierKind): void;
  /** TLBI VMALLS12E1IS without barriers. */
  tlbiVmid(): void;
  /** TLBI IPAS2E1IS without barriers. A level of 0 is no hint. */
  tlbiIpa(ipa: number, level: number): void;
  /** TLBI VMALLE1IS without barriers: what KVM issues when those by IPA are complete. */
  tlbiStage1(): void;
  /** Clean and invalidate to the point of coherency. */
  clean(pa: number, sizeBytes: number): void;
  /** D-cache invalidate without a clean. */
  discard(pa: number, sizeBytes: number): void;
  /** I-cache invalidate. */
  invalidateIcache(pa: number, sizeBytes: number): void;
  /** Low and high word of an entry's descriptor. */
  load(entry: number): readonly [low: number, high: number];
  /** Changes the words of the leaf that is installed next, before anybody sees them. */
  alterNext(change: (low: number, high: number) => readonly [low: number, high: number]): void;
  /** Stores a descriptor; counts are left alone. */
  store(entry: number, low: number, high: number): void;
}
