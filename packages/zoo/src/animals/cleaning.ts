/** Cleans of the data cache that are missing, too small, or too late. */
import { NO_ENTRY } from '@s2bench/core';
import { alignDown } from '@s2bench/core/stage2';
import baseline from '@s2bench/strategy-baseline';
import noCmo from '@s2bench/strategy-install-first-no-cmo';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst } from '../breed.ts';
import { habitat, ownHabitat, storesOnly, storeThenLoad } from '../habitats.ts';

const PAGE_BYTES = 4096;

export const CLEANING: readonly Animal[] = [
  animal({
    name: 'take-down-without-clean',
    mistake: 'The block is installed by hand after the teardown, and the clean of the stock leaf handler is forgotten.',
    of: baseline,
    rule: 'data-coherency',
    habitat: habitat('partial-table'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        map.freeTable(map.follow(entry));
        map.put(entry);
        if (map.anchor !== entry.id) return;
        map.anchor = NO_ENTRY;
        map.install(entry);
        map.get(entry);
      },
    },
  }),
  animal({
    name: 'clean-after-make',
    mistake: 'The block is cleaned when the guest can already read it.',
    of: uniformCmo,
    rule: 'data-coherency',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { physAddress } = map;
        map.invalidate(entry);
        map.tlbiVmid();
        map.install(entry);
        raw.clean(physAddress, entry.sizeBytes);
      },
    }),
  }),
  animal({
    name: 'clean-first-page-only',
    mistake: 'Only the first page of the block is cleaned.',
    of: uniformCmo,
    rule: 'data-coherency',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        raw.clean(map.physAddress, PAGE_BYTES);
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'clean-mapped-pages-only',
    mistake: 'The pages that were mapped are cleaned, which is the half that did not need it.',
    of: uniformCmo,
    rule: 'data-coherency',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { address } = entry;
        map.invalidate(entry);
        map.tlbiVmid();
        map.walkLeaves(map.followed, (leaf) => {
          if (leaf.valid) raw.clean(map.physAddress + leaf.address - address, leaf.sizeBytes);
        });
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'clean-wrong-half',
    mistake: 'The size of the clean is right for the half of the block, and its begin is wrong by the other half.',
    of: uniformCmo,
    rule: 'data-coherency',
    habitat: habitat('three-levels'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        raw.clean(map.physAddress + entry.sizeBytes / 2, entry.sizeBytes / 2);
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'clean-before-last-host-write',
    mistake:
      'The block is cleaned whenever one of its pages is mapped and no more at the coalesce: the host may have written since.',
    of: noCmo,
    rule: 'data-coherency',
    habitat: habitat('late-image'),
    below: (raw) => ({
      leaf(entry, map) {
        if (map.anchor !== NO_ENTRY) {
          if (entry.valid) map.put(entry);
          return;
        }
        const blockBytes = 4 * PAGE_BYTES;
        raw.clean(alignDown(map.physAddress, blockBytes), blockBytes);
        return map.mapLeaf(entry);
      },
    }),
  }),
  animal({
    name: 'late-clean',
    mistake:
      'A clean that comes after the install writes the host’s old line over what the guest has stored to memory.',
    of: uniformCmo,
    rule: 'lost-guest-write',
    habitat: ownHabitat(storesOnly),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { physAddress } = map;
        map.invalidate(entry);
        map.tlbiVmid();
        map.install(entry);
        raw.clean(physAddress, entry.sizeBytes);
      },
    }),
  }),
  animal({
    name: 'no-clean-for-stores',
    mistake:
      'Nothing is cleaned, since the guest only stores: a dirty line of the host’s is written back over what it stored.',
    of: noCmo,
    rule: 'lost-guest-write',
    habitat: ownHabitat(storesOnly),
    visitors: {},
  }),
  animal({
    name: 'cleaned-once-for-all',
    mistake:
      'Nothing is cleaned where a block stood before logging: what the host has stored since the split is forgotten.',
    of: noCmo,
    rule: 'data-coherency',
    habitat: habitat('late-image', 'block-first'),
    visitors: {},
  }),
  animal({
    name: 'clean-of-what-is-read',
    mistake:
      'The block is cleaned but for the page that the fault stores to: a store changes one line, and the others stay old.',
    of: uniformCmo,
    rule: 'data-coherency',
    habitat: ownHabitat(storeThenLoad),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        // Page 2 is the one that the guest of this world stores to first.
        for (const page of [0, 1, 3]) raw.clean(map.physAddress + page * PAGE_BYTES, PAGE_BYTES);
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'invalidate-instead-of-clean',
    mistake:
      'The lines of the block are invalidated without being written back, with DC IVAC in the place of DC CIVAC.',
    of: uniformCmo,
    rule: 'lost-guest-write',
    habitat: habitat('cached-guest'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        raw.discard(map.physAddress, entry.sizeBytes);
        map.install(entry);
      },
    }),
  }),
];
