/**
 * Where the newest contents of a page of host memory are: in cache lines of the host, or at the point of coherency.
 *
 * What is followed is who wrote last and whether it reached memory, not values: a load that gets something else than
 * the newest contents gets what the page held before.
 *
 * A page has two kinds of lines: those that the guest has stored to since the host last wrote the page, and all others.
 * The host writes, and everybody cleans, whole pages. A store of the guest goes to one line, and hides nothing of the
 * others. Which lines a program's accesses go to is not said, so that all are tried: a load meets the worst of them.
 */

/** All lines: the newest contents are at the point of coherency. */
export const COHERENT = 0;
/** All lines: the host wrote while the guest could not reach the page; only cache lines have it. KVM owes a clean. */
export const OWED = 1;
/** All lines: the host wrote while the guest could reach the page. What the guest sees is between the two of them. */
export const UNOWED = 2;
/** The guest wrote through its caches; only a cache line has it. The other lines are coherent. */
export const GUEST_CACHED = 3;
/** The guest wrote to memory past a line that the host had dirtied: writing that line back destroys it. Others are owed. */
export const OVERWRITABLE = 4;
/** As {@link GUEST_CACHED}, and the other lines are owed. */
export const GUEST_BESIDE_OWED = 5;
/** As {@link GUEST_CACHED}, and the other lines are not clean, and not owed. */
export const GUEST_BESIDE_UNOWED = 6;

/** One of the above. Three bits. */
export type PageState = number;

/** Whether a line of the page is one that the host wrote while the guest could not reach it, and that memory lacks. */
export function isOwed(state: PageState): boolean {
  return state === OWED || state === OVERWRITABLE || state === GUEST_BESIDE_OWED;
}

/** Whether a line of the page holds what the guest wrote, and memory does not. */
export function hasGuestLine(state: PageState): boolean {
  return state === GUEST_CACHED || state === GUEST_BESIDE_OWED || state === GUEST_BESIDE_UNOWED;
}

/** Whether a line of the page that the host wrote last is not at the point of coherency. */
export function isUncleaned(state: PageState): boolean {
  return state !== COHERENT && state !== GUEST_CACHED;
}

/** After a store of the host. */
export function afterHostWrite(reached: boolean): PageState {
  return reached ? UNOWED : OWED;
}

/** After a store of the guest. `cached`: with its caches on, or with FEAT_S2FWB. */
export function afterGuestWrite(state: PageState, cached: boolean): PageState {
  if (!cached) return isOwed(state) ? OVERWRITABLE : state;
  if (isOwed(state)) return GUEST_BESIDE_OWED;
  return isUncleaned(state) ? GUEST_BESIDE_UNOWED : GUEST_CACHED;
}

/** When the host has taken the page from the guest: what it last wrote is owed again. */
export function afterTakenAway(state: PageState): PageState {
  if (state === UNOWED) return OWED;
  return state === GUEST_BESIDE_UNOWED ? GUEST_BESIDE_OWED : state;
}

/** After the page's lines were invalidated without a clean: memory stays as it was. */
export function afterDiscard(state: PageState): PageState {
  return hasGuestLine(state) ? OWED : state;
}
