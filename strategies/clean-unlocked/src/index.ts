/**
 * The clean needs no lock. A fault has pinned its host page before it takes mmu_lock, so what a block will map is known by then;
 * under the lock there is left a break, a flush and a make, and nobody waits for the clean of another vCPU's block.
 *
 * What has to be checked again under the lock is what every fault checks: whether the notifier has taken pages back, and which entry
 * stands there. Where the host gives a huge page only under the lock (THP), the clean is done there, before the break.
 */
import { defineStrategy, EAGAIN, SKIP_BELOW } from '@s2bench/core';

export default defineStrategy({
  name: 'clean-unlocked',
  summary:
    'clean the block before mmu_lock is taken; under it break, flush the VMID, install, free without a walk over leaves',
  source:
    'an idea of this repository, after clean_dcache_guest_page() of linux v5.12, which a fault called before the map',
  walkers: ['v5', 'v6'],
  expects: 'safe',

  beforeLock(fault) {
    if (fault.needsClean) fault.clean();
  },

  tablePre(entry, map) {
    if (!map.blockSupported(entry)) return;

    const table = map.follow(entry);
    if (map.needsClean) map.clean(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    map.install(entry);
    map.freeBelow(table);
    return SKIP_BELOW;
  },

  v6: {
    tablePre(entry, map) {
      if (!map.leafAllowed(entry)) return;

      const table = map.childOf(entry);
      if (map.needsClean) map.clean(entry);
      map.invalidateIcache(entry);
      if (!map.tryBreak(entry)) return EAGAIN;
      map.make(entry);
      map.freeUnlinked(table, entry.level);
      return;
    },
  },
});
