/** The state of a backing as a string, and a backing in a given state: made by the backing's own operations. */
import { Backing } from '@s2bench/kernel';
import type { WorldSlot } from '../world.ts';
import { PAGE_BYTES } from '../world.ts';

/** Physical address of the slot's memory: aligned to the largest block of any world. */
export const PHYS_BASE = 0x100000;
const HOST_BASE = 0x800000;

const ABSENT = 'a';
const READ_ONLY = 'r';
const WRITABLE = 'w';

/** What the host maps, a letter a page, in upper case where a huge page maps it. */
export type BackingState = string;

/** A backing in which nothing was touched. */
function newBacking(slot: WorldSlot): Backing {
  const anonymous = slot.backing === 'anonymous';
  return new Backing({
    kind: slot.backing,
    sizeBytes: slot.pages * PAGE_BYTES,
    pageSizeBytes: PAGE_BYTES,
    blockBytes: (anonymous ? 1 : slot.blockPages) * PAGE_BYTES,
    hostAddress: HOST_BASE + (slot.hostOffsetPages ?? 0) * PAGE_BYTES,
    physAddress: PHYS_BASE,
  });
}

/** Reads a backing's state through its public face. */
export function stateOf(backing: Backing): BackingState {
  let state = '';
  for (let offset = 0; offset < backing.sizeBytes; offset += PAGE_BYTES) {
    const absent = backing.actionFor(offset, false) === 'populate';
    const letter = absent ? ABSENT : backing.isWritable(offset) ? WRITABLE : READ_ONLY;
    state += backing.isBlock(offset) ? letter.toUpperCase() : letter;
  }
  return state;
}

/** Makes a backing that is in a state which {@link stateOf} gave. */
export function backingIn(slot: WorldSlot, state: BackingState): Backing {
  const backing = newBacking(slot);
  const blockPages = backing.blockBytes / PAGE_BYTES;
  for (let first = 0; first < state.length; first += blockPages) {
    const pages = state.slice(first, first + blockPages);
    const offset = first * PAGE_BYTES;
    const whole = pages[0] ?? ABSENT;
    if (whole === ABSENT.toUpperCase() || pages === ABSENT) continue;
    if (whole === whole.toUpperCase() || blockPages === 1) backing.populate(offset, whole.toLowerCase() === WRITABLE);
    else splitBlock(backing, offset, pages);
  }
  const made = stateOf(backing);
  if (made !== state) throw new Error(`no backing reaches the state ${state}: it became ${made}`);
  return backing;
}

/** A huge zero page of which single pages were copied. */
function splitBlock(backing: Backing, offset: number, pages: string): void {
  backing.populate(offset, false);
  for (let page = 0; page < pages.length; page++) {
    if (pages[page] === WRITABLE) backing.copyZeroPage(offset + page * PAGE_BYTES);
  }
}

/** The state in which a world begins. */
export function beginState(slot: WorldSlot): BackingState {
  const backing = newBacking(slot);
  if (slot.begin === 'untouched') return stateOf(backing);
  for (let offset = 0; offset < backing.sizeBytes; offset += backing.blockBytes) {
    backing.populate(offset, slot.begin === 'written');
    if (slot.begin === 'split') backing.copyZeroPage(offset);
  }
  return stateOf(backing);
}
