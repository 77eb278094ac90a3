/**
 * Three small strategies for the checker's own tests, written with the contract alone: the shipped ones, and what is
 * found of them, belong to `@s2bench/zoo`.
 */
import type { Strategy } from '@s2bench/core';
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';

const SOURCE = 'the tests of @s2bench/verify';

/** Break, flush, take the subtree down, and let the stock leaf handler clean and make the block. */
export const takeDownFirst: Strategy = defineStrategy({
  name: 'take-down-first',
  summary: 'invalidate the entry, flush the VMID, free the subtree, map the block',
  source: SOURCE,

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.tlbiVmid();
    map.anchor = entry.id;
  },

  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
});

/** Break, flush, install the block without a clean, and only then take the subtree down. */
export const installFirstNoClean: Strategy = defineStrategy({
  name: 'install-first-no-clean',
  summary: 'invalidate the entry, flush the VMID, install the block, free the subtree',
  source: SOURCE,

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    map.install(entry);
  },

  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    if (map.anchor !== entry.id) {
      map.freeTable(map.follow(entry));
      map.put(entry);
      return;
    }
    map.freeTable(map.followed);
    map.followed = NO_TABLE;
    map.anchor = NO_ENTRY;
  },
});

/** The same with a clean of the block, but invalidated by IPA only: pages beside the first stay cached. */
export const installFirstByIpa: Strategy = defineStrategy({
  ...installFirstNoClean,
  name: 'install-first-by-ipa',
  summary: 'invalidate the entry, flush one IPA, clean, install the block, free the subtree',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.invalidate(entry);
    map.tlbiIpa(entry);
    map.clean(entry);
    map.install(entry);
  },
});

/** The block is stored over the valid table, and the VMID is flushed then. */
export const makeWithoutBreak: Strategy = defineStrategy({
  ...installFirstNoClean,
  name: 'make-without-break',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.clean(entry);
    map.install(entry);
    map.tlbiVmid();
  },
});
