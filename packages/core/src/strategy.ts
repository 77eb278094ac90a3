/**
 * The contract of a coalescing strategy: what a plugin package's default export declares, and the operations that
 * its visitors are handed.
 *
 * The names follow `arch/arm64/kvm/hyp/pgtable.c`, so that a patch hunk and a plugin read side by side:
 *
 * | kernel | here |
 * |---|---|
 * | `ptep` | {@link Stage2Entry} |
 * | `struct stage2_map_data` | {@link MapOperation} |
 * | `kvm_block_mapping_supported()` | {@link MapOperation.blockSupported} |
 * | `kvm_set_invalid_pte()` | {@link MapOperation.invalidate} |
 * | `kvm_call_hyp(__kvm_tlb_flush_vmid)` | {@link MapOperation.tlbiVmid} |
 * | `kvm_call_hyp(__kvm_tlb_flush_vmid_ipa)` | {@link MapOperation.tlbiIpa} |
 * | `kvm_pte_follow()` | {@link MapOperation.follow} |
 * | `smp_store_release(ptep, new)` | {@link MapOperation.install} |
 * | `stage2_map_walk_leaf()` | {@link MapOperation.mapLeaf} |
 * | `put_page()`, `get_page()` | {@link MapOperation.put}, {@link MapOperation.get} |
 * | `free_page()` | {@link MapOperation.freeTable} |
 * | `mm_ops->page_count()` | {@link TablePage.references} |
 * | `kvm_tlb_flush_vmid_range()` of v6.6 | {@link MapOperation.tlbiRange} |
 */
import * as z from 'zod';
import type { EntryId, Stage2Entry, TableId, TablePage, VisitResult } from './entry.ts';
import { type LogHooks, logPhasesSchema } from './log-hooks.ts';
import { type Needs, needsSchema } from './needs.ts';
import type { Ipa, Pa } from './stage2/geometry.ts';
import type { V6Visitors } from './strategy-v6.ts';
import type { UnlockedFault } from './unlocked.ts';

export * from './entry.ts';

/**
 * The version of this contract. It rises when a strategy that was right may be so no longer, or says what an older
 * s2bench cannot understand: version 2 has the walker of v6.2, version 3 hooks where logging changes, version 4 work before
 * mmu_lock is taken. Strategies of version 1 are for the walker of v5.11 alone.
 */
export const CONTRACT_VERSION = 4;

/** The oldest version of the contract for which strategies that were written then still run. */
export const OLDEST_CONTRACT_VERSION = 1;

/**
 * A map in progress, and the only way in which a strategy acts on memory, TLBs, caches and counts. It knows
 * neither costs nor time.
 */
export interface MapOperation {
  /** The entry that is being turned into a block, or `NO_ENTRY`. While set, leaves below it are dropped. */
  anchor: EntryId;
  /** A table page that a strategy keeps from `tablePre` to `tablePost`, or `NO_TABLE`. */
  followed: TableId;
  /** Host physical address that the walk maps next, in bytes. Advances with every install. */
  readonly physAddress: Pa;
  /**
   * Whether {@link clean} does anything in this map. Not with FEAT_S2FWB, where memory is not cacheable, or where the fault has
   * cleaned before it took the lock ({@link UnlockedFault.clean}): who looks for what to clean need not look then.
   */
  readonly needsClean: boolean;

  /** Whether level, size and both addresses allow a block at the entry. */
  blockSupported(entry: Stage2Entry): boolean;
  /**
   * The table page that the entry's descriptor points to, as it stands now, valid or not. Where what is taken away becomes 0,
   * as from v5.14 on, that of the entry which this map took away last is remembered.
   */
  follow(entry: Stage2Entry): TableId;
  /** Takes a valid entry away: clears its valid bit, or from v5.14 on all of it. The break of break-before-make. */
  invalidate(entry: Stage2Entry): void;
  /** Invalidates the TLB entries of the whole VMID, and waits. */
  tlbiVmid(): void;
  /**
   * Invalidates the TLB entries of one IPA, and waits: not enough where a table is replaced.
   *
   * @param level - the hint: the level of the leaf that goes, 1 to 3, or `LEVEL_UNKNOWN`. Left out it is the entry's own, as where a leaf goes.
   * A hint speaks of leaves: for an entry that led to a table it is `LEVEL_UNKNOWN`, or the level of the leaf below
   * it, or the way to the table need not go (linux 36e008323926).
   * @throws RangeError where the level is none
   */
  tlbiIpa(entry: Stage2Entry, level?: number): void;
  /**
   * Cleans to the point of coherency what the entry maps, or will map: the host memory at the entry's own address,
   * wherever the walk is and whatever was installed meanwhile. So a leaf of {@link walkLeaves} can be cleaned alone. Of
   * an entry that lies only partly in the range that is being mapped, that part is cleaned. Nothing is emitted where
   * the mapping is not cacheable or FEAT_S2FWB makes it needless. From v5.14 on, where the map handler invalidates
   * instructions, that is done here too where the mapping is executable.
   *
   * @throws RangeError where the entry lies outside of the range: this map does not know its memory. Nothing below an
   * entry that {@link blockSupported} allows does.
   */
  clean(entry: Stage2Entry): void;
  /**
   * Invalidates instructions for what {@link clean} would clean, and cleans nothing. Nothing is emitted where the abort
   * handler does it (before v5.14), or the mapping is not executable.
   *
   * @throws RangeError as {@link clean}
   */
  invalidateIcache(entry: Stage2Entry): void;
  /**
   * Invalidates the TLB entries of whole pages by range, and waits. On a machine without FEAT_TLBIRANGE it is
   * {@link tlbiVmid}: who would not want that needs `rangeTlbi`. The releases of this walker have no such TLBI; a strategy
   * that uses it brings it along.
   */
  tlbiRange(address: Ipa, sizeBytes: number): void;
  /**
   * Stores the leaf for the entry and advances {@link physAddress}. Takes no reference. The entry must be invalid, but where
   * the strategy needs FEAT_BBM level 2 ({@link Strategy.needs}).
   */
  install(entry: Stage2Entry): void;
  /**
   * The stock leaf handler: cleans where the kernel model does so in the map handler, installs, takes a reference.
   *
   * @returns 0 or a negative errno
   */
  mapLeaf(entry: Stage2Entry): number;
  /** Drops a reference on the table page that holds the entry. */
  put(entry: Stage2Entry): void;
  /** Takes a reference on the table page that holds the entry. */
  get(entry: Stage2Entry): void;
  /** Frees a table page, whatever its count. */
  freeTable(table: TableId): void;
  /**
   * Frees a table page and all table pages below it, without a look at pages of level 3, which lead to none: for a table that
   * nothing leads to any more, and whose TLB entries are gone. References are dropped in bulk. `SKIP_BELOW` spares
   * the walk there.
   */
  freeBelow(table: TableId): void;
  /**
   * Another software walk: visits every leaf entry below a table page in address order, valid or not, also those that
   * lie outside of the range that is being mapped.
   */
  walkLeaves(table: TableId, visit: (leaf: Stage2Entry) => void): void;
  /**
   * A walk over tables alone: visits a table page and all table pages below it, each before those below, in address order.
   * Of a page of level 3 nothing is read but its references.
   */
  walkTables(table: TableId, visit: (page: TablePage) => void): void;
}

/** The generations of the kernel's walker: `v5` up to v6.1, `v6` from v6.2 on. */
export const WALKERS = ['v5', 'v6'] as const;
/** A generation of the kernel's walker. */
export type Walker = (typeof WALKERS)[number];

/** What a strategy says of itself, checked when it is loaded. */
export const strategyMetadataSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
  summary: z.string().min(1).max(200),
  source: z.string().min(1),
  contractVersion: z.number().int().min(OLDEST_CONTRACT_VERSION).max(CONTRACT_VERSION),
  walkers: z.array(z.enum(WALKERS)).min(1).optional(),
  needs: needsSchema.optional(),
  expects: z.union([z.literal('safe'), z.array(z.string().min(1)).min(1)]).optional(),
  logStart: logPhasesSchema.optional(),
  logClear: logPhasesSchema.optional(),
  logStop: logPhasesSchema.optional(),
});

/**
 * The three visitors of the walker of v5.11 to v6.1, and those of v6.2. What a strategy leaves out is stock behaviour.
 *
 * Of the older walker's it is demanded that `tablePre` and `tablePost` do nothing where neither an anchor nor a followed table is
 * set and the range allows no block at a table ({@link MapOperation.blockSupported}): conformance says so. They are then called
 * at a table's first pages and not at each of its neighbours, and neighbouring pages that nobody times are mapped at once.
 */
export interface Visitors extends LogHooks {
  /** A valid table, before what lies below it: KVM_PGTABLE_WALK_TABLE_PRE. Left out: no table is ever coalesced, and a
   * block that is asked for over a table ends in EAGAIN: where that leaves a page unmapped, the guest makes no progress. */
  tablePre?(entry: Stage2Entry, map: MapOperation): VisitResult;
  /** The same table after the walk below it: KVM_PGTABLE_WALK_TABLE_POST. */
  tablePost?(entry: Stage2Entry, map: MapOperation): VisitResult;
  /**
   * An entry that is no table: KVM_PGTABLE_WALK_LEAF. Left out: below an anchor the references of valid entries are
   * dropped in bulk; elsewhere {@link MapOperation.mapLeaf}.
   */
  leaf?(entry: Stage2Entry, map: MapOperation): VisitResult;
  /** For the walker of v6.2 and later. */
  readonly v6?: V6Visitors;
  /** Work that needs no lock, for both walkers. Left out: a fault does nothing of its own before it takes mmu_lock. */
  beforeLock?(fault: UnlockedFault): void;
}

/**
 * A coalescing strategy, hooks where logging changes, or both. What has hooks and no visitor is put beside a strategy with
 * `withHooks`.
 */
export interface Strategy extends Visitors {
  /**
   * Lower-case words joined by hyphens; the package's folder bears the same name. Once it was given options they
   * follow the name, as in `mine?threshold=16`.
   */
  readonly name: string;
  /** One line: what happens at a coalesce, in which order. */
  readonly summary: string;
  /** Message id, commit or document that the order comes from. */
  readonly source: string;
  /** {@link CONTRACT_VERSION} of the contract that it was written for. */
  readonly contractVersion: number;
  /** The walkers that it is written for; left out: `v5` alone. On kernel models of others it is refused. */
  readonly walkers?: readonly Walker[];
  /**
   * Features of the hardware without which it would be wrong. It is not timed on a machine that lacks one, and a verdict on it
   * is of the strictest hardware that has them.
   */
  readonly needs?: Needs;
  /**
   * What its author expects of a verification: `'safe'`, or the names of the rules that it is known to break in some
   * world. Left out: nothing is expected, and whatever is found is news.
   */
  readonly expects?: 'safe' | readonly string[];
}

/** The walkers that a strategy is written for. */
export function walkersOf({ walkers }: Pick<Strategy, 'walkers'>): readonly Walker[] {
  return walkers ?? ['v5'];
}

/** A strategy with options. As it stands it has their defaults; `withOptions` gives it others. */
export interface ConfigurableStrategy<Options extends OptionsSchema = OptionsSchema> extends Strategy {
  /** What the options may be. Each has a default. */
  readonly options: Options;
  /** The visitors for given values. Called once for each set of values. */
  readonly visitors: VisitorsOf<Options>;
}

/** A schema of options: an object of scalars, each with a default. */
export type OptionsSchema = z.ZodObject;

/** Makes the visitors for values of options. */
export type VisitorsOf<Options extends OptionsSchema> = (values: z.output<Options>) => Visitors;
