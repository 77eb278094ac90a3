/** Right ways to do otherwise where sections share mmu_lock. */
import { EAGAIN } from '@s2bench/core';
import { PAGE_BYTES } from '@s2bench/verify';
import type { Variation } from '../animal.ts';
import { coalesceOf, variation } from './breed.ts';

/** The correct variations of the shared lock. None of them may raise an alarm. */
export const SHARED_VARIATIONS: readonly Variation[] = [
  variation({
    name: 'whole-vmid-flushed',
    change: 'The whole VMID is flushed where the range of the block is enough.',
    v6: coalesceOf({ flush: (_entry, map) => map.tlbiVmid() }),
  }),
  variation({
    name: 'pages-flushed-one-by-one',
    change: 'The pages of the block are flushed one by one with no hint, and one DSB waits for all.',
    below: (raw) =>
      coalesceOf({
        flush: ({ address, sizeBytes }) => {
          raw.barrier('ishst');
          for (let ipa = address; ipa < address + sizeBytes; ipa += PAGE_BYTES) raw.tlbiIpa(ipa, 0);
          raw.barrier('ish');
        },
      }),
  }),
  variation({
    name: 'cleaned-before-exchange',
    change:
      'The block is cleaned before the entry is won, so that it is out of reach for less time, and sometimes for nothing.',
    v6: coalesceOf({
      set: (entry, map) => {
        map.clean(entry);
        return map.trySet(entry);
      },
      clean: () => undefined,
    }),
  }),
  variation({
    name: 'put-after-make',
    change:
      'The reference of the table is dropped when the block has taken its own: the page above is never emptier than it is.',
    v6: coalesceOf({
      put: () => undefined,
      make: (entry, map) => {
        map.make(entry);
        map.put(entry);
      },
    }),
  }),
  variation({
    name: 'unlinked-before-make',
    change: 'The table is handed to RCU before the block is made: nobody can give it back while this section runs.',
    v6: {
      tablePre(entry, map) {
        if (!map.leafAllowed(entry)) return undefined;
        const table = map.childOf(entry);
        if (!map.tryBreak(entry)) return EAGAIN;
        map.freeUnlinked(table, entry.level);
        map.clean(entry);
        map.invalidateIcache(entry);
        map.make(entry);
        return undefined;
      },
    },
  }),
  variation({
    name: 'looked-at-again',
    change: 'The entry is read once more before the exchange, which is spared where another vCPU has it already.',
    below: (raw) =>
      coalesceOf({
        set: (entry, map) => (raw.load(entry.id)[0] & 3) === 3 && map.trySet(entry),
      }),
  }),
  variation({
    name: 'flushed-once-more',
    change: 'The range is flushed again when the block stands, for nothing.',
    v6: coalesceOf({
      make: (entry, map) => {
        map.make(entry);
        map.tlbiRange(entry.address, entry.sizeBytes);
      },
    }),
  }),
];
