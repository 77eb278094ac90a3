/** The right actions in the wrong order: breaks that are left out, table pages that go too early. */
import { NO_ENTRY } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, beginsTakeDown } from '../breed.ts';
import { habitat } from '../habitats.ts';

export const ORDER: readonly Animal[] = [
  animal({
    name: 'make-without-break',
    mistake: 'The block is stored over the valid table, and the flush comes before it.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'block-over-table-at-once',
    mistake: 'The block is stored over the valid table, as only FEAT_BBM level 2 allows, and the flush comes after it.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.clean(entry);
        map.install(entry);
        map.tlbiVmid();
      },
    },
  }),
  animal({
    name: 'break-after-make',
    mistake:
      'The block is stored over the valid table, and only then is the entry invalidated, flushed and stored again.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('full-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const table = raw.load(entry.id);
        map.clean(entry);
        map.install(entry);
        const block = raw.load(entry.id);
        raw.store(entry.id, table[0] & ~1, table[1]);
        map.tlbiVmid();
        raw.store(entry.id, ...block);
      },
    }),
  }),
  animal({
    name: 'free-before-tlbi',
    mistake: 'The old table page is given back, and only then is the VMID flushed.',
    of: baseline,
    rule: 'walker-safety',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (beginsTakeDown(entry, map)) map.invalidate(entry);
      },
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        map.freeTable(map.follow(entry));
        map.put(entry);
        if (map.anchor !== entry.id) return;
        map.tlbiVmid();
        map.anchor = NO_ENTRY;
        return map.mapLeaf(entry);
      },
    },
  }),
  animal({
    name: 'free-under-walk',
    mistake:
      'The flush comes before the break, so that a walk that began in between is still in the table when it is freed.',
    of: baseline,
    rule: 'walker-safety',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsTakeDown(entry, map)) return;
        map.tlbiVmid();
        map.invalidate(entry);
      },
    },
  }),
  animal({
    name: 'free-before-tlbi-completes',
    mistake: 'The TLBI is issued, but the table page is freed before a DSB has waited for it.',
    of: baseline,
    rule: 'walker-safety',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsTakeDown(entry, map)) return;
        map.invalidate(entry);
        raw.barrier('ishst');
        raw.tlbiVmid();
      },
    }),
  }),
  animal({
    name: 'lower-tables-before-break',
    mistake:
      'The tables below are freed one by one while the entry above them is still valid, and the flush comes at the end.',
    of: baseline,
    rule: 'walker-safety',
    habitat: habitat('three-levels'),
    visitors: {
      tablePre(entry, map) {
        beginsTakeDown(entry, map);
      },
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        if (map.anchor === entry.id) {
          map.invalidate(entry);
          map.tlbiVmid();
        }
        map.freeTable(map.follow(entry));
        map.put(entry);
        if (map.anchor !== entry.id) return;
        map.anchor = NO_ENTRY;
        return map.mapLeaf(entry);
      },
    },
  }),
];
