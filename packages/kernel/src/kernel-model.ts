/** Kernel models: what differs between releases in the stage-2 code and the abort handler around it. */
import { nameWithOptions, readOptions, splitOptions, z } from '@s2bench/core';

/** Where KVM cleans what a new mapping makes accessible to the guest. */
export type CleanSite =
  /** In the abort handler, for every faulting vCPU, under mmu_lock. */
  | 'abort-handler'
  /** In the map walker, once, by whoever installs the entry. */
  | 'map-handler';

/** A release of KVM/arm64, as options of the stage-2 code. */
export interface KernelModel {
  /** Options that it was given follow, as in `v5.12?aligned-walk=on`. */
  readonly name: string;
  /** One line: which code it is, and what tells it from others. */
  readonly summary: string;
  /** An identical or permission-only remap answers EAGAIN instead of breaking the entry. */
  readonly filtersPermissionChanges: boolean;
  readonly cleanSite: CleanSite;
  /**
   * A walk that came in beyond an entry's begin goes on at the entry's end (linux 357ad203d45c). Without that it goes a
   * whole entry on from where it came in, and passes over the begin of what is next.
   */
  readonly alignsWalks: boolean;
  /**
   * The level hint of the TLBI by IPA with which an unmap unlinks an empty table: none (linux 36e008323926), or the level
   * of the entry, which speaks of a leaf that is not there, so that hardware need not forget the way to the table.
   */
  readonly unlinkHint: 'own' | 'unknown';
}

/** What a kernel model may be given, as texts. Each has a default. */
const KERNEL_OPTIONS = z.strictObject({
  'aligned-walk': z
    .enum(['on', 'off'])
    .default('off')
    .describe('whether it has linux 357ad203d45c, as the release v5.12 has: an unaligned walk visits all of its range'),
  'unmap-hint': z
    .enum(['own', 'unknown'])
    .default('own')
    .describe('the level hint with which an unmap unlinks a table; unknown: with linux 36e008323926, none'),
});

/** A kernel model before its options are settled, which {@link kernelModelOf} does. */
export interface ConfigurableKernelModel extends Omit<KernelModel, 'summary' | 'alignsWalks' | 'unlinkHint'> {
  /** Which code it is. */
  readonly code: string;
  /** The release that the newest of its code came in. */
  readonly release: string;
  readonly options: typeof KERNEL_OPTIONS;
}

/** The kernel models that s2bench knows, oldest first. */
export const KERNEL_MODELS: readonly ConfigurableKernelModel[] = [
  {
    name: 'v5.11',
    release: 'v5.11',
    code: 'release v5.11.0: clean in the abort handler; a permission-only remap breaks and makes',
    filtersPermissionChanges: false,
    cleanSite: 'abort-handler',
    options: KERNEL_OPTIONS,
  },
  {
    name: 'v5.12',
    release: 'v5.12',
    code: "not the release, but the base of the 2021 thread's series: as v5.11, but a permission-only remap answers EAGAIN",
    filtersPermissionChanges: true,
    cleanSite: 'abort-handler',
    options: KERNEL_OPTIONS,
  },
  {
    name: 'v5.12p1',
    release: 'v5.14',
    code: "the base of the 2021 thread's series, no release, with its patch 1: clean in the map handler, as in v5.14",
    filtersPermissionChanges: true,
    cleanSite: 'map-handler',
    options: KERNEL_OPTIONS,
  },
];

/**
 * The kernel model of a name, with its options: `v5.12`, `v5.12?aligned-walk=on`.
 *
 * @throws RangeError where there is none, or an option is not one of its own, in one line that begins with the text
 */
export function kernelModelOf(text: string): KernelModel {
  const { base, query = '' } = splitOptions(text);
  const found = KERNEL_MODELS.find(({ name }) => name === base);
  if (found === undefined) throw new RangeError(`${text}: unknown kernel model; ${whatIsModelled(base)}`);
  const { options, code, release: _, ...model } = found;
  const given = optionsGiven(text, query);
  const { success, data, error } = options.safeParse(given);
  if (!success) throw new RangeError(`${text}: ${error.issues.map(issueText).join('; ')}`);
  const alignsWalks = data['aligned-walk'] === 'on';
  const walks = alignsWalks
    ? 'with linux 357ad203d45c'
    : 'without linux 357ad203d45c: an unaligned walk passes over entries';
  const unlinkHint = data['unmap-hint'];
  const hints = unlinkHint === 'unknown' ? '; with linux 36e008323926' : '';
  const summary = `${code}; ${walks}${hints}`;
  return { ...model, name: nameWithOptions(base, options, given), summary, alignsWalks, unlinkHint };
}

/**
 * What is modelled, for who asked for something else: the newest model that is not later. Never the one that is spelt
 * most alike: v5.11 and v6.1 differ in locks, in the order of a coalesce and in flushes.
 */
function whatIsModelled(asked: string): string {
  const modelled = `modelled are ${KERNEL_MODELS.map(({ name }) => name).join(', ')}`;
  const release = releaseNumber(asked);
  if (release === undefined) return modelled;
  const nearest = KERNEL_MODELS.findLast((one) => (releaseNumber(one.release) ?? Infinity) <= release);
  if (nearest === undefined) return `${modelled}; all of them are later`;
  const isBeyond = KERNEL_MODELS.every((one) => (releaseNumber(one.release) ?? Infinity) < release);
  const later = isBeyond ? ', and no later kernel (other locks, orders, flushes)' : '';
  return `${modelled}${later}; the newest that is not later is ${nearest.name}: ${nearest.code}`;
}

/** A release as a number that rises with it. */
function releaseNumber(text: string): number | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/i.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : Number(major) * 1000 + Number(minor);
}

function optionsGiven(text: string, query: string): Record<string, string> {
  try {
    return Object.fromEntries(readOptions(query).map(([name, values]) => [name, values.join()]));
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${text}: ${error.message}`) : error;
  }
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `option ${path.join('.')}: ${message}`;
}
