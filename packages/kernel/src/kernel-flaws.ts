/** What the code of the kernel models is known to break by itself, and what has mended it since. */
import type { KernelModel } from './kernel-options.ts';

/** A known mistake of a kernel model's own code. */
export interface KernelFlaw {
  /** The option of the model that mends it, as in `v5.12?unmap-hint=unknown`. */
  readonly option: string;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** The commit that mended it, with the year in which it was made. */
  readonly mendedBy: string;
  /**
   * Whether every unmap runs into it, so that it would hide what strategies differ in: a verdict leaves it out. What only
   * some worlds show is a property of the model that a verdict is asked for, and stays.
   */
  readonly isEverywhere: boolean;
  /** Whether a model has it. */
  isIn(kernel: KernelModel): boolean;
  /** The same model without it. */
  mend(kernel: KernelModel): KernelModel;
}

/** A walk that comes in beyond an entry's begin passes over the begin of what is next. */
export const UNALIGNED_WALK: KernelFlaw = {
  option: 'aligned-walk=on',
  what: 'A walk that begins beyond an entry’s begin, and finds no table there, passes over as much of what is next.',
  mendedBy: 'linux 357ad203d45c (2021)',
  isEverywhere: false,
  isIn: ({ alignsWalks }) => !alignsWalks,
  mend: (kernel) => ({ ...kernel, alignsWalks: true }),
};

/** An unmap unlinks a table with a hint that speaks of a leaf. */
export const UNLINK_HINT: KernelFlaw = {
  option: 'unmap-hint=unknown',
  what: 'An unmap unlinks an empty table with the level hint of a leaf that is not there, so that the way to the table need not go before its page is freed.',
  mendedBy: 'linux 36e008323926 (2024)',
  isEverywhere: true,
  isIn: ({ unlinkHint }) => unlinkHint === 'own',
  mend: (kernel) => ({ ...kernel, unlinkHint: 'unknown' }),
};

/** With FWB and range TLBIs an unmap leaves the TLBIs of tables to its end, too. */
export const DEFERRED_TABLES: KernelFlaw = {
  option: 'deferred-unmap=leaves',
  what: 'With FEAT_S2FWB and range TLBIs an unmap gives back the page of an empty table, and flushes the way to it only at its end.',
  mendedBy: 'linux f62d4c3eb687 (2024)',
  isEverywhere: true,
  isIn: ({ deferredUnmap }) => deferredUnmap === 'tables',
  mend: (kernel) => ({ ...kernel, deferredUnmap: 'leaves' }),
};

/** All that is known. */
export const KERNEL_FLAWS: readonly KernelFlaw[] = [UNLINK_HINT, UNALIGNED_WALK, DEFERRED_TABLES];

/** What a verdict on a strategy keeps of them. */
export const KEPT_FLAWS: readonly KernelFlaw[] = KERNEL_FLAWS.filter(({ isEverywhere }) => !isEverywhere);

/** A model without its known mistakes, but for those that are kept. */
export function mendedModel(kernel: KernelModel, kept: readonly KernelFlaw[] = KEPT_FLAWS): KernelModel {
  return KERNEL_FLAWS.reduce((model, flaw) => (kept.includes(flaw) ? model : flaw.mend(model)), kernel);
}
