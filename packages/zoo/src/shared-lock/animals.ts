/** What goes wrong where sections share mmu_lock: exchanges, references, grace periods, ranges. */
import type { TableId, V6Entry, V6MapOperation, V6Visitors } from '@s2bench/core';
import { E2BIG, EAGAIN, ENOMEM, NO_TABLE, OK } from '@s2bench/core';
import { LOCKED } from '@s2bench/core/stage2';
import { PAGE_BYTES } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal, coalesceOf } from './breed.ts';
import { coalesceBesideFault, firstTouch, FULL_TABLE, twoSplit } from './habitats.ts';
import { TAKEN } from './taken.ts';

/** Gives a table page and the references of its leaves back, without a grace period. */
function freeAtOnce(table: TableId, { old }: V6Entry, map: V6MapOperation): void {
  map.walkLeaves(table, (leaf) => {
    if (!leaf.valid) return;
    const { id, address, level, sizeBytes, valid, writable, executable, outputAddress } = leaf;
    map.put({ id, address, level, sizeBytes, valid, writable, executable, outputAddress, old });
  });
  map.dropTable(table);
}

/** Where no leaf fits, a table is stored without an exchange, after what is done to what stood there. */
function storesTable(first: (entry: V6Entry, map: V6MapOperation) => void): V6Visitors {
  return {
    leaf(entry, map) {
      const rc = map.tryLeaf(entry);
      if (rc !== E2BIG) return rc;
      if (entry.old.isLocked) return EAGAIN;
      const child = map.allocateTable(entry);
      if (child === NO_TABLE) return ENOMEM;
      first(entry, map);
      map.makeTable(entry, child);
      return OK;
    },
  };
}

/** Two vCPUs want one entry. */
const EXCHANGES: readonly Animal[] = [
  animal({
    name: 'plain-store-for-exchange',
    mistake: 'The entry of the table is locked by a plain store instead of an exchange, so that two vCPUs win it.',
    rule: 'accounting',
    below: (raw) =>
      coalesceOf({
        set: ({ id, old }) => {
          if (old.isLocked) return false;
          raw.store(id, LOCKED, 0);
          return true;
        },
      }),
  }),
  animal({
    name: 'compare-then-store',
    mistake: 'The entry is read once more and compared, and then stored to: another vCPU comes in between.',
    rule: 'accounting',
    below: (raw) =>
      coalesceOf({
        set: ({ id }) => {
          const [low, high] = raw.load(id);
          if (low === LOCKED || high !== 0) return false;
          raw.store(id, LOCKED, 0);
          return true;
        },
      }),
  }),
  animal({
    name: 'exchange-result-ignored',
    mistake: 'Whether the exchange has won the entry is not looked at.',
    rule: 'accounting',
    v6: coalesceOf({
      set: (entry, map) => {
        map.trySet(entry);
        return true;
      },
    }),
  }),
  animal({
    name: 'locked-taken-for-free',
    mistake: 'An entry that another vCPU has locked is taken for one that is free, and a leaf is stored there.',
    rule: 'accounting',
    v6: {
      leaf(entry, map) {
        if (!entry.old.isLocked) return map.mapLeaf(entry);
        if (!map.leafAllowed(entry)) return EAGAIN;
        map.clean(entry);
        map.make(entry);
        return OK;
      },
    },
  }),
  animal({
    name: 'locked-and-left',
    mistake: 'The entry is won and locked, and then the fault gives up, as if another vCPU would make the block.',
    rule: 'progress',
    v6: coalesceOf({ make: () => undefined }),
  }),
  animal({
    name: 'lost-entry-unlinked',
    mistake: 'The table is handed to RCU by whoever has lost the exchange as well.',
    rule: 'walker-safety',
    v6: {
      tablePre(entry, map) {
        if (!map.leafAllowed(entry)) return undefined;
        const table = map.childOf(entry);
        if (!map.tryBreak(entry)) {
          map.freeUnlinked(table, entry.level);
          return EAGAIN;
        }
        map.clean(entry);
        map.make(entry);
        map.freeUnlinked(table, entry.level);
        return undefined;
      },
    },
  }),
  animal({
    name: 'table-page-leaked',
    mistake: 'A table page that was allocated for an entry which another vCPU has won is not given back.',
    rule: 'accounting',
    world: firstTouch,
    v6: {
      leaf(entry, map) {
        const rc = map.tryLeaf(entry);
        if (rc !== E2BIG) return rc;
        const child = map.allocateTable(entry);
        if (child === NO_TABLE) return ENOMEM;
        if (!map.tryBreak(entry)) return EAGAIN;
        map.makeTable(entry, child);
        return OK;
      },
    },
  }),
  animal({
    name: 'table-made-by-plain-store',
    mistake: 'A hole gets its table by a plain store, without the entry being won first.',
    rule: 'accounting',
    world: firstTouch,
    v6: storesTable(() => undefined),
  }),
  animal({
    name: 'split-by-plain-store',
    mistake:
      'A block is split by whoever comes, without an exchange, though only the read side of the lock is held, as before linux f587661f21eb.',
    rule: 'break-before-make',
    world: twoSplit,
    v6: storesTable((entry, map) => {
      if (!entry.old.valid) return;
      map.flush(entry);
      map.put(entry);
    }),
  }),
];

/** References, where somebody else holds some too. */
const COUNTS: readonly Animal[] = [
  animal({
    name: 'put-before-exchange',
    mistake: 'The reference of the table that goes is dropped before the exchange, also where that is lost.',
    rule: 'accounting',
    v6: coalesceOf({
      set: (entry, map) => {
        map.put(entry);
        return map.trySet(entry);
      },
      put: () => undefined,
    }),
  }),
  animal({
    name: 'put-forgotten-at-merge',
    mistake:
      'The reference of the table that gives way to a block is not dropped, as before linux 3a0b870e3448, so that the page above is never empty.',
    rule: 'accounting',
    v6: coalesceOf({ put: () => undefined }),
  }),
  animal({
    name: 'get-of-the-block-undone',
    mistake: 'The reference that the block has taken is dropped again, beside the one of the table.',
    rule: 'accounting',
    v6: coalesceOf({
      make: (entry, map) => {
        map.make(entry);
        map.put(entry);
      },
    }),
  }),
  animal({
    name: 'get-of-the-child',
    mistake: 'A table that was made takes its reference twice, once more for the page below.',
    rule: 'accounting',
    world: firstTouch,
    v6: {
      leaf(entry, map) {
        const rc = map.mapLeaf(entry);
        if (rc === OK && entry.level === 2 && !map.leafAllowed(entry)) map.get(entry);
        return rc;
      },
    },
  }),
];

/** Table pages and grace periods. */
const GRACE: readonly Animal[] = [
  animal({
    name: 'subtree-freed-at-once',
    mistake: 'The table page is given back as soon as the block stands, while another vCPU’s walk is still in it.',
    rule: 'walker-safety',
    world: coalesceBesideFault,
    v6: coalesceOf({
      unlink: freeAtOnce,
    }),
  }),
  animal({
    name: 'walked-on-in-what-was-freed',
    mistake:
      'The table page is given back at once, and the walk goes on in it, as it does before linux a9f0e3d5a089 reads the entry again.',
    rule: 'walker-safety',
    world: FULL_TABLE,
    kernel: 'v6.2',
    v6: coalesceOf({
      unlink: freeAtOnce,
    }),
  }),
  animal({
    name: 'unlinked-twice',
    mistake: 'The table page is handed to RCU before the block is made, and once more after it.',
    rule: 'walker-safety',
    v6: coalesceOf({
      unlink: (table, { level }, map) => {
        map.freeUnlinked(table, level);
        map.freeUnlinked(table, level);
      },
    }),
  }),
  animal({
    name: 'unlinked-never',
    mistake: 'The table page is not handed to RCU: it stays, and nothing leads to it.',
    rule: 'accounting',
    v6: coalesceOf({ unlink: () => undefined }),
  }),
];

/** What is flushed, and when. */
const FLUSHES: readonly Animal[] = [
  animal({
    name: 'exchange-without-flush',
    mistake: 'The entry is won, and nothing is flushed before the block is made.',
    rule: 'break-before-make',
    v6: coalesceOf({ flush: () => undefined }),
  }),
  animal({
    name: 'flush-before-exchange',
    mistake: 'The range is flushed first and the entry won then: walks fill the TLBs again in between.',
    rule: 'break-before-make',
    v6: coalesceOf({
      set: (entry, map) => {
        map.flush(entry);
        return map.trySet(entry);
      },
      flush: () => undefined,
    }),
  }),
  animal({
    name: 'flush-after-make-shared',
    mistake: 'The range is flushed when the block already stands.',
    rule: 'break-before-make',
    v6: coalesceOf({
      flush: () => undefined,
      make: (entry, map) => {
        map.make(entry);
        map.flush(entry);
      },
    }),
  }),
  animal({
    name: 'range-one-page-short',
    mistake: 'The range that is flushed ends a page before the block does.',
    rule: 'break-before-make',
    world: FULL_TABLE,
    v6: coalesceOf({
      flush: ({ address, sizeBytes }, map) => map.tlbiRange(address, sizeBytes - PAGE_BYTES),
    }),
  }),
  animal({
    name: 'range-from-inside',
    mistake:
      'The range that is flushed begins at an address inside the block instead of its begin, as before linux 4c36a1567388.',
    rule: 'break-before-make',
    v6: coalesceOf({
      flush: ({ address, sizeBytes }, map) => map.tlbiRange(address + PAGE_BYTES, sizeBytes),
    }),
  }),
  animal({
    name: 'range-hinted-as-block',
    mistake:
      'The pages of the table are flushed with the level of the block as the hint, as ranges are before linux 0f0ff097bf77.',
    rule: 'break-before-make',
    below: (raw) =>
      coalesceOf({
        flush: ({ address, sizeBytes, level }) => {
          raw.barrier('ishst');
          for (let ipa = address; ipa < address + sizeBytes; ipa += PAGE_BYTES) raw.tlbiIpa(ipa, level);
          raw.barrier('ish');
        },
      }),
  }),
  animal({
    name: 'exchange-not-ordered',
    mistake:
      'No DSB orders the exchange before the TLBI, so that walks may read the old table, and fill TLBs, after it.',
    rule: 'break-before-make',
    below: (raw) =>
      coalesceOf({
        flush: () => {
          raw.tlbiVmid();
          raw.barrier('ish');
        },
      }),
  }),
  animal({
    name: 'range-not-awaited',
    mistake: 'The TLBI is issued, and no DSB waits for it before the block is made.',
    rule: 'break-before-make',
    fwb: true,
    below: (raw) =>
      coalesceOf({
        flush: () => {
          raw.barrier('ishst');
          raw.tlbiVmid();
        },
      }),
  }),
  animal({
    name: 'clean-after-make-shared',
    mistake: 'The block is cleaned after it stands, when another vCPU may already read past the caches.',
    rule: 'data-coherency',
    v6: coalesceOf({
      clean: () => undefined,
      make: (entry, map) => {
        map.make(entry);
        map.clean(entry);
      },
    }),
  }),
];

/** The broken strategies of the shared lock. */
export const SHARED_ANIMALS: readonly Animal[] = [...EXCHANGES, ...COUNTS, ...GRACE, ...FLUSHES, ...TAKEN];
