/** References and table pages: dropped twice, forgotten, freed when they must not be, or never. */
import { NO_ENTRY, NO_TABLE } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import noCmo from '@s2bench/strategy-install-first-no-cmo';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import { makeSmallGeometry } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, hasHoles } from '../breed.ts';
import { habitat } from '../habitats.ts';

const { entriesPerTable } = makeSmallGeometry(2);

export const COUNTING: readonly Animal[] = [
  animal({
    name: 'put-twice',
    mistake: 'The anchor’s reference is dropped, though a valid entry stood there before and stands there now.',
    of: uniformCmo,
    rule: 'accounting',
    habitat: habitat('partial-table'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor === entry.id) map.put(entry);
        return uniformCmo.tablePost?.(entry, map);
      },
    },
  }),
  animal({
    name: 'get-forgotten',
    mistake: 'The table’s reference is dropped, and the block that takes its place gets none.',
    of: baseline,
    rule: 'accounting',
    habitat: habitat('partial-table'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        map.freeTable(map.follow(entry));
        map.put(entry);
        if (map.anchor !== entry.id) return;
        map.anchor = NO_ENTRY;
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'put-forgotten',
    mistake: 'The table goes without a put, and the stock leaf handler takes another reference for the block.',
    of: baseline,
    rule: 'accounting',
    habitat: habitat('partial-table'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        map.freeTable(map.follow(entry));
        if (map.anchor !== entry.id) return;
        map.anchor = NO_ENTRY;
        return map.mapLeaf(entry);
      },
    },
  }),
  animal({
    name: 'anchor-freed',
    mistake: 'What is freed is the page that the anchor lies in, not the table that hung below it.',
    of: uniformCmo,
    rule: 'accounting',
    habitat: habitat('three-levels'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor !== entry.id) return uniformCmo.tablePost?.(entry, map);
        map.freeTable(Math.floor(map.anchor / entriesPerTable));
        map.followed = NO_TABLE;
        map.anchor = NO_ENTRY;
      },
    },
  }),
  animal({
    name: 'follow-lost',
    mistake: 'The way to the old table is looked up after the block has overwritten it.',
    of: noCmo,
    rule: 'accounting',
    habitat: habitat('full-table'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        map.freeTable(map.follow(entry));
        if (map.anchor === entry.id) map.anchor = NO_ENTRY;
        else map.put(entry);
      },
    },
  }),
  animal({
    name: 'table-leaked',
    mistake: 'The old table is never given back.',
    of: uniformCmo,
    rule: 'accounting',
    habitat: habitat('partial-table'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor !== entry.id) return uniformCmo.tablePost?.(entry, map);
        map.followed = NO_TABLE;
        map.anchor = NO_ENTRY;
      },
    },
  }),
  animal({
    name: 'lower-tables-leaked',
    mistake: 'The table below the anchor is freed, and the tables below that one are not.',
    of: uniformCmo,
    rule: 'accounting',
    habitat: habitat('three-levels'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor !== entry.id) return;
        map.freeTable(map.followed);
        map.followed = NO_TABLE;
        map.anchor = NO_ENTRY;
      },
    },
  }),
  animal({
    name: 'lower-put-forgotten',
    mistake:
      'Tables below the anchor’s are freed without a put on the page that pointed to them, which is then freed while referenced.',
    of: uniformCmo,
    rule: 'accounting',
    habitat: habitat('three-levels'),
    visitors: {
      tablePost(entry, map) {
        if (map.anchor !== NO_ENTRY && map.anchor !== entry.id) map.freeTable(map.follow(entry));
        else return uniformCmo.tablePost?.(entry, map);
      },
    },
  }),
  animal({
    name: 'leaves-kept',
    mistake: 'The leaves below the anchor are passed over, and the table page is freed with their references.',
    of: fullPopulationCheck,
    rule: 'accounting',
    habitat: habitat('partial-table'),
    visitors: {
      leaf: (entry, map) => (map.anchor === NO_ENTRY ? map.mapLeaf(entry) : 0),
    },
  }),
  animal({
    name: 'freed-twice',
    mistake: 'The old table is freed at the install, and once more after the walk below it.',
    of: uniformCmo,
    rule: 'accounting',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
        map.freeTable(map.followed);
      },
    },
  }),
  animal({
    name: 'gives-up-after-break',
    mistake:
      'Whether the table is full is looked up after the break, and a table that is not is left broken for later.',
    of: fullPopulationCheck,
    rule: 'accounting',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        if (hasHoles(map.followed, map)) map.anchor = NO_ENTRY;
        else map.install(entry);
      },
    },
  }),
];
