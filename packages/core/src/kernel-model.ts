/** Kernel models: what differs between releases in the stage-2 code and the abort handler around it. */

/** Where KVM cleans what a new mapping makes accessible to the guest. */
export type CleanSite =
  /** In the abort handler, for every faulting vCPU, under mmu_lock. */
  | 'abort-handler'
  /** In the map walker, once, by whoever installs the entry. */
  | 'map-handler';

/** A release of KVM/arm64, as options of the stage-2 code. */
export interface KernelModel {
  readonly name: string;
  readonly summary: string;
  /** An identical or permission-only remap answers EAGAIN instead of breaking the entry. */
  readonly filtersPermissionChanges: boolean;
  readonly cleanSite: CleanSite;
}

/** The kernel models that s2bench knows, oldest first. */
export const KERNEL_MODELS: readonly KernelModel[] = [
  {
    name: 'v5.11',
    summary: 'clean in the abort handler; a permission-only remap breaks and makes',
    filtersPermissionChanges: false,
    cleanSite: 'abort-handler',
  },
  {
    name: 'v5.12',
    summary: 'clean in the abort handler; a permission-only remap answers EAGAIN',
    filtersPermissionChanges: true,
    cleanSite: 'abort-handler',
  },
  {
    name: 'v5.12p1',
    summary: "v5.12 with the thread's patch 1: clean in the map handler",
    filtersPermissionChanges: true,
    cleanSite: 'map-handler',
  },
];

/**
 * The kernel model of a name.
 *
 * @throws RangeError where there is none, in one line that begins with the name
 */
export function kernelModelOf(name: string): KernelModel {
  const model = KERNEL_MODELS.find((one) => one.name === name);
  if (model !== undefined) return model;
  const known = KERNEL_MODELS.map((one) => one.name).join(', ');
  throw new RangeError(`${name}: unknown kernel model; known: ${known}`);
}
