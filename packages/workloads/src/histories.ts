/** What was done to a memslot before the blocks come back: the two ways to a half-populated table. */
import type { WorkloadHistory } from './workload.ts';

/** Bytes of the kernel image that the host loads for a guest that boots with its caches off: a large arm64 Image. */
export const KERNEL_IMAGE_BYTES = 64 * 2 ** 20;

/** The published one: each block existed, and was cleaned, before logging split it. */
export const BLOCK_FIRST: WorkloadHistory = {
  name: 'block-first',
  summary: 'blocks exist before logging is switched on; the guest runs with its caches on',
};

/** Slot created with logging, or an incoming migration: the blocks never existed. */
export const LOGGING_FIRST: WorkloadHistory = {
  name: 'logging-first',
  summary: 'the slot is born with logging, the host loads a kernel image, the guest runs with its caches off',
};

/** The histories that every workload here offers. */
export const HISTORIES: readonly WorkloadHistory[] = [BLOCK_FIRST, LOGGING_FIRST];
