/** Histories: how a stage-2 table came to be what it is when something is looked at. */

/**
 * - `logging-first`: the slot logs from its creation, and no block ever stood there. An incoming migration.
 * - `block-first`: the guest ran on a block, then logging was switched on.
 * - `fresh`: nothing was mapped and nothing is logged.
 */
export const HISTORIES = ['logging-first', 'block-first', 'fresh'] as const;
/** One of {@link HISTORIES}. */
export type History = (typeof HISTORIES)[number];
