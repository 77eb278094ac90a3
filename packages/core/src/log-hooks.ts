/**
 * What a plugin may do where dirty logging starts and stops, and at KVM_CLEAR_DIRTY_LOG: hooks. A hook is phases of the
 * kernel's own task, run under mmu_lock one after the other; between chunks of a phase the lock is given up, so that
 * guests' faults come in between. As visitors, it is plain synchronous code without a memory of its own.
 *
 * | kernel | here |
 * |---|---|
 * | `kvm_mmu_commit_memory_region()` where logging starts | {@link LogHooks.logStart} |
 * | the same where logging stops | {@link LogHooks.logStop} |
 * | `kvm_arch_mmu_enable_log_dirty_pt_masked()` at CLEAR | {@link LogHooks.logClear} |
 * | `cond_resched_rwlock_write()` between chunks | {@link LogPhase.chunkLevel} |
 * | `kvm_pgtable_walk()` with a visitor of one's own | {@link LogOperation.walk} |
 * | `kvm_pgtable_stage2_split()` | {@link LogOperation.split} |
 * | `get_user_mapping_size()` | {@link LogOperation.hostBlock} |
 */
import * as z from 'zod';
import type { EntryPlace, Stage2Entry, TableId, TablePage, VisitResult } from './entry.ts';
import type { Ipa, Pa } from './stage2/geometry.ts';

/** A leaf below a table page, valid or not. One object is reused for all of them: keep `id`, not the object. */
export interface LogLeaf extends Stage2Entry {
  /** Whether a valid leaf maps normal write-back memory, and no device's. */
  readonly cacheable: boolean;
}

/** What a block maps that a hook makes: normal memory that may be read. */
export interface LogBlock {
  /** In bytes, aligned to the block. */
  readonly outputAddress: Pa;
  readonly writable: boolean;
  readonly executable: boolean;
}

/** What a hook does at the entries that its walk comes to. It sees those alone that lie whole in the range. */
export interface LogVisitor {
  /** A valid table, before what lies below it; `SKIP_BELOW` goes on beyond it. */
  tablePre?(entry: Stage2Entry): VisitResult;
  /** The same after what lies below it: the deepest tables first. */
  tablePost?(entry: Stage2Entry): VisitResult;
  /** An entry that is no table, valid or not. */
  leaf?(entry: Stage2Entry): VisitResult;
}

/** One chunk of a phase of a hook, and the only way in which it acts. The lock is held alone. */
export interface LogOperation {
  /** Where the range begins, in bytes. */
  readonly address: Ipa;
  /** Of the range, in bytes. It lies in the slot whose logging changes. */
  readonly sizeBytes: number;
  /** Whether {@link clean} does anything: not with FEAT_S2FWB. */
  readonly needsClean: boolean;
  /** Walks the range. The value is 0, or the errno of a visitor that has ended the walk. */
  walk(visitor: LogVisitor): number;
  /** Whether a fault could make a block of the entry: its level, and the slot's place in host and guest, allow one. */
  mayBeBlock(entry: Stage2Entry): boolean;
  /**
   * Whether the host maps all that the entry covers with one huge page now, and {@link mayBeBlock}. That is what a fault
   * would find, if the host changes nothing until then; it is no leave to map anything.
   */
  hostBlock(entry: Stage2Entry): boolean;
  /** The table page that the entry's descriptor points to; ask before {@link invalidate}. */
  childOf(entry: Stage2Entry): TableId;
  /** Visits every leaf entry below a table page in address order, valid or not. */
  walkLeaves(table: TableId, visit: (leaf: LogLeaf) => void): void;
  /** A walk over tables alone: see `MapOperation.walkTables`. */
  walkTables(table: TableId, visit: (page: TablePage) => void): void;
  /** Takes a valid entry away. The break of break-before-make. Its reference stays, for {@link install} or {@link put}. */
  invalidate(entry: Stage2Entry): void;
  /** Invalidates the TLB entries of the whole VMID, and waits. */
  tlbiVmid(): void;
  /** Invalidates the TLB entries of one IPA, and waits; see `MapOperation.tlbiIpa`. */
  tlbiIpa(entry: Stage2Entry, level?: number): void;
  /** Invalidates the TLB entries of whole pages by range, where release and hardware can; else of the VMID. */
  tlbiRange(address: Ipa, sizeBytes: number): void;
  /** Cleans to the point of coherency what a valid leaf maps. Nothing where {@link needsClean} says no. */
  clean(leaf: LogLeaf): void;
  /** Stores a block in an entry that is not valid, which the walk may have left. Takes no reference. */
  install(entry: EntryPlace, block: LogBlock): void;
  /** Drops a reference on the table page that holds the entry. */
  put(entry: EntryPlace): void;
  /** Frees a table page that nothing leads to any more and no TLB knows, and all table pages below it. */
  freeBelow(table: TableId): void;
  /**
   * Splits the blocks of the range into full tables, as far as the table pages go that were allocated before the lock was
   * taken. For the walker of v6.2 and later; releases before v6.5 do not split, and the hook brings it along.
   *
   * @returns 0, or ENOMEM where they ran out: the rest is left to faults
   */
  split(): number;
}

/** One phase of a hook. */
export interface LogPhase {
  /** Lower-case words joined by hyphens: what traces and counterexamples call it. */
  readonly name: string;
  /**
   * The level of the entry that one hold of the lock covers, 0 to 3: with 4K pages level 1 is 1G and level 2 is 2M. Left out
   * it is the whole slot.
   */
  readonly chunkLevel?: number;
  /** {@link LogOperation.split} is used: table pages for a chunk are allocated before the lock is taken. */
  readonly splits?: boolean;
  /** Does a chunk. A negative errno ends the hook: what is left stays as it is. */
  run(log: LogOperation): VisitResult;
}

/** Hooks of a plugin. What is left out is what the kernel model does; a hook without phases does nothing. */
export interface LogHooks {
  /** Logging has started and the slot was write-protected. In the place of eager splits that user space has asked for. */
  readonly logStart?: readonly LogPhase[];
  /** Pages of the range were cleared and write-protected, where pages were dirty at first. As {@link logStart}. */
  readonly logClear?: readonly LogPhase[];
  /** Logging has stopped, and no fault is left that thinks otherwise. */
  readonly logStop?: readonly LogPhase[];
}

/** The names of the hooks. */
export const LOG_HOOKS = ['logStart', 'logClear', 'logStop'] as const satisfies readonly (keyof LogHooks)[];

/** The phases of a hook, checked when a plugin is loaded. */
export const logPhasesSchema = z
  .array(
    z.looseObject({
      name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
      chunkLevel: z.number().int().min(0).max(3).optional(),
      splits: z.boolean().optional(),
      run: z.custom((value) => typeof value === 'function', 'must be a function (log)'),
    }),
  )
  .max(2)
  .refine((phases) => new Set(phases.map(({ name }) => name)).size === phases.length, 'two phases bear one name');
