/** TLB invalidations that are missing, come at the wrong moment, or cover too little. */
import { LEVEL_UNKNOWN } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, beginsTakeDown } from '../breed.ts';
import { habitat } from '../habitats.ts';

export const FLUSH: readonly Animal[] = [
  animal({
    name: 'no-tlbi',
    mistake: 'The VMID is not flushed at all.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'tlbi-before-break',
    mistake: 'The VMID is flushed before the entry is invalid, so that walks fill the TLBs again in between.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.tlbiVmid();
        map.invalidate(entry);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'tlbi-after-make',
    mistake: 'The VMID is flushed only when the block already stands.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.clean(entry);
        map.install(entry);
        map.tlbiVmid();
      },
    },
  }),
  animal({
    name: 'tlbi-before-dsb',
    mistake: 'No DSB orders the invalid write before the TLBI.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        raw.tlbiVmid();
        raw.barrier('ish');
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'tlbi-not-awaited',
    mistake:
      'No DSB waits for the TLBI before the block is installed, which shows where no clean brings a barrier of its own.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table', 'logging-first', true),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        raw.barrier('ishst');
        raw.tlbiVmid();
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'by-ipa-only',
    mistake: 'A table is replaced with an invalidation by IPA, which leaves the pages beside the first one cached.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiIpa(entry);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'by-ipa-take-down',
    mistake:
      'The subtree is taken down first, and the invalidation by IPA before it leaves the pages beside the first one cached.',
    of: baseline,
    rule: 'break-before-make',
    habitat: habitat('full-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsTakeDown(entry, map)) return;
        map.invalidate(entry);
        map.tlbiIpa(entry, LEVEL_UNKNOWN);
      },
    },
  }),
  animal({
    name: 'by-leaf-before-break',
    mistake: 'Every leaf is invalidated by its IPA, but before the table is out of the walkers’ reach.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.walkLeaves(map.followed, (leaf) => map.tlbiIpa(leaf));
        map.invalidate(entry);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'tlbi-of-next-block',
    mistake: 'The IPA that is invalidated is the end of the block instead of its begin.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        raw.barrier('ishst');
        raw.tlbiIpa(entry.address + entry.sizeBytes, 0);
        raw.barrier('ish');
        raw.tlbiStage1();
        raw.barrier('ish');
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'tlbi-of-wrong-level',
    mistake: 'Every page is invalidated by IPA, with the level of the block as the hint, at which no page is cached.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { level } = entry;
        map.invalidate(entry);
        raw.barrier('ishst');
        map.walkLeaves(map.followed, (leaf) => raw.tlbiIpa(leaf.address, level));
        raw.barrier('ish');
        raw.tlbiStage1();
        raw.barrier('ish');
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
];
