/** Where a counterexample begins, in two sentences. */
import type { History } from '@s2bench/kernel';
import type { World } from '../world.ts';

const HISTORIES: Record<History, string> = {
  'logging-first': 'the slot logs from its creation, and nothing is mapped',
  'block-first': 'the guest ran on blocks until logging was switched on',
  fresh: 'nothing is mapped, and nothing is logged',
};

/** What has happened before the first row. */
export function openingOf({ slot }: World, history: History): string {
  const last = slot.basePage + slot.pages - 1;
  const pages = `pages ${slot.basePage} to ${last}`;
  const host = {
    written: `The host has written ${pages}`,
    untouched: `Nobody has touched ${pages}`,
    split: `Of ${pages} the host has written the first of each block; the rest is the zero page`,
  }[slot.begin];
  return `${host}; ${HISTORIES[history]}.`;
}
