/**
 * The contract for the walker of v6.2 and later: map faults share mmu_lock, so whoever wants an entry exchanges it for
 * *invalid and locked*, and whoever loses goes back to the guest.
 *
 * | kernel | here |
 * |---|---|
 * | `ctx->old` | {@link V6Entry.old} |
 * | `stage2_leaf_mapping_allowed()` | {@link V6MapOperation.leafAllowed} |
 * | `stage2_pte_needs_update()` | {@link V6MapOperation.needsUpdate} |
 * | `kvm_pte_follow(ctx->old)` | {@link V6MapOperation.childOf} |
 * | `stage2_try_break_pte()` | {@link V6MapOperation.tryBreak} |
 * | `stage2_try_set_pte(ctx, KVM_INVALID_PTE_LOCKED)` | {@link V6MapOperation.trySet} |
 * | `stage2_make_pte()` | {@link V6MapOperation.make}, {@link V6MapOperation.makeTable} |
 * | `stage2_map_walker_try_leaf()` | {@link V6MapOperation.tryLeaf} |
 * | `stage2_map_walk_leaf()` | {@link V6MapOperation.mapLeaf} |
 * | `kvm_tlb_flush_vmid_range()` | {@link V6MapOperation.tlbiRange} |
 * | `free_unlinked_table()` | {@link V6MapOperation.freeUnlinked} |
 */
import type { Stage2Entry, TableId, TablePage, VisitResult } from './entry.ts';
import type { Ipa } from './stage2/geometry.ts';

/** A descriptor as the walker read it. What stands in the table may be another by now. */
export interface ReadDescriptor {
  /** Bit 0. */
  readonly valid: boolean;
  /** A valid table. */
  readonly isTable: boolean;
  /** Not valid, and whoever made it so will make another of it. */
  readonly isLocked: boolean;
  /** Not 0, so that a reference is held for it. */
  readonly isCounted: boolean;
}

/** An entry that the walk has come to. One object is reused for all entries of a walk: keep `id`, not the object. */
export interface V6Entry extends Stage2Entry {
  /** What the walker read before it called the visitor. The release decides on it alone. */
  readonly old: ReadDescriptor;
}

/**
 * A map in progress. Under the shared lock another vCPU's map may be in progress beside it: only what
 * {@link trySet} has won belongs to this one.
 */
export interface V6MapOperation {
  /** Whether {@link clean} does anything in this map: not with FEAT_S2FWB, nor where memory is not cacheable. */
  readonly needsClean: boolean;
  /** Whether level, size and both addresses allow a leaf at the entry. */
  leafAllowed(entry: V6Entry): boolean;
  /** Whether the leaf that would be made differs from {@link V6Entry.old} in more than permissions. */
  needsUpdate(entry: V6Entry): boolean;
  /** The table page that {@link V6Entry.old} points to. */
  childOf(entry: V6Entry): TableId;
  /**
   * The stock way to a leaf: {@link tryBreak}, {@link clean}, {@link invalidateIcache}, {@link make}.
   *
   * @returns 0; E2BIG where no leaf is allowed there; EAGAIN where nothing is to be done, or another vCPU has won
   */
  tryLeaf(entry: V6Entry): number;
  /**
   * {@link trySet}, {@link flush}, and {@link put} where {@link V6Entry.old} was counted.
   *
   * @returns whether this map has won the entry; else nothing has changed, and EAGAIN is what to answer
   */
  tryBreak(entry: V6Entry): boolean;
  /**
   * Makes the entry invalid and locked: an exchange that fails where {@link V6Entry.old} no longer stands, or a plain store
   * under the exclusive lock. Locked entries are lost at once.
   */
  trySet(entry: V6Entry): boolean;
  /** The TLBI that the loss of {@link V6Entry.old} asks for: the range of a table, the IPA of a leaf, nothing else. */
  flush(entry: V6Entry): void;
  /**
   * Cleans what the entry will map; nothing where that is not cacheable or FEAT_S2FWB makes it needless. It may be a leaf of
   * {@link walkLeaves} that lies in the range that is being mapped.
   */
  clean(entry: Stage2Entry): void;
  /** Invalidates instructions for what the entry will map, as {@link clean}; nothing where that is not executable. */
  invalidateIcache(entry: Stage2Entry): void;
  /** Takes a reference and stores the leaf, with release semantics, in an entry that {@link trySet} has won. */
  make(entry: V6Entry): void;
  /** A zeroed table page for what the entry covers, or `NO_TABLE`: ENOMEM. */
  allocateTable(entry: V6Entry): TableId;
  /** As {@link make}, for a table. */
  makeTable(entry: V6Entry, table: TableId): void;
  /** Gives back a table page that nobody else has seen. */
  dropTable(table: TableId): void;
  /** Frees a table page that was unlinked, and all below it, after a grace period. `level` is that of its entry. */
  freeUnlinked(table: TableId, level: number): void;
  /** The stock leaf visitor: {@link tryLeaf}, and where that answers E2BIG a table for what is below. */
  mapLeaf(entry: V6Entry): number;
  /** Invalidates the TLB entries of the whole VMID, and waits. */
  tlbiVmid(): void;
  /**
   * Invalidates the TLB entries of one IPA, and waits; `level` is the hint, the entry's own if left out. It speaks of leaves:
   * where a table goes it is `LEVEL_UNKNOWN`, or the level of the leaf below it.
   *
   * @throws RangeError where the level is none
   */
  tlbiIpa(entry: V6Entry, level?: number): void;
  /** Invalidates the TLB entries of whole pages by range, where release and hardware can; else of the VMID. */
  tlbiRange(address: Ipa, sizeBytes: number): void;
  /** Drops a reference on the table page that holds the entry. */
  put(entry: V6Entry): void;
  /** Takes a reference on the table page that holds the entry. */
  get(entry: V6Entry): void;
  /** Visits every leaf entry below a table page in address order, valid or not. */
  walkLeaves(table: TableId, visit: (leaf: Stage2Entry) => void): void;
  /** A walk over tables alone: a table page and all table pages below it, in address order; see `MapOperation.walkTables`. */
  walkTables(table: TableId, visit: (page: TablePage) => void): void;
}

/** The visitors of the walker of v6.2 and later. What a strategy leaves out is the stock behaviour. */
export interface V6Visitors {
  /** A valid table, before what lies below it. Left out: no table is ever coalesced. */
  tablePre?(entry: V6Entry, map: V6MapOperation): VisitResult;
  /** An entry that is no table. Left out: {@link V6MapOperation.mapLeaf}. */
  leaf?(entry: V6Entry, map: V6MapOperation): VisitResult;
}
