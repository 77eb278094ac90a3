/**
 * The order of v6.2 and later: break, flush what the table covered, clean, make the block, and only then take down what was
 * below, after a grace period, since others may walk in it. It is the order that the thread of 2021 asked for, with the
 * clean kept.
 *
 * Map faults share mmu_lock: whoever loses the exchange lets the guest try again.
 */
import { defineStrategy, EAGAIN } from '@s2bench/core';

export default defineStrategy({
  name: 'upstream-6-2',
  summary:
    'exchange the entry for a locked one, flush its range, clean, make the block, free what was below after a grace period',
  source: 'linux v6.2, 5c359cca1faf and its series, arch/arm64/kvm/hyp/pgtable.c',
  walkers: ['v6'],
  expects: 'safe',

  v6: {
    tablePre(entry, map) {
      if (!map.leafAllowed(entry)) return;

      const table = map.childOf(entry);
      if (!map.tryBreak(entry)) return EAGAIN;
      map.clean(entry);
      map.invalidateIcache(entry);
      map.make(entry);
      map.freeUnlinked(table, entry.level);
      return;
    },
  },
});
