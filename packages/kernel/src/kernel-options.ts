/**
 * What kernel models are made of: each element is an option, `v6.6?range-tlbi=off`, whose default is what the release
 * has. The table of the package's README says which release brought which.
 */
import type { Walker } from '@s2bench/core';
import { z } from '@s2bench/core';
import type { Lock } from './tasks/task.ts';

/** Where KVM cleans, or invalidates instructions for, what a new mapping makes accessible to the guest. */
export type CleanSite =
  /** In the abort handler, for every faulting vCPU, under mmu_lock. */
  | 'abort-handler'
  /** In the map walker, once, by whoever installs the entry. */
  | 'map-handler';

/** What the stage-2 code asks a model for. */
export interface KernelOptions {
  readonly walker: Walker;
  /** An identical or permission-only remap answers EAGAIN instead of breaking the entry. */
  readonly filtersPermissionChanges: boolean;
  readonly cleanSite: CleanSite;
  readonly icacheSite: CleanSite;
  /**
   * A walk that came in beyond an entry's begin goes on at the entry's end (linux 357ad203d45c). Without that it goes a
   * whole entry on from where it came in, and passes over the begin of what is next.
   */
  readonly alignsWalks: boolean;
  /** An entry that goes becomes 0, and whatever is not 0 is counted. Without that only its valid bit goes. */
  readonly clearsEntries: boolean;
  /**
   * The level hint of the TLBI by IPA with which an unmap unlinks an empty table: none (linux 36e008323926), or the level
   * of the entry, which speaks of a leaf that is not there, so that hardware need not forget the way to the table.
   */
  readonly unlinkHint: 'own' | 'unknown';
  /** A walk descends through what stands in the entry after TABLE_PRE (linux a9f0e3d5a089), not through what stood before. */
  readonly rereadsTables: boolean;
  /** Relaxing what is not mapped: 0 and a TLBI at level 0; EAGAIN; EAGAIN and a local TLBI (linux be097997a273). */
  readonly relaxUnmapped: 'flush' | 'again' | 'again-flush';
  /** Who forgets what a relaxation has changed: all cores, or the one that relaxes. */
  readonly relaxFlush: 'broadcast' | 'local';
  /** A relaxation without execute permission takes that permission away. */
  readonly relaxTakesExecute: boolean;
  /** Ranges are invalidated by range where the hardware can. */
  readonly rangeTlbi: boolean;
  /** What an unmap leaves to one TLBI by range at its end, with FEAT_S2FWB and range TLBIs: nothing, leaves, tables too. */
  readonly deferredUnmap: 'nothing' | 'leaves' | 'tables';
  /** Blocks can be split into full tables (KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE). */
  readonly splits: boolean;
  /** Ages ranges at once (`kvm_pgtable_stage2_test_clear_young()`), not one page. */
  readonly agesRanges: boolean;
  /** The host's notifier maps a page that took another's place (`.change_pte`, gone with v6.10). */
  readonly mapsChangedPages: boolean;
  /** An unmap gives the lock up between the largest blocks (linux 5994bc9e05c2), and not between root entries. */
  readonly chunksByBlock: boolean;
  /** A walk that handles no fault goes on after EAGAIN (linux ddcadb297ce5). */
  readonly ignoresAgain: boolean;
  /** The lock of a fault that maps. */
  readonly mapLock: Exclude<Lock, 'none'>;
  /** The lock of a write permission fault of a page in a slot that logs. */
  readonly relaxLock: Exclude<Lock, 'none'>;

  // Of op scripts alone: guests' tables have no owners, and nobody waits for what these answer.

  /** Where an entry that is not valid says who owns its memory: nowhere, in bits 63:56, in 9:2, or as a typed annotation. */
  readonly owners: 'none' | 'high' | 'low' | 'annotation';
  /** An entry that is not valid is taken for executable. */
  readonly takesOwnersForLeaves: boolean;
  /** A map can be told to use pages alone. */
  readonly forcesPages: boolean;
  /** What making young answers: the descriptor before, or nothing. */
  readonly youngAnswer: 'descriptor' | 'nothing';
  /** Not giving a level is a number of its own, since leaves can stand at level 0 (linux c910f2b65518). */
  readonly namesUnknownLevel: boolean;
}

/** The order in which a release turns a table into a block, by the first release that has it. */
export type CoalesceOrder =
  /** Flush of the VMID, frees, and the block at the end. */
  | 'v5.11'
  /** The same, but the topmost of the old tables is freed after the block stands. */
  | 'v5.14'
  /** The block first; what was below is torn down after a grace period. */
  | 'v6.2';

/** A release of KVM/arm64, as options of the stage-2 code. */
export interface KernelModel extends KernelOptions {
  /** Options that it was given follow, as in `v5.12?aligned-walk=on`. */
  readonly name: string;
  /** One line: which code it is, and what tells it from others. */
  readonly summary: string;
  /** What it does at a coalesce by itself. Which strategy that is, the harness knows. */
  readonly coalesceOrder: CoalesceOrder;
}

/** A kernel model before its options are settled, which {@link kernelModelOf} does. */
export interface ConfigurableKernelModel {
  readonly name: string;
  /** Which code it is. */
  readonly code: string;
  /** The release that the newest of its code came in. */
  readonly release: string;
  readonly coalesceOrder: CoalesceOrder;
  /** What it may be given, as texts. Each has a default: what the release has. */
  readonly options: z.ZodObject;
  /** What the texts mean to the code. */
  readonly settle: (values: Readonly<Record<string, unknown>>) => KernelOptions;
  /** What tells a model of these values from the release, in words that a summary ends with. */
  readonly describe: (values: Readonly<Record<string, unknown>>) => string;
}

/** What each element may be, and what it is. */
const ELEMENTS = {
  'permission-filter': [['on', 'off'], 'whether a remap that changes nothing but permissions answers EAGAIN'],
  'clean-site': [['abort-handler', 'map-handler'], 'where a new mapping’s memory is cleaned'],
  'icache-site': [['abort-handler', 'map-handler'], 'where instructions are invalidated for a new mapping'],
  'aligned-walk': [['on', 'off'], 'whether it has linux 357ad203d45c: an unaligned walk visits all of its range'],
  'stale-entries': [['kept', 'cleared'], 'whether an entry that goes keeps all but its valid bit, or becomes 0'],
  'unmap-hint': [
    ['own', 'unknown'],
    'the level hint with which an unmap unlinks a table; unknown: with linux 36e008323926, none',
  ],
  'relax-lock': [['exclusive', 'shared'], 'the lock of a write permission fault of a page in a slot that logs'],
  'map-lock': [['exclusive', 'shared'], 'the lock of a fault that maps'],
  'reread-table': [['on', 'off'], 'whether it has linux a9f0e3d5a089: TABLE_PRE’s entry is read again'],
  'relax-unmapped': [
    ['flush', 'again', 'again-flush'],
    'relaxing what is not mapped: a TLBI, EAGAIN, or both (linux be097997a273)',
  ],
  'relax-flush': [['broadcast', 'local'], 'which cores forget what a relaxation has changed'],
  'relax-execute': [['keep', 'take'], 'whether a relaxation without execute permission takes it away'],
  'range-tlbi': [['on', 'off'], 'whether ranges are invalidated by range where the hardware can'],
  'deferred-unmap': [
    ['nothing', 'leaves', 'tables'],
    'what an unmap leaves to one TLBI by range at its end, with FWB: nothing, leaves, or tables too',
  ],
  split: [['on', 'off'], 'whether blocks can be split eagerly'],
  aging: [['page', 'range'], 'whether a range is aged at once, or its first page alone'],
  'change-pte': [['on', 'off'], 'whether the notifier maps a page that took another’s place'],
  'unmap-chunk': [
    ['root-entry', 'block'],
    'what an unmap does in one hold of the lock: a root entry, or the largest block',
  ],
  'ignore-again': [['on', 'off'], 'whether it has linux ddcadb297ce5: walks outside of faults go on after EAGAIN'],
} as const satisfies Readonly<Record<string, readonly [values: readonly [string, ...string[]], what: string]>>;

/** Name of an element. */
export type ElementName = keyof typeof ELEMENTS;
/** Elements with a value each. */
export type ElementValues<Name extends ElementName = ElementName> = {
  readonly [Each in Name]: (typeof ELEMENTS)[Each][0][number];
};

/** The options of a model: elements, each with what the release has. */
export function optionsOf(values: Partial<ElementValues>): z.ZodObject {
  const shape = Object.entries(values).map(([name, value]): [string, z.ZodType] => {
    const [allowed, what] = ELEMENTS[name as ElementName];
    return [
      name,
      z
        .enum(allowed as readonly string[])
        .default(value)
        .describe(what),
    ];
  });
  return z.strictObject(Object.fromEntries(shape));
}
