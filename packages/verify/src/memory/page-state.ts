/**
 * Where the newest contents of a page of host memory are: in a cache line of the host, or at the point of coherency.
 *
 * What is followed is who wrote last and whether it reached memory, not values: a load that gets something else than
 * the newest contents gets what the page held before.
 */

/** The newest contents are at the point of coherency. */
export const COHERENT = 0;
/** The host wrote while the guest could not reach the page; only a cache line has it. KVM owes a clean. */
export const OWED = 1;
/** The host wrote while the guest could reach the page. What the guest sees is between the two of them. */
export const UNOWED = 2;
/** The guest wrote through its caches; only a cache line has it. */
export const GUEST_CACHED = 3;
/** The guest wrote to memory past a line that the host had dirtied: whoever cleans that line destroys the write. */
export const OVERWRITABLE = 4;

/** One of the above. Three bits. */
export type PageState = number;

/** After a store of the host. */
export function afterHostWrite(reached: boolean): PageState {
  return reached ? UNOWED : OWED;
}

/** After a store of the guest. `cached`: with its caches on, or with FEAT_S2FWB. */
export function afterGuestWrite(state: PageState, cached: boolean): PageState {
  if (cached) return GUEST_CACHED;
  return state === OWED ? OVERWRITABLE : state;
}

/** When the host has taken the page from the guest: what it last wrote is owed again. */
export function afterTakenAway(state: PageState): PageState {
  return state === UNOWED ? OWED : state;
}

/** Whether an instruction fetch could read old contents now: it does not look into the data cache. */
export function fetchesOldContents(state: PageState, fwb: boolean): boolean {
  // FEAT_S2FWB comes with a point of unification that needs no data-cache clean.
  return state === OWED && !fwb;
}
