/**
 * Annotations: an entry that is not valid and says who owns its memory (`kvm_pgtable_stage2_set_owner()`). KVM uses them in
 * the host's own table alone; op scripts, which are held against the page-table code itself, have them in a guest's.
 */
import { EINVAL } from '@s2bench/core';
import type { KernelOptions } from './kernel-options.ts';

/** What is stored in the place of a leaf. */
export interface Annotation {
  readonly low: number;
  readonly high: number;
  /** Whether the code takes it for memory whose instructions are to be invalidated. */
  readonly looksExecutable: boolean;
  /** An annotation stands for a page, never for a block. */
  readonly pagesOnly: boolean;
}

/** The host memory that an annotation seems to map: its address bits are 0. */
export const ANNOTATION_PA = 0;

/** Bit of the high word at which an owner begins where it lies in bits 63:56. */
const HIGH_SHIFT = 24;
/** Bit at which an owner begins where it lies in bits 9:2. */
const LOW_SHIFT = 2;
/** KVM_MAX_OWNER_ID, as long as there was one: the host and the hypervisor. */
const MOST_OWNER = 1;
/** v7.1 says in bits 63:60 what kind of annotation it is; this is an owner. */
const OWNER_TYPE_HIGH = 0x2000_0000;
const TYPED_SHIFT = 1;
const TYPED_MASK = 0b111;

/**
 * Says who owns a range.
 *
 * @param store - stores an annotation in the range
 * @returns `undefined` where the model has no owners, or not this one
 */
export function setOwner(
  owner: number,
  kernel: KernelOptions,
  store: (annotation: Annotation) => number,
): number | undefined {
  if (!hasOwner(owner, kernel)) return undefined;
  const annotation = annotationOf(owner, kernel);
  return annotation === undefined ? EINVAL : store(annotation);
}

/** Whether a model can say who owns memory; from v7.1 on nobody is no owner. */
function hasOwner(owner: number, { owners }: KernelOptions): boolean {
  return owners !== 'none' && !(owners === 'annotation' && owner === 0);
}

/** The annotation for an owner, or `undefined` where the kernel refuses it with EINVAL. */
function annotationOf(owner: number, kernel: KernelOptions): Annotation | undefined {
  const { owners, takesOwnersForLeaves: looksExecutable } = kernel;
  if (owners === 'annotation') {
    const low = (owner & TYPED_MASK) << TYPED_SHIFT;
    return { low, high: OWNER_TYPE_HIGH, looksExecutable, pagesOnly: true };
  }
  if (owner > MOST_OWNER) return undefined;
  return owners === 'high'
    ? { low: 0, high: owner << HIGH_SHIFT, looksExecutable, pagesOnly: false }
    : { low: owner << LOW_SHIFT, high: 0, looksExecutable, pagesOnly: true };
}
